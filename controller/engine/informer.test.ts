import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Informer, type InformerOptions } from './informer.ts';
import { KubeError, type ResourceName } from './kube-api.ts';
import type { KubeObject } from './object.ts';
import { ObjectStore, type StoreChange } from './object-store.ts';
import { FakeClock, seeded } from './testing/fake-clock.ts';
import { FakeKube } from './testing/fake-kube.ts';
import { Process } from './testing/process.ts';

const THINGS: ResourceName = { group: 'test', version: 'v1', plural: 'things', kind: 'Thing', namespaced: true };

interface Scene {
  readonly clock: FakeClock;
  readonly kube: FakeKube;
  readonly informer: Informer;
  readonly seen: string[];
  readonly warnings: string[];
}

function watching(options: Partial<InformerOptions> & { seed?: number } = {}, prepare: (kube: FakeKube) => void = () => undefined): Scene {
  const clock = new FakeClock();
  const random = seeded(options.seed ?? 1);
  const kube = new FakeKube(clock, random);
  prepare(kube);
  const seen: string[] = [];
  const warnings: string[] = [];
  const on = (change: StoreChange): void => void seen.push(`${change.type} ${change.object.metadata.name} ${change.object.metadata.uid}`);
  const log: InformerOptions['log'] = (_level, _message, fields) => void warnings.push(JSON.stringify(fields));
  const informer = new Informer({
    api: kube.client(new Process(clock)),
    resource: THINGS,
    clock,
    random,
    log,
    store: new ObjectStore(),
    on,
    ...options,
  });
  return { clock, kube, informer, seen, warnings };
}

function inOrder(objects: readonly KubeObject[]): string[] {
  return objects
    .map((one) => `${one.metadata.namespace}/${one.metadata.name} ${one.metadata.uid} ${one.metadata.resourceVersion}`)
    .toSorted();
}

