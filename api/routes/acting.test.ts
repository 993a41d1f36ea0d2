import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { type Acting, startActing } from '#tests/parts/acting.ts';
import type { Grant } from '../auth/identity.ts';
import { type BuiltInRole, rolePermissions } from '../auth/permissions.ts';

let acting: Acting;
const ids: string[] = [];
const [first, second] = [() => ids[0] ?? '', () => ids[1] ?? ''];

const grant = (role: BuiltInRole, namespace = '*', cluster = 'main'): Grant => ({
  role,
  permissions: new Set(rolePermissions[role]),
  cluster,
  namespace,
});
const object = (spec: JsonObject, metadata: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'openstack.stackwarden.io/v1alpha1',
  kind: 'Instance',
  metadata: { name: 'web', namespace: 'shop', uid: 'uid-1', resourceVersion: '1', generation: 1, ...metadata },
  spec: { clusterRef: { name: 'main' }, flavor: { name: 'm1.tiny' }, ...spec },
});
const ready = (declared: KubeObject, generation: number): KubeObject => ({
  ...declared,
  status: {
    conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: '', lastTransitionTime: '', observedGeneration: generation }],
  },
});

beforeAll(async () => {
  acting = await startActing();
  acting.people.set('vera', [grant('viewer')]);
  acting.people.set('oli', [grant('operator')]);
  acting.people.set('sam', [grant('operator', 'shop')]);
  acting.people.set('bob', [grant('operator', '*', 'other')]);
  for (const name of ['a', 'b']) {
    const imageRef = [...acting.sandbox.store.images.keys()][0] ?? '';
    ids.push((await servers.create(acting.client.compute, { name, flavorRef: '1', imageRef, networks: 'none' })).id);
  }
  const areActive = () => ids.every((id) => acting.sandbox.store.servers.get(id)?.vmState === 'active');
  await vi.waitFor(() => expect(areActive()).toBe(true), { timeout: 10_000 });
  await acting.inventory.sweep();
}, 30_000);
afterAll(() => acting.close());
beforeEach(() => {
  acting.objects.clear();
  acting.asked.length = 0;
});

const path = (id: string, rest = '') => `resources/server/main/${id}/actions${rest}`;
const loggedSince = async (seq: number) =>
  (await acting.audit.list({}, { limit: 100 })).items.filter((entry) => entry.seq > seq).toReversed();
const lastSeq = async () => (await acting.audit.list({}, { limit: 1 })).items[0]?.seq ?? 0;

describe('the actions of a resource', () => {
  const buttons = async (as: string) => {
    const { body } = await acting.get(path(first()), { as });
    return new Map((body['items'] as { name: string }[]).map((one) => [one.name, one as Record<string, unknown>]));
  };

  it('say what each is, how dangerous, what it takes, and why not', async () => {
    const all = await buttons('root');
    expect(all.get('instance.stop')).toEqual({
      name: 'instance.stop',
      summary: 'Shut an instance down',
      permission: 'instance.operate',
      danger: 'interrupts',
      input: { type: 'object', properties: {}, additionalProperties: false },
      possible: true,
      allowed: true,
    });
    expect(all.get('instance.start')).toMatchObject({
      possible: false,
      obstacle: { reason: 'WrongState', message: 'It is ACTIVE, and can be started only when it is SHUTOFF; stop it first.' },
    });
    expect(all.get('instance.resize')?.['input']).toMatchObject({ required: ['flavorId'], properties: { flavorId: { type: 'string' } } });
  });

  it('say what the roles of the person do not let them', async () => {
    expect((await buttons('vera')).get('instance.stop')).toMatchObject({
      possible: true,
      allowed: false,
      denied: expect.stringContaining('vera (viewer in cluster main) may not start, stop'),
    });
    const oli = await buttons('oli');
    expect([oli.get('instance.stop')?.['allowed'], oli.get('instance.delete')?.['allowed']]).toEqual([true, false]);
  });

  it('are hidden with what one may not see', async () => {
    for (const as of ['bob', 'sam']) expect((await acting.get(path(first()), { as })).status, as).toBe(404);
    acting.objects.set(`server/${first()}`, object({}));
    expect((await acting.get(path(first()), { as: 'sam' })).status).toBe(200);
    expect((await acting.get(path('nonesuch'))).body).toMatchObject({ status: 404, title: 'ResourceNotFound' });
    expect((await acting.get('resources/server/far/x/actions')).body).toMatchObject({ status: 409, title: 'ClusterNotReady' });
  });
});

