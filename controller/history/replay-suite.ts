import { afterAll, describe, expect, it } from 'vitest';
import { createInventoryRepository } from '#controller/inventory/repository.ts';
import type { Store } from '#migrations/store.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { createHistory, type History } from './history.ts';
import { clusters, type Happening, happenings, kinds } from './replay.fixture.ts';
import { type Seen, sightingOf } from './sighting.ts';

const began = Date.parse('2026-11-25T10:00:00Z');

/** The world as a replay of the log up to a time leaves it: written without a thought for cost, and without a line of what it judges. */
interface World {
  readonly declared: Map<string, { uid: string; revision: number; spec: unknown; cluster: string }>;
  readonly bound: Map<string, { cluster: string; id: string | undefined }>;
  readonly held: Map<string, object>;
}

function replay(log: readonly Happening[], time: number): World {
  const world: World = { declared: new Map(), bound: new Map(), held: new Map() };
  for (const happening of log) {
    if (happening.at > time) continue;
    if ('change' in happening) {
      const { cluster, change } = happening;
      const key = `${cluster}/${change.type}/${change.id}`;
      if (change.after) world.held.set(key, change.after);
      else world.held.delete(key);
      continue;
    }
    const { before, after } = happening.write;
    const object = (after ?? before) as Seen;
    const { uid = '', generation = 1, deletionTimestamp } = object.metadata;
    if (after && deletionTimestamp === undefined) {
      const clusterRef = (object.spec as { clusterRef?: { name: string } }).clusterRef?.name;
      const cluster = object.kind === 'Cluster' ? object.metadata.name : (clusterRef ?? '');
      world.declared.set(keyOf(object), { uid, revision: generation, spec: object.spec, cluster });
      const id = (after.status as { id?: string } | undefined)?.id;
      if (world.bound.get(uid)?.id !== id) world.bound.set(uid, { cluster, id });
    } else world.declared.delete(keyOf(object));
  }
  return world;
}

function keyOf({ kind, metadata }: Seen): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Answers about 1,000 changes at random times equal a naive replay of the log. */
export function replaySuite(name: string, openEmpty: () => Promise<Store>): void {
  describe(`history on ${name} against a replay of the log`, () => {
    let store: Store | undefined;
    afterAll(async () => store?.close());

    it('answers for 1,000 changes at random times what a replay does', { timeout: 120_000 }, async () => {
      const random = seededRandom(`history on ${name}`);
      store = await openEmpty();
      let now = began;
      const history = createHistory(store, { clock: { now: () => now } });
      await history.complete(noObjects());
      const log = happenings(random, 1000, began);
      await feed(store, history, log, random);
      now = (log.at(-1)?.at ?? began) + 1;
      const span = now - began + 10;
      for (let round = 0; round < 40; round += 1) {
        const time = round === 0 ? now : began - 5 + Math.floor(random() * span);
        const world = replay(log, time);
        await compareObjects(history, world, time, random);
        await compareLists(history, world, time, random);
      }
      // Without a time it is the present.
      expect((await allObjects(history, {}, undefined, 7)).map(textOf)).toEqual((await allObjects(history, {}, now, 100)).map(textOf));
    });
  });
}

async function* noObjects(): AsyncGenerator<Seen[]> {}

/** Tells history what happened the way both forms do: in batches of any size, and some of it twice. */
async function feed(store: Store, history: History, log: readonly Happening[], random: () => number): Promise<void> {
  const repositories = new Map(clusters.map((cluster) => [cluster, createInventoryRepository(store, cluster)]));
  for (let from = 0; from < log.length; ) {
    const batch = log.slice(from, from + 1 + Math.floor(random() * 20));
    const sightings = batch.flatMap((each) => {
      const sighting = 'write' in each ? sightingOf(each.write.before, each.write.after, each.write.writing) : undefined;
      return sighting ? [sighting] : [];
    });
    await store.tx((tx) => history.recordWith(tx, sightings));
    if (random() < 0.2) await history.record(sightings.map(({ isNew: _isNew, ...sighting }) => sighting));
    for (const [cluster, repository] of repositories)
      await repository.save(batch.flatMap((each) => ('change' in each && each.cluster === cluster ? [each.change] : [])));
    from += batch.length;
  }
}

