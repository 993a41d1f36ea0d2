import { describe, expect, it } from 'vitest';
import { STAMP_KEY } from '../inventory/stamp.ts';
import { address, createTestLists, imageRow, instance, serverRow } from './clouds.fixture.ts';
import type { RowChange } from './feed.ts';
import type { PageRequest } from './lists.ts';
import { present } from './present.ts';

const all = { filter: '', maySee: undefined, limit: 100 } as const;
const changed = (after: ReturnType<typeof instance>, before: ReturnType<typeof instance>) =>
  ({ type: 'changed', object: after, before }) as const;
const added = (object: ReturnType<typeof instance>) => ({ type: 'added', object, initial: true }) as const;

function createShop() {
  const world = createTestLists();
  const [a, b] = [world.cloud('a'), world.cloud('b')];
  a.put('server', serverRow('s-1', { name: 'web-1', addresses: address('10.0.0.10'), created: '2026-11-03T00:00:00Z' }));
  a.put('server', serverRow('s-2', { name: 'web-2', addresses: address('10.0.0.9'), status: 'ERROR', created: '2026-11-02T00:00:00Z' }));
  b.put('server', serverRow('s-1', { name: 'db', addresses: address('10.0.1.1'), created: '2026-11-01T00:00:00Z' }));
  for (const cloud of [a, b]) cloud.listed(1000);
  const keys = (request: Partial<PageRequest> = {}) => world.lists.page('server', { ...all, ...request }).entries.map(({ key }) => key);
  return { ...world, a, b, keys };
}

