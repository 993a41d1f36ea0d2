import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Manifest } from '#controller/export/export-manifests.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { kinds } from '#controller/kinds/index.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import { run } from '#tests/parts/kubectl.ts';
import { changes } from './behind-our-back/changes.ts';
import { emptyProject } from './behind-our-back/empty-project.ts';
import { settled } from './behind-our-back/settled.ts';
import { type IdOf, type Step, until } from './behind-our-back/step.ts';
import { waves } from './behind-our-back/waves.ts';
import { type AuditItem, condition, eventually, type Live, type Session, startSession } from './session.ts';
import type { World } from './world.ts';

export interface AdoptOptions {
  makeWorld(): Promise<World>;
  /** Carries out steps past us that do not need each other; the ids of what they made, in order. */
  make(steps: readonly Step[], world: World, id: IdOf): Promise<readonly string[]>;
}

const main = resolve(import.meta.dirname, '../../api/main.ts');
const exportable = new Set(kinds.map(({ kind }) => kind));

/** What others made is exported, applied, observed without a write, owned, and kept as it is. The tests build on each other. */
export function adoptSuite(where: string, options: AdoptOptions): void {
  describe(`adopting what exists on ${where}`, () => {
    const dir = join(mkdtempSync(join(tmpdir(), 'stackwarden-adopt-')), 'manifests');
    const made = new Map<string, string>();
    const idOf: IdOf = (label) => made.get(label) ?? fail(`nothing was made as ${label}`);
    const adopted = () => [...made].filter(([label]) => exportable.has(kindOf(label)));
    let world: World;
    let session: Session;

    beforeAll(async () => {
      world = await options.makeWorld();
      for (const wave of waves) {
        const ids = await options.make(wave, world, idOf);
        for (const [index, { makes }] of wave.entries()) if (makes !== undefined) made.set(makes, ids[index] ?? '');
        await settled(world.client, made);
      }
      for (const disk of ['data-1', 'data-2']) await until(() => isAttached(idOf(`Volume/${disk}`)), `${disk} is attached`);
      session = await startSession(world);
    }, 1_500_000);
    afterAll(async () => {
      await session?.process.stop();
      if (world) await emptyProject(world.client);
      await world?.close();
    }, 600_000);

    const isAttached = async (id: string) => (await volumes.get(world.client.blockStorage, id)).status === 'in-use';
    const command = (...args: string[]) =>
      run(process.execPath, [main, ...args, '--data', session.process.dataDir], { timeoutMs: 120_000 });
    const manifests = () => readdirSync(dir).map((name) => parse(readFileSync(join(dir, name), 'utf8')) as Manifest);
    /** `Kind id`, without the ports that came with servers. */
    const undeclared = async () => {
      const { text } = await session.process.get('/api/v1/clusters/main/undeclared?limit=500');
      const { items } = JSON.parse(text) as { items: { kind?: string; id: string }[] };
      const parts = await portsOfServers(world);
      return items.flatMap(({ kind, id }) => (kind === undefined || parts.has(id) ? [] : [`${kind} ${id}`])).toSorted();
    };
    const plan = (...args: string[]) => command('plan', '-f', dir, ...args);

    it('export: finds everything that was made, and lists it as undeclared', async () => {
      expect(adopted().length).toBeGreaterThanOrEqual(40);
      expect(new Set(adopted().map(([label]) => kindOf(label)))).toEqual(exportable);
      expect(await undeclared()).toEqual(
        adopted()
          .map(([label, id]) => `${kindOf(label)} ${id}`)
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
      const ref = (label: string) => ({ name: byId.get(idOf(label))?.metadata.name });
      const rules = expect.arrayContaining([expect.objectContaining({ remoteGroupRef: ref('SecurityGroup/app') })]);
      const interfaces = ['front-v4', 'front-v6', 'back-v4'].map((subnet) => ({ subnetRef: ref(`Subnet/${subnet}`) }));
      const expected: Record<string, object> = {
        'Subnet/nameless-v4': { networkRef: ref('Network/nameless') },
        'SecurityGroup/web': { rules },
        'Router/edge': { externalGateway: { network: { name: 'public' } }, interfaces: expect.arrayContaining(interfaces) },
        'Port/vip': { networkRef: ref('Network/front') },
        'FloatingIP/on a port': { portRef: ref('Port/vip') },
        'FloatingIP/on a server': { instanceRef: ref('Instance/db-1') },
        'VolumeSnapshot/nightly': { volumeRef: ref('Volume/copy me') },
        'Volume/restored': { snapshotRef: ref('VolumeSnapshot/nightly') },
        'Instance/web-1': {
          networks: [{ portRef: ref('Port/web-1') }],
          keyPairRef: ref('KeyPair/shop'),
          volumes: [{ volumeRef: ref('Volume/data-1') }],
          serverGroupRef: ref('ServerGroup/apart'),
        },
        'Instance/Boots.from volume': { bootVolume: { volumeRef: ref('Volume/Datenträger 1') } },
        'InstanceSnapshot/db-1 before': { instanceRef: ref('Instance/db-1') },
      };
      for (const [label, spec] of Object.entries(expected)) expect([label, byId.get(idOf(label))?.spec]).toMatchObject([label, spec]);
    });

    it('plan: is empty before the apply', async () => {
      const { code, stdout, stderr } = await plan();
      expect([code, stderr], stdout).toEqual([0, '']);
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

    it('plan: is empty after the apply', async () => {
      const { code, stdout, stderr } = await plan();
      expect([code, stderr], stdout).toEqual([0, '']);
    });

    it('apply: leaves nothing of these undeclared, and nothing to export', async () => {
      expect(await undeclared()).toEqual([]);
      expect((await command('export', '--cluster', 'main')).stdout).toContain('# 0 objects of namespace default');
    });

    it('manage: owns each, stamps it and changes nothing else', async () => {
      const before = await lookAtAll();
      for (const { kind, metadata } of await adoptedObjects()) {
        await session.must('patch', kind.toLowerCase(), metadata.name, '--type=merge', '-p', '{"spec":{"managementPolicy":"Manage"}}');
      }
      await everyObject((object) => condition(object, 'Ready')?.status === 'True' && !isOnlyObserved(object));
      expect(await lookAtAll()).toEqual(before);
      const taken = await session.audit('type=Adopted&limit=200');
      expect(objectsOf(taken).size).toBe(adopted().length);
    });

    it('manage: puts right a change to each', async () => {
      const before = await lookAtAll();
      for (const [label, id] of adopted()) await changeOf(label).change(world.client, id);
      const wrong = async () =>
        Object.entries(await lookAtAll()).flatMap(([label, seen]) => (isDeepStrictEqual(seen, before[label]) ? [] : [label]));
      await eventually(
        400,
        async () => ((await wrong()).length === 0 ? true : undefined),
        async () => `still changed: ${(await wrong()).join(', ')}`,
      );
      // Each change was there to be put right.
      const seen = await Promise.all(['DriftDetected', 'Missing'].map((type) => session.audit(`type=${type}&limit=200`)));
      expect(objectsOf(seen.flat()).size).toBe(adopted().length);
    });

    const changeOf = (label: string) => changes[kindOf(label)] ?? fail(`no change is known for ${label}`);
    const lookAtAll = async () =>
      Object.fromEntries(
        await Promise.all(
          adopted().map(async ([label, id]) => [label, await changeOf(label).look(world.client, id, label.slice(label.indexOf('/') + 1))]),
        ),
      ) as Record<string, unknown>;
    const adoptedObjects = async () => (await session.objects()).filter(({ kind }) => exportable.has(kind));

    async function everyObject(fits: (object: Live) => boolean): Promise<void> {
      const others = async () => (await adoptedObjects()).filter((object) => !fits(object));
      const explain = async () =>
        (await others())
          .map((object) => `${object.kind}/${object.metadata.name}: ${condition(object, 'Ready')?.message ?? 'no status'}`)
          .join('\n');
      await eventually(400, async () => ((await others()).length === 0 ? true : undefined), explain);
    }
  });
}

/** Ports that Nova made along with a server, and nobody declares. */
async function portsOfServers({ client }: World): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const { projectId } = await client.authenticate();
  for await (const page of ports.list(client.network, { project_id: projectId }))
    for (const { id, name, device_owner: owner } of page) if (name === '' && owner.startsWith('compute:')) found.add(id);
  return found;
}

const objectsOf = (audit: readonly AuditItem[]) => new Set(audit.map(({ object }) => `${object?.kind}/${object?.name}`));

const kindOf = (label: string) => label.split('/')[0] ?? '';

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
