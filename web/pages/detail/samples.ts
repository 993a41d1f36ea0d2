import type { Diagnostics } from '../../data/instance.ts';

export interface Point {
  /** Epoch ms. */
  readonly x: number;
  readonly y: number | null;
}

/** What the charts show, by name of the line. */
export interface Figures {
  /** Per cent, for each CPU. */
  readonly cpu: ReadonlyMap<number, readonly Point[]>;
  /** Bytes. */
  readonly memory: readonly Point[];
  /** Bytes a second, all. */
  readonly received: readonly Point[];
  readonly sent: readonly Point[];
  readonly read: readonly Point[];
  readonly written: readonly Point[];
}

const mebibyte = 1024 * 1024;

/** Turns samples, oldest first, into what the charts show: counters become rates, which begin with the second sample. */
export function figuresOf(samples: readonly Diagnostics[]): Figures {
  const cpus = new Map<number, readonly Point[]>();
  const count = Math.max(0, ...samples.map((one) => one.cpus.length));
  for (let index = 0; index < count; index += 1) {
    cpus.set(samples.at(-1)?.cpus[index]?.id ?? index, cpuPoints(samples, index));
  }
  return {
    cpu: cpus,
    memory: samples.map((one) => ({ x: timeOf(one), y: one.memory.usedMiB === null ? null : one.memory.usedMiB * mebibyte })),
    received: rates(samples, ({ nics }) => total(nics.map(({ rxBytes }) => rxBytes))),
    sent: rates(samples, ({ nics }) => total(nics.map(({ txBytes }) => txBytes))),
    read: rates(samples, ({ disks }) => total(disks.map(({ readBytes }) => readBytes))),
    written: rates(samples, ({ disks }) => total(disks.map(({ writeBytes }) => writeBytes))),
  };
}

/** How busy it says it is; where the hypervisor does not say, by the time it has worked between two samples. */
function cpuPoints(samples: readonly Diagnostics[], index: number): readonly Point[] {
  const says = samples.some((one) => typeof one.cpus[index]?.utilisation === 'number');
  if (says) return samples.map((one) => ({ x: timeOf(one), y: one.cpus[index]?.utilisation ?? null }));
  return rates(samples, (one) => one.cpus[index]?.timeNs ?? null).map(({ x, y }) => ({ x, y: y === null ? null : Math.min(100, y / 1e7) }));
}

/** Of a counter, how much it grew a second; unknown where it went back, as it does when an instance is started anew. */
function rates(samples: readonly Diagnostics[], counterOf: (sample: Diagnostics) => number | null): readonly Point[] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index] as Diagnostics;
    const [from, to] = [counterOf(before), counterOf(sample)];
    const seconds = (timeOf(sample) - timeOf(before)) / 1000;
    const isKnown = from !== null && to !== null && to >= from && seconds > 0;
    return { x: timeOf(sample), y: isKnown ? (to - from) / seconds : null };
  });
}

const timeOf = ({ at }: Diagnostics): number => Date.parse(at);

function total(parts: readonly (number | null)[]): number | null {
  const known = parts.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

/** Errors and drops so far, of all interfaces and disks. */
export function troublesOf({ nics, disks }: Diagnostics): number {
  const ofNics = nics.flatMap(({ rxErrors, rxDrops, txErrors, txDrops }) => [rxErrors, rxDrops, txErrors, txDrops]);
  return total([...ofNics, ...disks.map(({ errors }) => errors)]) ?? 0;
}