describe('a list', () => {
  it('holds the rows of all clouds, sorted by any column both ways', () => {
    const { keys } = createShop();
    expect(keys()).toEqual(['b/s-1', 'a/s-1', 'a/s-2']);
    expect(keys({ sort: '-created' })).toEqual(['a/s-1', 'a/s-2', 'b/s-1']);
    expect(keys({ sort: 'age' })).toEqual(['a/s-1', 'a/s-2', 'b/s-1']);
    expect(keys({ sort: 'status' })).toEqual(['a/s-1', 'b/s-1', 'a/s-2']);
    expect(keys({ sort: 'addresses' })).toEqual(['a/s-2', 'a/s-1', 'b/s-1']);
  });

  it('keeps its order while rows come, change and go', () => {
    const { keys, a } = createShop();
    expect(keys()).toEqual(['b/s-1', 'a/s-1', 'a/s-2']);
    a.put('server', serverRow('s-3', { name: 'cache' }));
    a.put('server', serverRow('s-2', { name: 'aaa' }));
    a.remove('server', 's-1');
    expect(keys()).toEqual(['a/s-2', 'a/s-3', 'b/s-1']);
    expect(keys({ filter: 'status:ERROR' })).toEqual([]);
  });

  it('pages through all rows once, though rows come and go in between', () => {
    const { lists, a } = createShop();
    for (let n = 0; n < 50; n++) a.put('server', serverRow(`x-${n}`, { name: `same-${n % 3}` }));
    for (const sort of ['name', '-name', 'created', '-status', 'host']) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = lists.page('server', { ...all, limit: 7, sort, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.entries.map(({ key }) => key));
        expect(page.total).toEqual({ count: lists.page('server', all).entries.length, isExact: true });
        cursor = page.next;
        // The row the cursor stands on goes: the next page is the same.
        if (seen.length === 14) a.remove('server', seen.at(-1)?.slice(2) ?? '');
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      const left = new Set(lists.page('server', all).entries.map(({ key }) => key));
      expect([...left].filter((key) => !seen.includes(key))).toEqual([]);
    }
  });

  it('begins a page at any row, of all rows and of those that fit or may be seen', () => {
    const { lists, cloud } = createTestLists();
    for (let n = 0; n < 3000; n++)
      cloud(n % 2 ? 'a' : 'b').put('server', serverRow(`s-${n}`, { name: `vm-${n % 7}`, status: n % 3 ? 'ACTIVE' : 'ERROR' }));
    const onA = (cluster: string) => cluster === 'a';
    const requests: Partial<PageRequest>[] = [
      {},
      { sort: '-name' },
      { filter: 'status:ERROR' },
      { filter: 's-77', sort: '-id' },
      { maySee: onA },
      { filter: 'status:ERROR -name:vm-1', maySee: onA, sort: 'age' },
    ];
    for (const request of requests) {
      const every = lists.page('server', { ...all, ...request, limit: 3000 }).entries;
      for (const offset of [0, 1, 7, every.length - 3, every.length, every.length + 9]) {
        const { entries, next, total } = lists.page('server', { ...all, ...request, offset, limit: 5 });
        expect(entries).toEqual(every.slice(offset, offset + 5));
        expect(total).toEqual({ count: every.length, isExact: true });
        expect(next !== undefined).toBe(every.length > offset + 5);
        if (next === undefined) continue;
        expect(lists.page('server', { ...all, ...request, cursor: next, limit: 5 }).entries).toEqual(every.slice(offset + 5, offset + 10));
      }
    }
  });

  it('begins where it was asked to, however short the time for counting', () => {
    const { lists, cloud } = createTestLists({ countMs: -1 });
    for (let n = 0; n < 5000; n++)
      cloud('a').put('server', serverRow(`s-${String(n).padStart(4, '0')}`, { status: n % 2 ? 'ERROR' : 'ACTIVE' }));
    const { entries } = lists.page('server', { ...all, filter: 'status:ERROR', offset: 2400, limit: 2 });
    expect(entries.map(({ id }) => id)).toEqual(['s-4801', 's-4803']);
  });

  it('gives the same pages for what few rows hold and for what many do', () => {
    const { lists, cloud } = createTestLists();
    for (let n = 0; n < 3000; n++)
      cloud('a').put('server', serverRow(`s-${n}`, { name: `vm-${n % 7}`, addresses: address(`10.0.${n % 200}.1`) }));
    const read = (filter: string, sort: string) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = lists.page('server', { ...all, filter, sort, limit: 4, ...(cursor !== undefined && { cursor }) });
        expect(page.total.count).toBe(15);
        seen.push(...page.entries.map(({ key }) => key));
        cursor = page.next;
      } while (cursor !== undefined);
      return seen;
    };
    for (const sort of ['name', '-name', '-id']) {
      // A pattern has to be asked of every row; a word does not.
      const wanted = read('ip:10.0.77.*', sort);
      expect(wanted).toHaveLength(15);
      expect(read('ip:10.0.77.1', sort)).toEqual(wanted);
      expect(read('10.0.77.1 status:ACTIVE', sort)).toEqual(wanted);
    }
    expect(lists.page('server', { ...all, filter: 'vm status:ACTIVE' }).total.count).toBe(3000);
  });

  it('refuses a cursor of another order, or of nobody', () => {
    const { lists } = createShop();
    const { next } = lists.page('server', { ...all, limit: 1 });
    expect(() => lists.page('server', { ...all, sort: 'status', cursor: next as string })).toThrow('belongs to another list or order');
    expect(() => lists.page('volume', { ...all, cursor: next as string })).toThrow('belongs to another list or order');
    for (const cursor of ['x', Buffer.from('{"a":1}').toString('base64url'), Buffer.from('[1,2,3,{},5]').toString('base64url')])
      expect(() => lists.page('server', { ...all, cursor })).toThrow('not one this server gave');
  });

  it('estimates the total when counting would take too long, and says so', () => {
    const { lists, cloud } = createTestLists({ countMs: -1 });
    for (let n = 0; n < 5000; n++)
      cloud('a').put('server', serverRow(`s-${String(n).padStart(4, '0')}`, { status: n % 2 ? 'ERROR' : 'ACTIVE' }));
    expect(lists.page('server', { ...all, filter: 'status:ERROR' }).total).toEqual({ count: 2500, isExact: false });
  });

  it('leaves out what somebody may not see, from rows, total, facets and search alike', () => {
    const { lists, feed, keys } = createShop();
    feed.object(added(instance('web', 'a', { id: 's-2' })));
    const maySee = (cluster: string, namespace: string) => cluster === 'a' && namespace === 'shop';
    expect(keys({ maySee })).toEqual(['a/s-2']);
    expect(lists.page('server', { ...all, maySee }).total.count).toBe(1);
    expect(lists.facets('server', { filter: '', maySee, column: 'cluster', limit: 10 })).toEqual({
      values: [{ value: 'a', count: 1 }],
      others: 0,
    });
    expect(
      lists
        .search(['server'], 'web', { maySee: (entry) => maySee(entry.cluster, entry.namespace), limit: 10 })
        .map(({ entry }) => entry.key),
    ).toEqual(['a/s-2']);
  });

  it('counts values of a column, most often first', () => {
    const { lists } = createShop();
    expect(lists.facets('server', { filter: '', maySee: undefined, column: 'status', limit: 1 })).toEqual({
      values: [{ value: 'ACTIVE', count: 2 }],
      others: 1,
    });
    expect(() => lists.facets('server', { filter: '', maySee: undefined, column: 'x', limit: 1 })).toThrow(
      'There is no column x; known are',
    );
  });

  it('goes on with an export while the rows change', () => {
    const { lists, a } = createShop();
    const rows = lists.rows('server', all)[Symbol.iterator]();
    expect(rows.next().value?.key).toBe('b/s-1');
    a.put('server', serverRow('s-0', { name: 'zzz' }));
    a.remove('server', 's-1');
    expect(lists.entry('server', 'a', 's-0')).toBeDefined();
    expect(rows.next().value?.key).toBe('a/s-2');
    expect(rows.next().done).toBe(true);
  });
});

