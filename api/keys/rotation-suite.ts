import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import type { Store } from '#migrations/store.ts';
import { newDataKey, open, type Sealed } from '../kube/encryption.ts';
import { fixedKeys, type KeyRing, openKeyFile } from '../kube/key-file.ts';
import { SealedStore } from '../kube/sealed-store.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';
import { createKeyRotation, type KeyRotation, KeysNotOurs } from './rotation.ts';

const anna = { user: 'anna' };
const secretText = (name: string, turn: number) => `planted-${name}-${turn}`;

/** `openStore` opens an empty database; the kills come where each of the seeds puts them. */
export function rotationSuite(engine: string, openStore: () => Promise<Store>, seeds: readonly number[]): void {
  describe(`rotating the key on ${engine}`, () => {
    let room: string;
    let file: string;
    let store: Store;
    let audit: Audit;

    beforeEach(async () => {
      room = mkdtempSync(join(tmpdir(), 'stackwarden-keys-'));
      file = join(room, 'encryption.key');
      openKeyFile(file, { create: true });
      store = await openStore();
      audit = createAudit(store, { clock: { now: Date.now } });
    });
    afterEach(async () => {
      await store.close();
      rmSync(room, { recursive: true });
    });

    const ring = () => openKeyFile(file, { create: false });
    const rotationOf = (more: Partial<Parameters<typeof createKeyRotation>[0]> = {}): KeyRotation =>
      createKeyRotation({ store, keys: ring(), audit, log: () => undefined, settleMs: 0, ...more });
    const secretsOf = (keys: KeyRing) => new SealedStore(createObjectStore(store), keys);

    async function plant(sealed: SealedStore, name: string, turn: number, expected?: number): Promise<number> {
      const common = {
        key: { resource: 'secrets', namespace: 'default', name },
        uid: `uid-${name}`,
        at: Date.now(),
        body: () => JSON.stringify({ data: secretText(name, turn) }),
      };
      const stored = await sealed.write(expected === undefined ? { op: 'create', ...common } : { op: 'replace', expected, ...common });
      return stored.resourceVersion;
    }
    const readAll = async (keys: KeyRing) =>
      new Map((await secretsOf(keys).page('secrets', {})).map(({ name, body }) => [name, (JSON.parse(body) as { data: string }).data]));
    const idsOf = () => ring().ids();

    async function addUser(keys: KeyRing): Promise<void> {
      const totp = (await newDataKey(keys)).seal('planted-totp', 'users|u1|totp');
      await store.db
        .insert(store.tables.users)
        .values({ id: 'u1', username: 'u1', state: 'active', createdAt: 0, createdBy: 'anna', version: 1, totp });
    }
    async function totpOf(keys: KeyRing): Promise<string> {
      const [row] = await store.db.select().from(store.tables.users);
      return open(keys, row?.totp as Sealed, 'users|u1|totp');
    }

    async function addTerminalKey(keys: KeyRing): Promise<void> {
      const key = { id: 'k1', name: 'deploy', cluster: '*', algorithm: 'ssh-ed25519', fingerprint: 'SHA256:x', publicKey: 'ssh-ed25519 x' };
      const secret = (await newDataKey(keys)).seal('planted-key', 'terminal_keys|k1');
      await store.db.insert(store.tables.terminalKeys).values({ ...key, secret, createdBy: 'anna', createdAt: 0 });
    }
    async function terminalKeyOf(keys: KeyRing): Promise<string> {
      const [row] = await store.db.select().from(store.tables.terminalKeys);
      return open(keys, row?.secret as Sealed, 'terminal_keys|k1');
    }

    it('wraps everything anew, in objects, their events, second factors and keys of terminals, and takes the old key off', async () => {
      const sealed = secretsOf(ring());
      for (const name of ['a', 'b', 'c']) await plant(sealed, name, 1);
      const versions = (await sealed.page('secrets', {})).map(({ resourceVersion }) => resourceVersion);
      await plant(sealed, 'a', 2, versions[0]);
      await addUser(ring());
      await addTerminalKey(ring());
      const [old = ''] = idsOf();
      const rotation = rotationOf();
      expect(await rotation.status()).toMatchObject({ keys: [{ id: old, current: true, rows: 9 }], rows: 9, unreadable: 0, ours: true });
      await rotation.start(anna);
      await rotation.idle();

      const [fresh = '', ...others] = idsOf();
      expect([fresh === old, others]).toEqual([false, []]);
      expect(await rotation.status()).toMatchObject({
        keys: [{ id: fresh, current: true, rows: 9 }],
        unreadable: 0,
        rotation: { state: 'done', from: [old], to: fresh, rewrapped: 9, startedBy: 'anna' },
      });
      expect(await readAll(ring())).toEqual(
        new Map([
          ['a', 'planted-a-2'],
          ['b', 'planted-b-1'],
          ['c', 'planted-c-1'],
        ]),
      );
      expect(await totpOf(ring())).toBe('planted-totp');
      expect(await terminalKeyOf(ring())).toBe('planted-key');
      expect((await secretsOf(ring()).events(0, 100)).map(({ body }) => (JSON.parse(body) as { data: string }).data)).toContain(
        'planted-a-1',
      );
      // No watch notices: nothing was written as far as Kubernetes goes.
      expect((await secretsOf(ring()).page('secrets', {})).slice(1).map(({ resourceVersion }) => resourceVersion)).toEqual(
        versions.slice(1),
      );
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect((await audit.list()).items.map(({ type, actor }) => `${actor} ${type}`)).toEqual([
        'anna KeyRotated',
        'anna KeyRotationStarted',
      ]);
    });

    it('keeps the old key for a backup from before, where nothing is wrapped with it', async () => {
      const was = readFileSync(file, 'utf8');
      const rotation = rotationOf();
      await rotation.start(anna);
      await rotation.idle();
      expect(readFileSync(`${file}.retired`, 'utf8')).toBe(was);
      expect(statSync(`${file}.retired`).mode & 0o777).toBe(0o600);
    });

    it('leaves a row under a key that is gone as it is, and counts it', async () => {
      await plant(secretsOf(openKeyFile(join(room, 'lost'), { create: true })), 'lost', 1);
      await plant(secretsOf(ring()), 'a', 1);
      const rotation = rotationOf();
      await rotation.start(anna);
      await rotation.idle();
      expect(await rotation.status()).toMatchObject({ rows: 4, unreadable: 2, rotation: { state: 'done', rewrapped: 2 } });
    });

    it('asks for another key where keys are given from outside, and leaves the old one to whoever gives them', async () => {
      const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
      await plant(secretsOf(fixedKeys([a])), 'x', 1);
      await expect(rotationOf({ keys: fixedKeys([a]) }).start(anna)).rejects.toThrow(KeysNotOurs);
      const rotation = rotationOf({ keys: fixedKeys([b, a]) });
      await rotation.start(anna);
      await rotation.idle();
      expect(await readAll(fixedKeys([b]))).toEqual(new Map([['x', 'planted-x-1']]));
    });

    it.each(seeds)('ends well though it is killed five times while somebody writes (seed %i)', async (seed) => {
      const random = randomOf(seed);
      const first = ring().id;
      const setUp = secretsOf(ring());
      const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
      const acknowledged = new Map<string, string>();
      const versions = new Map<string, number>();
      for (const name of names) {
        versions.set(name, await plant(setUp, name, 0));
        acknowledged.set(name, secretText(name, 0));
      }
      await addUser(ring());

      // Another process: it knows nothing of the rotation but the file.
      const writer = secretsOf(ring());
      const enough = new AbortController();
      const writing = (async () => {
        for (let turn = 1; !enough.signal.aborted; turn += 1) {
          const name = names[Math.floor(random() * names.length)] ?? '';
          versions.set(name, await plant(writer, name, turn, versions.get(name)));
          acknowledged.set(name, secretText(name, turn));
        }
      })();

      // What a write on a busy machine takes between its key and its row.
      const settleMs = 300;
      let kills = 0;
      for (let life = 0; kills < 5; life += 1) {
        const death = deathAt(1 + Math.floor(random() * 9), random() < 0.5);
        const rotation = rotationOf({ settleMs, store: death.over(store, ['tx']), keys: death.over(ring(), ['renew', 'retire']) });
        await (life === 0 ? rotation.start(anna) : rotation.resume()).catch(() => undefined);
        // It may have got through before its time came: then another is asked for.
        if (!death.came()) await rotation.start(anna).catch(() => undefined);
        await rotation.idle();
        if (death.came()) kills += 1;
      }
      const last = rotationOf({ settleMs });
      await last.resume();
      await last.idle();
      enough.abort();
      await writing;
      expect(idsOf()).toHaveLength(1);
      expect(idsOf()).not.toContain(first);
      expect(await readAll(ring())).toEqual(acknowledged);
      expect(await totpOf(ring())).toBe('planted-totp');
      const events = await secretsOf(ring()).events(0, 10_000);
      expect(events.every(({ body }) => body.includes('planted-'))).toBe(true);
      expect(await last.status()).toMatchObject({ unreadable: 0, rotation: { state: 'done' } });
    });

    it('leaves nothing in a dump of the database that says a secret', async () => {
      for (const name of ['a', 'b']) await plant(secretsOf(ring()), name, 1);
      await addUser(ring());
      await addTerminalKey(ring());
      const rotation = rotationOf();
      await rotation.start(anna);
      await rotation.idle();
      const rows = [];
      for (const table of Object.values(store.tables)) rows.push(await store.db.select().from(table));
      const dump = JSON.stringify(rows);
      expect(dump).toContain('uid-a');
      const keys = [...readFileSync(file, 'utf8').trim().split('\n'), ...readFileSync(`${file}.retired`, 'utf8').trim().split('\n')];
      expect(keys).toHaveLength(2);
      expect(['planted', ...keys].flatMap(formsOf).filter((form) => dump.includes(form))).toEqual([]);
    });
  });
}

