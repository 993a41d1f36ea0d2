import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type LossyProxy, startLossyProxy } from '#tests/parts/lossy-proxy.ts';
import { disagreements } from './agreement.ts';
import { inventoryOf, readContents } from './contents.ts';
import { readManifestsOf, type Session, shopDir, startSession } from './session.ts';
import type { World } from './world.ts';

type Service = 'compute' | 'network' | 'block-storage';
const services: Record<Service, { override: string; creates: RegExp[] }> = {
  network: { override: 'network_endpoint_override', creates: [/\/networks$/, /\/subnets$/, /\/security-groups$/] },
  'block-storage': { override: 'block_storage_endpoint_override', creates: [/\/volumes$/] },
  compute: { override: 'compute_endpoint_override', creates: [/\/os-keypairs$/, /\/servers$/] },
};

/** The answer to the first create of every kind is lost after the cloud acted: each resource is found again, none is made twice. */
export function lostAnswerSuite(name: string, makeWorld: () => Promise<World>): void {
  describe(`the answer to each kind's create is lost on ${name}`, () => {
    const manifests = readManifestsOf(shopDir);
    const proxies: LossyProxy[] = [];
    let world: World;
    let session: Session;
    let before: string[];

    beforeAll(async () => {
      world = await makeWorld();
      before = inventoryOf(await readContents(world.client));
      const config = parse(world.cloudsYaml) as { clouds: Record<string, Record<string, unknown>> };
      const entry = config.clouds[world.cloud];
      if (!entry) throw new Error(`no entry ${world.cloud}`);
      for (const [service, { override, creates }] of Object.entries(services) as [Service, (typeof services)[Service]][]) {
        const endpoint = await endpointOf(world, service);
        const proxy = await startLossyProxy(endpoint.origin);
        for (const path of creates) proxy.lose('POST', path, 1);
        entry[override] = endpoint.href.replace(endpoint.origin, proxy.url);
        proxies.push(proxy);
      }
      session = await startSession({ ...world, cloudsYaml: stringify(config) });
    });
    afterAll(async () => {
      await session?.process.stop();
      for (const proxy of proxies) await proxy.close();
      await world?.close();
    });

    it('and yet everything is there once, as declared', async () => {
      await session.must('apply', '-f', shopDir);
      await session.must(
        'wait',
        '--for=condition=Ready',
        '--timeout=300s',
        ...manifests.map((m) => `${m.kind.toLowerCase()}/${m.metadata.name}`),
      );
      const lost = proxies.flatMap((proxy) => proxy.lost);
      expect(lost.filter((line) => / 20[012]$/.test(line))).toHaveLength(6);
      const contents = await readContents(world.client);
      expect(disagreements(manifests, contents)).toEqual([]);
      const made = inventoryOf(contents).filter((row) => !before.includes(row) && !row.startsWith('port '));
      expect(made.length).toBe(manifests.length);
    });

    it('and the audit calls what was found again adopted', async () => {
      const adopted = await session.audit('type=Adopted&limit=100');
      expect([...new Set(adopted.map((item) => item.object?.kind ?? ''))].toSorted()).toEqual([
        'Instance',
        'KeyPair',
        'Network',
        'SecurityGroup',
        'Subnet',
        'Volume',
      ]);
    });

    it('and nothing is left after a delete', async () => {
      await session.must('delete', '-f', shopDir, '--timeout=300s');
      expect(inventoryOf(await readContents(world.client))).toEqual(before);
    });
  });
}

const catalogTypes: Record<Service, RegExp> = {
  compute: /^compute$/,
  network: /^network$/,
  'block-storage': /^(block-storage|volumev3|volume)$/,
};

async function endpointOf(world: World, service: Service): Promise<URL> {
  const { catalog } = await world.client.authenticate();
  const endpoint = catalog
    .find((entry) => catalogTypes[service].test(entry.type))
    ?.endpoints.find((candidate) => candidate.interface === 'public');
  if (!endpoint) throw new Error(`no ${service} endpoint in the catalog`);
  return new URL(endpoint.url);
}
