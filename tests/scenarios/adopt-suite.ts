import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Manifest } from '#controller/export/export-manifests.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { kinds } from '#controller/kinds/index.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { run } from '#tests/parts/kubectl.ts';
import { emptyProject, type IdOf, type Step, steps, until } from './behind-our-back.ts';
import { condition, eventually, type Live, type Session, startSession } from './session.ts';
import type { World } from './world.ts';

export interface AdoptOptions {
  makeWorld(): Promise<World>;
  /** Carries out a step past us and gives the id of what it made. */
  make(step: Step, world: World, id: IdOf): Promise<string>;
}

const main = resolve(import.meta.dirname, '../../api/main.ts');
const exportable = new Set(kinds.map(({ kind }) => kind));

/** A change past us to one resource of a kind, and how to see that it was taken back. A key pair has nothing to change but being there. */
const changes: Readonly<
  Record<string, { change(cloud: Cloud, id: string): Promise<unknown>; nameOf(cloud: Cloud, id: string): Promise<string> }>
> = {
  Network: renaming(networks.update, networks.get),
  Subnet: renaming(subnets.update, subnets.get),
  SecurityGroup: renaming(groups.update, groups.get),
  Volume: {
    change: (cloud, id) => volumes.update(cloud.blockStorage, id, { name: 'changed' }),
    nameOf: async (cloud, id) => (await volumes.get(cloud.blockStorage, id)).name ?? '',
  },
  Instance: {
    change: (cloud, id) => servers.update(cloud.compute, id, { name: 'changed' }),
    nameOf: async (cloud, id) => (await servers.get(cloud.compute, id)).name,
  },
  KeyPair: {
    change: (cloud, id) => keypairs.remove(cloud.compute, id),
    nameOf: async (cloud, id) =>
      keypairs.get(cloud.compute, id).then(
        ({ name }) => name,
        () => 'changed',
      ),
  },
};

function renaming(
  update: (client: Cloud['network'], id: string, body: { name: string }) => Promise<unknown>,
  get: (client: Cloud['network'], id: string) => Promise<{ name: string }>,
) {
  return {
    change: (cloud: Cloud, id: string) => update(cloud.network, id, { name: 'changed' }),
    nameOf: async (cloud: Cloud, id: string) => (await get(cloud.network, id)).name,
  };
}

