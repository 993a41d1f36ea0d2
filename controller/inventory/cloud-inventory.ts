import type { Cloud } from '#controller/openstack/cloud.ts';
import type { Store } from '#migrations/store.ts';
import type { CloudInventory, InventoryEvent, Resources, ResourceType } from './inventory.ts';
import { createLooker, type Looker, type LookReport } from './looker.ts';
import { type Clock, createMoments } from './moment.ts';
import { inParallel, oneAtATime } from './parallel.ts';
import { createRecorder, type RecorderState } from './recorder.ts';
import { createInventoryRepository } from './repository.ts';
import { createRereads } from './rereads.ts';
import { createRows, type Transition } from './rows.ts';
import { createSchedule } from './schedule.ts';
import { RESOURCE_TYPES, type Scope, TRACKED } from './tracked.ts';
import { type IsDeclared, type UndeclaredRow, undeclaredRows } from './undeclared.ts';

export type { LookReport as SweepReport } from './looker.ts';

export interface CloudInventoryDeps {
  /** Name of the Cluster object. */
  readonly cluster: string;
  readonly client: Cloud;
  readonly store: Store;
  readonly clock: Clock;
  /** [0, 1). */
  random(): number;
  /** Told each change once, after memory shows it. MUST NOT throw for long: what it throws is logged and lost. */
  onEvent(event: InventoryEvent): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
  /** Told of every look, failed ones and suspicions included. */
  onReport?(report: LookReport): void;
  /** Told when the rows that were stored are in memory; there was no event for them. */
  onLoaded?(): void;
  /** Told when a complete list was taken, and when it was asked for (epoch ms). */
  onSwept?(type: ResourceType, at: number): void;
  /** Every type is listed whole this often; 60 s. */
  readonly sweepIntervalMs?: number;
  /** What people change often is looked at this often in between; 10 s. */
  readonly lookIntervalMs?: number;
  /** Up to this many rows a look lists a type whole: one call either way, and only the whole list shows everything; 200. */
  readonly wholeLookRows?: number;
  /** Rereads asked for within this time share calls; 50 ms. */
  readonly gatherMs?: number;
}

/** The inventory of one cloud together with the loop that keeps it new. */
export interface ManagedInventory extends CloudInventory {
  readonly cluster: string;
  /**
   * Loads what was stored, sweeps all types once, then keeps looking by itself. Rejects only when the database cannot be read; types
   * that could not be listed are in `lastSweep` and are tried again.
   */
  start(): Promise<void>;
  /** Lists every type whole; begun after the call. Never rejects. */
  sweep(): Promise<LookReport[]>;
  /** Looks at what people change often, as cheaply as each service allows. Never rejects. */
  look(): Promise<LookReport[]>;
  /** Ends the loop, waits for what is under way, stores what is left. Reads keep answering. */
  stop(): Promise<void>;
  /** Newest report of a complete list, per type. */
  readonly lastSweep: ReadonlyMap<ResourceType, LookReport>;
  /** Ms since the newest complete list of a type was asked for; Infinity when there was none since start. */
  ages(): ReadonlyMap<ResourceType, number>;
  /** Rows of our own project that nobody declared. */
  undeclared(isDeclared: IsDeclared): readonly UndeclaredRow[];
  /** How far the database is behind. */
  storing(): RecorderState;
  /** Removes this cluster's rows and history from the database; call after stop, when the Cluster is gone for good. */
  erase(): Promise<void>;
}

const SWEEPS_AT_ONCE = 4;
const GETS_AT_ONCE = 4;
const MARKS_KEPT_MS = 3_600_000;

