import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LossyProxy, startLossyProxy } from '#tests/parts/lossy-proxy.ts';
import { disagreements } from './agreement.ts';
import { inventoryOf, readContents } from './contents.ts';
import { type ProxiedService, throughProxies } from './proxied.ts';
import { readManifestsOf, type Session, shopDir, startSession } from './session.ts';
import type { World } from './world.ts';

const creates: Partial<Record<ProxiedService, readonly RegExp[]>> = {
  network: [/\/networks$/, /\/subnets$/, /\/security-groups$/],
  'block-storage': [/\/volumes$/],
  compute: [/\/os-keypairs$/, /\/servers$/],
};

/** The answer to the first create of every kind is lost after the cloud acted: each resource is found again, none is made twice. */
export function lostAnswerSuite(name: string, makeWorld: () => Promise<World>): void {
  describe(`the answer to each kind's create is lost on ${name}`, () => {
    const manifests = readManifestsOf(shopDir);
    let proxies: LossyProxy[] = [];
    let world: World;
    let session: Session;
    let before: string[];

    beforeAll(async () => {
      world = await makeWorld();
      before = inventoryOf(await readContents(world.client));
      const proxied = await throughProxies(world, Object.keys(creates) as ProxiedService[], async (service, origin) => {
        const proxy = await startLossyProxy(origin);
        for (const path of creates[service] ?? []) proxy.lose('POST', path, 1);
        return proxy;
      });
      proxies = proxied.proxies;
      session = await startSession({ ...world, cloudsYaml: proxied.cloudsYaml });
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
