import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#migrations/store.ts';
import { createFileKeyProvider } from '../../kube/encryption.ts';
import { createTerminalKeys, type TerminalKeys } from './keys.ts';
import { generatePrivateKey, type PrivateKey } from './private-key.ts';
import { createTerminalProfiles, type ProfileFields, type TerminalProfiles } from './profiles.ts';

/** What both engines have to do alike. */
export function profileSuite(engine: string, open: () => Promise<Store>): void {
  describe(`connection profiles and their keys in ${engine}`, () => {
    let room: string;
    let store: Store;
    let keys: TerminalKeys;
    let profiles: TerminalProfiles;
    let now = 0;
    let key: PrivateKey;
    beforeEach(async () => {
      room = mkdtempSync(join(tmpdir(), 'stackwarden-profiles-'));
      store = await open();
      now = 1_800_000_000_000;
      keys = createTerminalKeys(store, { keys: createFileKeyProvider(join(room, 'key')), now: () => now });
      profiles = createTerminalProfiles({ store, keys, now: () => now });
      key = generatePrivateKey();
    });
    afterEach(async () => {
      await store.close();
      rmSync(room, { recursive: true });
    });

    const addKey = (name: string, cluster = '*') => keys.create({ name, cluster, key }, 'anna');
    const fields = (more: Partial<ProfileFields> = {}): ProfileFields => ({
      name: 'default',
      cluster: 'main',
      serverId: '',
      user: 'debian',
      port: 22,
      via: 'any',
      keyId: null,
      ...more,
    });
    const add = (more: Partial<ProfileFields> = {}) => profiles.create(fields(more), 'anna');
    const problem = (title: string, detail = '') => expect.objectContaining({ title, message: expect.stringContaining(detail) });
    const web = { cluster: 'main', serverId: 's-1' };

    it('keep a private key sealed: what is shown and what is stored does not hold it, and whoever signs in gets it', async () => {
      const made = await addKey('deploy');
      expect(made).toMatchObject({ name: 'deploy', cluster: '*', algorithm: 'ssh-ed25519', fingerprint: key.fingerprint, profiles: 0 });
      const secrets = [key.pem, ...key.pem.split('\n').filter((line) => line.length > 40)];
      const seen = JSON.stringify([made, await keys.get(made.id), await keys.list({ limit: 10 })]);
      const stored = JSON.stringify(await store.db.select().from(store.tables.terminalKeys));
      expect(secrets.filter((secret) => seen.includes(secret) || stored.includes(secret))).toEqual([]);
      now += 1000;
      const { id } = await add({ keyId: made.id });
      expect(await profiles.profile(web, id)).toEqual({ id, name: 'default', user: 'debian', port: 22, via: 'any', privateKey: key.pem });
      expect(await keys.get(made.id)).toMatchObject({ lastUsedAt: now, profiles: 1 });
    });

    it('open no row that was put in the place of another', async () => {
      const [mine, other] = [await addKey('a'), await addKey('b')];
      const [row] = (await store.db.select().from(store.tables.terminalKeys)).filter(({ id }) => id === other.id);
      await store.db.update(store.tables.terminalKeys).set({ secret: row?.secret });
      await expect(keys.use(mine.id)).rejects.toThrow();
    });

    it('have names once each at their place', async () => {
      await addKey('deploy');
      await addKey('deploy', 'main');
      await expect(addKey('deploy')).rejects.toEqual(problem('AlreadyExists', 'all clusters'));
      await add();
      await add({ serverId: 's-1' });
      await add({ cluster: 'lab' });
      await expect(add()).rejects.toEqual(problem('AlreadyExists'));
      const other = await add({ name: 'other' });
      await expect(profiles.change(other, fields())).rejects.toEqual(problem('AlreadyExists'));
    });

    it('take keys of their own cluster and of all, and no others', async () => {
      const [common, own, foreign] = [await addKey('a'), await addKey('b', 'main'), await addKey('c', 'lab')];
      await add({ name: 'one', keyId: common.id });
      const two = await add({ name: 'two', keyId: own.id });
      for (const keyId of [foreign.id, 'none']) {
        await expect(add({ name: 'three', keyId })).rejects.toEqual(problem('BadRequest', 'keyId'));
        await expect(profiles.change(two, fields({ name: 'two', keyId }))).rejects.toEqual(problem('BadRequest', 'keyId'));
      }
    });

    it('hold a key that is in use, and say where it is', async () => {
      const made = await addKey('deploy');
      const profile = await add({ name: 'web', keyId: made.id });
      await expect(keys.remove(made.id)).rejects.toEqual(problem('KeyInUse', 'web (main)'));
      await profiles.change(profile, fields({ name: 'web' }));
      await keys.remove(made.id);
      expect(await keys.get(made.id)).toBeUndefined();
      expect(await keys.use(made.id)).toBeUndefined();
    });

    it('never come to name a key that is being removed', async () => {
      for (let turn = 0; turn < 10; turn += 1) {
        const made = await addKey(`key-${turn}`);
        const [added, removed] = await Promise.allSettled([add({ name: `p-${turn}`, keyId: made.id }), keys.remove(made.id)]);
        expect([added.status, removed.status].toSorted(), `turn ${turn}`).toEqual(['fulfilled', 'rejected']);
      }
    });

    it('fit the instances of their cluster, or one; its own come first', async () => {
      await add({ name: 'b' });
      await add({ name: 'z', serverId: 's-1' });
      await add({ name: 'a', serverId: 's-2' });
      const foreign = await add({ name: 'a', cluster: 'lab' });
      const names = async (serverId: string) => (await profiles.fitting({ cluster: 'main', serverId })).map(({ name }) => name);
      expect([await names('s-1'), await names('s-2'), await names('s-3')]).toEqual([['z', 'b'], ['a', 'b'], ['b']]);
      expect(await profiles.profile(web, foreign.id), 'of another cluster').toBeUndefined();
      expect(await profiles.profile(web, 'none')).toBeUndefined();
    });

    it('hold by the name default when nothing is said, that of the instance before that of the cluster', async () => {
      expect(await profiles.profile(web)).toBeUndefined();
      await add({ user: 'of-cluster' });
      expect(await profiles.profile(web)).toMatchObject({ user: 'of-cluster' });
      await add({ user: 'of-instance', serverId: 's-1' });
      expect(await profiles.profile(web)).toMatchObject({ user: 'of-instance' });
      expect(await profiles.profile({ ...web, serverId: 's-2' })).toMatchObject({ user: 'of-cluster' });
    });

    it('are changed by one at a time: who read an older state is told', async () => {
      const first = await add();
      const second = await profiles.change(first, fields({ user: 'root' }));
      expect(second.updatedAt).toBeGreaterThan(first.updatedAt);
      await expect(profiles.change(first, fields({ user: 'late' }))).rejects.toEqual(problem('PreconditionFailed'));
      expect(await profiles.get(first.id)).toMatchObject({ user: 'root', createdBy: 'anna' });
      await profiles.remove(first.id);
      await expect(profiles.change(second, fields())).rejects.toEqual(problem('PreconditionFailed'));
    });

    it('are a thousand in a cluster at most', async () => {
      const many = Array.from({ length: 999 }, (_, index) => ({
        ...fields({ name: `p-${index}` }),
        id: `i-${index}`,
        createdBy: 'x',
        updatedAt: 1,
      }));
      await store.db.insert(store.tables.terminalProfiles).values(many);
      const last = await add({ name: 'last' });
      await expect(add({ name: 'more' })).rejects.toEqual(problem('TooManyProfiles'));
      const elsewhere = await add({ name: 'more', cluster: 'lab' });
      await expect(profiles.change(elsewhere, fields({ name: 'more' }))).rejects.toEqual(problem('TooManyProfiles'));
      expect(await profiles.change(last, fields({ name: 'renamed' }))).toMatchObject({ name: 'renamed' });
    });

    it('are listed in order, page by page, of the clusters one may see', async () => {
      for (const cluster of ['main', 'lab']) for (const name of ['b', 'a']) await add({ name, cluster });
      await add({ name: 'c', serverId: 's-1' });
      const all = async (clusters?: readonly string[]) => {
        const seen: string[] = [];
        for (let after: [string, string, string] | undefined; ; ) {
          const page = await profiles.list({ ...(clusters && { clusters }), limit: 2, ...(after && { after }) });
          seen.push(...page.map(({ cluster, serverId, name }) => [cluster, serverId, name].join('/')));
          const last = page.at(-1);
          if (!last || page.length < 2) return seen;
          after = [last.cluster, last.serverId, last.name];
        }
      };
      expect(await all()).toEqual(['lab//a', 'lab//b', 'main//a', 'main//b', 'main/s-1/c']);
      expect(await all(['main'])).toEqual(['main//a', 'main//b', 'main/s-1/c']);
      expect(await all([])).toEqual([]);
      for (const name of ['b', 'a', 'c']) await addKey(name, 'main');
      await addKey('z');
      const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);
      expect(names(await keys.list({ limit: 3 }))).toEqual(['z', 'a', 'b']);
      expect(names(await keys.list({ limit: 3, after: ['main', 'b'] }))).toEqual(['c']);
      expect(names(await keys.list({ clusters: ['*', 'lab'], limit: 3 }))).toEqual(['z']);
    });
  });
}
