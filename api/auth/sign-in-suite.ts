import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#migrations/store.ts';
import { createFileKeyProvider } from '../kube/encryption.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { controllerIdentity } from './identity.ts';
import type { Refusal } from './refusal.ts';
import { absoluteMs, idleMs } from './sessions.ts';
import { createSignIn } from './sign-in.ts';
import { networkOf } from './sign-in-limits.ts';
import { createTokens } from './tokens.ts';

/** What both engines have to do alike. */
export function signInSuite(engine: string, open: () => Promise<Store>): void {
  describe(`signing in in ${engine}`, () => {
    const password = 'green tea at four';
    let store: Store;
    let accounts: Accounts;
    let now: number;
    let anna: string;
    beforeEach(async () => {
      now = Date.parse('2026-11-29T10:00:00Z');
      store = await open();
      const keys = createFileKeyProvider(join(mkdtempSync(join(tmpdir(), 'stackwarden-sign-in-')), 'key'));
      accounts = createAccounts(store, { keys, now: () => now });
      ({ id: anna } = await accounts.people.create({ username: 'anna', password }, controllerIdentity));
    });
    afterEach(() => store.close());

    const signIn = (more: Partial<{ username: string; password: string; address: string }> = {}) =>
      accounts.signIn.first({ username: 'anna', password, address: '192.0.2.1', userAgent: 'test', ...more });
    const refused = (promise: Promise<unknown>) =>
      promise.then(
        () => expect.unreachable(),
        (error: Refusal) => ({ title: error.title, status: error.status, message: error.message, retryAfter: error.retryAfter }),
      );

    describe('a sign-in', () => {
      it('opens a session that is stored as a hash only', async () => {
        const { cookie, session } = await signIn({ username: ' ANNA ' });
        expect(await accounts.sessions.find(cookie)).toMatchObject({ id: session.id, userId: anna, stage: 'whole' });
        expect(Buffer.from(cookie, 'base64url')).toHaveLength(32);
        expect(JSON.stringify(await store.db.select().from(store.tables.sessions))).not.toContain(cookie);
        expect(await accounts.people.get(anna)).toMatchObject({ lastLoginAt: now, version: 1 });
      });

      it('fails alike for a wrong password, an unknown name and an account that is not active', async () => {
        const wrong = await refused(signIn({ password: 'green tea at five' }));
        expect(wrong).toMatchObject({ status: 401, title: 'SignInFailed' });
        expect(await refused(signIn({ username: 'nobody.here' }))).toEqual(wrong);
        await accounts.people.change(anna, { state: 'disabled' }, controllerIdentity);
        expect(await refused(signIn())).toEqual(wrong);
      });

      it('works as much for an unknown name as for a known one', async () => {
        const asked: (string | null | undefined)[] = [];
        const { passwords, sessions, secondFactor, limits } = accounts;
        const counting = {
          ...passwords,
          verify: (given: string, hash: string | null | undefined) => {
            asked.push(hash);
            return passwords.verify(given, hash);
          },
        };
        const signIn = createSignIn(store, { passwords: counting, sessions, secondFactor, limits, now: () => now });
        for (const username of ['anna', 'nobody.here'])
          await refused(signIn.first({ username, password: 'a wrong password', address: '192.0.2.1', userAgent: '' }));
        expect(asked).toEqual([expect.stringMatching(/^\$argon2id/), undefined]);
        // What it is held against then is an argon2id hash of the same cost: see passwords.ts.
        expect(await passwords.verify('a wrong password', undefined)).toMatchObject({ isRight: false });
      });

      it('with an imported hash writes the hash anew', async () => {
        const old = 'pbkdf2:sha256:1000$Shb89M0GyQO5qgEQ$e21d1ce20a452da5541e54f4d1d68926439ddfd2fd712428379c57d3fb2437a2';
        await store.db.update(store.tables.users).set({ passwordHash: old });
        await signIn({ password: 'an old password' });
        const [row] = await store.db.select().from(store.tables.users);
        expect(row?.passwordHash).toMatch(/^\$argon2id\$/);
        await signIn({ password: 'an old password' });
      });
    });

    describe('guessing', () => {
      const guess = (more: Parameters<typeof signIn>[0] = {}) => refused(signIn({ password: 'a wrong password', ...more }));

      it('costs more and more time, and never shuts anybody out for good', async () => {
        for (let free = 1; free <= 6; free += 1) expect((await guess()).status, String(free)).toBe(401);
        expect(await refused(signIn())).toMatchObject({ status: 429, title: 'TooManyAttempts', retryAfter: 1 });
        now += 1000;
        await guess();
        expect(await refused(signIn())).toMatchObject({ status: 429, retryAfter: 2 });
        for (let more = 0; more < 20; more += 1) {
          now += 16 * 60_000;
          await guess();
        }
        expect((await refused(signIn())).retryAfter).toBe(15 * 60);
        now += 15 * 60_000;
        await signIn();
        expect((await guess()).status).toBe(401);
      });

      it('counts tries that come at once', async () => {
        const tries = await Promise.all(Array.from({ length: 20 }, () => guess()));
        expect(tries.filter(({ status }) => status === 401)).toHaveLength(6);
      });

      it('from one address does not hinder the person at another', async () => {
        for (let tries = 0; tries < 8; tries += 1) await guess();
        await signIn({ address: '198.51.100.7' });
      });

      it('many names from one address is slowed as well, and knowing one account does not help', async () => {
        const { limits } = accounts;
        let tries = 0;
        const blocked = async () => {
          for (; tries < 200; tries += 1) {
            await limits.begin(`name ${tries}`, '192.0.2.9');
            await limits.begin('own', '192.0.2.9');
            await limits.succeeded('own', '192.0.2.9');
          }
        };
        await expect(blocked()).rejects.toMatchObject({ title: 'TooManyAttempts' });
        expect(tries).toBeGreaterThanOrEqual(30);
        expect(tries).toBeLessThan(35);
      });

      it('counts an IPv6 network as one address', () => {
        expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'));
        expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
        expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
        expect(networkOf('::1')).toBe('0:0:0:0::/64');
      });
    });

    describe('a session', () => {
      it('ends when it was idle, and in any case after half a day', async () => {
        const { cookie } = await signIn();
        now += idleMs - 1;
        expect(await accounts.sessions.find(cookie)).toBeDefined();
        now += idleMs;
        expect(await accounts.sessions.find(cookie)).toBeUndefined();
        const other = (await signIn()).cookie;
        for (const end = now + absoluteMs; now < end - idleMs + 1; now += idleMs - 1)
          expect(await accounts.sessions.find(other)).toBeDefined();
        now += idleMs;
        expect(await accounts.sessions.find(other)).toBeUndefined();
      });

      it('falls idle beside a stream that only looks whether it is still there', async () => {
        const { cookie } = await signIn();
        const headers = { cookie: `__Host-stackwarden=${cookie}` };
        for (const end = now + idleMs - 1; now < end; now += 60_000)
          expect(await accounts.ofCookie(headers, { isUnattended: true })).toBeDefined();
        now += 60_000;
        expect(await accounts.ofCookie(headers, { isUnattended: true })).toBeUndefined();
      });

      it('is seen and ended by its person, one or all but this one', async () => {
        const [one, , three] = [await signIn(), await signIn(), await signIn()];
        expect(await accounts.sessions.list(anna)).toHaveLength(3);
        expect(await accounts.sessions.end('somebody else', one.session.id)).toBe(false);
        expect(await accounts.sessions.end(anna, one.session.id)).toBe(true);
        expect(await accounts.sessions.endAll(anna, three.session.id)).toBe(1);
        expect((await accounts.sessions.list(anna)).map(({ id }) => id)).toEqual([three.session.id]);
      });
    });

    describe('a second factor', () => {
      let secret: string;
      let recovery: readonly string[];
      const codeAt = (ms: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ms });
      beforeEach(async () => {
        ({ secret } = await accounts.secondFactor.enrol(anna));
        recovery = await accounts.secondFactor.confirm(anna, codeAt(now));
        now += 60_000;
      });

      it('is sealed where it is stored, and asked for from then on', async () => {
        const stored = JSON.stringify(await store.db.select().from(store.tables.users));
        expect(stored).not.toContain(secret);
        expect(stored).not.toContain(recovery[0]);
        const half = await signIn();
        expect(half.session.stage).toBe('password');
        expect(await accounts.ofCookie({ cookie: `__Host-stackwarden=${half.cookie}` })).toBeUndefined();
        const whole = await accounts.signIn.second(half.session, codeAt(now));
        expect(await accounts.ofCookie({ cookie: `__Host-stackwarden=${whole.cookie}` })).toMatchObject({
          user: 'anna',
          csrf: whole.session.csrf,
        });
        expect(await accounts.sessions.find(half.cookie)).toBeUndefined();
      });

      it('takes a code of the step before and behind, and each once', async () => {
        const taken = (ms: number) => accounts.secondFactor.check(anna, codeAt(ms));
        expect(await taken(now - 60_000)).toBe(false);
        expect(await taken(now + 60_000)).toBe(false);
        expect(await Promise.all([taken(now), taken(now)])).toEqual(expect.arrayContaining([true, false]));
        expect(await taken(now - 30_000)).toBe(false);
        expect(await taken(now + 30_000)).toBe(true);
      });

      it('can be replaced by a recovery code, once', async () => {
        const code = recovery[3] ?? '';
        const both = await Promise.all([accounts.secondFactor.check(anna, code), accounts.secondFactor.check(anna, code)]);
        expect(both.toSorted()).toEqual([false, true]);
        expect(await accounts.secondFactor.check(anna, (recovery[4] ?? '').toUpperCase().replaceAll('-', ''))).toBe(true);
      });

      it('is limited as passwords are', async () => {
        const { session } = await signIn();
        const outcomes = [];
        for (let tries = 0; tries < 8; tries += 1) outcomes.push((await refused(accounts.signIn.second(session, '000000'))).status);
        expect(outcomes.slice(-2)).toEqual([429, 429]);
      });
    });

    describe('a token of a person', () => {
      const ask = (token: string) => createTokens(store, () => now).authenticate(`Bearer ${token}`);
      const make = (more: object = {}) =>
        accounts.apiTokens.create({ id: anna, username: 'anna' }, { name: 't', expiresAt: null, scope: null, ...more });
      beforeEach(() => accounts.people.bind(anna, { role: 'operator', cluster: '*', namespace: '*' }, controllerIdentity));

      it('may what its person may, within its scope, until it ends', async () => {
        const { token } = await make();
        expect(await ask(token)).toMatchObject({ user: 'anna', userId: anna, how: 'token', grants: [{ role: 'operator', cluster: '*' }] });
        const scope = { permissions: ['instance.read', 'key.rotate'], clusters: ['main'], namespaces: ['shop', 'blog'] };
        const narrow = await ask((await make({ scope, expiresAt: now + 1000 })).token);
        expect(narrow?.isNarrowed).toBe(true);
        expect(narrow?.grants.map(({ permissions, ...place }) => ({ ...place, permissions: [...permissions] }))).toEqual([
          { role: 'operator', cluster: 'main', namespace: 'shop', permissions: ['instance.read'] },
          { role: 'operator', cluster: 'main', namespace: 'blog', permissions: ['instance.read'] },
        ]);
        const short = (await make({ expiresAt: now + 1000 })).token;
        now += 1000;
        expect(await ask(short)).toBeUndefined();
      });

      it('is nobody once its person is disabled, it is removed, or the person is', async () => {
        const one = await make();
        await accounts.people.change(anna, { state: 'disabled' }, controllerIdentity);
        expect(await ask(one.token)).toBeUndefined();
        await accounts.people.change(anna, { state: 'active' }, controllerIdentity);
        expect(await ask(one.token)).toBeDefined();
        expect(await accounts.apiTokens.remove('somebody else', one.made.id)).toBe(false);
        await accounts.people.remove(anna, controllerIdentity);
        expect(await ask(one.token)).toBeUndefined();
      });
    });
  });
}
