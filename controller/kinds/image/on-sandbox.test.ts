import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCloudInventory, type ManagedInventory } from '#controller/inventory/cloud-inventory.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import * as images from '#controller/openstack/image/images.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { openStore } from '#migrations/store.ts';
import type { CloudHandle } from '../handle.ts';
import { ask } from '../inventory.fixture.ts';
import { Obstacle } from '../obstacle.ts';
import { type ImageSpec, image } from './image.ts';
import type { ImageSource } from './source.ts';

type Handle = CloudHandle & { inventory: ManagedInventory };
const clock = {
  now: () => Date.now(),
  after(ms: number, call: () => void) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
const owner = { uid: 'uid-1', key: 'default/golden', namespace: 'default', name: 'golden' };

let sandbox: Sandbox;
let web: Server;
let origin = '';
/** Answers that were begun and wait for the test to end them. */
const begun: ServerResponse[] = [];
let cloud: Handle;

/** A controller that has just started, and looked once. */
async function start(): Promise<Handle> {
  const client = connectCloud(parseCloudConfig({ cloudsYaml: sandbox.cloudsYaml('main'), cloud: 'main' }), { name: 'main' });
  const store = await openStore('sqlite::memory:');
  const inventory = createCloudInventory({ cluster: 'main', client, store, clock, random: Math.random, onEvent() {}, log() {} });
  await inventory.sweep();
  return { client, inventory };
}
async function stop({ client, inventory }: Handle): Promise<void> {
  await client.close();
  await inventory.stop();
}

beforeAll(async () => {
  web = createServer((request, response) => {
    response.writeHead(200);
    if (request.url === '/slow') response.write('first', () => void begun.push(response));
    else response.end('all of it');
  });
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});
afterAll(() => {
  web.closeAllConnections();
  web.close();
});
beforeEach(async () => {
  sandbox = await startSandbox();
  cloud = await start();
});
afterEach(async () => {
  await stop(cloud);
  await sandbox.close();
});

const desired = (source: ImageSource) => {
  const spec: ImageSpec = { clusterRef: { name: 'main' }, source, diskFormat: 'raw' };
  return image.desire(spec, ask({ cloud, uid: owner.uid, name: owner.name }).resolve);
};
const made = () => [...sandbox.store.images.values()].filter(({ name }) => name === 'golden');
/** One pass over what is there. */
async function pass(source: ImageSource, on: Handle = cloud): Promise<string> {
  const seen = image.observe(on, owner);
  if (seen.found !== 'one') return seen.found;
  const wish = desired(source);
  const { changes, waiting } = image.diff(wish, seen.observed);
  if (waiting) return 'waiting';
  if (changes.length === 0) return 'settled';
  await image.update(on, wish, seen.observed, changes);
  return 'updated';
}

describe('an image', () => {
  it('is made from an address', async () => {
    const source = { url: `${origin}/disk.img` };
    await image.create(cloud, desired(source), owner);
    expect(await pass(source)).toBe('updated');
    expect(await pass(source)).toBe('settled');
    expect(made()).toMatchObject([{ status: 'active', size: 'all of it'.length, visibility: 'private' }]);
  });

  it('that a crash left empty is found by its stamp and filled, and no second one is made', async () => {
    const source = { url: `${origin}/disk.img` };
    const { id } = await image.create(cloud, desired(source), owner);
    const next = await start();
    expect(image.observe(next, owner)).toMatchObject({ found: 'one', id, observed: { image: { status: 'queued' } } });
    expect(await pass(source, next)).toBe('updated');
    expect(await pass(source, next)).toBe('settled');
    expect(made()).toMatchObject([{ id, status: 'active' }]);
    await stop(next);
  });

  it('that a crash left half uploaded is filled from the start', async () => {
    const slow = { url: `${origin}/slow` };
    const { id } = await image.create(cloud, desired(slow), owner);
    const unfinished = pass(slow).catch(() => 'broken off');
    await expect.poll(() => begun.length, { timeout: 5_000 }).toBeGreaterThan(0);
    await expect(pass(slow)).rejects.toThrow('is on its way to the cloud');
    // As a power cut: the connection ends in the middle of the data.
    await stop(cloud);
    await unfinished;
    cloud = await start();
    expect(made()).toMatchObject([{ id, status: 'queued', size: null }]);
    expect(await pass({ url: `${origin}/disk.img` })).toBe('updated');
    expect(made()).toMatchObject([{ id, status: 'active', size: 'all of it'.length }]);
  });

  it('is not filled with data of another checksum, and the cloud is not to blame', async () => {
    const wrong = { url: `${origin}/disk.img`, sha256: '0'.repeat(64) };
    await image.create(cloud, desired(wrong), owner);
    for (let times = 0; times < 8; times += 1) await expect(pass(wrong)).rejects.toThrow(Obstacle);
    expect(made()).toMatchObject([{ status: 'queued', size: null }]);
    // Many broken uploads in a row do not make the connection give Glance up.
    expect((await images.get(cloud.client.image, made()[0]?.id ?? '')).status).toBe('queued');
  });

  it('is filled with the token renewed when that was revoked', async () => {
    const source = { url: `${origin}/disk.img` };
    await image.create(cloud, desired(source), owner);
    sandbox.expireTokens();
    expect(await pass(source)).toBe('updated');
    expect(made()).toMatchObject([{ status: 'active', size: 'all of it'.length }]);
  });

  it('waits for its turn while two others get their data', async () => {
    const slow = { url: `${origin}/slow` };
    const others = ['uid-2', 'uid-3'].map(async (uid) => {
      const of = { ...owner, uid };
      await image.create(cloud, { ...desired(slow), uid }, of);
      const seen = image.observe(cloud, of);
      if (seen.found === 'one') await image.update(cloud, desired(slow), seen.observed, [{ path: 'spec.source', from: null, to: '' }]);
    });
    await Promise.all(others);
    await image.create(cloud, desired(slow), owner);
    await expect(pass(slow)).rejects.toThrow('2 uploads to a cloud run at a time');
  });

  it('stays while it is protected, and says what to do about that', async () => {
    const { id } = await image.create(cloud, { ...desired({ content: 'b3Nj' }), protected: true }, owner);
    const seen = image.observe(cloud, owner);
    if (seen.found !== 'one') throw new Error(seen.found);
    await expect(image.delete(cloud, seen.observed, { ...owner, id })).rejects.toThrow(`openstack image set --unprotected ${id}`);
    await images.patch(cloud.client.image, id, [{ op: 'replace', path: '/protected', value: false }]);
    await image.delete(cloud, seen.observed, { ...owner, id });
    expect(made()).toEqual([]);
  });

  it('breaks off its upload when it is deleted', async () => {
    const slow = { url: `${origin}/slow` };
    const { id } = await image.create(cloud, desired(slow), owner);
    const seen = image.observe(cloud, owner);
    const before = begun.length;
    const unfinished = pass(slow).catch(() => 'broken off');
    await expect.poll(() => begun.length, { timeout: 5_000 }).toBeGreaterThan(before);
    if (seen.found === 'one') await image.delete(cloud, seen.observed, { ...owner, id });
    await unfinished;
    expect(made()).toEqual([]);
    await expect.poll(() => begun.at(-1)?.destroyed, { timeout: 5_000 }).toBe(true);
  });
});
