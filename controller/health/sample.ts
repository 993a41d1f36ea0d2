import type { ServiceName } from '../openstack/cloud.ts';

/** Calls to one service. Latencies are in ms, of calls that were answered; absent when there was none. */
export interface ServiceHealth {
  readonly calls: number;
  /** Answers of 500 and above, and calls without an answer. */
  readonly errors: number;
  readonly p50?: number;
  readonly p95?: number;
}

/** One kind of quota; no limit is null. */
export interface QuotaUse {
  readonly used: number;
  readonly limit: number | null;
}

/** `quota.compute.cores`; in the units of the service (GiB of volumes, MiB of memory). */
export type Quotas = Readonly<Partial<Record<ServiceName, Readonly<Record<string, QuotaUse>>>>>;

/** Objects of a cloud by what is wrong with them, each under one cause, and what nobody declared. */
export interface DriftCounts {
  /** Fields differ, and nobody is known to fight over them. */
  readonly drifted: number;
  /** Was made, and is not there any more. */
  readonly missing: number;
  /** Somebody keeps changing it back. */
  readonly contested: number;
  readonly undeclared: number;
  /** Needs a person, whatever the cause; counted beside the others. */
  readonly stalled: number;
}

/** A cloud during a minute, or several minutes put together. */
export interface HealthSample {
  /** Minutes in it. */
  readonly samples: number;
  /** How many of those it was asked in at all ... */
  readonly asked: number;
  /** ... and in how many it answered. */
  readonly reachable: number;
  /** Why there is no connection, as the Cluster says it; '' when there is. The newest. */
  readonly reason: string;
  readonly services: Readonly<Partial<Record<ServiceName, ServiceHealth>>>;
  /** RFC 3339, the newest known. */
  readonly tokenExpiresAt?: string;
  /** Of an application credential that ends, RFC 3339. */
  readonly credentialExpiresAt?: string;
  readonly quota?: Quotas;
  /** Absent where the cloud was not seen. */
  readonly drift?: DriftCounts;
}

/** Several samples, oldest first, as one. MUST NOT be empty. */
export function mergeSamples(samples: readonly HealthSample[]): HealthSample {
  const sum = (of: (sample: HealthSample) => number) => samples.reduce((total, sample) => total + of(sample), 0);
  const newest = <K extends keyof HealthSample>(key: K) => samples.findLast((sample) => sample[key] !== undefined)?.[key];
  const names = [...new Set(samples.flatMap(({ services }) => Object.keys(services)))].toSorted() as ServiceName[];
  const tokenExpiresAt = newest('tokenExpiresAt');
  const credentialExpiresAt = newest('credentialExpiresAt');
  const quota = newest('quota');
  const drift = mergeDrift(samples.flatMap((sample) => sample.drift ?? []));
  return {
    samples: sum((sample) => sample.samples),
    asked: sum((sample) => sample.asked),
    reachable: sum((sample) => sample.reachable),
    reason: samples.at(-1)?.reason ?? '',
    services: Object.fromEntries(
      names.map((name) => [name, mergeServices(samples.flatMap(({ services }) => services[name] ?? []))] as const),
    ),
    ...(tokenExpiresAt !== undefined && { tokenExpiresAt }),
    ...(credentialExpiresAt !== undefined && { credentialExpiresAt }),
    ...(quota !== undefined && { quota }),
    ...(drift && { drift }),
  };
}

/** The most of each: what came and was put right must not vanish with age. */
function mergeDrift(parts: readonly DriftCounts[]): DriftCounts | undefined {
  if (parts.length === 0) return undefined;
  const most = (of: keyof DriftCounts) => Math.max(...parts.map((part) => part[of]));
  return {
    drifted: most('drifted'),
    missing: most('missing'),
    contested: most('contested'),
    undeclared: most('undeclared'),
    stalled: most('stalled'),
  };
}

/** Calls to several services, or of several times, as of one. */
export function mergeServices(parts: readonly ServiceHealth[]): ServiceHealth {
  const calls = parts.reduce((total, part) => total + part.calls, 0);
  const timed = parts.filter(({ p50 }) => p50 !== undefined);
  const weight = timed.reduce((total, part) => total + part.calls, 0);
  const p50 = timed.reduce((total, part) => total + (part.p50 ?? 0) * part.calls, 0) / weight;
  return {
    calls,
    errors: parts.reduce((total, part) => total + part.errors, 0),
    ...(timed.length > 0 && { p50: round(p50), p95: Math.max(...timed.map((part) => part.p95 ?? 0)) }),
  };
}

/** To a tenth of a millisecond. */
export function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
