import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { permissions } from '../auth/permissions.ts';
import { ownKube } from '../own-kube.ts';
import { cookieOf, password, startTown, type Town } from './people.fixture.ts';

let town: Town;
let now: number;
beforeEach(async () => {
  now = Date.now();
  town = await startTown({ now: () => now, selfRegistration: true });
});
afterEach(() => town.close());

const types = async () => (await town.audit.list({}, { limit: 100 })).items.map(({ type, actor }) => `${type} ${actor}`);

describe('signing in', () => {
  it('sets a cookie that scripts cannot read and other sites cannot send, and says who one is', async () => {
    const { id } = await town.settle('anna', { role: 'viewer', cluster: 'main', namespace: 'shop' });
    const begun = await town.send('POST', '/api/v1/session', { username: 'Anna', password });
    expect([begun.status, begun.body.stage]).toEqual([200, 'signed-in']);
    expect(String(begun.headers['set-cookie'])).toMatch(
      /^__Host-stackwarden=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const who = await town.send('GET', '/api/v1/session', undefined, { cookie: cookieOf(begun) });
    expect(who.body).toMatchObject({
      id,
      username: 'anna',
      how: 'cookie',
      csrf: begun.body.csrf,
      roles: [{ role: 'viewer', cluster: 'main', namespace: 'shop' }],
    });
    expect(who.body.permissions).toContainEqual({ permission: 'instance.read', places: [{ cluster: 'main', namespace: 'shop' }] });
    expect(await types()).toContain('SignedIn anna');
  });

  it('that fails is recorded, under a name only where there is such a person', async () => {
    await town.settle('anna');
    for (const username of ['anna', 'my secret password'])
      expect(await town.send('POST', '/api/v1/session', { username, password: 'wrong' })).toMatchObject({
        status: 401,
        body: { title: 'SignInFailed' },
      });
    const { items } = await town.audit.list();
    expect(items.map(({ type, actor, result }) => [type, actor, result])).toEqual([
      ['SignInFailed', 'unknown', 'denied'],
      ['SignInFailed', 'anna', 'denied'],
    ]);
    expect(JSON.stringify(items)).not.toContain('secret password');
  });

  it('again and again is answered 429 with the time to wait', async () => {
    let reply = await town.send('POST', '/api/v1/session', { username: 'x', password: 'wrong' });
    for (let tries = 0; tries < 6; tries += 1) reply = await town.send('POST', '/api/v1/session', { username: 'x', password: 'wrong' });
    expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': '1' }, body: { title: 'TooManyAttempts' } });
  });

  it('ends with signing out', async () => {
    await town.settle('anna');
    const anna = await town.browser('anna');
    const out = await anna('DELETE', '/api/v1/session');
    expect([out.status, String(out.headers['set-cookie'])]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await anna('GET', '/api/v1/session')).status).toBe(401);
    expect(await types()).toContain('SignedOut anna');
  });

  it('goes with the contents of admin-password for the first admin', async () => {
    const { items } = await town.accounts.people.list({ limit: 10 });
    expect(items).toMatchObject([{ username: 'admin', hasPassword: true, bindings: [{ role: 'super_admin', cluster: '*' }] }]);
  });
});

