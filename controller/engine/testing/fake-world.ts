import type { JsonObject } from '../json.ts';
import type { Kind, Observation, Owner, Resolve } from '../kind.ts';
import type { Clock } from '../ports.ts';
import type { Process } from './process.ts';

/** One cloud resource of the world. */
export interface Thing {
  readonly id: string;
  /** Stamp; '' for what somebody else made. */
  owner: string;
  size: number;
  color: string;
  parent: string;
  friend: string;
  shape: string;
  state: 'BUILD' | 'ACTIVE' | 'ERROR';
  readonly createdAt: number;
  goneAt: number;
}

export interface ThingSpec {
  readonly size?: number;
  readonly color?: string;
  readonly shape?: string;
  /** Takes the shape from a Secret. */
  readonly shapeSecretRef?: { readonly name: string; readonly key: string };
  readonly parentRef?: { readonly name: string };
  readonly friendRef?: { readonly name: string };
  readonly onError?: 'rebuild' | 'replace';
}

export class CloudError extends Error {
  readonly kind: 'waiting' | 'transient' | 'stalled';
  readonly refused: boolean;
  constructor(kind: CloudError['kind'], message: string, refused = false) {
    super(message);
    this.kind = kind;
    this.refused = refused;
  }
}

export interface WorldFaults {
  /** Chance that a write is refused, that its answer is lost, that it is carried out only seconds after its answer was lost. */
  refused: number;
  lost: number;
  lostLate: number;
  /** A list shows the world of up to so many ms ago. */
  staleMs: number;
}

/** The world's time may be a real one. */
export type WorldClock = Clock & { sleep(ms: number): Promise<void> };

/** A cloud: things with states that take time, a write log, and faults. Asserts by itself that nothing is made twice. */
export class World {
  readonly faults: WorldFaults = { refused: 0, lost: 0, lostLate: 0, staleMs: 0 };
  readonly things = new Map<string, Thing>();
  /** `create uid`, `update id`, `delete id`, in order. */
  readonly writes: string[] = [];
  /** What must never have happened. */
  readonly sins: string[] = [];
  /** Who changed what, for a contested field. */
  readonly changedBy = new Map<string, readonly string[]>();
  buildMs = 1_000;
  quota = Number.POSITIVE_INFINITY;
  /** Changes are accepted and not kept. */
  ignoresChanges = false;
  isHung = false;
  readonly clock: WorldClock;
  readonly random: () => number;
  #ids = 0;

  constructor(clock: WorldClock, random: () => number) {
    this.clock = clock;
    this.random = random;
  }

  alive(): Thing[] {
    return [...this.things.values()].filter((thing) => thing.goneAt === 0);
  }

  of(uid: string): Thing[] {
    return this.alive().filter((thing) => thing.owner === uid);
  }

  make(fields: Partial<Thing>): Thing {
    this.#ids += 1;
    const thing: Thing = {
      id: `id-${this.#ids}`,
      owner: '',
      size: 1,
      color: 'red',
      parent: '',
      friend: '',
      shape: '',
      state: 'ACTIVE',
      createdAt: this.clock.now(),
      goneAt: 0,
      ...fields,
    };
    this.things.set(thing.id, thing);
    return thing;
  }

  lose(id: string): void {
    const thing = this.things.get(id);
    if (thing) thing.goneAt = this.clock.now();
  }

  create(owner: string, desired: Partial<Thing>): { id: string } {
    if (this.alive().length >= this.quota) throw new CloudError('stalled', 'quota reached', true);
    if (this.of(owner).length > 0) this.sins.push(`created ${owner} twice`);
    this.writes.push(`create ${owner}`);
    const thing = this.make({ ...desired, owner, state: 'BUILD' });
    this.clock.after(this.buildMs, () => {
      if (thing.state === 'BUILD') thing.state = 'ACTIVE';
    });
    return { id: thing.id };
  }

  update(id: string, fields: Partial<Thing>): void {
    const thing = this.things.get(id);
    if (!thing || thing.goneAt > 0) throw new CloudError('transient', `${id} not found`, true);
    if (thing.owner === '' && !fields.owner) this.sins.push(`changed ${id}, which is not ours`);
    this.writes.push(`update ${id}`);
    if (!this.ignoresChanges) Object.assign(thing, fields);
  }