/** What others made is exported, applied, observed without a write, owned, and kept as it is. The tests build on each other. */
export function adoptSuite(where: string, options: AdoptOptions): void {
  describe(`adopting what exists on ${where}`, () => {
    const dir = join(mkdtempSync(join(tmpdir(), 'stackwarden-adopt-')), 'manifests');
    const made = new Map<string, string>();
    const idOf: IdOf = (label) => made.get(label) ?? fail(`nothing was made as ${label}`);
    const adopted = () => [...made].filter(([label]) => exportable.has(label.split('/')[0] ?? ''));
    let world: World;
    let session: Session;

    beforeAll(async () => {
      world = await options.makeWorld();
      for (const step of steps) {
        const id = await options.make(step, world, idOf);
        if (step.makes !== undefined) made.set(step.makes, id);
        if (step.makes?.startsWith('Volume/')) await until(() => isVolume(id, ['available']), `volume ${id} is available`);
      }
      for (const disk of ['data-1', 'data-2']) await until(() => isVolume(idOf(`Volume/${disk}`), ['in-use']), `${disk} is attached`);
      session = await startSession(world);
    }, 1_500_000);
    afterAll(async () => {
      await session?.process.stop();
      if (world) await emptyProject(world.client);
      await world?.close();
    }, 600_000);

    const isVolume = async (id: string, states: string[]) => states.includes((await volumes.get(world.client.blockStorage, id)).status);
    const command = (...args: string[]) =>
      run(process.execPath, [main, ...args, '--data', session.process.dataDir], { timeoutMs: 120_000 });
    const manifests = () => readdirSync(dir).map((name) => parse(readFileSync(join(dir, name), 'utf8')) as Manifest);
    const undeclared = async () => {
      const { text } = await session.process.get('/api/v1/clusters/main/undeclared?limit=500');
      return (JSON.parse(text) as { items: { kind?: string; id: string }[] }).items;
    };

    it('export: finds everything that was made, and lists it as undeclared', async () => {
      expect(adopted().length).toBeGreaterThanOrEqual(40);
      const listed = (await undeclared()).filter(({ kind }) => kind !== undefined && kind !== 'Port');
      expect(listed.map(({ kind, id }) => `${kind} ${id}`).toSorted()).toEqual(
        adopted()
          .map(([label, id]) => `${label.split('/')[0]} ${id}`)
          .toSorted(),
      );
    });

    it('export: writes a valid manifest with its import for each', async () => {
      const { code, stdout, stderr } = await command('export', '--cluster', 'main', '--output', dir);
      expect([code, stdout]).toEqual([0, '']);
      expect(stderr).not.toContain('Left out');
      const written = manifests();
      expect(written.map(({ spec }) => (spec['import'] as { id: string }).id).toSorted()).toEqual(
        adopted()
          .map(([, id]) => id)
          .toSorted(),
      );
      expect(written.flatMap(faultsOf)).toEqual([]);
      expect((await session.kubectl('apply', '--dry-run=server', '-f', dir)).code).toBe(0);
    });

    it('export: resolves references between them', () => {
      const byId = new Map(manifests().map((one) => [(one.spec['import'] as { id: string }).id, one]));
      const nameOf = (label: string) => byId.get(idOf(label))?.metadata.name;
      expect(byId.get(idOf('Subnet/nameless-v4'))?.spec['networkRef']).toEqual({ name: nameOf('Network/nameless') });
      const remoteGroupRef = { name: nameOf('SecurityGroup/app') };
      expect(byId.get(idOf('SecurityGroup/web'))?.spec).toMatchObject({
        rules: expect.arrayContaining([expect.objectContaining({ remoteGroupRef })]),
      });
    });

    it('apply: only observes, differs in nothing and writes nothing', async () => {
      const before = await session.writes();
      await session.must('apply', '-f', dir);
      await everyObject((object) => condition(object, 'Ready')?.status === 'True');
      expect(await session.writes()).toBe(before);
      const objects = await adoptedObjects();
      expect(objects).toHaveLength(adopted().length);
      expect(objects.flatMap((object) => [...(object.status?.drift ?? []), ...planOf(object)])).toEqual([]);
    });

    it('apply: leaves nothing of these undeclared, and nothing to export', async () => {
      expect((await undeclared()).filter(({ kind }) => kind !== undefined && kind !== 'Port')).toEqual([]);
      expect((await command('export', '--cluster', 'main')).stdout).toContain('# 0 objects of namespace default');
    });

    it('manage: owns each, stamps it and changes nothing else', async () => {
      const names = new Map(await Promise.all(adopted().map(async ([label, id]) => [id, await nameNow(label, id)] as const)));
      for (const { kind, metadata } of await adoptedObjects()) {
        await session.must('patch', kind.toLowerCase(), metadata.name, '--type=merge', '-p', '{"spec":{"managementPolicy":"Manage"}}');
      }
      await everyObject((object) => condition(object, 'Ready')?.status === 'True' && !isOnlyObserved(object));
      for (const [label, id] of adopted()) expect([label, await nameNow(label, id)]).toEqual([label, names.get(id)]);
      const taken = await session.audit('type=Adopted&limit=200');
      expect(new Set(taken.map(({ object }) => `${object?.kind}/${object?.name}`)).size).toBe(adopted().length);
    });

    it('manage: puts right a change to each', async () => {
      const names = new Map(await Promise.all(adopted().map(async ([label, id]) => [label, await nameNow(label, id)] as const)));
      for (const [label, id] of adopted()) await changeOf(label).change(world.client, id);
      const wrong = async () => {
        const now = await Promise.all(adopted().map(async ([label, id]) => [label, await nameNow(label, id)] as const));
        return now.filter(([label, name]) => name !== names.get(label)).map(([label]) => label);
      };
      await eventually(
        180,
        async () => ((await wrong()).length === 0 ? true : undefined),
        async () => `still changed: ${(await wrong()).join(', ')}`,
      );
    });

    const changeOf = (label: string) => changes[label.split('/')[0] ?? ''] ?? fail(`no change is known for ${label}`);
    const nameNow = (label: string, id: string) => changeOf(label).nameOf(world.client, id);
    const adoptedObjects = async () => (await session.objects()).filter(({ kind }) => exportable.has(kind));

    async function everyObject(fits: (object: Live) => boolean): Promise<void> {
      const others = async () => (await adoptedObjects()).filter((object) => !fits(object));
      const explain = async () =>
        (await others())
          .map((object) => `${object.kind}/${object.metadata.name}: ${condition(object, 'Ready')?.message ?? 'no status'}`)
          .join('\n');
      await eventually(180, async () => ((await others()).length === 0 ? true : undefined), explain);
    }
  });
}

function fail(message: string): never {
  throw new Error(message);
}

const isOnlyObserved = (object: Live) => (object.status as { isOnlyObserved?: boolean } | undefined)?.isOnlyObserved === true;
const planOf = (object: Live) => (object.status as { plan?: readonly unknown[] } | undefined)?.plan ?? [];

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
const definitions = new Map(resourceDefinitions().map((definition) => [definition.kind, definition]));

/** What the schema that the CRDs are made from says against a manifest. */
function faultsOf({ kind, metadata, spec }: Manifest): string[] {
  const validate = ajv.compile(definitions.get(kind)?.schema.properties?.['spec'] ?? { not: {} });
  return validate(spec) ? [] : (validate.errors ?? []).map((error) => `${kind}/${metadata.name}${error.instancePath} ${error.message}`);
}
