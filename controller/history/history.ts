import { eq } from 'drizzle-orm';
import type { Clock } from '#controller/engine/ports.ts';
import type { Store, Transaction } from '#migrations/store.ts';
import { type Binding, bindingsAt } from './bindings.ts';
import { type Declared, type DeclaredObject, declaredAt, listDeclaredAt, type ObjectFilter } from './declared-at.ts';
import { forgetChanges, forgottenBefore } from './forget-changes.ts';
import { cloudKnownSince, listObservedAt, type Observed, type ObservedResource, observedAt } from './observed-at.ts';
import type { Page, Place } from './place.ts';
import { record } from './record.ts';
import { keptMs as usuallyKeptMs } from './retention.ts';
import { type Declaration, listRevisions, newestUid, type Revision, type RevisionPage, readRevision } from './revisions.ts';
import { found, type Seen, type Sighting } from './sighting.ts';
import { unrecorded } from './unrecorded.ts';

/** What was declared, by whom, and what the clouds held: now, and at any time since recording began. Times are epoch ms. */
export interface History {
  /** Records in the transaction of the write itself: there is no write without its revision. */
  recordWith(tx: Transaction, sightings: readonly Sighting[]): Promise<void>;
  /** Records what was seen from outside. Telling the same again changes nothing. */
  record(sightings: readonly Sighting[]): Promise<void>;
  /** Records of these objects what is not yet: as found, by unknown. The first call is when recording began. */
  complete(objects: AsyncIterable<readonly Seen[]>): Promise<void>;
  /** Removes changes of cloud resources older than history is kept, in small steps; gives how many. */
  forget(isStopping?: () => boolean): Promise<number>;
  /** When recording began; undefined before `complete`. */
  knownSince(): Promise<number | undefined>;
  /** uid of the newest object of this name, also when it is deleted. */
  newestUid(place: Place): Promise<string | undefined>;
  /** Newest first. Throws BadCursor. */
  revisions(place: Place, uid: string, page: Page): Promise<RevisionPage>;
  revision(place: Place, uid: string, revision: number): Promise<{ revision: Revision; before?: Declaration } | undefined>;
  /** Undefined when no object of this name was ever seen; now, without a time. */
  objectAt(place: Place, time?: number): Promise<ObjectAt | undefined>;
  /** By kind, namespace and name; `kinds` are all there are. Throws BadCursor. */
  objectsAt(filter: ObjectFilter, time: number | undefined, page: KindPage): Promise<{ items: ListedObject[]; next?: string }>;
  /** By type and id. Throws BadCursor. */
  inventoryAt(filter: CloudFilter, time: number | undefined, page: Page): Promise<{ items: ObservedResource[]; next?: string }>;
  /** When the first look at this cloud was stored; undefined when none was. */
  cloudKnownSince(cluster: string): Promise<number | undefined>;
}

export interface ObjectAt {
  readonly declared: Declared;
  readonly observed: Observed;
}

export interface ListedObject extends DeclaredObject {
  readonly observed: Observed;
}

export type KindPage = Page & { readonly kinds: readonly string[] };

export interface CloudFilter {
  readonly cluster: string;
  readonly type?: string;
}

const settingName = 'history';
/** Later than any time recorded: what was written a moment ago counts, whatever clock stamped it. */
const now = Number.MAX_SAFE_INTEGER;

export interface HistoryOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** How long all of it is kept; 90 days unless given. */
  readonly keptMs?: number;
}

export function createHistory(store: Store, { clock, keptMs = usuallyKeptMs }: HistoryOptions): History {
  const keptFrom = () => clock.now() - keptMs;
  const recordNow = (sightings: readonly Sighting[]) => store.tx((tx) => record(tx, sightings, keptFrom()));
  return {
    recordWith: (tx, sightings) => record(tx, sightings, keptFrom()),
    forget: (isStopping) => forgetChanges(store, keptFrom(), isStopping),
    record: recordNow,
    async complete(objects) {
      if ((await knownSince(store)) === undefined) await remember(store, clock.now());
      for await (const some of objects) {
        const missing = await unrecorded(store, some);
        if (missing.length > 0) await recordNow(missing.map((object) => found(object, clock.now())));
      }
    },
    knownSince: () => knownSince(store),
    newestUid: (place) => newestUid(store, place),
    revisions: (place, uid, page) => listRevisions(store, place, uid, page),
    revision: (place, uid, revision) => readRevision(store, place, uid, revision),
    async objectAt(place, time = now) {
      const declared = await declaredAt(store, place, time, (await knownSince(store)) ?? now);
      if (!declared) return undefined;
      const uid = declared.state === 'declared' ? declared.uid : declared.state === 'notDeclared' ? declared.deletion?.uid : undefined;
      if (declared.state === 'unknown') return { declared, observed: declared };
      const [observed] = uid === undefined ? [] : await observedFor(store, [{ uid, kind: place.kind }], time);
      return { declared, observed: observed ?? { state: 'absent' } };
    },
    async objectsAt(filter, time, page) {
      const { items, next } = await listDeclaredAt(store, filter, time ?? now, page);
      const objects = items.map(({ kind, declared }) => ({ kind, uid: declared.uid }));
      const observed = await observedFor(store, objects, time ?? now);
      const listed = items.map((item, index): ListedObject => ({ ...item, observed: observed[index] ?? { state: 'absent' } }));
      return { items: listed, ...(next === undefined ? {} : { next }) };
    },
    inventoryAt: (filter, time, page) => listObservedAt(store, filter, time ?? now, page),
    cloudKnownSince: (cluster) => cloudKnownSince(store, cluster),
  };
}

async function knownSince(store: Store): Promise<number | undefined> {
  const { settings } = store.tables;
  const [row] = await store.db.select({ value: settings.value }).from(settings).where(eq(settings.name, settingName));
  return (row?.value as { since?: number } | undefined)?.since;
}

async function remember(store: Store, since: number): Promise<void> {
  // Updating the name alone leaves an earlier answer as it is, also when two processes start at once.
  await store.upsert(store.tables.settings, { name: settingName, value: { since } }, { key: ['name'], update: ['name'] });
}

/** What the cloud held for each of these objects. */
async function observedFor(store: Store, objects: readonly { uid: string; kind: string }[], time: number): Promise<Observed[]> {
  const uids = objects.map(({ uid }) => uid);
  const bindings = await bindingsAt(store, uids, time);
  const refOf = ({ uid, kind }: { uid: string; kind: string }) => {
    const { cluster, cloudId }: Binding = bindings.get(uid) ?? { cluster: '', cloudId: null };
    return cloudId === null ? undefined : { cluster, id: cloudId, isKeyPair: kind === 'KeyPair' };
  };
  const refs = objects.map(refOf);
  const stateOf = await observedAt(
    store,
    refs.filter((ref) => ref !== undefined),
    time,
  );
  const forgotten = await forgottenBefore(store);
  const clusters = new Set(refs.flatMap((ref) => (ref ? [ref.cluster] : [])));
  const since = new Map(await Promise.all([...clusters].map(async (name) => [name, await cloudKnownSince(store, name)] as const)));
  return refs.map((ref): Observed => {
    if (!ref) return { state: 'absent' };
    const state = stateOf(ref);
    const begin = since.get(ref.cluster);
    const isBefore = begin === undefined || time < begin;
    if (state && time >= forgotten && !(state.state === 'absent' && state.goneAt === undefined && isBefore)) return state;
    return { state: 'unknown', ...(begin === undefined ? {} : { knownSince: begin }) };
  });
}
