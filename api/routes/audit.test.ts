import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { auditRoutes } from './audit.ts';

describe('the audit API', () => {
  let store: Store;
  let audit: Audit;
  let app: FastifyInstance;
  let now = Date.parse('2026-11-23T10:00:00Z');
  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    audit = createAudit(store, { clock: { now: () => now } });
    app = fastify();
    await app.register(auditRoutes, { audit });
    const object = { kind: 'Volume', namespace: 'shop', name: 'data', uid: 'u-1' };
    const changes = [{ path: 'spec.sizeGiB', from: 1, to: { any: ['json', null] }, by: 'replace' as const }];
    await audit.record({
      type: 'Updated',
      actor: 'admin',
      cluster: 'prod',
      object,
      cloudId: 'v-1',
      changes,
      result: 'ok',
      message: 'grown',
      requestIds: ['req-1'],
      reconcileId: 'r-1',
    });
    now += 60_000;
    const source = { address: '192.0.2.7', session: 's-1', requestId: 'r-1' };
    await audit.record({ type: 'Failed', actor: 'unknown', changes: [], result: 'failed', message: 'no', requestIds: [], source });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });
  const get = async (query: string) => {
    const reply = await app.inject(`/api/v1/audit${query}`);
    return { status: reply.statusCode, type: reply.headers['content-type'], body: reply.json<Record<string, unknown>>() };
  };

  it('gives one entry by its number, and says when there is none', async () => {
    expect(await get('/entries/1')).toMatchObject({ status: 200, body: { seq: 1, type: 'Updated', message: 'grown' } });
    expect(await get('/entries/3')).toMatchObject({ status: 404, body: { title: 'EntryNotFound' } });
    expect(await get('/entries/first')).toMatchObject({ status: 400, body: { errors: [{ field: 'seq' }] } });
  });

  it('takes several clusters, types and kinds, any of which fits', async () => {
    const seqs = async (query: string) => ((await get(query)).body['items'] as { seq: number }[]).map(({ seq }) => seq);
    expect(await seqs('?cluster=prod&cluster=test')).toEqual([1]);
    expect(await seqs('?cluster=test')).toEqual([]);
    expect(await seqs('?type=Updated&type=Failed')).toEqual([2, 1]);
  });

  it('gives every field of an entry, newest first, and only those it has', async () => {
    const { status, body } = await get('');
    expect(status).toBe(200);
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(body).toEqual({
      items: [
        {
          seq: 2,
          at: new Date(now).toISOString(),
          type: 'Failed',
          actor: 'unknown',
          changes: [],
          result: 'failed',
          message: 'no',
          requestIds: [],
          source: { address: '192.0.2.7', session: 's-1', requestId: 'r-1' },
          hash,
        },
        {
          seq: 1,
          at: new Date(now - 60_000).toISOString(),
          type: 'Updated',
          actor: 'admin',
          cluster: 'prod',
          object: { kind: 'Volume', namespace: 'shop', name: 'data', uid: 'u-1' },
          cloudId: 'v-1',
          changes: [{ path: 'spec.sizeGiB', from: 1, to: { any: ['json', null] } }],
          result: 'ok',
          message: 'grown',
          requestIds: ['req-1'],
          reconcileId: 'r-1',
          hash,
        },
      ],
    });
  });

  it('filters and pages', async () => {
    const seqs = async (query: string) => ((await get(query)).body.items as { seq: number }[]).map(({ seq }) => seq);
    const between = new Date(now - 30_000);
    expect(await seqs('?kind=Volume&namespace=shop&path=spec.sizeGiB&requestId=req-1')).toEqual([1]);
    expect(await seqs(`?since=${between.toISOString()}`)).toEqual([2]);
    expect(await seqs(`?until=${between.toISOString()}`)).toEqual([1]);
    // An unencoded "+" arrives as a space.
    expect(await seqs(`?since=${new Date(between.getTime() + 3_600_000).toISOString().replace('Z', '+01:00')}`)).toEqual([2]);
    expect(await seqs('?since=2020-01-01&until=2099-01-01')).toEqual([2, 1]);
    expect(await seqs('?type=Updated&type=Failed')).toEqual([2, 1]);
    expect(await seqs('?object=Volume/shop/data')).toEqual([1]);
    expect(await seqs('?object=Volume/data')).toEqual([1]);
    expect(await seqs('?object=Instance/shop/data')).toEqual([]);
    expect(await seqs('?order=oldest')).toEqual([1, 2]);
    expect(await seqs('?address=192.0.2.7&session=s-1&requestId=r-1&imported=false')).toEqual([2]);
    const first = await get('?limit=1');
    expect(await seqs(`?limit=1&cursor=${String(first.body.next)}`)).toEqual([1]);
  });

  it.each([
    ['?limit=501', 'limit', 'Allowed: a whole number from 1 to 500.'],
    ['?limit=ten', 'limit', 'Allowed: a whole number from 1 to 500.'],
    ['?result=bad', 'result', 'Allowed: one of ok, failed, denied, observed.'],
    ['?since=yesterday', 'since', 'Allowed: a time such as 2026-11-23T09:30:00Z or a date; entries from then on.'],
    ['?until=2026-13-45', 'until', 'Allowed: a time such as'],
    ['?since=2026-11-23T10:00:00', 'since', 'Allowed: a time such as'],
    ['?actor=A&actor=B', 'actor', 'Allowed: who did it'],
    ['?kind=', 'kind', 'Allowed: the kind of the object'],
    ['?imported=maybe', 'imported', 'Allowed: true for imported'],
    ['?object=Volume', 'object', 'Allowed: an object as KIND/NAMESPACE/NAME'],
    ['?object=Volume/shop/data&kind=Volume', 'object', 'Give either object, or kind, namespace and name.'],
    ['?order=up', 'order', 'Allowed: what comes first'],
    ['/export', 'format', 'Has to be given: csv, or jsonl'],
    ['/export?format=xls', 'format', 'Allowed: csv, or jsonl'],
    ['/export?format=csv&limit=3', 'limit', 'There is no such parameter'],
    ['/stream?after=-1', 'after', 'Allowed: the number of an entry'],
    ['?actor=', 'actor', 'Allowed: who did it'],
    ['?colour=red', 'colour', 'There is no such parameter; known are type, actor, cluster, '],
    ['?cursor=x', 'cursor', 'The cursor is not one this server gave'],
    ['/verify?from=0', 'from', 'Allowed: the number of the first entry'],
    ['/verify?last=1', 'last', 'There is no such parameter; known are from, to.'],
  ])('answers %s with a problem that names the field and what is allowed', async (query, field, message) => {
    const { status, type, body } = await get(query);
    expect([status, type]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body.errors).toEqual([{ field, message: expect.stringContaining(message) }]);
    expect(body.detail).toContain(`${field}: `);
  });

  it('names every wrong field at once', async () => {
    expect((await get('?limit=0&result=x&since=y')).body.errors).toHaveLength(3);
  });

  it('verifies the chain, and names the first broken entry', async () => {
    expect((await get('/verify')).body).toMatchObject({ ok: true, checked: 2, head: { seq: 2 } });
    expect((await get('/verify?from=2&to=2')).body).toMatchObject({ ok: true, checked: 1 });
    await store.db.update(store.tables.audit).set({ actor: 'somebody else' });
    const { status, body } = await get('/verify');
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: false, checked: 0, firstBroken: { seq: 1, problem: 'altered' } });
  });
});