describe('a request with a cookie', () => {
  it('cannot be used to sign somebody in from another site', async () => {
    await town.settle('anna');
    const reply = await town.send('POST', '/api/v1/session', { username: 'anna', password }, { origin: 'https://evil.example' });
    expect([reply.status, reply.headers['set-cookie']]).toEqual([403, undefined]);
  });

  it('is nobody with two session cookies, a forged one, or a wrong token beside it', async () => {
    await town.settle('anna');
    const begun = await town.send('POST', '/api/v1/session', { username: 'anna', password });
    const cookie = cookieOf(begun);
    for (const headers of [
      { cookie: `${cookie}; ${cookie}` },
      { cookie: `${cookie}x` },
      { cookie: '__Host-stackwarden=' },
      { cookie, authorization: 'Bearer sw-somebody-elses-token-of-enough-length' },
    ])
      expect((await town.send('GET', '/api/v1/session', undefined, headers)).status).toBe(401);
  });

  it('is passed on to the Kubernetes API with all that proves it', async () => {
    await town.settle('anna', 'admin');
    const begun = await town.send('POST', '/api/v1/session', { username: 'anna', password });
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } };
    const make = (caller: Record<string, string>) => ownKube(town.app)({ method: 'POST', path: '/api/v1/namespaces', body, caller });
    const proof = { cookie: cookieOf(begun), host: 'clouds.example', origin: 'https://clouds.example' };
    expect((await make(proof)).status).toBe(401);
    expect((await town.audit.list()).items[0]).toMatchObject({ type: 'Denied', actor: 'anna', source: { session: expect.any(String) } });
    expect((await make({ ...proof, 'x-csrf-token': String(begun.body.csrf), origin: 'https://evil.example' })).status).toBe(403);
    expect((await make({ ...proof, 'x-csrf-token': String(begun.body.csrf) })).status).toBe(201);
  });

  it('works the Kubernetes API as well', async () => {
    await town.settle('anna', 'admin');
    const anna = await town.browser('anna');
    const made = await anna('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
    expect(made.status).toBe(201);
  });
});

describe('one’s own account', () => {
  it('takes the old password for a new one, and all sessions end but the one that goes on under a new cookie', async () => {
    await town.settle('anna');
    const [here, there] = [await town.browser('anna'), await town.browser('anna')];
    const change = (current: string, fresh: string) => here('POST', '/api/v1/me/password', { current, password: fresh });
    expect(await change('wrong', 'another good one')).toMatchObject({ status: 403, body: { title: 'WrongPassword' } });
    expect(await change(password, 'short')).toMatchObject({ status: 400, body: { errors: [{ field: 'password' }] } });
    const changed = await change(password, 'another good one');
    expect(changed.status).toBe(200);
    for (const old of [here, there]) expect((await old('GET', '/api/v1/me')).status).toBe(401);
    expect((await town.send('GET', '/api/v1/me', undefined, { cookie: cookieOf(changed) })).body).toMatchObject({ username: 'anna' });
    expect((await town.send('POST', '/api/v1/session', { username: 'anna', password })).status).toBe(401);
    expect(JSON.stringify((await town.audit.list()).items)).not.toContain('another good one');
  });

  it('keeps preferences, of each person apart', async () => {
    await town.settle('anna');
    await town.settle('carl');
    const [anna, carl] = [await town.browser('anna'), await town.browser('carl')];
    await anna('PUT', '/api/v1/me/preferences/list.columns', { value: ['name', 'status'] });
    expect((await anna('GET', '/api/v1/me/preferences')).body).toEqual({ 'list.columns': ['name', 'status'] });
    expect((await carl('GET', '/api/v1/me/preferences')).body).toEqual({});
    expect((await anna('DELETE', '/api/v1/me/preferences/list.columns')).status).toBe(204);
    expect((await anna('DELETE', '/api/v1/me/preferences/list.columns')).status).toBe(404);
  });

  it('makes tokens, shown once, that cannot make others or change the account', async () => {
    await town.settle('anna', 'admin');
    const anna = await town.browser('anna');
    const scope = { permissions: ['user.read'] };
    const made = await anna('POST', '/api/v1/me/tokens', { name: 'ci', scope, expiresAt: '2099-01-01T00:00:00Z' });
    expect(made).toMatchObject({ status: 201, body: { name: 'ci', scope, token: expect.stringMatching(/^sw-[\w-]{43}$/) } });
    const authorization = `Bearer ${String(made.body.token)}`;
    const program = (method: 'GET' | 'POST', url: string, body?: object) => town.send(method, url, body, { authorization });
    expect((await program('GET', '/api/v1/users')).status).toBe(200);
    expect((await program('POST', '/api/v1/users', { username: 'carl' })).status).toBe(403);
    for (const [url, body] of [
      ['/api/v1/me/tokens', { name: 'more' }],
      ['/api/v1/me/password', { current: password, password: 'another good one' }],
      ['/api/v1/me/totp', { password }],
    ] as const)
      expect(await program('POST', url, body), url).toMatchObject({ status: 403, body: { title: 'SessionNeeded' } });
    const listed = await anna('GET', '/api/v1/me/tokens');
    expect(JSON.stringify(listed.body)).not.toContain(String(made.body.token));
    await anna('DELETE', `/api/v1/me/tokens/${String(made.body.id)}`);
    expect((await program('GET', '/api/v1/users')).status).toBe(401);
  });

  it('takes a second factor, which the next sign-in asks for', async () => {
    await town.settle('anna');
    const anna = await town.browser('anna');
    const enrolled = await anna('POST', '/api/v1/me/totp', { password });
    const totp = new TOTP({ secret: Secret.fromBase32(String(enrolled.body.secret)) });
    const code = () => totp.generate({ timestamp: now });
    expect(await anna('POST', '/api/v1/me/totp/confirmation', { code: '000000' })).toMatchObject({ status: 400 });
    const confirmed = await anna('POST', '/api/v1/me/totp/confirmation', { code: code() });
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    now += 30_000;
    const half = await town.send('POST', '/api/v1/session', { username: 'anna', password });
    expect(half.body).toEqual({ stage: 'second-factor' });
    expect((await town.send('GET', '/api/v1/session', undefined, { cookie: cookieOf(half) })).status).toBe(401);
    const whole = await town.send('POST', '/api/v1/session/second-factor', { code: code() }, { cookie: cookieOf(half) });
    expect(whole.body).toMatchObject({ stage: 'signed-in' });
    expect((await town.send('GET', '/api/v1/me', undefined, { cookie: cookieOf(whole) })).body).toMatchObject({ hasSecondFactor: true });
    const said = JSON.stringify((await town.audit.list()).items);
    for (const secret of [enrolled.body.secret, ...(confirmed.body.recoveryCodes as unknown as string[])])
      expect(said).not.toContain(secret);
  });
});

