import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HistoryApp, objects, openHistoryApp, volumes } from './history.fixture.ts';

describe('the way back to an earlier revision', () => {
  let app: HistoryApp;
  beforeEach(async () => {
    app = await openHistoryApp();
  });
  afterEach(async () => app.close());

  it('plans the way back without a write, and goes it as planned', async () => {
    await app.declare();
    await app.grow(2, { description: 'more' });
    const plan = (await app.call('POST', `${objects}/revisions/1/plan`)).body;
    expect(plan).toMatchObject({
      revision: 1,
      generation: 2,
      changes: [
        { path: 'spec.description', from: 'more', to: null },
        { path: 'spec.sizeGiB', from: 2, to: 1 },
      ],
      plan: { objects: [], gaps: [{ cluster: 'main' }] },
    });
    expect(app.planned).toHaveLength(1);
    expect(app.planned[0]?.objects).toMatchObject([{ kind: 'Volume', metadata: { uid: plan.uid }, spec: { sizeGiB: 1 } }]);
    expect((await app.get(objects)).body).toMatchObject({ declared: { revision: 2 } });
    const applied = await app.call('POST', `${objects}/revisions/1/apply`, { generation: 2, uid: plan.uid });
    expect([applied.status, applied.body.generation, applied.body.changes]).toEqual([200, 3, plan.changes]);
    expect((await app.get(`${volumes}/data`)).body).toMatchObject({
      metadata: { generation: 3 },
      spec: { clusterRef: { name: 'main' }, sizeGiB: 1 },
    });
    expect((await app.get(`${objects}/revisions`)).body.items).toMatchObject([
      { revision: 3, actor: 'anna', through: 'stackwarden-rollback/1' },
      {},
      {},
    ]);
    expect((await app.audit.list({ type: 'RolledBack' })).items).toMatchObject([
      {
        actor: 'anna',
        result: 'ok',
        object: { kind: 'Volume', name: 'data', uid: plan.uid },
        message: expect.stringContaining('back to revision 1, as revision 3'),
      },
    ]);
  });

  it('refuses the way back when the object was changed since the plan, but not when only its status was', async () => {
    await app.declare();
    await app.grow(2);
    await app.call('PATCH', `${volumes}/data/status`, { status: { id: 'v-1' } });
    await app.grow(3);
    const stale = await app.call('POST', `${objects}/revisions/1/apply`, { generation: 2 });
    expect([stale.status, stale.type]).toEqual([409, 'application/problem+json; charset=utf-8']);
    expect(stale.body).toMatchObject({ generation: 3, detail: expect.stringContaining('was at generation 2 and is at 3') });
    expect((await app.audit.list({ type: 'RolledBack' })).items).toMatchObject([{ result: 'failed', changes: [] }]);
    expect((await app.call('POST', `${objects}/revisions/1/apply`, { generation: 3, uid: 'another' })).status).toBe(409);
    await app.call('PATCH', `${volumes}/data/status`, { status: { id: 'v-2' } });
    expect((await app.call('POST', `${objects}/revisions/1/apply`, { generation: 3 })).status).toBe(200);
  });

  it('brings back what was deleted, also under the number another object of the name has', async () => {
    await app.declare(4);
    const { uid } = (await app.get(objects)).body.declared as { uid: string };
    await app.call('DELETE', `${volumes}/data`);
    const plan = (await app.call('POST', `${objects}/revisions/1/plan`)).body;
    expect(plan).toMatchObject({ generation: 0, changes: [{ path: 'spec', from: null }] });
    expect((await app.call('POST', `${objects}/revisions/2/plan`)).body.detail).toContain('Revision 2 is a deletion');
    expect((await app.call('POST', `${objects}/revisions/1/apply`, { generation: 0 })).status).toBe(200);
    expect((await app.get(`${volumes}/data`)).body).toMatchObject({ spec: { sizeGiB: 4 } });
    await app.grow(6);
    await app.call('POST', `${objects}/revisions/1/apply?uid=${uid}`, { generation: 2 });
    expect((await app.get(`${objects}/revisions`)).body.predecessor).toBe(uid);
    expect((await app.get(`${volumes}/data`)).body).toMatchObject({ spec: { sizeGiB: 4 }, metadata: { generation: 3 } });
  });

  it('passes on why the Kubernetes API refuses', async () => {
    await app.declare();
    await app.store.db.update(app.store.tables.revisions).set({ spec: '{"clusterRef":{"name":"main"},"sizeGiB":-1}' });
    const { status, body } = await app.call('POST', `${objects}/revisions/1/plan`);
    expect([status, body.title]).toEqual([422, 'Invalid']);
    expect(body.detail).toContain('spec.sizeGiB');
  });

  it('asks for the generation of the plan', async () => {
    await app.declare();
    const { status, body } = await app.call('POST', `${objects}/revisions/1/apply`, {});
    expect([status, body.errors]).toEqual([400, [{ field: 'generation', message: expect.stringContaining('Has to be given') }]]);
  });
});
