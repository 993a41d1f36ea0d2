import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../cloud.ts';
import { connectCloud } from '../connect.ts';
import { type SmallCloud, startSmallCloud } from '../small-cloud.ts';
import * as keypairs from './keypairs.ts';
import * as servers from './servers.ts';

let small: SmallCloud;
let cloud: Cloud;
beforeEach(async () => {
  small = await startSmallCloud();
  cloud = connectCloud(small.config, { name: 'c1' });
});
afterEach(async () => {
  await cloud.close();
  await small.close();
});

const FLAVOR = { id: 'f1', name: 'm1.old', vcpus: 1, ram: 512, disk: 1, swap: '', 'OS-FLV-EXT-DATA:ephemeral': 0 };
const row = (id: string, flavor: object = { original_name: 'm1', vcpus: 1 }) => ({ id, name: id, status: 'ACTIVE', metadata: {}, flavor });

async function listed(): Promise<{ ids: string[]; error: unknown }> {
  const ids: string[] = [];
  try {
    for await (const page of servers.list(cloud.compute)) ids.push(...page.map((server) => server.id));
    return { ids, error: undefined };
  } catch (error) {
    return { ids, error };
  }
}

describe('servers', () => {
  it('of a cloud older than 2.47 get their flavor embedded, each flavor read once', async () => {
    small.settings.microversions.compute = '2.46';
    small.routes.set('GET /compute/v2.1/servers/detail', () => ({
      body: { servers: [row('a', { id: 'f1' }), row('b', { id: 'f1' }), row('c', { id: 'gone' })] },
    }));
    small.routes.set('GET /compute/v2.1/flavors/f1', () => ({ body: { flavor: FLAVOR } }));
    const found: servers.Server[] = [];
    for await (const page of servers.list(cloud.compute)) found.push(...page);
    expect(found.map((server) => server.flavor.original_name)).toEqual(['m1.old', 'm1.old', 'gone']);
    expect(found[0]?.flavor.swap).toBe(0);
    expect(small.received.filter((request) => request.path === '/compute/v2.1/flavors/f1')).toHaveLength(1);
  });

  it('in a cell that is down make the list incomplete instead of vanishing from it', async () => {
    small.routes.set('GET /compute/v2.1/servers/detail', () => ({
      body: { servers: [row('a'), { id: 'lost', status: 'UNKNOWN', links: [] }, row('b')] },
    }));
    const { ids, error } = await listed();
    expect(ids).toEqual(['a', 'b']);
    expect(error).toMatchObject({ type: 'CellDown', detail: expect.stringMatching(/1 server\(s\).*lost/) as unknown });
    small.routes.set('GET /compute/v2.1/servers/lost', () => ({ body: { server: { id: 'lost', status: 'UNKNOWN' } } }));
    await expect(servers.get(cloud.compute, 'lost')).rejects.toMatchObject({ type: 'CellDown' });
  });

  it('are created without keeping the password Nova answers', async () => {
    small.routes.set('POST /compute/v2.1/servers', () => ({ status: 202, body: { server: { id: 's1', adminPass: 'hush' } } }));
    expect(await servers.create(cloud.compute, { name: 'n', flavorRef: 'f1', networks: 'none' })).toEqual({ id: 's1' });
  });

  it('are acted on with the body each action wants', async () => {
    small.routes.set('POST /compute/v2.1/servers/s1/action', () => ({ status: 202 }));
    await servers.start(cloud.compute, 's1');
    await servers.reboot(cloud.compute, 's1', 'HARD');
    await servers.resize(cloud.compute, 's1', 'f2');
    await servers.addSecurityGroup(cloud.compute, 's1', 'web');
    expect(small.received.map((request) => request.body)).toEqual([
      { 'os-start': null },
      { reboot: { type: 'HARD' } },
      { resize: { flavorRef: 'f2' } },
      { addSecurityGroup: { name: 'web' } },
    ]);
  });
});

describe('key pairs', () => {
  it('are listed without their wrapping, page by page', async () => {
    const pair = (name: string) => ({ keypair: { name, public_key: `ssh ${name}`, fingerprint: 'f' } });
    small.routes.set('GET /compute/v2.1/os-keypairs', ({ path }) =>
      path.includes('marker=a')
        ? { body: { keypairs: [pair('b')] } }
        : { body: { keypairs: [pair('a')], keypairs_links: [{ rel: 'next', href: 'http://nova/v2.1/os-keypairs?limit=1&marker=a' }] } },
    );
    const names: string[] = [];
    for await (const page of keypairs.list(cloud.compute)) names.push(...page.map((one) => one.name));
    expect(names).toEqual(['a', 'b']);
  });
});
