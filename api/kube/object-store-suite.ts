import { describe, expect, test } from 'vitest';
import { AlreadyStored, Compacted, NamespaceClosed, type ObjectStore, VersionConflict, type Write } from './object-store.ts';
import { readSnapshot } from './snapshot.ts';

export const place = (name: string, namespace = 'n', resource = 'things') => ({ resource, namespace, name });
const body = (name: string, value: unknown) => (version: number) =>
  JSON.stringify({ metadata: { name, uid: `uid-${name}`, resourceVersion: String(version) }, value });
export const create = (name: string, value: unknown = 1): Write => ({
  op: 'create',
  key: place(name),
  uid: `uid-${name}`,
  body: body(name, value),
  at: 1000,
});
export const change = (op: 'replace' | 'delete', name: string, expected: number, value: unknown = 1): Write => ({
  op,
  key: place(name),
  uid: `uid-${name}`,
  expected,
  body: body(name, value),
  at: 1000,
});

/** What every ObjectStore promises; `open` gives a new, empty one each time. */
export function objectStoreSuite(name: string, open: () => Promise<ObjectStore>): void {
  describe(`an object store ${name}`, () => {
    test('gives every write the next version, and keeps object and event alike', async () => {
      const store = await open();
      const a = await store.write(create('a', 'first'));
      const b = await store.write(change('replace', 'a', 1, 'second'));
      await store.write(change('delete', 'a', 2, 'second'));
      expect([a.resourceVersion, b.resourceVersion, await store.version()]).toEqual([1, 2, 3]);
      expect(await store.get(place('a'))).toBeUndefined();
      const events = await store.events(0, 10);
      expect(events.map(({ type, resourceVersion, previous }) => [type, resourceVersion, previous !== undefined])).toEqual([
        ['ADDED', 1, false],
        ['MODIFIED', 2, true],
        ['DELETED', 3, true],
      ]);
      expect(JSON.parse(events[1]?.previous ?? '')).toMatchObject({ value: 'first' });
      expect(JSON.parse(events[2]?.body ?? '')).toMatchObject({ value: 'second', metadata: { resourceVersion: '3' } });
    });

    test('refuses a second create and a write against another version, and neither takes a version', async () => {
      const store = await open();
      await store.write(create('a'));
      await expect(store.write(create('a'))).rejects.toThrow(AlreadyStored);
      await expect(store.write(change('replace', 'a', 7))).rejects.toThrow(VersionConflict);
      await expect(store.write(change('delete', 'b', 1))).rejects.toThrow(VersionConflict);
      expect(await store.version()).toBe(1);
    });

    test('lets one of many concurrent writers win', async () => {
      const store = await open();
      await store.write(create('a', 0));
      const results = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => store.write(change('replace', 'a', 1, index))));
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.version()).toBe(2);
    });

    test('creates only in a namespace that exists and stays', async () => {
      const store = await open();
      const namespace = place('n', '', 'namespaces');
      const inside = (name: string): Write => ({ ...create(name), within: namespace }) as Write;
      await expect(store.write(inside('a'))).rejects.toThrow(NamespaceClosed);
      await store.write({ op: 'create', key: namespace, uid: 'u', at: 0, body: () => '{"metadata":{}}' });
      await store.write(inside('a'));
      await store.write({
        op: 'replace',
        key: namespace,
        uid: 'u',
        expected: 1,
        at: 0,
        body: () => '{"metadata":{"deletionTimestamp":"now"}}',
      });
      await expect(store.write(inside('b'))).rejects.toThrow('terminating');
    });

    test('pages by namespace and name, and counts', async () => {
      const store = await open();
      for (const [namespace, name] of [
        ['b', 'a'],
        ['a', 'b'],
        ['a', 'a'],
        ['a-b', 'x'],
      ] as const) {
        await store.write({ op: 'create', key: place(name, namespace), uid: '', at: 0, body: body(name, 1) });
      }
      const keys = (found: { namespace: string; name: string }[]) => found.map((each) => `${each.namespace}/${each.name}`);
      expect(keys(await store.page('things', {}))).toEqual(['a/a', 'a/b', 'a-b/x', 'b/a']);
      expect(keys(await store.page('things', { after: { namespace: 'a', name: 'a' }, limit: 2 }))).toEqual(['a/b', 'a-b/x']);
      expect(keys(await store.page('things', { namespace: 'a' }))).toEqual(['a/a', 'a/b']);
      expect(await store.count('things', { after: { namespace: 'a', name: 'b' } })).toBe(2);
      expect(await store.page('thing', {})).toEqual([]);
    });

    test('tells whoever reads on from a compacted version, also when nothing is left', async () => {
      const store = await open();
      for (let index = 1; index <= 10; index += 1) await store.write(index === 1 ? create('a') : change('replace', 'a', index - 1));
      await store.compact(3, 0);
      await expect(store.events(5, 100)).rejects.toThrow(Compacted);
      expect((await store.events(7, 100)).map((event) => event.resourceVersion)).toEqual([8, 9, 10]);
      await store.compact(100, 2000);
      await expect(store.events(9, 100)).rejects.toThrow(Compacted);
      expect(await store.events(10, 100)).toEqual([]);
    });

    test('shows the past exactly, page by page, while it is being changed', async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const random = generator(seed);
      const store = await open();
      const versions = new Map<string, number>();
      const states: string[][] = [[]];
      const step = async (): Promise<void> => {
        const name = `o${Math.floor(random() * 12)}`;
        const version = versions.get(name);
        const isDelete = random() < 0.3;
        const stored = await store.write(version === undefined ? create(name) : change(isDelete ? 'delete' : 'replace', name, version));
        if (version !== undefined && isDelete) versions.delete(name);
        else versions.set(name, stored.resourceVersion);
        states.push([...versions].map(([key, value]) => `${key}@${value}`).toSorted());
      };
      for (let index = 0; index < 60; index += 1) await step();
      for (let round = 0; round < 20; round += 1) {
        const at = Math.floor(random() * states.length);
        const seen: string[] = [];
        let after: { namespace: string; name: string } | undefined;
        do {
          const page = await readSnapshot(store, 'things', { limit: 1 + Math.floor(random() * 4), ...(after ? { after } : {}) }, at);
          seen.push(...page.items.map((item) => `${item.name}@${item.resourceVersion}`));
          after = page.next?.after;
          await step();
        } while (after);
        expect(seen.toSorted(), `seed ${seed}, version ${at}`).toEqual(states[at]);
      }
    });
  });
}

/** A small seeded generator of numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
