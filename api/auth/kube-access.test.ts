import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { type Send, startTown, type Town } from '../routes/people.fixture.ts';
import { permissionFor } from './kube-access.ts';
import { builtInRoles, rolePermissions } from './permissions.ts';

const group = 'openstack.stackwarden.io';
const inShop = (plural: string, name = '') => `/apis/${group}/v1alpha1/namespaces/shop/${plural}${name && `/${name}`}`;
const network = (name: string, cluster: string, spec: object = {}) => ({
  apiVersion: `${group}/v1alpha1`,
  kind: 'Network',
  metadata: { name },
  spec: { clusterRef: { name: cluster }, ...spec },
});

let town: Town;
let root: Send;
const people: Record<string, Send> = {};
beforeAll(async () => {
  town = await startTown({ hasKinds: true });
  for (const role of builtInRoles) people[role] = (await town.settle(`the-${role}`, role)).as;
  people.local = (await town.settle('local', { role: 'admin', cluster: 'main', namespace: 'shop' })).as;
  people.shopkeeper = (await town.settle('shopkeeper', { role: 'admin', cluster: '*', namespace: 'shop' })).as;
  people.nobody = (await town.settle('nobodyatall')).as;
  root = by('super_admin');
  await root('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await root('POST', inShop('networks'), network('here', 'main'));
  await root('POST', inShop('networks'), network('there', 'other'));
});
afterAll(() => town.close());

function by(name: string): Send {
  const send = people[name];
  if (!send) throw new Error(`no ${name}`);
  return send;
}
const refusal = (message: string) => ({
  status: 403,
  body: { kind: 'Status', reason: 'Forbidden', code: 403, message: expect.stringContaining(message) },
});
const canI = async (name: string, attributes: object): Promise<unknown> => {
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: attributes } };
  const reply = await by(name)('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body);
  return (reply.body.status as { allowed?: unknown } | undefined)?.allowed;
};

