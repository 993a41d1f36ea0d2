import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The process's metrics, in the names dashboards use. One registry per process part, handed in, never global. */
export interface Metrics {
  readonly registry: Registry;
  openstackRequest(labels: { cloud: string; service: string; method: string; status: number | string }, seconds: number): void;
  reconciled(kind: string, result: string, seconds: number): void;
  /** Called at each scrape: objects with drift now, by kind. */
  driftedObjects(read: () => ReadonlyMap<string, number>): void;
  swept(cluster: string, type: string, at: number): void;
  /** A whole sweep ended, with or without errors. */
  sweepEnded(cluster: string): void;
  /** Forgets the series of a cluster that is gone. */
  forgetCluster(cluster: string): void;
  /** Called at each scrape. */
  queue(read: () => { depth: number; oldestSeconds: number; retries: number }): void;
}

export function createMetrics(now: () => number = Date.now): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Counter({
    name: 'openstack_requests_total',
    help: 'Requests sent to OpenStack; status is the HTTP status or the kind of failure',
    labelNames: ['cloud', 'service', 'method', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'openstack_request_duration_seconds',
    help: 'How long OpenStack took to answer',
    labelNames: ['cloud', 'service', 'method'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const reconciles = new Histogram({
    name: 'stackwarden_reconcile_duration_seconds',
    help: 'How long one reconcile took, by kind and result',
    labelNames: ['kind', 'result'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30],
    registers,
  });
  const sweeps = new Counter({
    name: 'stackwarden_sweeps_total',
    help: 'Sweeps of a cloud that ended',
    labelNames: ['cluster'],
    registers,
  });
  const sweptAt = new Map<string, { cluster: string; type: string; at: number }>();
  /** A gauge whose values are read at each scrape. */
  const readAtScrape = (name: string, help: string, labelNames: readonly string[], read: (gauge: Gauge) => void) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: [...labelNames],
        registers: [],
        collect() {
          this.reset();
          read(this);
        },
      }),
    );
  readAtScrape(
    'stackwarden_sweep_age_seconds',
    'Seconds since the newest complete list of a type was asked for',
    ['cluster', 'type'],
    (gauge) => {
      for (const { cluster, type, at } of sweptAt.values()) gauge.set({ cluster, type }, (now() - at) / 1000);
    },
  );
  return {
    registry,
    openstackRequest({ cloud, service, method, status }, seconds) {
      requests.inc({ cloud, service, method, status: String(status) });
      requestSeconds.observe({ cloud, service, method }, seconds);
    },
    reconciled: (kind, result, seconds) => reconciles.observe({ kind, result }, seconds),
    driftedObjects(read) {
      readAtScrape('stackwarden_drifted_objects', 'Objects with drift now', ['kind'], (gauge) => {
        for (const [kind, count] of read()) gauge.set({ kind }, count);
      });
    },
    swept: (cluster, type, at) => void sweptAt.set(`${cluster}/${type}`, { cluster, type, at }),
    sweepEnded: (cluster) => sweeps.inc({ cluster }),
    forgetCluster(cluster) {
      sweeps.remove({ cluster });
      for (const [key, entry] of sweptAt) if (entry.cluster === cluster) sweptAt.delete(key);
    },
    queue(read) {
      readAtScrape('stackwarden_queue_depth', 'Objects waiting for a worker', [], (gauge) => gauge.set(read().depth));
      readAtScrape('stackwarden_queue_oldest_seconds', 'How long the longest-waiting object has waited', [], (gauge) =>
        gauge.set(read().oldestSeconds),
      );
      readAtScrape('stackwarden_queue_retries', 'Retries handed out since the start', [], (gauge) => gauge.set(read().retries));
    },
  };
}