export function createCloudInventory(deps: CloudInventoryDeps): ManagedInventory {
  const { cluster, client, clock, wholeLookRows = 200 } = deps;
  const log: CloudInventoryDeps['log'] = (...message) => deps.log(...message);
  const random = () => deps.random();
  const moments = createMoments(clock);
  const rows = createRows(moments);
  const repository = createInventoryRepository(deps.store, cluster);
  const recorder = createRecorder({ repository, clock, log });
  const lastSweep = new Map<ResourceType, LookReport>();
  let projectId: string | undefined;

  const note = ({ ids, ...change }: Transition) => {
    recorder.add({ ...change, at: clock.now() });
    try {
      deps.onEvent({ cluster, type: change.type, id: change.id, change: change.change, ids });
    } catch (error) {
      log('error', 'inventory event was not taken', { cluster, type: change.type, id: change.id, error: String(error) });
    }
  };
  const scope = async (): Promise<Scope> => {
    projectId = (await client.authenticate()).projectId;
    return { projectId };
  };
  const lookers = new Map(
    RESOURCE_TYPES.map((type) => {
      return [type, createLooker(type, { client, rows, moments, clock, random, scope, onTransition: note })] as const;
    }),
  );
  const looker = (type: ResourceType) => lookers.get(type) as Looker;

  const failing = new Map<ResourceType, string>();
  const report = (look: LookReport) => {
    const { type, error, suspicion } = look;
    if (suspicion !== undefined) log('warn', 'cloud list looks wrong', { cluster, type, suspicion });
    // Once per failure, not once per look: a cloud that is down is looked at for hours.
    if (error !== undefined && failing.get(type) !== error)
      log('warn', 'look at the cloud failed', { cluster, type, how: look.how, error });
    if (error === undefined && failing.has(type)) log('info', 'look at the cloud works again', { cluster, type });
    if (error === undefined) failing.delete(type);
    else failing.set(type, error);
    if (look.how === 'full') lastSweep.set(type, look);
    if (look.how === 'full' && error === undefined) deps.onSwept?.(type, look.askedAt);
    deps.onReport?.(look);
    return look;
  };
  /** Sweeps and rereads of one type share lists. */
  const listWhole = new Map(
    RESOURCE_TYPES.map((type) => {
      const list = async () => {
        const { report: look, listed: ids } = await looker(type).full();
        return { look: report(look), listed: ids };
      };
      return [type, oneAtATime(list)] as const;
    }),
  );
  const whole = (type: ResourceType) => (listWhole.get(type) as NonNullable<ReturnType<typeof listWhole.get>>)();

  // Who only rereads does not wait for the database.
  const sweepType = async (type: ResourceType) => {
    const { look } = await whole(type);
    await recorder.flush();
    return look;
  };
  const lookAtType = async (type: ResourceType): Promise<LookReport | undefined> => {
    if (looker(type).listedAt() === 0 || rows.count(type) <= wholeLookRows) return sweepType(type);
    const look = await looker(type).changed();
    if (look === undefined) return undefined;
    report(look);
    await recorder.flush();
    return look;
  };
  const lookedAt = RESOURCE_TYPES.filter((type) => TRACKED[type].isLookedAt);
  const sweep = async () => {
    rows.prune(clock.now() - MARKS_KEPT_MS);
    return inParallel(RESOURCE_TYPES, SWEEPS_AT_ONCE, sweepType);
  };

  const listed = async (type: ResourceType) => {
    const { look, listed: ids } = await whole(type);
    if (ids === undefined) throw new Error(look.error ?? `the list of ${type} rows failed`);
    return ids;
  };
  const pages = (type: ResourceType) => looker(type).pages();
  const gatherMs = deps.gatherMs ?? 50;
  const reread = createRereads(
    {
      one: (type, id) => looker(type).one(id),
      async list(type) {
        const ids = await listed(type);
        return (id) => ids.has(id);
      },
      pages,
    },
    clock,
    gatherMs,
  );
  const rereadChildrenOf = createRereads(
    {
      one: (type, id) =>
        looker(type).children({ type: type === 'subnet' || rows.get('network', id) !== undefined ? 'network' : 'server', id }),
      async list(type) {
        await listed(type);
        return () => true;
      },
      pages,
    },
    clock,
    gatherMs,
  );
  const rereadVolumesOf = async (serverId: string) => {
    // Cinder lists no volumes by server: the server names those it has, the rows those it had.
    await reread('server', serverId);
    const attached = rows.get('server', serverId)?.['os-extended-volumes:volumes_attached'] ?? [];
    const ids = new Set([...attached.map((volume) => volume.id), ...rows.by('volume', 'parent', serverId).map((volume) => volume.id)]);
    await inParallel([...ids], Math.max(GETS_AT_ONCE, ids.size), (id) => reread('volume', id));
  };
  const schedule = createSchedule({
    clock,
    random,
    types: RESOURCE_TYPES,
    sweepIntervalMs: deps.sweepIntervalMs ?? 60_000,
    lookIntervalMs: deps.lookIntervalMs ?? 10_000,
    isLookedAt: (type) => TRACKED[type].isLookedAt,
    sweep: sweepType,
    look: lookAtType,
    lastSweep: (type) => lastSweep.get(type),
    log,
  });

  return {
    cluster,
    get projectId() {
      return projectId;
    },
    lastSweep,
    get: (type, id) => rows.get(type, id),
    all: (type) => rows.all(type),
    byName: (type, name) => rows.by(type, 'name', name),
    byOwner: (type, uid) => rows.by(type, 'owner', uid),
    byParent: (type, parentId) => rows.by(type, 'parent', parentId),
    listedAt: (type) => Math.floor(looker(type).listedAt()),
    record(type, resource, askedAt, { ownWrite = false } = {}) {
      const transition = rows.take(type, resource, { askedAt: moments.at(askedAt), receivedAt: moments.next() }, ownWrite);
      if (transition !== undefined) note(transition);
    },
    forget(type, id) {
      const transition = rows.drop(type, id, moments.next());
      if (transition !== undefined) note(transition);
    },
    wrote: (type, id) => rows.wrote(type, id),
    async reread<T extends ResourceType>(type: T, id: string): Promise<Resources[T] | undefined> {
      await reread(type, id);
      return rows.get(type, id);
    },
    async rereadChildren(type, parentId) {
      if (type === 'volume') return rereadVolumesOf(parentId);
      return rereadChildrenOf(type, parentId);
    },
    async start() {
      for (const { type, resource } of await repository.load()) rows.restore(type, resource);
      deps.onLoaded?.();
      await sweep();
      schedule.start();
    },
    sweep,
    async look() {
      const looks = await inParallel(lookedAt, SWEEPS_AT_ONCE, lookAtType);
      return looks.filter((look) => look !== undefined);
    },
    async stop() {
      await schedule.stop();
      await recorder.stop();
    },
    ages() {
      const now = clock.now();
      const age = (type: ResourceType) =>
        looker(type).listedAt() === 0 ? Infinity : Math.max(0, now - Math.floor(looker(type).listedAt()));
      return new Map(RESOURCE_TYPES.map((type) => [type, age(type)]));
    },
    undeclared: (isDeclared) => undeclaredRows(rows, projectId, isDeclared),
    storing: () => recorder.state(),
    erase: () => repository.erase(),
  };
}