describe('people', () => {
  it('are made, changed at the version one knows, and removed, each recorded', async () => {
    await town.settle('boss', 'admin');
    const boss = await town.browser('boss');
    const made = await boss('POST', '/api/v1/users', { username: 'Carl', password, bindings: [{ role: 'viewer' }] });
    expect(made).toMatchObject({
      status: 201,
      headers: { etag: '"v1"' },
      body: { username: 'carl', bindings: [{ role: 'viewer', cluster: '*' }] },
    });
    const url = `/api/v1/users/${String(made.body.id)}`;
    expect((await boss('PATCH', url, { displayName: 'Carl C.' }, { 'if-match': '"v1"' })).headers.etag).toBe('"v2"');
    expect(await boss('PATCH', url, { displayName: 'C.' }, { 'if-match': '"v1"' })).toMatchObject({
      status: 412,
      body: { title: 'PreconditionFailed' },
    });
    const bound = await boss('POST', `${url}/bindings`, { role: 'operator', cluster: 'main', namespace: 'shop' });
    expect(bound.status).toBe(201);
    expect((await boss('DELETE', `${url}/bindings/${String(bound.body.id)}`)).status).toBe(204);
    expect(await boss('DELETE', url, undefined, { 'if-match': '"v2"' })).toMatchObject({ status: 412 });
    expect((await boss('DELETE', url)).status).toBe(204);
    expect((await boss('GET', url)).status).toBe(404);
    expect((await types()).filter((each) => each.endsWith(' boss')).toReversed()).toEqual(
      ['SignedIn', 'UserCreated', 'UserChanged', 'RoleGranted', 'RoleTaken', 'UserRemoved'].map((type) => `${type} boss`),
    );
    const { items } = await town.audit.list({ type: 'UserChanged' });
    expect(items[0]?.changes).toMatchObject([{ path: 'displayName', from: null, to: 'Carl C.' }]);
  });

  it('never show what is secret about them, to nobody', async () => {
    await town.settle('boss', 'super_admin');
    const boss = await town.browser('boss');
    const text = JSON.stringify((await boss('GET', '/api/v1/users')).body);
    for (const secret of ['argon2', 'passwordHash', 'totpStep', 'recoveryCodes"']) expect(text).not.toContain(secret);
  });

  it('are seen with all their sessions, page by page, by who may see people', async () => {
    const { as: boss } = await town.settle('boss', 'admin');
    for (const username of ['anna', 'ben', 'carl']) {
      now += 1000;
      await town.settle(username, 'viewer');
      await town.browser(username);
    }
    const first = await boss('GET', '/api/v1/sessions?limit=2');
    const names = (reply: typeof first) =>
      (reply.body['items'] as unknown as { user: { username: string } }[]).map(({ user }) => user.username);
    expect(names(first)).toEqual(['carl', 'ben']);
    expect(JSON.stringify(first.body)).not.toMatch(/csrf|hash/);
    const second = await boss('GET', `/api/v1/sessions?limit=2&cursor=${String(first.body.next)}`);
    expect([names(second), second.body.next]).toEqual([['anna'], undefined]);
    now += 31 * 60_000;
    expect((await boss('GET', '/api/v1/sessions')).body.items).toEqual([]);
    expect((await (await town.settle('vera', 'operator')).as('GET', '/api/v1/sessions')).status).toBe(403);
    expect((await boss('GET', '/api/v1/sessions?cursor=x')).status).toBe(400);
  });

  it('are put out by ending their sessions and disabling them', async () => {
    await town.settle('boss', 'admin');
    const { id } = await town.settle('anna', 'viewer');
    const [boss, anna] = [await town.browser('boss'), await town.browser('anna')];
    expect((await boss('GET', `/api/v1/users/${id}/sessions`)).body.items).toHaveLength(1);
    expect((await boss('DELETE', `/api/v1/users/${id}/sessions`)).body).toEqual({ ended: 1 });
    expect((await anna('GET', '/api/v1/me')).status).toBe(401);
    const again = await town.browser('anna');
    await boss('PATCH', `/api/v1/users/${id}`, { state: 'disabled' });
    expect((await again('GET', '/api/v1/me')).status).toBe(401);
  });

  it('lose a token that an admin removes', async () => {
    const { as } = await town.settle('boss', 'admin');
    const { id, as: anna } = await town.settle('anna', 'viewer');
    const items = (await as('GET', `/api/v1/users/${id}/tokens`)).body.items as unknown as { id: string }[];
    expect(items).toMatchObject([{ name: 'test' }]);
    expect((await as('DELETE', `/api/v1/users/${id}/tokens/${items[0]?.id}`)).status).toBe(204);
    expect((await anna('GET', '/api/v1/me')).status).toBe(401);
    expect(await types()).toContain('TokenRemoved boss');
  });

  it('change their own password where the one they have is asked for, and nowhere else', async () => {
    const { id } = await town.settle('boss', 'admin');
    const boss = await town.browser('boss');
    const change = { password: 'another good one' };
    expect(await boss('PATCH', `/api/v1/users/${id}`, change)).toMatchObject({ status: 409, body: { title: 'OwnAccount' } });
    expect((await boss('DELETE', `/api/v1/users/${id}/totp`)).status).toBe(409);
    // A token that may less than its person must not put them out, or itself in.
    const scope = { permissions: ['user.change'] } as const;
    const { token } = await town.accounts.apiTokens.create({ id, username: 'boss' }, { name: 't', expiresAt: null, scope });
    const narrow = { authorization: `Bearer ${token}` };
    expect((await town.send('PATCH', `/api/v1/users/${id}`, { state: 'disabled' }, narrow)).status).toBe(403);
    expect((await town.send('POST', '/api/v1/users', { username: 'x', bindings: [{ role: 'viewer' }] }, narrow)).status).toBe(403);
  });

  it('who reach beyond their rights are refused, and it is recorded', async () => {
    await town.settle('boss', 'admin');
    const { id } = await town.settle('root', 'super_admin');
    const boss = await town.browser('boss');
    expect(await boss('PATCH', `/api/v1/users/${id}`, { password: 'another good one' })).toMatchObject({
      status: 403,
      body: { title: 'BeyondYourRights' },
    });
    expect(await types()).toContain('Denied boss');
  });
});