/** A text as it may stand in a dump: itself, in hex, and of its base64 what does not depend on where it begins. */
export function formsOf(text: string): string[] {
  const inBase64 = [0, 1, 2].map((pad) =>
    Buffer.from('.'.repeat(pad) + text)
      .toString('base64')
      .slice(pad === 0 ? 0 : 4, -4),
  );
  return [text, Buffer.from(text).toString('hex'), ...inBase64];
}

function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** The end of a process, right before or after the n-th of the calls it is put around: from then on each of them fails. */
function deathAt(n: number, isAfter: boolean) {
  let count = 0;
  let isDead = false;
  const die = () => {
    isDead = true;
    throw new Error('killed');
  };
  const around =
    (call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      if (isDead) throw new Error('killed');
      count += 1;
      if (count === n && !isAfter) die();
      const result = call(...args);
      if (count < n) return result;
      return result instanceof Promise ? result.then(die) : die();
    };
  return {
    came: () => isDead,
    over: <T extends object>(target: T, names: readonly string[]): T =>
      new Proxy(target, {
        get(real, name) {
          const value: unknown = Reflect.get(real, name);
          if (typeof value !== 'function') return value;
          const bound = value.bind(real) as (...args: unknown[]) => unknown;
          return names.includes(String(name)) ? around(bound) : bound;
        },
      }),
  };
}
