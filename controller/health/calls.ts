import type { ServiceName } from '../openstack/cloud.ts';
import type { RequestObservation } from '../openstack/transport.ts';
import { round, type ServiceHealth } from './sample.ts';

export type Call = Pick<RequestObservation, 'service' | 'status' | 'durationMs'>;

/** What was asked of a cloud since it was last taken. */
export interface CallsTaken {
  readonly services: Readonly<Partial<Record<ServiceName, ServiceHealth>>>;
  readonly calls: number;
  /** Of those, calls that were answered, whatever the answer. */
  readonly answered: number;
}

export interface CallCounter {
  count(cluster: string, call: Call): void;
  /** All since the last time, which it then forgets. */
  take(cluster: string): CallsTaken;
}

/** Latencies kept of a service in a minute; beyond it new ones take the places of old ones, so that a storm costs no memory. */
const mostKept = 2000;

interface Counted {
  calls: number;
  errors: number;
  answered: number;
  readonly latencies: number[];
}

export function createCallCounter(): CallCounter {
  const clusters = new Map<string, Map<ServiceName, Counted>>();
  return {
    count(cluster, { service, status, durationMs }) {
      // Ended by us: says nothing about the cloud.
      if (status === 'aborted') return;
      const services = clusters.get(cluster) ?? new Map<ServiceName, Counted>();
      clusters.set(cluster, services);
      const counted = services.get(service) ?? { calls: 0, errors: 0, answered: 0, latencies: [] };
      services.set(service, counted);
      const isAnswered = typeof status === 'number';
      counted.calls += 1;
      if (!isAnswered || status >= 500) counted.errors += 1;
      if (!isAnswered) return;
      counted.latencies[counted.answered % mostKept] = durationMs;
      counted.answered += 1;
    },
    take(cluster) {
      const services = [...(clusters.get(cluster) ?? [])].toSorted(([a], [b]) => a.localeCompare(b));
      clusters.delete(cluster);
      return {
        services: Object.fromEntries(services.map(([name, counted]) => [name, healthOf(counted)])),
        calls: services.reduce((sum, [, { calls }]) => sum + calls, 0),
        answered: services.reduce((sum, [, { answered }]) => sum + answered, 0),
      };
    },
  };
}

function healthOf({ calls, errors, latencies }: Counted): ServiceHealth {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { calls, errors, ...(sorted.length > 0 && { p50: at(0.5), p95: at(0.95) }) };
}