describe('a row', () => {
  it('shows the names of what it hangs on, and follows them', () => {
    const { lists, a } = createShop();
    const imageOf = () => lists.entry('server', 'a', 's-1')?.cells['image'];
    expect(imageOf()).toBe('i-1');
    a.put('image', imageRow('ubuntu'));
    expect(imageOf()).toBe('ubuntu');
    a.put('image', imageRow('ubuntu-24'));
    expect(imageOf()).toBe('ubuntu-24');
    a.remove('image', 'i-1');
    expect(imageOf()).toBe('i-1');
  });

  it('names the object that stands for it, ready or drifted', () => {
    const { lists, feed } = createShop();
    const declaredOf = () => present(lists.entry('server', 'a', 's-1') as never)['declared'];
    expect(declaredOf()).toBeNull();
    const before = instance('web', 'a');
    feed.object(added(before));
    const conditions = [
      { type: 'Ready', status: 'True', reason: 'R', message: 'm', lastTransitionTime: '', observedGeneration: 1 },
    ] as const;
    const drift = [{ path: 'spec.flavor', declared: 'a', observed: 'b', since: '' }];
    const after = instance('web', 'a', { id: 's-1', conditions, drift });
    feed.object(changed(after, before));
    expect(declaredOf()).toEqual({ kind: 'Instance', namespace: 'shop', name: 'web', ready: 'True', drifted: true });
    feed.object({ type: 'deleted', object: after });
    expect(declaredOf()).toBeNull();
  });

  it('is known by its stamp while the id is not stored yet', () => {
    const { lists, feed, a } = createShop();
    feed.object(added(instance('web', 'a')));
    a.put('server', serverRow('s-9', { metadata: { [STAMP_KEY]: 'uid-Instance-web' } }));
    expect(lists.entry('server', 'a', 's-9')?.cells['object']).toBe('web');
    expect(lists.page('server', { ...all, filter: 'missing:yes' }).entries).toEqual([]);
  });

  it('is there for what is declared and not in the cloud, until it comes', () => {
    const { lists, feed, a, keys } = createShop();
    feed.object(added(instance('lost', 'a', { id: 's-7' })));
    feed.object(added(instance('new', 'a')));
    feed.object(added(instance('far', 'c', { id: 's-8' })));
    const status = (filter: string) =>
      lists.page('server', { ...all, filter }).entries.map(({ cells }) => [cells['object'], cells['status'], cells['missing']]);
    expect(status('declared:yes')).toEqual([
      ['far', 'UNKNOWN', false],
      ['lost', 'MISSING', true],
      ['new', 'DECLARED', true],
    ]);
    a.put('server', serverRow('s-7', { name: 'lost' }));
    expect(status('missing:yes')).toEqual([['new', 'DECLARED', true]]);
    expect(keys({ filter: 'object:lost' })).toEqual(['a/s-7']);
    a.remove('server', 's-7');
    expect(status('missing:yes object:lost')).toEqual([['lost', 'MISSING', true]]);
    feed.object({ type: 'deleted', object: instance('lost', 'a', { id: 's-7' }) });
    expect(status('object:lost')).toEqual([]);
  });

  it('goes with its cloud, and comes back with it', () => {
    const { feed, keys, a } = createShop();
    feed.object(added(instance('web', 'a', { id: 's-1' })));
    feed.opened('a', undefined);
    expect(keys()).toEqual(['b/s-1', 'a/~Instance/shop/web']);
    feed.opened('a', a.inventory);
    expect(keys()).toEqual(['b/s-1', 'a/s-1', 'a/s-2']);
  });

  it('is told once when it says something else, with what it said before', () => {
    const told: RowChange[] = [];
    const { cloud, lists } = createTestLists({ onChange: (change) => told.push(change) });
    const read = () => {
      lists.page('server', all);
      return told.splice(0).map(({ key, before, after }) => `${key} ${String(before?.cells['status'])} ${String(after?.cells['status'])}`);
    };
    cloud('a').put('server', serverRow('s-1'));
    expect(read()).toEqual(['a/s-1 undefined ACTIVE']);
    cloud('a').put('server', serverRow('s-1', { status: 'ERROR' }));
    cloud('a').put('server', serverRow('s-1', { status: 'ERROR', metadata: { a: 'b' } }));
    expect(read()).toEqual(['a/s-1 ACTIVE ERROR']);
    cloud('a').remove('server', 's-1');
    expect(read()).toEqual(['a/s-1 ERROR undefined']);
  });

  it('that cannot be made keeps no other from being shown', () => {
    const wrong: string[] = [];
    const onChange = ({ key }: RowChange) => {
      if (key === 'a/s-1') throw new Error('odd');
    };
    const { cloud, lists } = createTestLists({ onChange, onError: (_, row) => wrong.push(row) });
    for (const id of ['s-1', 's-2']) cloud('a').put('server', serverRow(id));
    expect(lists.page('server', all).entries).toHaveLength(2);
    expect(wrong).toEqual(['server/a/s-1']);
  });

  it('is no worse for an answer that lacks what was promised', () => {
    const { cloud, lists } = createTestLists();
    cloud('a').put('server', { id: 's-1', name: 'odd', addresses: null } as never);
    expect(lists.entry('server', 'a', 's-1')?.cells).toMatchObject({ name: 'odd', addresses: null, flavor: null });
  });
});