describe('at the Kubernetes API', () => {
  it('every kind and every verb has its permission in the table', () => {
    for (const { plural } of resourceDefinitions())
      for (const verb of ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'])
        for (const subresource of ['', 'status'])
          expect(
            permissionFor({ verb, group, resource: plural, subresource, namespace: '', name: '', isDryRun: false }),
            plural,
          ).toBeDefined();
    expect(
      permissionFor({ verb: 'get', group: 'other.io', resource: 'things', subresource: '', namespace: '', name: '', isDryRun: false }),
    ).toBeUndefined();
  });

  it.each(builtInRoles)('%s lists, makes and deletes what the table says, and is told so by a review', async (role) => {
    const kinds = [
      ...resourceDefinitions().map(({ plural, namespaced, kind }) => ({
        group,
        plural,
        kind,
        namespaced,
        apiVersion: `${group}/v1alpha1`,
      })),
      { group: '', plural: 'secrets', kind: 'Secret', namespaced: true, apiVersion: 'v1' },
      { group: '', plural: 'configmaps', kind: 'ConfigMap', namespaced: true, apiVersion: 'v1' },
    ];
    for (const { group, plural, kind, namespaced, apiVersion } of kinds) {
      const base = `${group ? `/apis/${group}/v1alpha1` : '/api/v1'}${namespaced ? '/namespaces/shop' : ''}/${plural}`;
      const of = { group, resource: plural, subresource: '', namespace: namespaced ? 'shop' : '', name: '', isDryRun: false };
      const deeds = [
        ['list', await by(role)('GET', base)],
        // Not valid, so that nothing is made: who may is told what is wrong.
        ['create', await by(role)('POST', base, { apiVersion, kind, metadata: { name: 'Not-Valid' }, spec: {} })],
        ['delete', await by(role)('DELETE', `${base}/nothing`)],
      ] as const;
      for (const [verb, { status }] of deeds) {
        const permission = permissionFor({ ...of, verb });
        const isAllowed = permission !== undefined && rolePermissions[role].includes(permission);
        expect(status !== 403, `${role} ${verb} ${plural}: ${status}`).toBe(isAllowed);
        expect(await canI(role, { verb, group, resource: plural, namespace: of.namespace }), `${role} ${verb} ${plural}`).toBe(isAllowed);
      }
    }
  });

  it('a refusal is in the words of Kubernetes, names what is lacking, and is recorded', async () => {
    expect(await by('viewer')('DELETE', inShop('networks', 'here'))).toMatchObject(
      refusal(
        `networks.${group} "here" is forbidden: User "the-viewer" cannot delete resource "networks" in API group "${group}" in the namespace "shop": the-viewer (viewer) may not delete networks`,
      ),
    );
    const { items } = await town.audit.list({ type: 'Denied', actor: 'the-viewer' });
    expect(items[0]).toMatchObject({ result: 'denied', message: expect.stringContaining('cannot delete resource "networks"') });
    expect(items[0]?.source).toMatchObject({ address: '127.0.0.1', session: expect.any(String), requestId: expect.any(String) });
  });

  it('the status of an object is the reconciler’s, and of who may repair it', async () => {
    const patch = (name: string) =>
      by(name)(
        'PATCH',
        `${inShop('networks', 'here')}/status`,
        { status: { id: 'x' } },
        { 'content-type': 'application/merge-patch+json' },
      );
    expect(await patch('admin')).toMatchObject(refusal('networks/status'));
    expect((await patch('super_admin')).status).toBe(200);
  });

  it('lists and watches across namespaces take a role everywhere', async () => {
    const all = `/apis/${group}/v1alpha1/networks`;
    for (const url of [all, `${all}?watch=true&timeoutSeconds=1`])
      expect(await by('shopkeeper')('GET', url), url).toMatchObject(refusal('at the cluster scope'));
    expect((await by('shopkeeper')('GET', inShop('networks'))).status).toBe(200);
    expect(await by('local')('GET', inShop('networks'))).toMatchObject(refusal('in the namespace "shop"'));
    expect((await by('viewer')('GET', all)).status).toBe(200);
  });

  it('a role in one cluster reaches what names it, before and after a change', async () => {
    const local = by('local');
    const merge = { 'content-type': 'application/merge-patch+json' };
    expect((await local('GET', inShop('networks', 'here'))).status).toBe(200);
    expect((await local('GET', inShop('networks', 'missing'))).status).toBe(404);
    expect(await local('GET', inShop('networks', 'there'))).toMatchObject(refusal('cannot get'));
    expect((await local('GET', inShop('networks', 'here').replace('shop', 'default'))).status).toBe(403);
    expect((await local('POST', inShop('networks'), network('new', 'main'))).status).toBe(201);
    expect(await local('POST', inShop('networks'), network('new2', 'other'))).toMatchObject(refusal('cannot create'));
    const move = { spec: { clusterRef: { name: 'other' } } };
    expect(await local('PATCH', inShop('networks', 'here'), move, merge)).toMatchObject(refusal('cannot patch'));
    const fetch = { spec: { clusterRef: { name: 'main' } } };
    expect(await local('PATCH', inShop('networks', 'there'), fetch, merge)).toMatchObject(refusal('cannot patch'));
    expect(await local('DELETE', inShop('networks', 'there'))).toMatchObject(refusal('cannot delete'));
    expect(await local('DELETE', inShop('networks'))).toMatchObject(refusal('cannot deletecollection'));
    expect((await local('DELETE', inShop('networks', 'new'))).status).toBe(200);
    expect(await canI('local', { verb: 'delete', group, resource: 'networks', namespace: 'shop', name: 'here' })).toBe(true);
    expect(await canI('local', { verb: 'delete', group, resource: 'networks', namespace: 'shop', name: 'there' })).toBe(false);
  });

  it('a trial that writes nothing takes the right to plan, and shows nothing one may not see', async () => {
    const tried = (name: string, body: object, plural = 'networks') => by(name)('POST', `${inShop(plural)}?dryRun=All`, body);
    expect((await tried('viewer', network('tried', 'main'))).status).toBe(201);
    expect((await root('GET', inShop('networks', 'tried'))).status).toBe(404);
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } };
    expect((await by('viewer')('POST', '/api/v1/namespaces/shop/secrets?dryRun=All', secret)).status).toBe(403);
    expect((await tried('nobody', network('tried', 'main'))).status).toBe(403);
  });

  it('somebody without a role is known, sees what is served, and may nothing', async () => {
    const nobody = by('nobody');
    for (const url of ['/api', '/apis', '/version', `/apis/${group}/v1alpha1`]) expect((await nobody('GET', url)).status, url).toBe(200);
    for (const url of ['/api/v1/namespaces', '/api/v1/secrets', inShop('networks', 'missing')])
      expect((await nobody('GET', url)).status, url).toBe(403);
  });
});

describe('a review', () => {
  it('of everything is yes for super_admin alone', async () => {
    const everything = { verb: '*', group: '*', resource: '*' };
    expect(await canI('super_admin', everything)).toBe(true);
    expect(await canI('admin', everything)).toBe(false);
    expect(await canI('admin', { ...everything, group, resource: 'networks' })).toBe(true);
  });

  it('of what is not served is no', async () => {
    expect(await canI('super_admin', { verb: 'get', group: 'apps', resource: 'deployments' })).toBe(false);
    expect(await canI('super_admin', { verb: 'impersonate', group, resource: 'networks' })).toBe(false);
  });

  it('lists the rules of a namespace, and says when single clusters hide behind them', async () => {
    const rules = async (name: string, namespace: string) => {
      const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } };
      const reply = await by(name)('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', body);
      return reply.body.status as unknown as { incomplete: boolean; resourceRules: { verbs: string[]; resources: string[] }[] };
    };
    const viewer = await rules('viewer', 'shop');
    expect(viewer.resourceRules.find(({ resources }) => resources[0] === 'networks')?.verbs).toEqual(['get', 'list', 'watch']);
    expect(viewer.resourceRules.some(({ resources }) => resources[0] === 'secrets')).toBe(false);
    expect(viewer.incomplete).toBe(false);
    expect((await rules('shopkeeper', 'default')).resourceRules).toEqual([]);
    expect(await rules('local', 'shop')).toMatchObject({ incomplete: true, resourceRules: [] });
  });
});
