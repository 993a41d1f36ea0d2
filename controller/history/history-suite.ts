import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInventoryRepository } from '#controller/inventory/repository.ts';
import type { Store } from '#migrations/store.ts';
import { createHistory, type History } from './history.ts';
import { BadCursor } from './place.ts';
import { keptMs, keptRevisions } from './retention.ts';
import { type Seen, type Sighting, sightingOf } from './sighting.ts';

const began = Date.parse('2026-11-25T10:00:00Z');
const place = { kind: 'Volume', namespace: 'shop', name: 'data' };
const anna = { actor: 'anna', through: 'kubectl/v1.32.0' };

/** What history has to do on every engine. `open` gives a fresh, empty database. */
export function historySuite(engine: string, open: () => Promise<Store>): void {
  describe(`history on ${engine}`, () => {
    let store: Store;
    let history: History;
    let now: number;
    let version: number;
    beforeEach(async () => {
      store = await open();
      now = began;
      version = 0;
      history = createHistory(store, { clock: { now: () => now } });
      await history.complete(pages());
    });
    afterEach(async () => store.close());

    const volume = (generation: number, size: number, more: object = {}, metadata: object = {}): Seen => ({
      kind: 'Volume',
      metadata: { ...metaOf('u1', generation), resourceVersion: String(++version), ...metadata },
      spec: { clusterRef: { name: 'main' }, sizeGiB: size },
      ...more,
    });
    const write = async (before: Seen | undefined, after: Seen | undefined, writing: object = anna) => {
      now += 1000;
      const sighting = sightingOf(before, after, { at: now, ...anna, ...writing }) as Sighting;
      await history.record([sighting]);
      return sighting;
    };
    const stateAt = async (time?: number) => (await history.objectAt(place, time))?.declared;

    it('keeps who declared what, when and through what, newest first', async () => {
      await write(undefined, volume(1, 1));
      await write(volume(1, 1), volume(2, 2), { actor: 'bert', through: 'curl/8.5.0' });
      await write(volume(2, 2), undefined);
      const { items } = await history.revisions(place, 'u1', { limit: 10 });
      expect(items).toMatchObject([
        { revision: 3, action: 'deleted', actor: 'anna', at: began + 3000 },
        { revision: 2, action: 'changed', actor: 'bert', through: 'curl/8.5.0', at: began + 2000, spec: { sizeGiB: 2 } },
        { revision: 1, action: 'declared', actor: 'anna', through: 'kubectl/v1.32.0', cluster: 'main', spec: { sizeGiB: 1 } },
      ]);
      expect(items.map(({ missingBefore }) => missingBefore)).toEqual([0, 0, 0]);
    });

    it('changes nothing when it is told the same again, also in another order', async () => {
      const first = await write(undefined, volume(1, 1));
      const second = await write(volume(1, 1), volume(2, 2));
      const before = await history.revisions(place, 'u1', { limit: 10 });
      await history.record([{ ...second, actor: 'somebody else' }, first, second]);
      await history.complete(pages([volume(2, 2)]));
      expect(await history.revisions(place, 'u1', { limit: 10 })).toEqual(before);
    });

    it('tells the time before, between, and after the deletion', async () => {
      await write(undefined, volume(1, 1));
      await write(volume(1, 1), volume(2, 2));
      const marked = volume(3, 2, {}, { deletionTimestamp: '2026-11-25T10:00:03Z' });
      await write(volume(2, 2), marked);
      // What finalizers and people still write until it is gone is told no more.
      expect(sightingOf(marked, undefined, { at: now, ...anna })).toBeUndefined();
      expect(await stateAt(began + 999)).toEqual({ state: 'notDeclared' });
      expect(await stateAt(began + 1000)).toMatchObject({ state: 'declared', revision: 1, spec: { sizeGiB: 1 } });
      expect(await stateAt(began + 2500)).toMatchObject({ state: 'declared', revision: 2, missingAfter: 0 });
      expect(await stateAt(began + 3000)).toMatchObject({ state: 'notDeclared', deletion: { revision: 3, actor: 'anna' } });
      expect(await stateAt()).toMatchObject({ state: 'notDeclared' });
      expect(await stateAt(began - 1)).toEqual({ state: 'unknown', knownSince: began });
      expect(await history.objectAt({ ...place, name: 'never' })).toBeUndefined();
    });

    it('keeps apart objects that had one name one after the other', async () => {
      await write(undefined, volume(1, 1));
      await write(volume(1, 1), undefined);
      const other = (generation: number, size: number) => volume(generation, size, {}, { uid: 'u2' });
      await write(undefined, other(1, 7));
      expect(await history.newestUid(place)).toBe('u2');
      expect(await history.revisions(place, 'u2', { limit: 10 })).toMatchObject({
        items: [{ revision: 1, spec: { sizeGiB: 7 } }],
        predecessor: 'u1',
      });
      expect((await history.revision(place, 'u1', 1))?.revision.spec).toMatchObject({ sizeGiB: 1 });
      expect(await history.revision({ ...place, name: 'other' }, 'u1', 1)).toBeUndefined();
    });

    it('shows a gap where somebody wrote unseen, before and after it', async () => {
      await write(undefined, volume(1, 1));
      await write(volume(4, 4), volume(5, 5));
      const { items } = await history.revisions(place, 'u1', { limit: 10 });
      expect(items.map(({ revision, actor, missingBefore }) => [revision, actor, missingBefore])).toEqual([
        [5, 'anna', 0],
        [4, 'unknown', 2],
        [1, 'anna', 0],
      ]);
      expect(await stateAt(began + 1500)).toMatchObject({ revision: 1, missingAfter: 2 });
    });

    it('completes what was there before recording began, by unknown', async () => {
      now = began + 5000;
      const old = { ...volume(3, 3, { status: { id: 'vol-1' } }), metadata: metaOf('u1', 3) };
      const first = { ...volume(1, 1), metadata: { ...metaOf('u9', 1), name: 'first', creationTimestamp: '2026-01-01T00:00:00Z' } };
      await history.complete(pages([old, first]));
      expect(await stateAt()).toMatchObject({ state: 'declared', revision: 3, actor: 'unknown', through: 'unknown' });
      expect(await stateAt(began + 4999)).toEqual({ state: 'unknown', knownSince: began + 5000 });
      const known = await history.objectAt({ ...place, name: 'first' }, Date.parse('2026-02-01T00:00:00Z'));
      expect(known?.declared).toMatchObject({ state: 'declared', revision: 1 });
      expect(await history.knownSince()).toBe(began);
    });

    it('never lets the times of an object go back, whatever the clock does', async () => {
      await write(undefined, volume(1, 1));
      now = began - 60_000;
      await write(volume(1, 1), volume(2, 2));
      const { items } = await history.revisions(place, 'u1', { limit: 10 });
      expect(items.map(({ at }) => at)).toEqual([began + 1000, began + 1000]);
      expect(await stateAt(began + 1000)).toMatchObject({ revision: 2 });
    });

    it('pages through revisions and lists without repeating or leaving out', async () => {
      await write(undefined, volume(1, 1));
      for (let generation = 2; generation <= 25; generation += 1) await write(volume(generation - 1, 1), volume(generation, generation));
      const seen: number[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await history.revisions(place, 'u1', { limit: 7, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map(({ revision }) => revision));
        cursor = page.next;
        if (!cursor) break;
      }
      expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
      await expect(history.revisions(place, 'u1', { limit: 7, cursor: 'x' })).rejects.toThrow(BadCursor);
      await expect(history.objectsAt({}, undefined, { limit: 7, kinds: ['Volume'], cursor: 'WyJhIl0' })).rejects.toThrow(BadCursor);
    });

    it('keeps the newest hundred, all that is young, and the first; the rest goes bit by bit', async () => {
      await write(undefined, volume(1, 1));
      const grow = async (from: number, to: number) => {
        for (let generation = from; generation <= to; generation += 1)
          await write(volume(generation - 1, 1), volume(generation, generation));
      };
      await grow(2, 150);
      expect((await history.revisions(place, 'u1', { limit: 500 })).items).toHaveLength(150);
      now += keptMs;
      await grow(151, 153);
      const { items } = await history.revisions(place, 'u1', { limit: 500 });
      expect(items).toHaveLength(keptRevisions + 1);
      expect(items.at(-1)).toMatchObject({ revision: 1, action: 'declared' });
      expect(items.at(-2)).toMatchObject({ revision: 54, missingBefore: 52 });
    });

    it('keeps the cloud resources an object stood for as long as its revisions', async () => {
      await write(undefined, volume(1, 1));
      for (let index = 0; index < 120; index += 1)
        await write(volume(1, 1, { status: { id: `vol-${index}` } }), volume(1, 1, { status: { id: `vol-${index + 1}` } }));
      now += keptMs;
      for (let generation = 2; generation <= 102; generation += 1) await write(volume(generation - 1, 1), volume(generation, 1));
      const kept = await store.db.select().from(store.tables.bindings);
      expect(kept).toHaveLength(keptRevisions);
      expect(kept.map(({ cloudId }) => cloudId)).toContain('vol-120');
    });

    it('tells what the cloud held for an object, through drift, a new resource and its end', async () => {
      const repository = createInventoryRepository(store, 'main');
      const body = (size: number) => ({ id: 'vol-1', name: 'data', size, attachments: [] });
      await write(undefined, volume(1, 1));
      await repository.save([{ type: 'volume', id: 'vol-1', change: 'appeared', at: began + 2000, after: body(1) }]);
      now = began + 2000;
      await write(volume(1, 1), volume(1, 1, { status: { id: 'vol-1' } }));
      await repository.save([{ type: 'volume', id: 'vol-1', change: 'changed', at: began + 4000, before: body(1), after: body(2) }]);
      await repository.save([{ type: 'volume', id: 'vol-1', change: 'gone', at: began + 5000, before: body(2) }]);
      const observed = async (time?: number) => (await history.objectAt(place, time))?.observed;
      expect(await observed(began + 1500)).toEqual({ state: 'absent' });
      expect(await observed(began + 3500)).toMatchObject({
        state: 'present',
        cluster: 'main',
        type: 'volume',
        id: 'vol-1',
        since: began + 2000,
        body: body(1),
      });
      expect(await observed(began + 4500)).toMatchObject({ state: 'present', body: body(2) });
      expect(await observed()).toEqual({ state: 'absent', id: 'vol-1', goneAt: began + 5000 });
      await write(volume(1, 1, { status: { id: 'vol-1' } }), volume(1, 1, { status: { id: 'vol-2' } }));
      expect(await observed()).toEqual({ state: 'unknown', knownSince: began + 2000 });
    });

    it('forgets old changes of cloud resources, and answers as before for all the time that is kept', async () => {
      const repository = createInventoryRepository(store, 'main');
      const body = (id: string, size: number) => ({ id, name: id, size, attachments: [] });
      const ids = ['vol-1', 'vol-2'];
      const at = (step: number) => began + step * 1000;
      for (const [index, id] of ids.entries()) {
        await repository.save([{ type: 'volume', id, change: 'appeared', at: at(index), after: body(id, 0) }]);
        for (let size = 1; size <= 600; size += 1)
          await repository.save([
            { type: 'volume', id, change: 'changed', at: at(2 * size + index), before: body(id, size - 1), after: body(id, size) },
          ]);
      }
      const kept = at(801);
      const answers = async () => {
        const lists = [];
        for (const step of [801, 802, 803, 1000, 1200, 1300])
          lists.push((await history.inventoryAt({ cluster: 'main' }, at(step), { limit: 10 })).items);
        return lists;
      };
      const before = await answers();
      now = kept + keptMs;
      expect(await history.forget()).toBe(799);
      expect(await answers()).toEqual(before);
      expect(await history.cloudKnownSince('main')).toBe(kept);
      expect(await repository.changes({ limit: 5000 })).toHaveLength(403);
      expect(await history.forget()).toBe(0);
    });

    it('calls unknown what it has forgotten', async () => {
      const repository = createInventoryRepository(store, 'main');
      const body = (size: number) => ({ id: 'vol-1', name: 'data', size, attachments: [] });
      await write(undefined, volume(1, 1));
      await write(volume(1, 1), volume(1, 1, { status: { id: 'vol-1' } }));
      await repository.save([{ type: 'volume', id: 'vol-1', change: 'appeared', at: began + 3000, after: body(1) }]);
      await repository.save([{ type: 'volume', id: 'vol-1', change: 'changed', at: began + 4000, before: body(1), after: body(2) }]);
      now = began + 5000 + keptMs;
      await history.forget();
      const observed = async (time: number) => (await history.objectAt(place, time))?.observed;
      expect(await observed(began + 3500)).toEqual({ state: 'unknown', knownSince: began + 5000 });
      expect(await observed(began + 6000)).toMatchObject({ state: 'present', since: began + 4000, body: body(2) });
    });

    it('never shows what the inventory would not keep today', async () => {
      const repository = createInventoryRepository(store, 'main');
      const server = { id: 's', name: 'web', user_data: 'c2VjcmV0', adminPass: 'hunter2' };
      await repository.save([{ type: 'server', id: 's', change: 'appeared', at: now, after: server }]);
      const { items } = await history.inventoryAt({ cluster: 'main' }, now, { limit: 10 });
      expect(items).toMatchObject([{ type: 'server', id: 's', body: { name: 'web' } }]);
      expect(JSON.stringify(items)).not.toMatch(/c2VjcmV0|hunter2/);
    });

    it('is stored with the write it belongs to, or not at all', async () => {
      const sighting = sightingOf(undefined, volume(1, 1), { at: now, ...anna }) as Sighting;
      const failing = store.tx(async (tx) => {
        await history.recordWith(tx, [sighting]);
        throw new Error('the write failed');
      });
      await expect(failing).rejects.toThrow('the write failed');
      expect(await history.objectAt(place)).toBeUndefined();
    });
  });
}

async function* pages(...list: readonly Seen[][]): AsyncGenerator<readonly Seen[]> {
  yield* list;
}

function metaOf(uid: string, generation: number) {
  return { name: 'data', namespace: 'shop', uid, generation };
}