describe('the informer', () => {
  it('lists in pages, then follows what changes', async () => {
    const { clock, kube, informer, seen } = watching({ pageSize: 2 }, (kube) => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) kube.apply('Thing', 'demo', name, {});
    });
    await clock.advance(500);
    await informer.synced;
    expect(informer.store.list()).toHaveLength(5);
    expect(kube.lists).toBe(3);
    kube.apply('Thing', 'demo', 'a', { size: 2 });
    kube.delete('Thing', 'demo', 'b');
    await clock.advance(200);
    expect(informer.store.get('demo/a')?.spec).toEqual({ size: 2 });
    expect(seen.slice(-2)).toEqual(['changed a uid-1', 'deleted b uid-2']);
  });

  it('lists everything at once when the pages outlive their version', async () => {
    const { clock, kube, informer } = watching({ pageSize: 2 }, (kube) => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) kube.apply('Thing', 'demo', name, {});
    });
    await clock.advance(10);
    kube.apply('Thing', 'demo', 'f', {});
    await clock.advance(1_000);
    expect(informer.store.list()).toHaveLength(6);
  });

  it('resumes from where it was when the watch breaks, without listing again', async () => {
    const { clock, kube, informer } = watching();
    await clock.advance(5_000);
    kube.endWatches(new Error('reset'));
    kube.apply('Thing', 'demo', 'missed', {});
    await clock.advance(5_000);
    expect(informer.store.get('demo/missed')).toBeDefined();
    expect(kube.lists).toBe(1);
  });

  it('lists anew when the version it would resume from has expired, and notices what went meanwhile', async () => {
    const { clock, kube, informer, seen } = watching({}, (kube) => void kube.apply('Thing', 'demo', 'old', {}));
    await clock.advance(5_000);
    kube.endWatches(new Error('reset'));
    kube.delete('Thing', 'demo', 'old');
    kube.apply('Thing', 'demo', 'new', {});
    kube.compact();
    await clock.advance(10_000);
    expect(informer.store.list().map((one) => one.metadata.name)).toEqual(['new']);
    expect(seen).toContain('deleted old uid-1');
    expect(kube.lists).toBe(2);
  });

  it('sees an object deleted and made again under the same name as two', async () => {
    const { clock, kube, informer, seen } = watching({}, (kube) => void kube.apply('Thing', 'demo', 'a', {}));
    await clock.advance(2_000);
    kube.endWatches(new Error('reset'));
    kube.delete('Thing', 'demo', 'a');
    kube.apply('Thing', 'demo', 'a', {});
    kube.compact();
    await clock.advance(5_000);
    expect(seen).toEqual(['added a uid-1', 'deleted a uid-1', 'added a uid-2']);
    expect(informer.store.list()).toHaveLength(1);
  });

  it('takes a watch that says nothing for too long for dead', async () => {
    const { clock, kube, informer } = watching({ silenceMs: 60_000 });
    await clock.advance(2_000);
    kube.silenceWatches();
    kube.apply('Thing', 'demo', 'missed', {});
    await clock.advance(120_000);
    expect(informer.store.get('demo/missed')).toBeDefined();
  });

  it('stays on a quiet watch for as long as bookmarks come', async () => {
    const { clock, kube, warnings } = watching({ silenceMs: 60_000, watchSeconds: 1_000 });
    for (let i = 0; i < 20; i += 1) {
      kube.bookmark();
      await clock.advance(30_000);
    }
    expect(warnings).toEqual([]);
    expect(kube.lists).toBe(1);
  });

  it('does not ask a server that closes at once in a tight loop', async () => {
    const clock = new FakeClock();
    let watches = 0;
    const api = {
      ...new FakeKube(clock, seeded(1)).client(new Process(clock)),
      watch: () => {
        watches += 1;
        return Promise.resolve();
      },
    };
    const informer = new Informer({
      api,
      resource: THINGS,
      clock,
      random: () => 0.5,
      log: () => undefined,
      store: new ObjectStore(),
      on: () => undefined,
    });
    await clock.advance(300_000);
    expect(watches).toBeGreaterThan(8);
    expect(watches).toBeLessThan(30);
    void informer.stop();
  });

  it('goes on when listing fails or never answers, for as long as it takes', async () => {
    const clock = new FakeClock();
    let lists = 0;
    const fine = new FakeKube(clock, seeded(1)).client(new Process(clock));
    const api: typeof fine = {
      ...fine,
      list: (resource, page) => {
        lists += 1;
        if (lists < 5) return Promise.reject(new KubeError(500, 'InternalError', 'etcd is down'));
        if (lists < 7) return new Promise(() => undefined);
        return fine.list(resource, page);
      },
    };
    const informer = new Informer({
      api,
      resource: THINGS,
      clock,
      random: () => 0.5,
      log: () => undefined,
      store: new ObjectStore(),
      on: () => undefined,
    });
    const isSynced = Promise.race([informer.synced.then(() => true), clock.sleep(300_000).then(() => false)]);
    await clock.advance(300_000);
    expect(await isSynced).toBe(true);
  });

  it('survives a handler that throws', async () => {
    const { clock, kube, informer, warnings } = watching({
      on: () => {
        throw new Error('a flaw');
      },
    });
    kube.apply('Thing', 'demo', 'a', {});
    kube.apply('Thing', 'demo', 'b', {});
    await clock.advance(2_000);
    expect(informer.store.list()).toHaveLength(2);
    expect(warnings).toContain('{"kind":"Thing","error":"a flaw"}');
  });

  it('holds its own write at once, and no late event takes it back', async () => {
    const { clock, kube, informer } = watching();
    const client = kube.client(new Process(clock));
    const object = kube.apply('Thing', 'demo', 'a', {});
    await clock.advance(2_000);
    kube.faults.late = 1;
    const written = client.patchStatus(THINGS, object, { id: 'id-1' });
    await clock.advance(21);
    informer.remember(await written);
    expect(informer.store.get('demo/a')?.status).toEqual({ id: 'id-1' });
    await clock.advance(2_000);
    expect(informer.store.get('demo/a')?.status).toEqual({ id: 'id-1' });
  });

  it('stops for good', async () => {
    const { clock, kube, informer, seen } = watching();
    await clock.advance(2_000);
    await informer.stop();
    expect(kube.watchers).toBe(0);
    kube.apply('Thing', 'demo', 'late', {});
    await clock.advance(60_000);
    expect(seen).toEqual([]);
  });

  it('ends up with what the server holds, whatever breaks on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
        const { clock, kube, informer, seen } = watching({ seed, pageSize: 3, silenceMs: 30_000 });
        const random = seeded(seed + 1);
        Object.assign(kube.faults, { refused: 0.2, lost: 0.2, late: 0.5 });
        for (let step = 0; step < 40; step += 1) {
          const name = `n${Math.floor(random() * 6)}`;
          const dice = random();
          if (dice < 0.4) kube.apply('Thing', 'demo', name, { step });
          else if (dice < 0.6) kube.delete('Thing', 'demo', name);
          else if (dice < 0.7) kube.endWatches(random() < 0.5 ? new Error('reset') : undefined);
          else if (dice < 0.8) kube.compact();
          else if (dice < 0.85) kube.silenceWatches();
          await clock.advance(Math.floor(random() * 1_000));
        }
        Object.assign(kube.faults, { refused: 0, lost: 0, late: 0 });
        await clock.advance(200_000);
        expect(inOrder(informer.store.list())).toEqual(inOrder(kube.all('Thing')));
        const deleted = seen.filter((one) => one.startsWith('deleted'));
        expect(new Set(deleted).size).toBe(deleted.length);
        void informer.stop();
      }),
      { numRuns: 100 },
    );
  });
});

