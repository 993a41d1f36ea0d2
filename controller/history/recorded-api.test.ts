import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeApi, ListPage, ResourceName, WatchEvent } from '#controller/engine/kube-api.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { createHistory, type History } from './history.ts';
import { type RecordedApi, recordedApi } from './recorded-api.ts';

const began = Date.parse('2026-11-25T10:00:00Z');
const group = 'openstack.stackwarden.io';
const volumes: ResourceName = { group, version: 'v1alpha1', plural: 'volumes', kind: 'Volume', namespaced: true };
const place = { kind: 'Volume', namespace: 'shop', name: 'data' };
const time = (seconds: number) => new Date(began + seconds * 1000).toISOString().replace('.000Z', 'Z');

interface Shape {
  readonly uid?: string;
  readonly generation?: number;
  readonly version?: number;
  readonly size?: number;
  readonly deletedAt?: string;
  readonly id?: string;
  readonly manager?: { readonly name: string; readonly at: string };
}

function volume({ uid = 'u1', generation = 1, version = 1, size = 1, deletedAt, id, manager }: Shape = {}): KubeObject {
  const managedFields = [
    { manager: 'stackwarden-controller', operation: 'Update', time: time(900), subresource: 'status', fieldsV1: { 'f:status': {} } },
    ...(manager ? [{ manager: manager.name, operation: 'Apply', time: manager.at, fieldsV1: { 'f:spec': {} } }] : []),
  ];
  const metadata = {
    name: 'data',
    namespace: 'shop',
    uid,
    generation,
    resourceVersion: String(version),
    creationTimestamp: time(1),
    managedFields,
    ...(deletedAt === undefined ? {} : { deletionTimestamp: deletedAt }),
  };
  const spec = { clusterRef: { name: 'main' }, sizeGiB: size };
  return { apiVersion: `${group}/v1alpha1`, kind: 'Volume', metadata, spec, ...(id ? { status: { id } } : {}) };
}

