import { startLoop } from '../controller.ts';
import type { JsonObject } from '../json.ts';
import type { Loop, LoopOptions, PassResult } from '../loop.ts';
import type { KubeObject } from '../object.ts';
import { inSync } from '../outcome.ts';
import type { AuditEntry } from '../ports.ts';
import { clusterOf } from '../references.ts';
import { FakeClock, seeded } from './fake-clock.ts';
import { FakeKube } from './fake-kube.ts';
import { CloudError, Inventory, thingKind, World } from './fake-world.ts';
import { Process } from './process.ts';

/** A running loop, and the process it runs in. */
export interface Run {
  readonly loop: Loop;
  readonly process: Process;
  readonly inventories: ReadonlyMap<string, Inventory>;
  readonly passes: { kind: string; result: PassResult }[];
}

/** Kubernetes, clouds and a clock, and loops that come and go on them. */
export class Stage {
  readonly clock = new FakeClock();
  readonly random: () => number;
  readonly kube: FakeKube;
  readonly worlds = new Map<string, World>();
  readonly audit: AuditEntry[] = [];
  driftPolicy: 'Correct' | 'Report' = 'Correct';
  /** What connections of every cluster say beside that. */
  cluster: { shutUntil?: string; recreationLimit?: number } = {};
  isAuditDown = false;
  isDisconnected = false;
  run: Run | undefined;
  #ids = 0;

  constructor(seed = 1, clusters: readonly string[] = ['lab']) {
    this.random = seeded(seed);
    this.kube = new FakeKube(this.clock, this.random);
    for (const cluster of clusters) {
      this.worlds.set(cluster, new World(this.clock, this.random));
      this.kube.apply('Cluster', '', cluster, {});
    }
  }

  get world(): World {
    const first = this.worlds.values().next().value;
    if (!first) throw new Error('a stage has at least one cluster');
    return first;
  }

  /** Starts a loop as a new process would: with nothing but what Kubernetes and the cloud hold. */
  start(options: Partial<LoopOptions<Inventory>> = {}): Run {
    const process = new Process(this.clock);
    const inventories = new Map([...this.worlds].map(([name, world]) => [name, new Inventory(process, world)]));
    const passes: Run['passes'] = [];
    const loop = startLoop<Inventory>({
      api: this.kube.client(process),
      group: 'test.io',
      version: 'v1',
      kinds: [thingKind],
      plain: [{ kind: 'Cluster', plural: 'clusters', namespaced: false, spec: {}, reconcile: () => Promise.resolve(inSync('Connected.')) }],
      workers: 8,
      perCluster: 4,
      onReconcile: (kind, result) => passes.push({ kind, result }),
      requestList: (cluster, _kind, notBefore) => {
        process.clock.after(Math.max(0, notBefore - this.clock.now()) + 1, () => void this.#sweep(inventories, cluster));
      },
      ...options,
      deps: {
        connect: (object) => this.#connect(object, inventories),
        classify: (error) => {
          if (error instanceof CloudError) return { kind: error.kind, reason: 'Cloud', message: error.message, refused: error.refused };
          return { kind: 'transient', reason: 'Unknown', message: String(error) };
        },
        audit: (entry) =>
          process.call(() => {
            if (this.isAuditDown) throw new Error('disk full');
            this.audit.push(entry);
          }),
        clock: process.clock,
        random: this.random,
        newId: () => {
          this.#ids += 1;
          return `reconcile-${this.#ids}`;
        },
        log: () => undefined,
      },
    });
    this.run = { loop, process, inventories, passes };
    void this.#sweepFor(this.run);
    return this.run;
  }

  kill(): void {
    this.run?.process.kill();
  }

  apply(name: string, spec: JsonObject = {}, annotations?: Record<string, string>): KubeObject {
    return this.kube.apply('Thing', 'demo', name, { clusterRef: { name: 'lab' }, ...spec }, annotations);
  }

  delete(name: string): void {
    this.kube.delete('Thing', 'demo', name);
  }

  thing(name: string): KubeObject | undefined {
    return this.kube.get('Thing', 'demo', name);
  }

  /** The one cloud resource of an object; throws when there is none or more. */
  made(name: string): ReturnType<World['make']> {
    const object = this.thing(name);
    const all = [...this.worlds.values()].flatMap((world) => world.of(object?.metadata.uid ?? ''));
    if (all.length !== 1 || !all[0]) throw new Error(`${name} has ${all.length} cloud resources`);
    return all[0];
  }

  condition(name: string, type: string): string {
    const condition = this.thing(name)?.status?.conditions?.find((one) => one.type === type);
    return condition ? `${condition.status} ${condition.reason}` : 'absent';
  }

  message(name: string): string {
    return this.thing(name)?.status?.conditions?.find((one) => one.type === 'Ready')?.message ?? '';
  }

  audited(type?: string): string[] {
    return this.audit
      .filter((entry) => type === undefined || entry.type === type)
      .map((entry) => `${entry.type} ${entry.object?.name ?? ''}`);
  }

  #connect(object: KubeObject, inventories: ReadonlyMap<string, Inventory>): ReturnType<LoopOptions<Inventory>['deps']['connect']> {
    const cluster = clusterOf(object) ?? '';
    const cloud = inventories.get(cluster);
    if (this.isDisconnected) return { reason: 'ClusterNotReady', message: `Cluster ${cluster} has no connection.` };
    if (!cloud || !this.kube.get('Cluster', '', cluster))
      return { reason: 'ClusterMissing', message: `Cluster ${cluster} does not exist; create it.` };
    return { cloud, cluster, driftPolicy: this.driftPolicy, ...this.cluster, requestIds: () => ['req-1'] };
  }

  async #sweepFor({ process, inventories }: Run): Promise<void> {
    while (process.isAlive) {
      for (const cluster of this.worlds.keys()) void this.#sweep(inventories, cluster);
      await this.clock.sleep(30_000);
    }
  }

  async #sweep(inventories: ReadonlyMap<string, Inventory>, cluster: string): Promise<void> {
    const inventory = inventories.get(cluster);
    await inventory?.sweep();
    if (this.run?.process === inventory?.process) this.run?.loop.sweepDone(cluster);
  }
}
