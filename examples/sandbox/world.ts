import { emptyStore, type Server, type Store } from './store.ts';

/** Time as the cloud sees it; a test may hand in one it turns by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `task` after `ms`; returns what cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** How long the states that take time last, in milliseconds. */
export interface Durations {
  readonly bootMs: number;
  /** Stop, start, reboot, pause, suspend, shelve and the like. */
  readonly actionMs: number;
  readonly resizeMs: number;
  /** A deleted server stays visible this long. */
  readonly deleteMs: number;
  /** Attaching and detaching a volume, each. */
  readonly attachMs: number;
  /** Creating, extending and deleting a volume or snapshot. */
  readonly volumeMs: number;
  readonly tokenMs: number;
}

export const defaultDurations: Durations = {
  bootMs: 300,
  actionMs: 120,
  resizeMs: 250,
  deleteMs: 150,
  attachMs: 120,
  volumeMs: 120,
  tokenMs: 4 * 3600 * 1000,
};

/** One simulated cloud: what it holds, its time and its source of ids. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly durations: Durations;
  readonly region: string;
  readonly random: Random;
  /** Nova's policy, which keeps figures of servers for administrators unless an operator changes it. */
  readonly showsDiagnosticsToMembers: boolean;
  /** Address the catalog names, e.g. `http://127.0.0.1:40123`; known once the server listens. */
  origin: string;
  /** Told of every server whose state changes; the machines behind the consoles set it. */
  onServerChanged(server: Server): void;
}

export function createWorld(options: {
  region: string;
  seed: number;
  clock: Clock;
  durations: Durations;
  showsDiagnosticsToMembers: boolean;
}): World {
  return { store: emptyStore(), origin: '', onServerChanged: () => undefined, random: createRandom(options.seed), ...options };
}

/** Repeatable randomness, so that a failing run can be repeated from its seed. */
export interface Random {
  /** From 0 up to but not including 1. */
  next(): number;
  hex(digits: number): string;
  uuid(): string;
}

/** mulberry32: small, fast and good enough for ids that need not be secret. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next32 = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const hex = (digits: number) => {
    let text = '';
    while (text.length < digits) text += next32().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  };
  return {
    next: () => next32() / 2 ** 32,
    hex,
    uuid() {
      const text = hex(32);
      const variant = '89ab'[Number.parseInt(text.charAt(16), 16) % 4];
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`;
    },
  };
}

/** The machine's own clock, sped up or slowed down; `close` drops what was still to come. */
export function createClock(timeScale: number): Clock & { close(): void } {
  const timers = new Set<NodeJS.Timeout>();
  return {
    now: () => Date.now(),
    after(ms, task) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
      }, ms * timeScale);
      timers.add(timer);
      return () => {
        timers.delete(timer);
        clearTimeout(timer);
      };
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** `2026-11-23T22:44:03Z`, as Nova and Neutron write times. */
export function toSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** `2026-11-23T22:44:03.000000`, as Cinder and parts of Nova write times: no zone, microseconds always zero once stored. */
export function toMicroseconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}.000000`;
}
