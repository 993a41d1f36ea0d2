import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHistory, type History } from '#controller/history/history.ts';
import { openStore, type Store } from '#migrations/store.ts';
import type { ObjectStore } from './kube/object-store.ts';
import { createObjectStore } from './kube/sql-object-store.ts';
import { recordAlongside, storedObjects, throughOf } from './kube-history.ts';

const place = (index: number) => ({ kind: 'Volume', namespace: 'shop', name: `v${index}` });

describe('the revisions of the built-in Kubernetes API', () => {
  let store: Store;
  let history: History;
  let objects: ObjectStore;
  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    history = createHistory(store, { clock: Date });
    objects = createObjectStore(store, { alongside: recordAlongside(history) });
  });
  afterEach(async () => store.close());

  const write = (into: ObjectStore, index: number, generation: number, expected?: number) => {
    const uid = `u${index}`;
    const metadata = { name: `v${index}`, namespace: 'shop', uid, generation };
    const body = (version: number) =>
      JSON.stringify({ kind: 'Volume', metadata: { ...metadata, resourceVersion: String(version) }, spec: { sizeGiB: generation } });
    const key = { resource: 'volumes.openstack.stackwarden.io', namespace: 'shop', name: `v${index}` };
    const common = { key, uid, at: 1000 + generation, body, by: { user: 'anna', groups: [], through: 'curl/8.5.0' } };
    return into.write(expected === undefined ? { op: 'create', ...common } : { op: 'replace', expected, ...common });
  };
  const revisions = async (index: number) => (await history.revisions(place(index), `u${index}`, { limit: 10 })).items;

  it('are stored with writes that are committed together, and not with those that are refused', async () => {
    const stored = await Promise.all(Array.from({ length: 20 }, (_, index) => write(objects, index, 1)));
    const second = await Promise.allSettled(
      stored.flatMap(({ resourceVersion }, index) => [
        write(objects, index, 2, resourceVersion),
        write(objects, index, 2, resourceVersion),
      ]),
    );
    expect(second.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    for (let index = 0; index < 20; index += 1)
      expect(await revisions(index)).toMatchObject([
        { revision: 2, action: 'changed', at: 1002, actor: 'anna', through: 'curl/8.5.0', spec: { sizeGiB: 2 } },
        { revision: 1, action: 'declared', at: 1001, missingBefore: 0 },
      ]);
  });

  it('are completed at a start for what was stored without them, however much that is', async () => {
    const without = createObjectStore(store);
    for (let from = 0; from < 450; from += 150)
      await Promise.all(Array.from({ length: 150 }, (_, index) => write(without, from + index, 3)));
    await history.complete(storedObjects(objects, ['networks', 'volumes']));
    expect(await store.db.select().from(store.tables.revisedObjects)).toHaveLength(450);
    expect(await revisions(449)).toMatchObject([{ revision: 3, actor: 'unknown', through: 'unknown', missingBefore: 2 }]);
  });

  it.each([
    ['kubectl/v1.32.0 (linux/amd64) kubernetes/70d3cc9', 'kubectl-edit', 'kubectl/v1.32.0'],
    ['curl/8.5.0', undefined, 'curl/8.5.0'],
    [undefined, 'flux', 'flux'],
    ['', '', undefined],
    ['(nothing)', undefined, undefined],
  ])('say of user agent %j and field manager %j that it was %j', (userAgent, fieldManager, expected) => {
    expect(throughOf(userAgent, fieldManager)).toBe(expected);
  });
});