describe('a Kubernetes API that is recorded', () => {
  let store: Store;
  let history: History;
  let now: number;
  let timers: (() => void)[];
  let items: KubeObject[];
  let events: WatchEvent[];
  let failing: boolean;
  let logged: string[];

  const open = (): RecordedApi => {
    const api = {
      list: async (_: ResourceName, page: { continue?: string }): Promise<ListPage> => {
        const half = Math.ceil(items.length / 2);
        const isFirst = page.continue === undefined && items.length > 1;
        const shown = isFirst ? items.slice(0, half) : items.slice(items.length > 1 ? half : 0);
        return { items: shown, resourceVersion: '500', ...(isFirst ? { continue: 'more' } : {}) };
      },
      watch: async (_: ResourceName, __: object, on: (event: WatchEvent) => void) => events.splice(0).forEach(on),
    } as unknown as KubeApi;
    const record: History['record'] = async (sightings) => {
      if (failing) throw new Error('the database is away');
      await history.record(sightings);
    };
    const clock = {
      now: () => now,
      after: (_: number, call: () => void) => {
        timers.push(call);
        return () => void timers.splice(timers.indexOf(call), 1);
      },
    };
    return recordedApi(api, { history: { ...history, record }, group, clock, log: (_, message) => logged.push(message) });
  };
  const list = async (api: RecordedApi, resource = volumes) => {
    const first = await api.list(resource, {});
    if (first.continue) await api.list(resource, { continue: first.continue });
    await api.flush();
  };
  const watch = async (api: RecordedApi, ...seen: WatchEvent[]) => {
    const passed: WatchEvent[] = [];
    events = [...seen];
    await api.watch(volumes, {} as never, (event) => passed.push(event));
    expect(passed).toEqual(seen);
    await api.flush();
  };
  const revisions = async (uid = 'u1') =>
    (await history.revisions(place, uid, { limit: 50 })).items.map(({ revision, action, actor, through, at }) => [
      revision,
      action,
      actor,
      through,
      at - began,
    ]);

  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    now = began + 10_000;
    history = createHistory(store, { clock: { now: () => now } });
    [timers, items, events, failing, logged] = [[], [], [], false, []];
  });
  afterEach(async () => store.close());

  it('records what it lists with the manager that wrote the spec, and once', async () => {
    items = [volume({ generation: 3, manager: { name: 'kubectl', at: time(5) } })];
    const api = open();
    await list(api);
    await list(api);
    await list(open());
    expect(await revisions()).toEqual([[3, 'changed', 'kubectl', 'Apply', 5000]]);
    expect(await history.knownSince()).toBe(now);
  });

  it('records changes, cloud ids and the deletion as they pass', async () => {
    const api = open();
    items = [volume()];
    await list(api);
    const flux = { name: 'flux', at: time(20) };
    now = began + 21_000;
    await watch(
      api,
      { type: 'MODIFIED', object: volume({ version: 2, id: 'vol-1' }) },
      { type: 'MODIFIED', object: volume({ version: 3, id: 'vol-1', generation: 2, size: 2, manager: flux }) },
      { type: 'BOOKMARK', resourceVersion: '4' },
      { type: 'MODIFIED', object: volume({ version: 5, id: 'vol-1', generation: 3, size: 2, manager: flux, deletedAt: time(30) }) },
      { type: 'DELETED', object: volume({ version: 6, id: 'vol-1', generation: 3, size: 2, manager: flux, deletedAt: time(30) }) },
    );
    expect(await revisions()).toEqual([
      [3, 'deleted', 'unknown', 'unknown', 30_000],
      [2, 'changed', 'flux', 'Apply', 20_000],
      [1, 'declared', 'unknown', 'unknown', 1000],
    ]);
    expect(await store.db.select().from(store.tables.bindings)).toMatchObject([{ uid: 'u1', cluster: 'main', cloudId: 'vol-1' }]);
  });

  it('finds what went while nobody looked, in this process and before it', async () => {
    const api = open();
    items = [volume(), { ...volume({ uid: 'u2' }), metadata: { ...volume({ uid: 'u2' }).metadata, name: 'other' } }];
    await list(api);
    now = began + 60_000;
    items = items.slice(0, 1);
    await list(api);
    expect((await history.objectAt({ ...place, name: 'other' }))?.declared).toMatchObject({ state: 'notDeclared', deletion: { at: now } });
    items = [];
    now += 1000;
    await list(open());
    expect(await revisions()).toEqual([
      [2, 'deleted', 'unknown', 'unknown', 61_000],
      [1, 'declared', 'unknown', 'unknown', 1000],
    ]);
  });

  it('knows the newer object of a name, also when the older went unseen or in the same second', async () => {
    items = [volume()];
    await list(open());
    items = [volume({ uid: 'u2', version: 40, size: 9 })];
    const api = open();
    await list(api);
    expect((await history.objectAt(place))?.declared).toMatchObject({ state: 'declared', uid: 'u2' });
    now = began + 1900;
    await watch(
      api,
      { type: 'DELETED', object: volume({ uid: 'u2', version: 50, size: 9 }) },
      { type: 'ADDED', object: volume({ uid: 'u3', version: 51, size: 4 }) },
    );
    expect((await history.objectAt(place))?.declared).toMatchObject({ state: 'declared', uid: 'u3' });
  });

  it('keeps what cannot be stored, says so once, and stores it later', async () => {
    failing = true;
    const api = open();
    items = [volume()];
    await list(api);
    expect(logged).toEqual(['revisions cannot be stored; they are kept and tried again']);
    expect(await history.objectAt(place)).toBeUndefined();
    failing = false;
    await api.flush();
    expect(await revisions()).toHaveLength(1);
  });

  it('leaves kinds of others alone', async () => {
    items = [volume()];
    await list(open(), { ...volumes, group: '', kind: 'Secret', plural: 'secrets' });
    expect(await store.db.select().from(store.tables.revisions)).toEqual([]);
  });
});