  delete(id: string): void {
    const thing = this.things.get(id);
    if (!thing || thing.goneAt > 0) return;
    if (thing.owner === '') this.sins.push(`deleted ${id}, which is not ours`);
    if (this.alive().some((other) => other.parent === id)) throw new CloudError('waiting', `${id} is in use`, true);
    this.writes.push(`delete ${id}`);
    this.clock.after(500, () => this.lose(id));
  }
}

/** What one process has seen of a world: lists now and then, own writes at once. */
export class Inventory {
  readonly process: Process;
  readonly world: World;
  listedAt = 0;
  readonly rows = new Map<string, Thing>();
  readonly #wroteAt = new Map<string, number>();

  constructor(process: Process, world: World) {
    this.process = process;
    this.world = world;
  }

  async sweep(): Promise<void> {
    const { clock, random, faults } = this.world;
    const askedAt = clock.now();
    const seen = await this.process.call(async () => {
      await this.#answer();
      const moment = askedAt - Math.floor(random() * faults.staleMs);
      return [...this.world.things.values()]
        .filter((one) => one.createdAt <= moment && (one.goneAt === 0 || one.goneAt > moment))
        .map((one) => ({ ...one }));
    });
    const listed = new Map(seen.map((one) => [one.id, one]));
    for (const id of new Set([...this.rows.keys(), ...listed.keys()])) {
      if ((this.#wroteAt.get(id) ?? 0) >= askedAt) continue;
      const row = listed.get(id);
      if (row) this.rows.set(id, row);
      else this.rows.delete(id);
    }
    this.listedAt = askedAt;
  }

  async read(id: string): Promise<void> {
    const thing = await this.process.call(async () => {
      await this.#answer();
      return this.world.things.get(id);
    });
    this.#wroteAt.set(id, this.world.clock.now());
    if (thing && thing.goneAt === 0) this.rows.set(id, { ...thing });
    else this.rows.delete(id);
  }

  async write<T>(effect: () => T): Promise<T> {
    const { faults, random, clock } = this.world;
    return this.process.call(async () => {
      await this.#answer();
      if (random() < faults.refused) throw new CloudError('transient', 'fault: refused', true);
      if (random() < faults.lostLate) {
        clock.after(4_000, () => attempt(effect));
        throw new CloudError('transient', 'fault: answer lost, carried out later');
      }
      const answer = effect();
      if (random() < faults.lost) throw new CloudError('transient', 'fault: answer lost');
      return answer;
    });
  }

  async #answer(): Promise<void> {
    if (this.world.isHung) await new Promise(() => undefined);
    await this.world.clock.sleep(5 + Math.floor(this.world.random() * 50));
  }
}

function attempt(effect: () => unknown): void {
  try {
    effect();
  } catch {
    // Nobody is there to hear it.
  }
}

export interface ThingDesired {
  readonly uid: string;
  readonly size: number;
  readonly color: string;
  readonly parent: string;
  readonly friend: string;
  readonly shape: string;
  readonly onError: 'rebuild' | 'replace' | undefined;
}

const FIELDS: Readonly<Record<string, string>> = { 'metadata.uid': 'owner', 'status.state': 'state' };

/** The smallest kind that has everything: a field to change, one that cannot be, a hard and a soft reference, a state that takes time. */
export const thingKind: Kind<ThingSpec, ThingDesired, Thing, Inventory> = {
  kind: 'Thing',
  plural: 'things',
  shortNames: ['th'],
  description: 'A thing.',
  spec: {
    type: 'object',
    properties: {
      size: { type: 'integer' },
      color: { type: 'string' },
      shape: { type: 'string' },
      parentRef: { type: 'object', properties: { name: { type: 'string' } }, 'x-ref': { kind: 'Thing' } },
      friendRef: { type: 'object', properties: { name: { type: 'string' } }, 'x-ref': { kind: 'Thing', soft: true } },
      shapeSecretRef: {
        type: 'object',
        properties: { name: { type: 'string' }, key: { type: 'string' } },
        'x-ref': { kind: 'Secret' },
      },
    },
  },
  status: { state: { type: 'string' } },
  columns: [],
  desire: (spec: ThingSpec, resolve: Resolve<Inventory>) => ({
    uid: resolve.owner.uid,
    onError: spec.onError,
    size: spec.size ?? 1,
    color: resolve.need(spec.color === 'none' ? undefined : (spec.color ?? 'red'), {
      reason: 'UnknownColor',
      message: 'There is no color none.',
    }),
    shape: (spec.shapeSecretRef && resolve.secret(spec.shapeSecretRef.name, spec.shapeSecretRef.key)?.toString()) ?? spec.shape ?? '',
    parent: spec.parentRef ? resolve.id('Thing', spec.parentRef.name) : '',
    friend: spec.friendRef ? (resolve.softId('Thing', spec.friendRef.name) ?? '') : '',
  }),
  observe: (cloud: Inventory, owner: Owner): Observation<Thing> => {
    const recorded = owner.id === undefined ? undefined : cloud.rows.get(owner.id);
    if (recorded && recorded.owner !== '' && recorded.owner !== owner.uid)
      return { found: 'foreign', id: recorded.id, message: `${recorded.id} belongs to ${recorded.owner || 'somebody else'}.` };
    if (recorded) return { found: 'one', id: recorded.id, observed: recorded };
    const stamped = [...cloud.rows.values()].filter((row) => row.owner === owner.uid);
    if (stamped.length > 1) return { found: 'ambiguous', ids: stamped.map((row) => row.id) };
    return stamped[0] ? { found: 'one', id: stamped[0].id, observed: stamped[0] } : { found: 'none' };
  },
  diff: (desired, observed) => {
    const fields = (['size', 'color', 'parent', 'friend'] as const).filter((field) => desired[field] !== observed[field]);
    const changes = fields.map((field) => ({ path: `spec.${field}`, from: observed[field], to: desired[field] }));
    const stamp = observed.owner === desired.uid ? [] : [{ path: 'metadata.uid', from: observed.owner, to: desired.uid }];
    const isShaped = desired.shape === '' || desired.shape === observed.shape;
    const shape = isShaped ? [] : [{ path: 'spec.shape', from: observed.shape, to: desired.shape, by: 'replace' as const }];
    const all = [...stamp, ...changes, ...shape];
    if (observed.state === 'BUILD') return { changes: all, waiting: { reason: 'Building', message: `${observed.id} is being built.` } };
    if (observed.state !== 'ERROR') return { changes: all };
    const recovery = desired.onError && { by: desired.onError, attempts: 2, coolDownMs: 60_000 };
    return { changes: all, failed: { reason: 'Failed', message: `${observed.id} is in ERROR.`, ...(recovery && { recovery }) } };
  },
  create: async (cloud, desired, owner) => {
    const made = await cloud.write(() =>
      cloud.world.create(owner.uid, {
        size: desired.size,
        color: desired.color,
        parent: desired.parent,
        friend: desired.friend,
        shape: desired.shape,
      }),
    );
    await cloud.read(made.id).catch(() => undefined);
    return made;
  },
  update: async (cloud, _desired, observed, changes) => {
    const fields = Object.fromEntries(changes.map((change) => [FIELDS[change.path] ?? change.path.slice('spec.'.length), change.to]));
    await cloud.write(() => cloud.world.update(observed.id, fields as Partial<Thing>));
    await cloud.read(observed.id);
  },
  delete: async (cloud, observed) => {
    await cloud.write(() => cloud.world.delete(observed.id));
  },
  candidates: (cloud, filter) =>
    [...cloud.rows.values()].filter((row) => filter.name === undefined || row.color === filter.name).map((row) => row.id),
  declare: (_cloud, { size, color, shape }) => ({ size, color, ...(shape !== '' && { shape }) }),
  changedBy: (cloud, observed) => Promise.resolve(cloud.world.changedBy.get(observed.id) ?? []),
  reread: (cloud, id) => cloud.read(id),
  listedAt: (cloud) => cloud.listedAt,
  report: (observed): JsonObject => ({ state: observed.state }),
};