describe('clouds', () => {
  it('each say how fresh they are and what is wrong; one that hangs holds up no other', () => {
    const { lists, a, cloud, whys } = createShop();
    cloud('hung').put('server', serverRow('s-1'));
    whys.set('away', { reason: 'AuthFailed', message: 'The password is wrong.' });
    const now = Date.parse('2026-11-29T12:00:00Z');
    a.listed(now - 1000);
    cloud('b').listed(now - 60_000, 'no answer within 30 s (req-00000000-0000-0000-0000-000000000000)');
    expect(lists.clouds(['server'])).toEqual([
      { cluster: 'a', state: 'Fresh', listedAt: now - 1000 },
      { cluster: 'away', state: 'Unreachable', listedAt: null, error: { reason: 'AuthFailed', message: 'The password is wrong.' } },
      { cluster: 'b', state: 'Stale', listedAt: now - 60_000, error: { reason: 'LookFailed', message: 'compute: no answer within 30 s' } },
      { cluster: 'hung', state: 'Listing', listedAt: null },
    ]);
    a.listed(now - 600_000);
    expect(lists.clouds(['server'])[0]?.state).toBe('Stale');
  });
});

describe('a search', () => {
  it('finds any type by name, id, IP and MAC, best first', () => {
    const { lists, a } = createShop();
    a.put('network', {
      id: 'n-1',
      name: 'web',
      description: '',
      project_id: 'p',
      admin_state_up: true,
      status: 'ACTIVE',
      shared: false,
      subnets: [],
    });
    const found = (text: string) =>
      lists.search(['server', 'network'], text, { maySee: undefined, limit: 10 }).map(({ entry }) => `${entry.type} ${entry.id}`);
    expect(found('web')).toEqual(['network n-1', 'server s-1', 'server s-2']);
    expect(found('10.0.0.9')).toEqual(['server s-2']);
    expect(found('10.0.0')).toEqual(['server s-1', 'server s-2']);
    expect(found('FA:16:3E')).toHaveLength(3);
    expect(found('nothing')).toEqual([]);
    expect(lists.search(['server'], 's', { maySee: undefined, limit: 2 })).toHaveLength(2);
  });
});

describe('a detail', () => {
  it('has the body of the service and what belongs to it', () => {
    const { lists, a, feed } = createShop();
    a.put('volume', {
      id: 'v-1',
      name: 'data',
      status: 'in-use',
      size: 1,
      metadata: {},
      attachments: [{ server_id: 's-1' }],
      volume_type: null,
    } as never);
    feed.object(added(instance('web', 'a', { id: 's-1' })));
    const detail = lists.detail('server', 'a', 's-1');
    expect(detail?.body).toMatchObject({ id: 's-1', name: 'web-1' });
    expect(detail?.object?.metadata.name).toBe('web');
    expect(detail?.related).toContainEqual({ relation: 'volumes', type: 'volume', ids: ['v-1'] });
    expect(lists.entry('volume', 'a', 'v-1')?.cells['attachedTo']).toEqual(['web-1']);
    expect(lists.detail('volume', 'a', 'v-1')?.related).toEqual([{ relation: 'instances', type: 'server', ids: ['s-1'] }]);
    expect(lists.detail('server', 'a', 'none')).toBeUndefined();
    a.remove('server', 's-1');
    expect(lists.detail('server', 'a', 's-1')).toMatchObject({
      entry: { cells: { status: 'MISSING', object: 'web' } },
      body: undefined,
      object: { metadata: { name: 'web' } },
      related: [],
    });
  });
});