describe('the object store', () => {
  const object = (uid: string, version: string, name = 'a'): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name, namespace: 'demo', uid, resourceVersion: version },
    spec: {},
  });

  it('does not bring back what was deleted', () => {
    const store = new ObjectStore();
    store.apply(object('u1', '10'));
    store.remove(object('u1', '11'));
    expect(store.apply(object('u1', '12'))).toEqual([]);
    expect(store.list()).toEqual([]);
  });

  it('compares versions as numbers', () => {
    const store = new ObjectStore();
    store.apply(object('u1', '99'));
    expect(store.apply(object('u1', '100'))).toHaveLength(1);
    expect(store.apply(object('u1', '99'))).toEqual([]);
  });

  it('keeps what a list is too old to know', () => {
    const store = new ObjectStore();
    store.apply(object('u1', '20'));
    expect(store.replace([], '15')).toEqual([]);
    expect(store.list()).toHaveLength(1);
  });

  it('believes a server that was restored from a backup', () => {
    const store = new ObjectStore();
    store.apply(object('u1', '500'));
    store.apply(object('u2', '501', 'b'));
    const changes = store.replace([object('u1', '90')], '95', { fromThePast: true });
    expect(changes.map((one) => one.type)).toEqual(['deleted', 'deleted', 'added']);
    expect(store.apply(object('u1', '96'))).toHaveLength(1);
  });

  it('finds objects by index, also after they changed', () => {
    const store = new ObjectStore({ byId: (one) => (one.status?.id ? [one.status.id] : []) });
    store.apply(object('u1', '1'));
    store.apply({ ...object('u1', '2'), status: { id: 'x' } });
    expect(store.by('byId', 'x')).toHaveLength(1);
    store.apply({ ...object('u1', '3'), status: { id: 'y' } });
    expect([store.by('byId', 'x'), store.by('byId', 'y')].map((one) => one.length)).toEqual([0, 1]);
    store.remove(object('u1', '4'));
    expect(store.by('byId', 'y')).toEqual([]);
  });
});
