import { expect, it } from 'vitest';
import { passwordLogin, projectScope, send } from './client.ts';
import { type Contract, fault } from './world.ts';

const unauthenticated = { error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' } };

export function identityContract(contract: Contract): void {
  const tokens = (body: unknown) => send('POST', `${contract.access.authUrl}/auth/tokens`, { body });

  it('names its version without a token', async () => {
    const reply = await send('GET', contract.access.authUrl);
    expect(reply.status).toBe(200);
    expect(reply.body.version).toMatchObject({ status: 'stable', id: expect.stringMatching(/^v3\./) });
  });

  it('gives a token with user, project, roles, times and a catalog', async () => {
    const reply = await tokens(passwordLogin('demo', contract.access.password, projectScope('demo')));
    expect(reply.status).toBe(201);
    expect(reply.headers.get('x-subject-token')).toMatch(/^gAAAAA/);
    expect(reply.headers.get('x-openstack-request-id')).toMatch(/^req-/);
    const { token } = reply.body;
    expect(token).toMatchObject({
      methods: ['password'],
      user: { domain: { id: 'default', name: 'Default' }, name: 'demo', id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      project: { domain: { id: 'default' }, name: 'demo', id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      audit_ids: [expect.any(String)],
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      issued_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    expect(token.roles.map((role: { name: string }) => role.name).toSorted()).toEqual(['member', 'reader']);
    expect(Date.parse(token.expires_at)).toBeGreaterThan(Date.now());
  });

  it('lists every service in the catalog with three interfaces in one region', () => {
    const { catalog } = contract.demo.tokenBody;
    const types = catalog.map((entry: { type: string }) => entry.type);
    expect(types).toEqual(expect.arrayContaining(['identity', 'compute', 'network', 'image', 'block-storage']));
    for (const entry of catalog) {
      expect(entry).toMatchObject({ id: expect.any(String), name: expect.any(String) });
      expect(entry.endpoints.map((row: { interface: string }) => row.interface).toSorted()).toEqual(['admin', 'internal', 'public']);
      for (const endpoint of entry.endpoints)
        expect(endpoint).toMatchObject({
          id: expect.any(String),
          region: 'RegionOne',
          region_id: 'RegionOne',
          url: expect.stringMatching(/^https?:/),
        });
    }
  });

  it.each([
    ['a wrong password', 'demo', 'wrong', projectScope('demo')],
    ['an unknown user', 'contract-nobody', 'wrong', projectScope('demo')],
    ['an unknown project', 'demo', undefined, projectScope('contract-nonesuch')],
    ['a project one has no role in', 'demo', undefined, projectScope('admin')],
    ['an unknown domain', 'demo', undefined, { project: { name: 'demo', domain: { id: 'nonesuch' } } }],
  ])('answers %s with the same 401', async (_what, user, password, scope) => {
    const reply = await tokens(passwordLogin(user, password ?? contract.access.password, scope));
    expect([reply.status, reply.body]).toEqual([401, unauthenticated]);
    expect(reply.headers.get('www-authenticate')).toMatch(/^Keystone uri=/);
  });

  it('scopes a token that names no project to the user’s own', async () => {
    const reply = await tokens(passwordLogin('demo', contract.access.password, undefined));
    expect([reply.status, reply.body.token.project.name]).toEqual([201, 'demo']);
  });

  it('answers malformed requests with 400', async () => {
    expect((await tokens('{')).body.error).toMatchObject({
      code: 400,
      title: 'Bad Request',
      message: expect.stringContaining('Expecting to find valid JSON'),
    });
    const reply = await tokens({ auth: {} });
    expect([reply.status, reply.body.error.message]).toEqual([400, expect.stringContaining("'identity' is a required property")]);
  });

  it('exchanges a token for another, and answers 404 for one it does not know', async () => {
    const exchange = (id: string) => tokens({ auth: { identity: { methods: ['token'], token: { id } }, scope: projectScope('demo') } });
    const reply = await exchange(contract.demo.token);
    // Keystone keeps the methods as a set: their order is that of its hashes.
    expect([reply.status, reply.body.token.methods.toSorted()]).toEqual([201, ['password', 'token']]);
    expect(reply.body.token.expires_at).toBe(contract.demo.tokenBody.expires_at);
    const unknown = await exchange('garbage');
    expect([unknown.status, unknown.body.error.message]).toEqual([404, 'Could not recognize Fernet token']);
  });

  it('takes an application credential by id or name, without a scope', async () => {
    const at = `/users/${contract.demo.userId}/application_credentials`;
    const name = contract.name('credential');
    const made = await contract.demo.request('identity', 'POST', at, { body: { application_credential: { name } } });
    expect(made.status).toBe(201);
    const credential = made.body.application_credential;
    contract.later(() => contract.demo.request('identity', 'DELETE', `${at}/${credential.id}`));
    expect(credential).toMatchObject({
      name,
      project_id: contract.demo.projectId,
      user_id: contract.demo.userId,
      secret: expect.any(String),
      expires_at: null,
    });

    const twice = await contract.demo.request('identity', 'POST', at, { body: { application_credential: { name } } });
    expect([twice.status, twice.body.error.title]).toEqual([409, 'Conflict']);
    const withCredential = (application_credential: object, scope?: object) =>
      tokens({ auth: { identity: { methods: ['application_credential'], application_credential }, ...(scope ? { scope } : {}) } });
    const byId = await withCredential({ id: credential.id, secret: credential.secret });
    expect([byId.status, byId.body.token.methods, byId.body.token.project.name]).toEqual([201, ['application_credential'], 'demo']);
    expect((await withCredential({ name, user: { name: 'demo', domain: { id: 'default' } }, secret: credential.secret })).status).toBe(201);
    expect((await withCredential({ id: credential.id, secret: 'wrong' })).body).toEqual(unauthenticated);
    const unknown = await withCredential({ id: 'nonesuch', secret: 'wrong' });
    expect([unknown.status, unknown.body.error.message]).toEqual([404, 'Could not find Application Credential: nonesuch.']);
    const scoped = await withCredential({ id: credential.id, secret: credential.secret }, projectScope('demo'));
    expect([scoped.status, scoped.body.error.message]).toEqual([401, expect.stringContaining('cannot request a scope')]);
  });

  it('validates and revokes tokens; a revoked one opens nothing', async () => {
    const other = await tokens(passwordLogin('demo', contract.access.password, projectScope('demo')));
    const subject = { 'x-subject-token': other.headers.get('x-subject-token') ?? '' };
    const shown = await contract.demo.request('identity', 'GET', '/auth/tokens', { headers: subject });
    expect([shown.status, shown.body.token.user.name]).toEqual([200, 'demo']);
    expect((await contract.demo.request('identity', 'DELETE', '/auth/tokens', { headers: subject })).status).toBe(204);
    const late = await contract.demo.request('network', 'GET', '/networks', { token: subject['x-subject-token'] });
    expect([late.status, late.body.error?.code]).toEqual([401, 401]);
  });

  it.each(['compute', 'network', 'block-storage'] as const)('is asked by %s about every token', async (type) => {
    const path = { compute: '/servers', network: '/networks', 'block-storage': '/volumes' }[type];
    for (const token of ['', 'garbage']) {
      const reply = await contract.demo.request(type, 'GET', path, { token });
      expect([reply.status, reply.body]).toEqual([401, unauthenticated]);
      expect(reply.headers.get('www-authenticate')).toMatch(/^Keystone uri=/);
    }
  });

  it('lets a reader look and not write', async () => {
    const { reader } = contract;
    expect((await reader.request('compute', 'GET', '/servers')).status).toBe(200);
    const server = { name: contract.name('denied'), flavorRef: '1', imageRef: contract.imageId, networks: 'none' };
    expect(fault(await reader.request('compute', 'POST', '/servers', { body: { server } }))).toEqual([
      403,
      'forbidden',
      "Policy doesn't allow os_compute_api:servers:create to be performed.",
    ]);
    expect(fault(await reader.request('block-storage', 'POST', '/volumes', { body: { volume: { size: 1 } } }))).toEqual([
      403,
      'forbidden',
      "Policy doesn't allow volume:create to be performed.",
    ]);
    const network = await reader.request('network', 'POST', '/networks', { body: { network: { name: contract.name('denied') } } });
    expect(network.body.NeutronError).toEqual({
      type: 'PolicyNotAuthorized',
      message: 'rule:create_network is disallowed by policy',
      detail: '',
    });
    expect(network.status).toBe(403);
  });
}
