import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import type { Store } from '#migrations/store.ts';
import type { Target } from '../ports.ts';
import { debian12, oldCloudInit, printed, ubuntu2404 } from './console-logs.fixture.ts';
import { readPublicKey } from './host-key.ts';
import { addPins, forgetPins, forgetPinsOfGone, listPins, type Pin, pinsOf } from './host-key-rows.ts';
import { createHostKeys, type KnownHosts } from './host-keys.ts';

const minuteMs = 60_000;
const web: Target = { cluster: 'main', serverId: 's-1', name: 'web', place: { cluster: 'main', namespace: 'shop' }, addresses: [] };
const blobOf = ({ line }: { readonly line: string }): Buffer => {
  const key = readPublicKey(line);
  if ('flaw' in key) throw new Error(key.flaw);
  return key.blob;
};
const [ed25519, ecdsa, stranger] = [blobOf(printed.deb.ed25519), blobOf(printed.deb.ecdsa), blobOf(printed.ubu.ed25519)];
const found = (of: { readonly fingerprint: string }) => ({ fingerprint: of.fingerprint, algorithm: 'ssh-ed25519' });

/** What both engines have to do alike. */
export function hostKeySuite(engine: string, open: () => Promise<Store>): void {
  describe(`host keys in ${engine}`, () => {
    let store: Store;
    let audit: Audit;
    let hosts: KnownHosts;
    let log: string | undefined;
    let reads = 0;
    let rebuiltAt = 0;
    let now = 0;
    let alarms: string[];
    beforeEach(async () => {
      store = await open();
      [log, reads, rebuiltAt, now, alarms] = [undefined, 0, 0, 1_800_000_000_000, []];
      const clock = { now: () => now };
      audit = createAudit(store, { clock });
      hosts = createHostKeys({
        store,
        audit,
        clock,
        guests: {
          async consoleLog() {
            reads += 1;
            return log;
          },
          wasRebuilt: async (_cluster, _serverId, since) => rebuiltAt >= since,
        },
        alarm: { changed: (_host, message) => void alarms.push(message) },
      });
    });
    afterEach(() => store.close());

    const check = (key: Buffer, { port = 22, target = web } = {}) => hosts.check(target, port, key, 'anna');
    const pinned = async (port = 22) =>
      (await pinsOf(store, { cluster: 'main', serverId: 's-1', port })).map(({ fingerprint }) => fingerprint).toSorted();
    const audited = async (type: string) => (await audit.list({ type })).items;
    const ofDebian = [printed.deb.ecdsa, printed.deb.ed25519, printed.deb.rsa].map(({ fingerprint }) => fingerprint).toSorted();

    it('are learnt from the console log when the host shows one of them, all that it holds, once', async () => {
      log = debian12;
      expect(await check(ed25519)).toEqual({ verdict: 'known' });
      expect(await pinned()).toEqual(ofDebian);
      expect(await audited('HostKeyLearnt')).toMatchObject([{ actor: 'anna', cluster: 'main', cloudId: 's-1', result: 'ok' }]);
      log = undefined;
      expect(await check(ecdsa)).toEqual({ verdict: 'known' });
      expect([reads, (await audited('HostKeyLearnt')).length]).toEqual([1, 1]);
    });

    it('that are known are marked as seen', async () => {
      log = debian12;
      await check(ed25519);
      now += minuteMs;
      await check(ed25519);
      const pins = await pinsOf(store, { cluster: 'main', serverId: 's-1', port: 22 });
      const seen = pins.map(({ algorithm, learntFrom, by, at, lastSeenAt }) => [algorithm, learntFrom, by, now - at, lastSeenAt]);
      expect(seen.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual([
        ['ecdsa-sha2-nistp256', 'console-log', 'anna', minuteMs, null],
        ['ssh-ed25519', 'console-log', 'anna', minuteMs, now],
        ['ssh-rsa', 'console-log', 'anna', minuteMs, null],
      ]);
    });

    it('are unknown without a log, and known once somebody accepted them', async () => {
      expect(await check(ed25519)).toEqual({ verdict: 'unknown', found: found(printed.deb.ed25519) });
      log = 'cirros login:';
      expect((await check(ed25519)).verdict).toBe('unknown');
      await hosts.accept(web, 22, ed25519, 'root');
      expect(await check(ed25519)).toEqual({ verdict: 'known' });
      expect(await audited('HostKeyAccepted')).toMatchObject([{ actor: 'root', cloudId: 's-1', result: 'ok' }]);
      await hosts.accept(web, 22, ed25519, 'root');
      expect(await pinned()).toEqual([printed.deb.ed25519.fingerprint]);
    });

    it('are of one host alone: another server, cluster or port does not have them', async () => {
      await hosts.accept(web, 22, ed25519, 'root');
      for (const other of [{ port: 2222 }, { target: { ...web, serverId: 's-2' } }, { target: { ...web, cluster: 'lab' } }])
        expect((await check(ed25519, other)).verdict).toBe('unknown');
    });

    it('that are others than those pinned are refused, recorded and alarmed, whatever the log says meanwhile', async () => {
      log = debian12;
      await check(ed25519);
      log = ubuntu2404;
      const verdict = await check(stranger);
      expect(verdict).toMatchObject({ verdict: 'changed', found: found(printed.ubu.ed25519), wasRebuilt: false });
      expect(verdict.verdict === 'changed' && verdict.pinned.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(ofDebian);
      expect(await pinned()).toEqual(ofDebian);
      const [entry] = await audited('HostKeyChanged');
      expect(entry).toMatchObject({ actor: 'anna', cluster: 'main', cloudId: 's-1', result: 'denied' });
      for (const print of [printed.ubu.ed25519.fingerprint, ...ofDebian, 'not rebuilt']) expect(entry?.message).toContain(print);
      expect(alarms).toEqual([entry?.message]);
    });

    it('of another algorithm than those pinned are refused as well: who stands in between would offer just that', async () => {
      await hosts.accept(web, 22, ed25519, 'root');
      expect((await check(ecdsa)).verdict).toBe('changed');
    });

    it('that changed with a rebuild say so, when it came behind the pin', async () => {
      await hosts.accept(web, 22, ed25519, 'root');
      rebuiltAt = now - minuteMs;
      expect(await check(stranger)).toMatchObject({ verdict: 'changed', wasRebuilt: false });
      rebuiltAt = now + minuteMs;
      expect(await check(stranger)).toMatchObject({ verdict: 'changed', wasRebuilt: true });
      await forgetPins(store, web, {});
      log = ubuntu2404;
      expect(await check(stranger)).toEqual({ verdict: 'known' });
    });

    it('that the console log does not hold are refused at the usual port, and unknown at others', async () => {
      log = debian12;
      expect(await check(stranger)).toMatchObject({ verdict: 'changed', found: found(printed.ubu.ed25519), wasRebuilt: false });
      expect((await check(stranger, { port: 2222 })).verdict).toBe('unknown');
      expect(await pinned(), 'nothing was learnt from a log that fits nobody').toEqual([]);
      expect(alarms.length).toBe(1);
      log = oldCloudInit;
      expect(await check(stranger)).toMatchObject({
        verdict: 'changed',
        pinned: [{ fingerprint: expect.stringMatching(/^MD5:/) }, {}, {}],
      });
      expect(await check(blobOf(printed.old.ed25519))).toEqual({ verdict: 'known' });
      expect(await pinned(), 'of MD5 only the key that was shown can be pinned').toEqual([printed.old.ed25519.fingerprint]);
    });

    it('that are certificates, weak or none are refused in words', async () => {
      const string = (bytes: Buffer | string) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), Buffer.from(bytes)]);
      const certificate = Buffer.concat([string('ssh-ed25519-cert-v01@openssh.com'), string(Buffer.alloc(32)), string(Buffer.alloc(32))]);
      const dsa = Buffer.concat(['ssh-dss', '1', '2', '3', '4'].map(string));
      for (const [key, words] of [
        [certificate, 'is a certificate'],
        [dsa, 'DSA'],
        [Buffer.from('hello'), 'no SSH public key'],
        [Buffer.alloc(0), 'no SSH public key'],
      ] as const) {
        const refused = expect.objectContaining({ name: 'OpenFailed', message: expect.stringContaining(words) });
        await expect(check(key), words).rejects.toEqual(refused);
        await expect(hosts.accept(web, 22, key, 'root'), words).rejects.toEqual(refused);
      }
      expect(await pinned()).toEqual([]);
    });

    it('that two accept at once are one: the other is told', async () => {
      const answers = await Promise.allSettled([ed25519, stranger].map((key) => hosts.accept(web, 22, key, 'root')));
      expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await pinned()).length).toBe(1);
      const [lost] = answers.filter((answer) => answer.status === 'rejected');
      expect(lost?.reason).toMatchObject({ name: 'OpenFailed', end: { reason: 'host-key-changed' } });
    });

    it('are learnt early without a key to hold them against, and kept apart from what is known already', async () => {
      expect(await hosts.learn(web, 22, 'system')).toBe(false);
      log = debian12;
      expect(await hosts.learn(web, 22, 'system')).toBe(true);
      expect(await pinned()).toEqual(ofDebian);
      log = ubuntu2404;
      expect(await hosts.learn(web, 22, 'system')).toBe(true);
      expect(await pinned()).toEqual(ofDebian);
      expect(await audited('HostKeyLearnt')).toMatchObject([{ actor: 'system' }]);
    });

    it('of instances that are gone for long are forgotten, and of no others', async () => {
      const day = 24 * 60 * minuteMs;
      const row = (id: string, goneAt: number | null) => ({
        cluster: 'main',
        type: 'server',
        id,
        name: id,
        projectId: null,
        ownerUid: null,
        body: {},
        hash: '',
        firstSeen: 0,
        changedAt: 0,
        goneAt,
      });
      await store.db.insert(store.tables.inventory).values([row('there', null), row('gone', 1), row('new', 1)]);
      for (const serverId of ['there', 'gone', 'never-seen', 'new']) {
        if (serverId === 'new') now += 40 * day;
        await hosts.accept({ ...web, serverId }, 22, ed25519, 'root');
      }
      await hosts.accept({ ...web, serverId: 'gone' }, 2222, ed25519, 'root');
      expect(await forgetPinsOfGone(store, now - 30 * day, () => false)).toBe(3);
      const left = (await listPins(store, {}, { limit: 100 })).map(({ serverId }) => serverId);
      expect(left).toEqual(['new', 'there']);
    });

    it('are forgotten by port and fingerprint, and pinned by hand beside others', async () => {
      const pin = (port: number, fingerprint: string): Pin => ({
        ...found({ fingerprint }),
        cluster: 'main',
        serverId: 's-1',
        port,
        publicKey: '',
        learntFrom: 'accepted',
        by: 'root',
        at: now,
        lastSeenAt: null,
      });
      await addPins(store, [pin(22, 'SHA256:a'), pin(22, 'SHA256:b'), pin(2222, 'SHA256:a'), pin(22, 'SHA256:a')]);
      expect((await forgetPins(store, web, { port: 22, fingerprint: 'SHA256:a' })).map(({ port }) => port)).toEqual([22]);
      expect([await pinned(), await pinned(2222)]).toEqual([['SHA256:b'], ['SHA256:a']]);
      expect((await forgetPins(store, web, {})).length).toBe(2);
      expect(await forgetPins(store, web, {})).toEqual([]);
    });
  });
}
