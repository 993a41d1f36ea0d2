import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '#migrations/store.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { openKeyFile } from '../kube/key-file.ts';
import { SealedStore } from '../kube/sealed-store.ts';
import { createObjectStore } from '../kube/sql-object-store.ts';

const secrets = 400;
const kills = 5;
const textOf = (name: string) => `planted-${name}`;

describe('a rotation of the key that is killed again and again', { timeout: 120_000 }, () => {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-rotation-'));
  const keyFile = join(room, 'encryption.key');
  const open = () => openStore(`sqlite:${join(room, 'db')}`);
  const rotate = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'rotator.fixture.ts'), room], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    return child;
  };

  beforeAll(async () => {
    const store = await open();
    const sealed = new SealedStore(createObjectStore(store), openKeyFile(keyFile, { create: true }));
    await Promise.all(
      Array.from({ length: secrets }, (_, index) => {
        const name = `s-${index}`;
        const body = () => JSON.stringify({ data: textOf(name) });
        return sealed.write({ op: 'create', key: { resource: 'secrets', namespace: 'default', name }, uid: `uid-${name}`, at: 1, body });
      }),
    );
    await store.close();
  });
  afterAll(() => rmSync(room, { recursive: true }));

  it('is finished by the next that is not, under a new key alone, with every secret as it was', async () => {
    const random = seededRandom('rotation kills');
    const [first] = openKeyFile(keyFile, { create: false }).ids();
    let hits = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const child = await rotate();
      await new Promise((done) => setTimeout(done, 20 + random() * 250));
      if (child.exitCode === null) hits += 1;
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    console.log(`${hits} of ${kills} kills came while it ran`);
    const last = await rotate();
    await once(last, 'exit');
    expect(last.exitCode).toBe(0);

    const keys = openKeyFile(keyFile, { create: false });
    expect(keys.ids().length).toBe(1);
    expect(keys.ids()).not.toContain(first);
    const store = await open();
    const sealed = new SealedStore(createObjectStore(store), keys);
    const found = (await sealed.page('secrets', {})).map(({ name, body }) => [name, (JSON.parse(body) as { data: string }).data]);
    expect(found.length).toBe(secrets);
    expect(found.filter(([name = '', text]) => text !== textOf(name))).toEqual([]);
    await store.close();
  });
});
