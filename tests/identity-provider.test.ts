import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { controllerIdentity } from '#api/auth/identity.ts';
import { cookieOf, type Reply, startTown, type Town } from '#api/routes/people.fixture.ts';

const publicUrl = 'https://clouds.example';
const callback = '/api/v1/session/provider/callback';

describe('signing in at an identity provider', () => {
  let provider: ChildProcess;
  let issuer: string;
  let town: Town;
  beforeAll(async () => {
    const script = resolve(import.meta.dirname, 'parts/oidc-provider-process.ts');
    provider = spawn(process.execPath, [script, publicUrl + callback], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    issuer = line.toString().trim();
  }, 60_000);
  afterAll(() => void provider?.kill());
  beforeEach(async () => {
    town = await startTown({
      oidc: {
        issuer,
        clientId: 'stackwarden',
        clientSecret: 'the secret of the client',
        publicUrl,
        groupsClaim: 'groups',
        roles: [
          { group: 'ops', role: 'operator', cluster: 'main', namespace: '*' },
          { group: 'bosses', role: 'admin', cluster: '*', namespace: '*' },
        ],
      },
    });
  });
  afterEach(() => town.close());

  /** Begins here, goes through the provider's pages as a browser would, and returns where it is sent back to. */
  async function leave(login: string, query = ''): Promise<{ readonly ticket: string; readonly back: string }> {
    const begun = await town.send('GET', `/api/v1/session/provider${query}`);
    const jar = new Map<string, string>();
    let at = String(begun.headers.location);
    let form: URLSearchParams | undefined;
    for (let steps = 0; steps < 20; steps += 1) {
      const reply = await fetch(at, {
        redirect: 'manual',
        headers: { cookie: [...jar].map((pair) => pair.join('=')).join('; ') },
        ...(form && { method: 'POST', body: form }),
      });
      for (const cookie of reply.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=');
        jar.set(name, value);
      }
      const next = reply.headers.get('location');
      const page = await reply.text();
      if (next?.startsWith(publicUrl)) return { ticket: cookieOf(begun), back: next.slice(publicUrl.length) };
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      form = next === null ? new URLSearchParams({ prompt: prompt ?? '', login, password: 'any' }) : undefined;
      at = new URL(next ?? /action="([^"]+)"/.exec(page)?.[1] ?? '', at).href;
    }
    throw new Error(`the provider never sent the browser back; it is at ${at}`);
  }
  async function signIn(login: string): Promise<Reply> {
    const { ticket, back } = await leave(login);
    return town.send('GET', back, undefined, { cookie: ticket });
  }
  const sessionOf = (reply: Reply) => cookieOf({ ...reply, headers: { 'set-cookie': [reply.headers['set-cookie']].flat().join() } });
  const whoIs = async (reply: Reply) => (await town.send('GET', '/api/v1/session', undefined, { cookie: sessionOf(reply) })).body;

  it('makes the account at the first time, with the roles of the groups', async () => {
    const reply = await signIn('anna');
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    expect(await whoIs(reply)).toMatchObject({
      username: 'anna',
      email: 'anna@example.org',
      roles: [{ role: 'operator', cluster: 'main', namespace: '*' }],
    });
    await signIn('anna');
    const { items } = await town.accounts.people.list({ limit: 10 });
    expect(items.map(({ username, hasPassword }) => [username, hasPassword])).toEqual([
      ['admin', true],
      ['anna', false],
    ]);
    expect((await town.audit.list({ type: 'SignedIn' })).items[0]).toMatchObject({ actor: 'anna' });
  });

  it('follows the groups at each time, and leaves what an admin gave', async () => {
    await signIn('anna');
    const [anna] = (await town.accounts.people.list({ text: 'anna', limit: 1 })).items;
    const bindings = town.store.tables.roleBindings;
    await town.store.db.update(bindings).set({ role: 'admin' }).where(eq(bindings.source, 'provider'));
    const given = { role: 'viewer', cluster: 'other', namespace: '*' };
    await town.accounts.people.bind(anna?.id ?? '', given, controllerIdentity);
    const again = await whoIs(await signIn('anna'));
    expect(again.roles).toHaveLength(2);
    expect(again.roles).toEqual(expect.arrayContaining([given, { role: 'operator', cluster: 'main', namespace: '*' }]));
  });

  it('lets nobody in without a role, disabled, or under another’s name', async () => {
    expect(await signIn('carl')).toMatchObject({ status: 403, body: { title: 'NoRole' } });
    await town.settle('rosa', 'viewer');
    expect(await signIn('rosa')).toMatchObject({ status: 409, body: { title: 'AlreadyExists' } });
    await signIn('anna');
    await town.store.db.update(town.store.tables.users).set({ state: 'disabled' });
    expect(await signIn('anna')).toMatchObject({ status: 401, body: { title: 'SignInFailed' } });
  });

  it('takes back only what was begun here, by this browser, once', async () => {
    const [one, other] = [await leave('anna'), await leave('anna')];
    expect(await town.send('GET', one.back)).toMatchObject({ status: 400, body: { title: 'SignInOver' } });
    expect(await town.send('GET', one.back, undefined, { cookie: '__Host-stackwarden-provider=e30' })).toMatchObject({ status: 400 });
    expect(await town.send('GET', one.back, undefined, { cookie: other.ticket })).toMatchObject({ status: 401 });
    expect(await town.send('GET', `${callback}?error=access_denied`, undefined, { cookie: one.ticket })).toMatchObject({ status: 401 });
    expect((await town.send('GET', one.back, undefined, { cookie: one.ticket })).status).toBe(200);
    expect((await town.send('GET', one.back, undefined, { cookie: one.ticket })).status).toBe(401);
    const { items } = await town.audit.list({ type: 'SignInFailed' });
    expect(items).toHaveLength(5);
    expect(JSON.stringify(items)).not.toContain(new URLSearchParams(one.back.split('?')[1]).get('code'));
  });

  it('goes on at the page that the person wanted', async () => {
    const { ticket, back } = await leave('anna', `?${new URLSearchParams({ to: '/resources/server?filter=a&sort=b' }).toString()}`);
    const reply = await town.send('GET', back, undefined, { cookie: ticket });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('content="0;url=/resources/server?filter=a&amp;sort=b"');
    const plain = await leave('anna');
    expect((await town.send('GET', plain.back, undefined, { cookie: plain.ticket })).text).toContain('content="0;url=/"');
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/api/v1/session', 'x', '/"><script>'])(
    'sends nobody on to %s',
    async (to) => {
      const reply = await town.send('GET', `/api/v1/session/provider?${new URLSearchParams({ to }).toString()}`);
      expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'to' }] } });
    },
  );

  it('brings a browser that was refused to the page that signs people in, with the reason', async () => {
    const { ticket } = await leave('anna', '?to=/drift');
    const asBrowser = { cookie: ticket, accept: 'text/html,application/xhtml+xml' };
    const refused = await town.send('GET', `${callback}?error=access_denied`, undefined, asBrowser);
    expect(refused.status).toBe(401);
    expect(refused.text).toContain('content="0;url=/sign-in?problem=SignInFailed&amp;back=%2Fdrift"');
    const stranger = await town.send('GET', `${callback}?code=x`, undefined, { accept: 'text/html' });
    expect(stranger.status).toBe(400);
    expect(stranger.text).toContain('content="0;url=/sign-in?problem=SignInOver&amp;back=%2F"');
  });

  it('is told to the page that signs people in', async () => {
    expect((await town.send('GET', '/api/v1/session/ways')).body).toEqual({
      password: true,
      registration: false,
      provider: { issuer, url: '/api/v1/session/provider' },
    });
  });
});