describe('asking for an action', () => {
  it.each([
    ['an unknown one', 'instance.fly', {}, 404, 'ActionNotFound'],
    ['one with a wrong type', 'instance.rename', { name: 7 }, 400, 'BadRequest'],
    ['one with a field too many', 'instance.stop', { force: true }, 400, 'BadRequest'],
    ['one with a field too few', 'instance.resize', {}, 400, 'BadRequest'],
    ['one that is not possible', 'instance.start', {}, 409, 'WrongState'],
    ['one with a flavor that is not there', 'instance.resize', { flavorId: 'nonesuch' }, 409, 'NotFound'],
  ])('is refused for %s', async (_what, name, input, status, title) => {
    const answer = await acting.post(path(first(), `/${name}`), input);
    expect([answer.status, answer.body['title']]).toEqual([status, title]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  it('is no attempt when it only asks what would become of it', async () => {
    const before = await lastSeq();
    const { status } = await acting.post(path(first(), '/instance.start?dryRun=true'), {}, { as: 'oli' });
    expect([status, await loggedSince(before)]).toEqual([409, []]);
  });

  it('names the field that is wrong, and records the attempt', async () => {
    const before = await lastSeq();
    const { body } = await acting.post(path(first(), '/instance.rename'), {}, { as: 'oli' });
    expect(body['errors']).toEqual([{ field: 'name', message: expect.stringContaining('1 to 255 characters') }]);
    expect(await loggedSince(before)).toMatchObject([{ type: 'ActionRefused', actor: 'oli', result: 'denied', cloudId: first() }]);
  });

  it('is refused for who lacks the permission, and that is recorded', async () => {
    const before = await lastSeq();
    const { status, body } = await acting.post(path(first(), '/instance.stop'), {}, { as: 'vera' });
    expect([status, body['title'], body['permission']]).toEqual([403, 'Forbidden', 'instance.operate']);
    expect(await loggedSince(before)).toMatchObject([{ type: 'Denied', actor: 'vera', result: 'denied' }]);
    expect(acting.sandbox.store.servers.get(first())?.vmState).toBe('active');
  });

  it('changes nothing in a dry run', async () => {
    const { status, body } = await acting.post(path(first(), '/instance.stop?dryRun=true'), {});
    expect([status, body]).toEqual([
      200,
      {
        action: 'instance.stop',
        danger: 'interrupts',
        changes: [{ path: 'status.state', from: 'ACTIVE', to: 'SHUTOFF' }],
        takesAlong: [],
        by: 'cloud',
      },
    ]);
    expect(acting.sandbox.store.servers.get(first())?.vmState).toBe('active');
  });

  it('answers with an operation to follow', async () => {
    const { status, headers, body } = await acting.post(path(first(), '/instance.softReboot'), {});
    expect([status, headers['location']]).toEqual([202, `/api/v1/operations/${body.id}`]);
    await expect.poll(async () => (await acting.get(`operations/${body.id}`)).body.state).toBe('succeeded');
    const shown = await acting.get(`operations/${body.id}`);
    expect(shown.body).toMatchObject({ percent: 100, steps: [{ at: expect.stringMatching(/Z$/) }, {}], elapsed: expect.any(Number) });
    const again = await acting.get(`operations/${body.id}`, { headers: { 'if-none-match': String(shown.headers['etag']) } });
    expect(again.status).toBe(304);
  });
});

describe('an Idempotency-Key', () => {
  const reboot = (key: string, verb = 'softReboot', as = 'root') =>
    acting.post(path(first(), `/instance.${verb}?wait=30`), {}, { as, headers: { 'idempotency-key': key } });

  it('begins one thing, however often it is asked for', async () => {
    const key = randomUUID();
    const before = acting.sandbox.store.servers.get(first())?.actions.length ?? 0;
    const one = await reboot(key);
    const two = await reboot(key);
    expect([two.status, two.body, two.headers['idempotency-replayed'], two.headers['location']]).toEqual([
      one.status,
      one.body,
      'true',
      one.headers['location'],
    ]);
    expect(acting.sandbox.store.servers.get(first())?.actions.length).toBe(before + 1);
  });

  it('begins one thing when it is asked for at the same time', async () => {
    const key = randomUUID();
    const before = acting.sandbox.store.servers.get(first())?.actions.length ?? 0;
    const answers = await Promise.all([reboot(key), reboot(key), reboot(key)]);
    // Who comes while the first is being answered is told to wait; who comes later gets its answer.
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    expect(acting.sandbox.store.servers.get(first())?.actions.length).toBe(before + 1);
  });

  it("is refused for another request, and is a person's own", async () => {
    const key = randomUUID();
    await reboot(key);
    expect((await reboot(key, 'stop')).body).toMatchObject({ status: 422, title: 'IdempotencyKeyReused' });
    expect((await reboot(key, 'softReboot', 'oli')).headers).not.toHaveProperty('idempotency-replayed');
  });

  it('keeps no refusal: what was not begun can be asked for again', async () => {
    const key = randomUUID();
    expect((await reboot(key, 'start')).status).toBe(409);
    expect((await reboot(key, 'start')).headers).not.toHaveProperty('idempotency-replayed');
  });

  it('keeps no secret', async () => {
    const key = randomUUID();
    const { body } = await reboot(key, 'changePassword');
    expect(body['secret']).toBeDefined();
    expect((await reboot(key, 'changePassword')).body).not.toHaveProperty('secret');
    const { password } = body['secret'] as { password: string };
    expect(JSON.stringify(await acting.store.db.select().from(acting.store.tables.idempotencyKeys))).not.toContain(password);
  });
});

describe('many at once', () => {
  it('are done one by one, and each says how it went', async () => {
    const targets = [...ids, 'nonesuch'].map((id) => ({ cluster: 'main', id }));
    const { body } = await acting.post('operations?wait=30', { action: 'instance.hardReboot', targets }, { as: 'oli' });
    expect(body).toMatchObject({ action: 'bulk', state: 'failed', counts: { succeeded: 2, failed: 1 }, percent: 100 });
    const items = (await acting.get(`operations/${body.id}/items`, { as: 'oli' })).body['items'] as Record<string, unknown>[];
    expect(new Map(items.map((item) => [item['target'], item['state']]))).toEqual(
      new Map([
        [first(), 'succeeded'],
        [second(), 'succeeded'],
        ['nonesuch', 'failed'],
      ]),
    );
    expect(items.find((item) => item['target'] === 'nonesuch')).toMatchObject({ problem: { title: 'ResourceNotFound' } });
    const again = await acting.post(`operations/${body.id}/retry?wait=30`, undefined, { as: 'oli' });
    expect(again.body).toMatchObject({ retryOf: body.id, counts: { failed: 1 } });
  });

  it('are those that fit a filter and the person may see', async () => {
    await acting.inventory.reread('server', first());
    const ask = (filter: string, as: string) => acting.post('operations?wait=30', { action: 'instance.hardReboot', filter }, { as });
    const { body } = await ask(`id:${first()}`, 'oli');
    expect(body).toMatchObject({ state: 'succeeded', counts: { succeeded: 1 } });
    const items = (await acting.get(`operations/${body.id}/items`, { as: 'oli' })).body['items'] as Record<string, unknown>[];
    expect(items.map(({ target }) => target)).toEqual([first()]);
    for (const [filter, as] of [
      ['name:nobody-is-called-so', 'oli'],
      [`id:${first()}`, 'bob'],
      ['colour:red', 'oli'],
    ] as const) {
      const answer = await ask(filter, as);
      expect([answer.status, answer.body['errors']], `${filter} as ${as}`).toEqual([400, [expect.objectContaining({ field: 'filter' })]]);
    }
  });

  it('are told of before: how many, why not others, and what goes along; nothing is begun', async () => {
    acting.objects.set(`server/${second()}`, object({ powerState: 'Running' }));
    const targets = [...ids, 'none'].map((id) => ({ cluster: 'main', id }));
    const asked = (await acting.get('operations')).body['items'];
    const { status, body } = await acting.post('operations?dryRun=true', { action: 'instance.stop', targets });
    expect([status, body]).toMatchObject([
      200,
      {
        action: 'instance.stop',
        danger: 'interrupts',
        targets: 3,
        possible: 2,
        byDeclaration: 1,
        refused: [{ title: 'ResourceNotFound', detail: expect.stringContaining('none'), count: 1 }],
        takesAlong: [],
        loses: [],
        items: [
          { cluster: 'main', id: first(), name: 'a', by: 'cloud', changes: [{ path: 'status.state', from: 'ACTIVE', to: 'SHUTOFF' }] },
          { cluster: 'main', id: second(), name: 'b', by: 'declaration' },
          { cluster: 'main', id: 'none', problem: { title: 'ResourceNotFound' } },
        ],
      },
    ]);
    const gone = await acting.post('operations?dryRun=true', { action: 'instance.delete', filter: `id:${first()}` });
    expect(gone.body).toMatchObject({ danger: 'loss', possible: 1, loses: [{ what: expect.any(String), count: 1 }] });
    const seen = await acting.post('operations?dryRun=true', { action: 'instance.stop', targets }, { as: 'vera' });
    expect(seen.body).toMatchObject({ possible: 0, refused: [{ title: 'Forbidden', count: 2 }, { count: 1 }] });
    expect((await acting.get('operations')).body['items']).toEqual(asked);
    expect(acting.asked).toEqual([]);
  });

  it('need the permission for each', async () => {
    acting.objects.set(`server/${second()}`, object({}));
    const targets = ids.map((id) => ({ cluster: 'main', id }));
    const { body } = await acting.post('operations?wait=30', { action: 'instance.softReboot', targets }, { as: 'sam' });
    expect(body).toMatchObject({ counts: { succeeded: 1, failed: 1 } });
  });

  it.each([
    [{ action: 'instance.stop', targets: [] }, 'targets'],
    [{ action: 'instance.stop', targets: [{ cluster: 'main', id: 'x', force: true }] }, 'force'],
    [{ targets: [{ cluster: 'main', id: 'x' }] }, 'action'],
    [{ action: 'instance.stop' }, 'targets'],
    [{ action: 'instance.stop', filter: 'name:x', targets: [{ cluster: 'main', id: 'x' }] }, 'targets'],
  ])('are refused as %j', async (body, field) => {
    const answer = await acting.post('operations', body);
    expect([answer.status, answer.body['errors']]).toEqual([400, [expect.objectContaining({ field })]]);
  });
});

describe('operations', () => {
  it("are one's own, or of places where one may see them", async () => {
    const { body } = await acting.post(path(first(), '/instance.softReboot?wait=30'), {});
    expect((await acting.get(`operations/${body.id}`, { as: 'vera' })).status).toBe(200);
    expect((await acting.get(`operations/${body.id}`, { as: 'bob' })).status).toBe(404);
    expect((await acting.get('operations', { as: 'bob' })).body['items']).toEqual([]);
    const listed = (await acting.get(`operations?target=${first()}&limit=1`)).body;
    expect(listed['items']).toMatchObject([{ id: body.id }]);
    const older = (await acting.get(`operations?target=${first()}&limit=1&cursor=${String(listed['next'])}`)).body;
    expect((older['items'] as { id: string }[])[0]?.id).not.toBe(body.id);
    expect((await acting.get('operations?cursor=x')).body).toMatchObject({ status: 400 });
    expect((await acting.get('operations?colour=red')).body).toMatchObject({ status: 400 });
  });

  it('are cancelled and repeated by who asked, or may change those of others', async () => {
    const { body } = await acting.post(path(first(), '/instance.softReboot?wait=30'), {});
    expect((await acting.post(`operations/${body.id}/cancel`, undefined, { as: 'vera' })).status).toBe(403);
    expect((await acting.post(`operations/${body.id}/cancel`)).body).toMatchObject({ status: 409, title: 'Ended' });
    expect((await acting.post(`operations/${body.id}/retry`)).body).toMatchObject({ status: 409, title: 'NotFailed' });
  });
});

describe('on a declared instance', () => {
  const answerWith = (declared: KubeObject) => {
    acting.kube.answer = () => ({ status: 200, body: { ...declared, metadata: { ...declared.metadata, generation: 2 } } });
  };

  it('an action that changes what is declared becomes a change of the declaration, as the person', async () => {
    const declared = object({ powerState: 'Running' });
    acting.objects.set(`server/${first()}`, declared);
    answerWith(declared);
    const dry = await acting.post(path(first(), '/instance.stop?dryRun=true'), {}, { as: 'sam' });
    expect(dry.body).toMatchObject({ by: 'declaration', patch: { spec: { powerState: 'Stopped' } }, object: { name: 'web' } });
    expect(acting.asked).toEqual([]);
    const { body } = await acting.post(path(first(), '/instance.stop'), {}, { as: 'sam' });
    expect(acting.asked).toMatchObject([
      {
        method: 'PATCH',
        path: '/apis/openstack.stackwarden.io/v1alpha1/namespaces/shop/instances/web',
        query: { fieldManager: 'stackwarden-action' },
        body: { spec: { powerState: 'Stopped' } },
        caller: { authorization: 'Bearer sam' },
        userAgent: 'stackwarden-action',
      },
    ]);
    expect((await acting.get(`operations/${body.id}`)).body).not.toMatchObject({ state: 'succeeded' });
    acting.objects.set(`server/${first()}`, ready(declared, 2));
    await expect.poll(async () => (await acting.get(`operations/${body.id}`)).body.state, { timeout: 10_000 }).toBe('succeeded');
    expect(acting.sandbox.store.servers.get(first())?.vmState).toBe('active');
    expect((await acting.entries(body.id)).at(-1)).toMatchObject({ object: { kind: 'Instance', namespace: 'shop', name: 'web' } });
  });

  it('an action that changes nothing declared is done in the cloud', async () => {
    acting.objects.set(`server/${first()}`, object({ powerState: 'Running' }));
    expect((await acting.act(first(), 'hardReboot')).body.state).toBe('succeeded');
    expect((await acting.act(first(), 'lock')).body.state).toBe('succeeded');
    expect((await acting.act(first(), 'unlock')).body.state).toBe('succeeded');
    expect(acting.asked).toEqual([]);
  });

  it('an action that brings the cloud back to the declaration is done in the cloud', async () => {
    acting.objects.set(`server/${first()}`, object({ powerState: 'Stopped' }));
    expect((await acting.act(first(), 'stop')).body.state).toBe('succeeded');
    expect(acting.sandbox.store.servers.get(first())?.vmState).toBe('stopped');
    acting.objects.set(`server/${first()}`, object({ powerState: 'Running' }));
    expect((await acting.act(first(), 'start')).body.state).toBe('succeeded');
    expect(acting.asked).toEqual([]);
  });

  it('a delete deletes the object', async () => {
    acting.objects.set(`server/${first()}`, object({}));
    acting.kube.answer = () => ({ status: 200, body: {} });
    const { body } = await acting.post(path(first(), '/instance.delete'), {});
    expect(acting.asked).toMatchObject([
      { method: 'DELETE', path: '/apis/openstack.stackwarden.io/v1alpha1/namespaces/shop/instances/web' },
    ]);
    acting.objects.clear();
    await expect.poll(async () => (await acting.get(`operations/${body.id}`)).body.state, { timeout: 10_000 }).toBe('succeeded');
    expect(acting.sandbox.store.servers.get(first())?.vmState).toBe('active');
  });

  it('an action against the declaration is done for a time, while the reconciler looks away', async () => {
    const declared = object(
      { powerState: 'Running', ignore: [{ path: 'spec.tags', reason: 'theirs' }] },
      { labels: { 'helm.toolkit.fluxcd.io/name': 'shop' } },
    );
    acting.objects.set(`server/${first()}`, declared);
    answerWith(declared);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await acting.post(path(first(), '/instance.stop'), { override: { until, reason: 'a repair' } });
    expect(acting.asked).toMatchObject([
      {
        method: 'PATCH',
        body: {
          spec: {
            ignore: [
              { path: 'spec.tags', reason: 'theirs' },
              { path: 'spec.powerState', reason: 'a repair', until },
            ],
          },
        },
      },
    ]);
    await expect.poll(async () => (await acting.get(`operations/${body.id}`)).body.steps.length).toBe(1);
    expect(acting.sandbox.store.servers.get(first())?.vmState).toBe('active');
    acting.objects.set(`server/${first()}`, { ...declared, status: { observedGeneration: 2 } });
    await expect.poll(async () => (await acting.get(`operations/${body.id}`)).body.state, { timeout: 10_000 }).toBe('succeeded');
    expect(acting.sandbox.store.servers.get(first())?.vmState).toBe('stopped');
    acting.objects.clear();
    await acting.act(first(), 'start');
  });

  it.each([
    [{ until: '2020-01-01T00:00:00Z', reason: 'x' }, 'override.until'],
    [{ until: '9999-01-01T00:00:00Z', reason: 'x' }, 'override.until'],
    [{ until: new Date(Date.now() + 60_000).toISOString() }, 'override.reason'],
    ['for ever', 'override.until'],
  ])('an override has to end and to say why: %j', async (override, field) => {
    const { status, body } = await acting.post(path(first(), '/instance.stop'), { override });
    expect([status, (body['errors'] as { field: string }[])[0]?.field]).toEqual([400, field]);
  });

  it('an override of nothing is refused', async () => {
    const override = { until: new Date(Date.now() + 60_000).toISOString(), reason: 'x' };
    expect((await acting.post(path(first(), '/instance.softReboot'), { override })).body['title']).toBe('NothingDeclared');
  });

  it('the refusal of the Kubernetes API is told', async () => {
    acting.objects.set(`server/${first()}`, object({ powerState: 'Running' }));
    acting.kube.answer = () => ({ status: 403, body: { reason: 'Forbidden', message: 'instances "web" is forbidden' } });
    const { status, body } = await acting.post(path(first(), '/instance.stop'), {});
    expect([status, body['title']]).toEqual([403, 'Forbidden']);
    expect(body['detail']).toContain('instances "web" is forbidden');
  });

  it.each([
    [
      'Flux',
      { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' } },
      'Flux (Kustomization flux/apps)',
    ],
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/x' } }, 'Argo CD (application shop)'],
    [
      'Helm',
      { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'shop' } },
      'Helm (release shop)',
    ],
  ])('what %s writes is not changed here', async (_name, metadata, owner) => {
    acting.objects.set(`server/${first()}`, object({ powerState: 'Running' }, metadata));
    const { status, body } = await acting.post(path(first(), '/instance.stop'), {});
    expect([status, body['title']]).toEqual([409, 'ManagedByGitOps']);
    expect(body['detail']).toContain(`is written by ${owner}, which would undo a change of spec.powerState`);
    expect((await acting.post(path(first(), '/instance.delete'), {})).body['title']).toBe('ManagedByGitOps');
    // Nothing that is declared: that is nobody's but the cloud's.
    acting.objects.set(`server/${first()}`, object({}, metadata));
    expect((await acting.act(first(), 'softReboot')).body.state).toBe('succeeded');
    expect(acting.asked).toEqual([]);
  });
});