describe('roles', () => {
  it('are shown as a page needs them: each permission with its sentence and who has it', async () => {
    const { as } = await town.settle('root', 'super_admin');
    await as('POST', '/api/v1/roles', { name: 'night_shift', permissions: ['instance.operate'] });
    const { body } = await as('GET', '/api/v1/roles');
    const rows = body.permissions as unknown as { name: string; sentence: string; roles: string[] }[];
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(permissions));
    expect(rows.find(({ name }) => name === 'instance.operate')).toEqual({
      name: 'instance.operate',
      sentence: permissions['instance.operate'],
      roles: ['operator', 'admin', 'super_admin', 'night_shift'],
    });
    expect((await as('PATCH', '/api/v1/roles/night_shift', { permissions: [] }, { 'if-match': '"v1"' })).headers.etag).toBe('"v2"');
    expect((await as('PATCH', '/api/v1/roles/viewer', { permissions: [] })).status).toBe(409);
    expect((await as('DELETE', '/api/v1/roles/night_shift')).status).toBe(204);
  });
});

describe('ways in', () => {
  it('are an invitation, taken up with a name and password of one’s own', async () => {
    const { as } = await town.settle('boss', 'admin');
    const made = await as('POST', '/api/v1/invitations', { email: 'c@example.org', bindings: [{ role: 'viewer', cluster: 'main' }] });
    const take = () => town.send('POST', '/api/v1/invitations/acceptance', { token: made.body.token, username: 'carl', password });
    expect((await as('GET', '/api/v1/invitations')).body.items).toMatchObject([{ email: 'c@example.org', createdBy: 'boss' }]);
    expect(await take()).toMatchObject({ status: 201, body: { username: 'carl', bindings: [{ role: 'viewer', cluster: 'main' }] } });
    expect(await take()).toMatchObject({ status: 410, body: { title: 'InvitationOver' } });
    await town.browser('carl');
    expect(await types()).toContain('UserCreated carl');
  });

  it('are a registration, good once an admin approves it', async () => {
    const { as } = await town.settle('boss', 'admin');
    const ask = (username: string) => town.send('POST', '/api/v1/registrations', { username, password });
    const asked = await ask('carl');
    expect(asked.status).toBe(202);
    // Whether a name is known is nobody's business.
    expect((await ask('boss')).body).toEqual(asked.body);
    await expect(town.browser('carl')).rejects.toThrow('SignInFailed');
    const waiting = (await as('GET', '/api/v1/registrations')).body.items as unknown as { id: string; username: string }[];
    expect(waiting.map(({ username }) => username)).toEqual(['carl']);
    await as('POST', `/api/v1/registrations/${waiting[0]?.id}/approval`, { bindings: [{ role: 'viewer' }] });
    await town.browser('carl');
    expect((await as('POST', `/api/v1/registrations/${waiting[0]?.id}/approval`, {})).status).toBe(409);
  });
});

describe('the buttons of a page', () => {
  it('are told what is possible where, or why not', async () => {
    const { as } = await town.settle('anna', { role: 'operator', cluster: 'main', namespace: 'shop' });
    const questions = [
      { permission: 'instance.operate', cluster: 'main', namespace: 'shop' },
      { permission: 'instance.delete', cluster: 'main', namespace: 'shop' },
      { permission: 'instance.operate' },
    ];
    expect((await as('POST', '/api/v1/access', { questions })).body.answers).toEqual([
      { ...questions[0], allowed: true },
      { ...questions[1], allowed: false, reason: expect.stringContaining('anna (operator in cluster main in namespace shop) may not') },
      { ...questions[2], cluster: '*', namespace: '*', allowed: false, reason: expect.any(String) },
    ]);
  });
});