async function compareObjects(history: History, world: World, time: number, random: () => number): Promise<void> {
  for (const kind of kinds) {
    const name = ['one', 'two', 'three'][Math.floor(random() * 3)] ?? 'one';
    const namespace = kind === 'Cluster' ? '' : random() < 0.5 ? 'a' : 'b';
    const found = await history.objectAt({ kind, namespace, name }, time);
    const expected = world.declared.get(`${kind}/${namespace}/${name}`);
    const where = `${kind} ${namespace}/${name} at ${time - began}`;
    if (!expected) {
      expect(found?.declared.state ?? 'notDeclared', where).toBe(time < began && found ? 'unknown' : 'notDeclared');
      continue;
    }
    expect(found?.declared, where).toMatchObject({ state: 'declared', ...expected });
    compareObserved(found?.observed, expected.uid, world, where);
  }
}

function compareObserved(observed: unknown, uid: string, world: World, where: string): void {
  const { cluster, id } = world.bound.get(uid) ?? { cluster: '', id: undefined };
  const body = id === undefined ? undefined : world.held.get(`${cluster}/${id.replace(/-\d+$/, '')}/${id}`);
  if (body) expect(observed, where).toMatchObject({ state: 'present', cluster, id, body });
  else expect((observed as { state: string }).state, where).toBe('absent');
}

async function compareLists(history: History, world: World, time: number, random: () => number): Promise<void> {
  const limit = 1 + Math.floor(random() * 9);
  const cluster = clusters[Math.floor(random() * 2)] ?? 'east';
  const filters = [{}, { kind: 'Volume' }, { namespace: 'a' }, { cluster }, { kind: 'Network', namespace: 'b', cluster }];
  for (const filter of filters) {
    const expected = [...world.declared]
      .filter(([key, each]) => fits(key, each.cluster, filter))
      .map(([key, each]) => `${key} ${each.uid} ${each.revision} ${JSON.stringify(each.spec)}`);
    const found = await allObjects(history, filter, time, limit);
    expect(found.map(textOf), `${JSON.stringify(filter)} at ${time - began}`).toEqual(expected.toSorted(byPlace));
    for (const item of found) compareObserved(item.observed, item.declared.uid, world, `${textOf(item)} at ${time - began}`);
  }
  for (const type of [undefined, 'volume']) {
    const rows = [...world.held].filter(([key]) => key.startsWith(`${cluster}/${type ?? ''}`));
    const expected = rows.map(([key, body]) => `${key} ${JSON.stringify(body)}`).toSorted();
    const found: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await history.inventoryAt({ cluster, ...(type ? { type } : {}) }, time, { limit, ...(cursor ? { cursor } : {}) });
      found.push(...page.items.map((row) => `${row.cluster}/${row.type}/${row.id} ${JSON.stringify(row.body)}`));
      cursor = page.next;
      if (!cursor) break;
    }
    expect(found, `${cluster} ${type ?? ''} at ${time - began}`).toEqual(expected);
  }
}

type Filter = Parameters<History['objectsAt']>[0];
type Listed = Awaited<ReturnType<History['objectsAt']>>['items'][number];

async function allObjects(history: History, filter: Filter, time: number | undefined, limit: number): Promise<Listed[]> {
  const items: Listed[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await history.objectsAt(filter, time, { kinds, limit, ...(cursor ? { cursor } : {}) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.next;
    if (!cursor) return items;
  }
}

function textOf({ kind, namespace, name, declared }: Listed): string {
  return `${kind}/${namespace}/${name} ${declared.uid} ${declared.revision} ${JSON.stringify(declared.spec)}`;
}

function fits(key: string, cluster: string, filter: Filter): boolean {
  const [kind, namespace] = key.split('/');
  return (filter.kind ?? kind) === kind && (filter.namespace ?? namespace) === namespace && (filter.cluster ?? cluster) === cluster;
}

/** By kind, namespace, name: the parts of the key, not its letters. */
function byPlace(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => (text.split(' ')[0] ?? '').split('/').join('\0'));
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
