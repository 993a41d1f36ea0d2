import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#migrations/store.ts';
import { createFileKeyProvider } from '../kube/encryption.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { identityOf, type RoleAt } from './grants.ts';
import { controllerIdentity, type Identity } from './identity.ts';
import { hashOf } from './sessions.ts';

/** What both engines have to do alike. */
export function peopleSuite(engine: string, open: () => Promise<Store>): void {
  describe(`people and roles in ${engine}`, () => {
    const root = controllerIdentity;
    const everywhere = (role: string): RoleAt => ({ role, cluster: '*', namespace: '*' });

    let store: Store;
    let accounts: Accounts;
    beforeEach(async () => {
      store = await open();
      const keys = createFileKeyProvider(join(mkdtempSync(join(tmpdir(), 'stackwarden-people-')), 'key'));
      accounts = createAccounts(store, { keys });
    });
    afterEach(() => store.close());

    const create = (username: string, ...bindings: RoleAt[]) => accounts.people.create({ username, bindings }, root);
    async function as(id: string): Promise<Identity> {
      const identity = await identityOf(store, id, { session: 's', how: 'cookie' });
      if (!identity) throw new Error(`${id} is nobody active`);
      return identity;
    }
    const refusal = (title: string) => expect.objectContaining({ name: 'Refusal', title });

    describe('people', () => {
      it('have names without case, once each', async () => {
        expect(await create(' Anna ')).toMatchObject({ username: 'anna', state: 'active', version: 1, hasPassword: false });
        await expect(create('ANNA')).rejects.toEqual(refusal('AlreadyExists'));
        for (const bad of ['', 'a b', '-a', 'unknown', 'system:admin', 'é'])
          await expect(create(bad), bad).rejects.toEqual(refusal('BadUsername'));
      });

      it('may what their roles allow, where they have them, and nothing once they are disabled', async () => {
        const anna = await create('anna', { role: 'operator', cluster: 'main', namespace: 'shop' });
        expect((await as(anna.id)).grants).toMatchObject([{ role: 'operator', cluster: 'main', namespace: 'shop' }]);
        await accounts.people.change(anna.id, { state: 'disabled' }, root);
        await expect(as(anna.id)).rejects.toThrow('nobody active');
      });

      it('are found by any part of what they are called, wildcards taken as they are', async () => {
        for (const username of ['anna_b', 'annaxb', 'carl']) await create(username);
        const found = async (text: string) => (await accounts.people.list({ text, limit: 10 })).items.map(({ username }) => username);
        expect(await found('NNA')).toEqual(['anna_b', 'annaxb']);
        expect(await found('a_b')).toEqual(['anna_b']);
        expect(await found('%')).toEqual([]);
        const page = await accounts.people.list({ limit: 2 });
        expect(page.next).toBe('annaxb');
        expect((await accounts.people.list({ limit: 2, after: page.next as string })).items.map(({ username }) => username)).toEqual([
          'carl',
        ]);
      });

      it('are changed by one at a time: who knows an older version is told', async () => {
        const { id } = await create('anna');
        await accounts.people.change(id, { displayName: 'Anna' }, root, 1);
        await expect(accounts.people.change(id, { displayName: 'A.' }, root, 1)).rejects.toEqual(refusal('PreconditionFailed'));
        expect(await accounts.people.get(id)).toMatchObject({ displayName: 'Anna', version: 2 });
      });

      it('lose their sessions when the password changes and when they are disabled', async () => {
        const { id } = await create('anna');
        const begin = () => accounts.sessions.start({ userId: id, stage: 'whole', how: 'password', address: '::1', userAgent: '' });
        for (const changes of [{ password: 'green tea at four' }, { state: 'disabled' }] as const) {
          const { cookie } = await begin();
          expect(await accounts.sessions.find(cookie)).toBeDefined();
          await accounts.people.change(id, changes, root);
          expect(await accounts.sessions.find(cookie)).toBeUndefined();
        }
      });
    });

    describe('nobody gives what they do not have', () => {
      it('not by a role, an invitation, or a role of their own making', async () => {
        const boss = await as((await create('boss', everywhere('admin'))).id);
        const { id } = await create('anna');
        await expect(accounts.people.bind(id, everywhere('super_admin'), boss)).rejects.toEqual(refusal('BeyondYourRights'));
        const invitation = { email: null, bindings: [everywhere('super_admin')], expiresAt: Date.now() + 60_000 };
        await expect(accounts.invitations.create(invitation, boss)).rejects.toEqual(refusal('BeyondYourRights'));
        const role = { name: 'mine', description: '', permissions: ['key.rotate'] as const };
        await expect(accounts.roles.create(role, boss)).rejects.toEqual(refusal('BeyondYourRights'));
        await expect(accounts.people.create({ username: 'b', bindings: [everywhere('super_admin')] }, boss)).rejects.toEqual(
          refusal('BeyondYourRights'),
        );
        expect((await accounts.people.bind(id, everywhere('operator'), boss)).binding).toMatchObject({
          role: 'operator',
          createdBy: 'boss',
        });
      });

      it('nor takes over or puts out who has more', async () => {
        const { id } = await create('root', everywhere('super_admin'));
        await create('root2', everywhere('super_admin'));
        const boss = await as((await create('boss', everywhere('admin'))).id);
        const binding = (await accounts.people.get(id)).bindings[0]?.id ?? '';
        await expect(accounts.people.change(id, { password: 'green tea at four' }, boss)).rejects.toEqual(refusal('BeyondYourRights'));
        await expect(accounts.people.change(id, { state: 'disabled' }, boss)).rejects.toEqual(refusal('BeyondYourRights'));
        await expect(accounts.people.remove(id, boss)).rejects.toEqual(refusal('BeyondYourRights'));
        await expect(accounts.people.unbind(id, binding, boss)).rejects.toEqual(refusal('BeyondYourRights'));
        await expect(accounts.people.checkMayHandle(id, boss)).rejects.toEqual(refusal('BeyondYourRights'));
      });

      it('and what reaches one cluster gives nothing elsewhere', async () => {
        const local = await as((await create('local', { role: 'admin', cluster: 'main', namespace: '*' })).id);
        const { id } = await create('anna');
        await expect(accounts.people.bind(id, everywhere('viewer'), local)).rejects.toEqual(refusal('BeyondYourRights'));
        await accounts.people.bind(id, { role: 'viewer', cluster: 'main', namespace: 'shop' }, local);
      });
    });

    describe('the last super_admin', () => {
      it('is neither removed, disabled nor demoted', async () => {
        const { id, bindings } = await create('root', everywhere('super_admin'));
        await create('half', { role: 'super_admin', cluster: 'main', namespace: '*' });
        const off = await create('off', everywhere('super_admin'));
        await accounts.people.change(off.id, { state: 'disabled' }, root);
        await expect(accounts.people.remove(id, root)).rejects.toEqual(refusal('LastSuperAdmin'));
        await expect(accounts.people.change(id, { state: 'disabled' }, root)).rejects.toEqual(refusal('LastSuperAdmin'));
        await expect(accounts.people.unbind(id, bindings[0]?.id ?? '', root)).rejects.toEqual(refusal('LastSuperAdmin'));
        expect(await accounts.people.get(id)).toMatchObject({ state: 'active', bindings: [{ role: 'super_admin' }] });
      });

      it('stays when the last two are put out at once, however that is done', async () => {
        const ways = [
          (id: string) => accounts.people.remove(id, root),
          (id: string) => accounts.people.change(id, { state: 'disabled' }, root),
          async (id: string) => accounts.people.unbind(id, (await accounts.people.get(id)).bindings[0]?.id ?? '', root),
        ];
        let number = 0;
        let survivor = await create('root', everywhere('super_admin'));
        for (const one of ways)
          for (const other of ways) {
            number += 1;
            const second = await create(`root${number}`, everywhere('super_admin'));
            const outcomes = await Promise.allSettled([one(survivor.id), other(second.id)]);
            expect(outcomes.map(({ status }) => status).toSorted(), String(number)).toEqual(['fulfilled', 'rejected']);
            survivor = outcomes[0]?.status === 'rejected' ? await accounts.people.get(survivor.id) : second;
          }
      });
    });

    describe('a role of one’s own', () => {
      const role = { name: 'night_shift', description: 'Restarts things', permissions: ['instance.read', 'instance.operate'] as const };

      it('grants what it lists, as it is now', async () => {
        await accounts.roles.create(role, root);
        const { id } = await create('anna', everywhere('night_shift'));
        expect([...((await as(id)).grants[0]?.permissions ?? [])]).toEqual(role.permissions);
        await accounts.roles.change('night_shift', { permissions: ['instance.read'] }, root, 1);
        expect([...((await as(id)).grants[0]?.permissions ?? [])]).toEqual(['instance.read']);
        await expect(accounts.roles.change('night_shift', { description: '' }, root, 1)).rejects.toEqual(refusal('PreconditionFailed'));
      });

      it('stays while somebody has it or is invited to it', async () => {
        await accounts.roles.create(role, root);
        const { id, bindings } = await create('anna', everywhere('night_shift'));
        await expect(accounts.roles.remove('night_shift', root)).rejects.toEqual(refusal('RoleInUse'));
        await accounts.people.unbind(id, bindings[0]?.id ?? '', root);
        const expiresAt = Date.now() + 60_000;
        const { invitation } = await accounts.invitations.create({ email: null, bindings: [everywhere('night_shift')], expiresAt }, root);
        await expect(accounts.roles.remove('night_shift', root)).rejects.toEqual(refusal('RoleInUse'));
        await accounts.invitations.remove(invitation.id);
        await accounts.roles.remove('night_shift', root);
        await expect(create('carl', everywhere('night_shift'))).rejects.toEqual(refusal('UnknownRole'));
      });

      it('is none of the four built-in ones, which stay as they are', async () => {
        await expect(accounts.roles.create({ ...role, name: 'viewer' }, root)).rejects.toEqual(refusal('AlreadyExists'));
        await expect(accounts.roles.change('viewer', { permissions: [] }, root)).rejects.toEqual(refusal('BuiltInRole'));
        await expect(accounts.roles.remove('viewer', root)).rejects.toEqual(refusal('BuiltInRole'));
      });
    });

    describe('an invitation', () => {
      it('is good for one person, who gets the roles agreed on', async () => {
        const { token } = await accounts.invitations.create(
          { email: 'a@example.org', bindings: [everywhere('viewer')], expiresAt: Date.now() + 60_000 },
          root,
        );
        await expect(accounts.invitations.accept(token, { username: 'anna', password: 'short' })).rejects.toEqual(refusal('BadPassword'));
        const outcomes = await Promise.allSettled(
          ['anna', 'carl'].map((username) => accounts.invitations.accept(token, { username, password: 'green tea at four' })),
        );
        expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        const { items } = await accounts.people.list({ limit: 10 });
        expect(items).toMatchObject([{ email: 'a@example.org', bindings: [{ role: 'viewer' }] }]);
      });
    });

    describe('the first person', () => {
      it('is admin with the first secret, once: what people change stays, and a new secret opens again', async () => {
        const insertToken = (id: string, secret: string) =>
          store.db.insert(store.tables.apiTokens).values({ id, name: 'first admin', user: 'admin', hash: hashOf(secret), createdAt: 0 });
        const signIn = (password: string) => accounts.signIn.first({ username: 'admin', password, address: '::1', userAgent: '' });
        await insertToken('t1', 'the first secret');
        await accounts.ensureFirstPerson('the first secret');
        const { session } = await signIn('the first secret');
        await accounts.people.change(session.userId, { password: 'green tea at four' }, root);
        await accounts.ensureFirstPerson('the first secret');
        await expect(signIn('the first secret')).rejects.toEqual(refusal('SignInFailed'));
        await store.db.delete(store.tables.apiTokens);
        await insertToken('t2', 'the second secret');
        await accounts.ensureFirstPerson('the second secret');
        expect((await signIn('the second secret')).session.userId).toBe(session.userId);
        expect((await as(session.userId)).groups).toContain('system:masters');
        await insertToken('t3', 'that of a process that joined');
        await accounts.ensureFirstPerson('that of a process that joined');
        await expect(signIn('that of a process that joined')).rejects.toEqual(refusal('SignInFailed'));
      });
    });
  });
}
