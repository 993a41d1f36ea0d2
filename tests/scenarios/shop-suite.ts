import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as networks from '#controller/openstack/network/networks.ts';
import { disagreements } from './agreement.ts';
import { type CloudContents, inventoryOf, readContents } from './contents.ts';
import { type Ids, type OutsideChange, outsideChanges } from './outside-changes.ts';
import { condition, eventually, type Live, readManifestsOf, type Session, shopDir, startSession } from './session.ts';
import type { World } from './world.ts';

export interface ShopSuiteOptions {
  readonly makeWorld: () => Promise<World>;
  /** Makes an outside change the way people do here; the sandbox takes API calls, the real cloud the `openstack` client. */
  readonly change: (change: OutsideChange, world: World, ids: Ids, contents: CloudContents) => Promise<void>;
  /** Environment of the process under test: DATABASE_URL. */
  readonly env?: () => Record<string, string>;
  /** What the `openstack` client says beside our own look; empty when it agrees. */
  readonly secondOpinion?: (world: World, contents: CloudContents) => Promise<string[]>;
}

/** examples/shop from apply to delete, through the stock kubectl, on one cloud. The tests build on each other, in order. */
export function shopSuite(name: string, options: ShopSuiteOptions): void {
  describe(`examples/shop on ${name}`, () => {
    const manifests = readManifestsOf(shopDir);
    let world: World;
    let session: Session;
    let before: string[];

    beforeAll(async () => {
      world = await options.makeWorld();
      before = inventoryOf(await readContents(world.client));
      session = await startSession(world, options.env ? { env: options.env() } : {});
    });
    afterAll(async () => {
      await session?.process.stop();
      await world?.close();
    });

    it('becomes Ready with plain kubectl', async () => {
      const startedAt = Date.now();
      await session.must('apply', '-f', shopDir);
      await session.must(
        'wait',
        '--for=condition=Ready',
        '--timeout=300s',
        ...manifests.map((m) => `${m.kind.toLowerCase()}/${m.metadata.name}`),
      );
      console.log(`${name}: examples/shop Ready after ${seconds(startedAt)} s`);
    });

    it('is in the cloud as declared, field by field', async () => {
      const contents = await readContents(world.client);
      expect(disagreements(manifests, contents)).toEqual([]);
      expect((await options.secondOpinion?.(world, contents)) ?? []).toEqual([]);
    });

    it('is not written to by ten sweeps', async () => {
      const writes = await session.writes();
      const versions = await resourceVersions(session);
      await sweeps(session, 10, world.sweepSeconds);
      expect(await session.writes()).toBe(writes);
      // A status that is written without need would show as a new resourceVersion.
      expect(await resourceVersions(session)).toEqual(versions);
      expect(drifted(await session.objects())).toEqual([]);
    });

    it('counts what nobody declared, and records that it came and went', async () => {
      const counted = async () =>
        (JSON.parse(await session.must('get', 'cluster', 'main', '-o', 'json')) as ClusterStatus).status.undeclared['network'];
      const stranger = await networks.create(world.client.network, { name: 'stranger' });
      await eventually(
        world.sweepSeconds * 2 + 20,
        async () => ((await counted()) === 1 ? true : undefined),
        async () => `${await counted()} undeclared networks`,
      );
      await networks.remove(world.client.network, stranger.id);
      await eventually(
        world.sweepSeconds * 2 + 20,
        async () => ((await counted()) === 0 ? true : undefined),
        async () => `${await counted()} undeclared networks`,
      );
      const news = await session.audit(`cloudId=${stranger.id}`);
      expect(news.map((item) => [item.type, item.actor, item.result])).toEqual([
        ['UndeclaredGone', 'unknown', 'observed'],
        ['UndeclaredAppeared', 'unknown', 'observed'],
      ]);
    });

    it('shows every change made behind our back within a sweep interval and writes nothing under Report', async () => {
      await session.must('patch', 'cluster', 'main', '--type=merge', '-p', '{"spec":{"driftPolicy":"Report"}}');
      await new Promise((done) => setTimeout(done, 1500));
      const writes = await session.writes();
      const contents = await readContents(world.client);
      const ids = idsOf(await session.objects(), contents);
      const seen = watchDrift(session);
      const madeAt = new Map<OutsideChange, number>();
      for (const change of outsideChanges) {
        await options.change(change, world, ids, contents);
        madeAt.set(change, Date.now());
      }
      await eventually(
        world.sweepSeconds * 3 + 30,
        async () => (outsideChanges.every((change) => seen.find(change)) ? true : undefined),
        () => missing(seen),
      );
      seen.stop();
      for (const change of outsideChanges) {
        const entry = seen.find(change);
        expect(entry, change.name).toMatchObject({ declared: change.declared, observed: change.observed });
        const tookSeconds = ((entry?.seenAt ?? Infinity) - (madeAt.get(change) ?? 0)) / 1000;
        // The watch itself looks every half second, and a look takes a moment.
        expect(tookSeconds, `${change.name}: seconds until seen`).toBeLessThanOrEqual(world.sweepSeconds + 3);
      }
      await sweeps(session, 2, world.sweepSeconds);
      expect(await session.writes()).toBe(writes);
      expect(await unexpectedDrift(session)).toEqual([]);
    });

    it('records each of them with path, declared and observed', async () => {
      for (const change of outsideChanges) {
        const items = await session.audit(`kind=${change.kind}&name=${change.object}&limit=200`);
        const recorded = items.filter((item) => ['DriftDetected', 'Missing'].includes(item.type)).flatMap((item) => item.changes);
        expect(recorded, change.name).toContainEqual({ path: change.path, from: change.observed, to: change.declared });
      }
    });

    it('is put right under Correct, and what cannot be is named', async () => {
      await session.must('patch', 'cluster', 'main', '--type=merge', '-p', '{"spec":{"driftPolicy":"Correct"}}');
      const stuck = outsideChanges.filter((change) => change.needsReplace);
      await eventually(
        240,
        async () => {
          const objects = await session.objects();
          const open = objects.filter((object) => condition(object, 'Ready')?.status !== 'True');
          return open.length === stuck.length && open.every((object) => condition(object, 'Stalled')) ? true : undefined;
        },
        async () =>
          JSON.stringify((await session.objects()).filter((object) => condition(object, 'Ready')?.status !== 'True').map(brief), null, 1),
      );
      for (const change of stuck) {
        const object = (await session.objects()).find(
          (candidate) => candidate.kind === change.kind && candidate.metadata.name === change.object,
        );
        expect(object && condition(object, 'Stalled')).toMatchObject({
          reason: 'ReplacementRequired',
          message: expect.stringContaining(change.path),
        });
      }
      // The person's way out of an extended volume: declare what it is now.
      await session.must('patch', 'volume', 'data-2', '--type=merge', '-p', '{"spec":{"sizeGiB":2}}');
      await session.must('wait', '--for=condition=Ready', '--timeout=60s', 'volume/data-2');
      const contents = await readContents(world.client);
      const changed = manifests.map((m) =>
        m.kind === 'Volume' && m.metadata.name === 'data-2' ? { ...m, spec: { ...m.spec, sizeGiB: 2 } } : m,
      );
      expect(disagreements(changed, contents)).toEqual([]);
    });

    it('records each correction with the request ids of the cloud', async () => {
      for (const change of outsideChanges.filter((candidate) => !candidate.needsReplace)) {
        const items = await session.audit(`kind=${change.kind}&name=${change.object}&limit=200`);
        const types = change.path === '' ? ['Created'] : ['DriftCorrected'];
        const corrections = items.filter(
          (item) => types.includes(item.type) && (change.path === '' || item.changes.some((entry) => entry.path === change.path)),
        );
        expect(corrections.length, change.name).toBeGreaterThan(0);
        expect(corrections[0]?.requestIds[0], change.name).toMatch(/^req-/);
      }
      expect((await session.process.get('/api/v1/audit/verify')).text).toContain('"ok":true');
    });

    it('leaves the cloud as it was before when it is deleted', async () => {
      const startedAt = Date.now();
      await session.must('delete', '-f', shopDir, '--timeout=300s');
      console.log(`${name}: examples/shop deleted after ${seconds(startedAt)} s`);
      const left = async () => inventoryOf(await readContents(world.client)).filter((row) => !before.includes(row));
      await eventually(
        60,
        async () => ((await left()).length === 0 ? true : undefined),
        async () => (await left()).join(', '),
        2000,
      );
      expect(inventoryOf(await readContents(world.client))).toEqual(before);
    });

    it('ends cleanly on SIGTERM', async () => {
      expect(await session.process.stop()).toBe(0);
    });
  });
}

interface ClusterStatus {
  readonly status: { readonly undeclared: Readonly<Record<string, number>> };
}

/** Waits until this many more sweeps of the servers were done. */
async function sweeps(session: Session, count: number, sweepSeconds: number): Promise<void> {
  const done = () => session.process.metric('stackwarden_sweeps_total', { cluster: 'main' });
  const target = (await done()) + count;
  await eventually(
    count * (sweepSeconds + 10),
    async () => ((await done()) >= target ? true : undefined),
    () => `only ${count} sweeps were asked for`,
  );
}

async function resourceVersions(session: Session): Promise<string[]> {
  const { items } = JSON.parse(await session.must('get', 'openstack', '-o', 'json')) as {
    items: { kind: string; metadata: { name: string; resourceVersion: string } }[];
  };
  return items.map((item) => `${item.kind}/${item.metadata.name} ${item.metadata.resourceVersion}`);
}

function drifted(objects: readonly Live[]): string[] {
  return objects.flatMap((object) => (object.status?.drift ?? []).map((entry) => `${object.kind}/${object.metadata.name} ${entry.path}`));
}

interface DriftWatch {
  find(change: OutsideChange): { declared: unknown; observed: unknown; seenAt: number } | undefined;
  stop(): void;
}

/** Looks at all objects every half second and keeps when each drift was first shown, and what it showed last. */
function watchDrift(session: Session): DriftWatch {
  const seen = new Map<string, { declared: unknown; observed: unknown; seenAt: number }>();
  const stopped = new AbortController();
  const key = (kind: string, object: string, path: string) => `${kind}/${object} ${path}`;
  const look = async () => {
    while (!stopped.signal.aborted) {
      for (const object of await session.objects()) {
        for (const entry of object.status?.drift ?? []) {
          const known = key(object.kind, object.metadata.name, entry.path);
          // A resize is drift from its start, and shows another value once it is confirmed.
          seen.set(known, { declared: entry.declared, observed: entry.observed, seenAt: seen.get(known)?.seenAt ?? Date.now() });
        }
      }
      await new Promise((done) => setTimeout(done, 500));
    }
  };
  void look().catch(() => undefined);
  return {
    find: (change) => seen.get(key(change.kind, change.object, change.path)),
    stop: () => stopped.abort(),
  };
}

function missing(seen: DriftWatch): string {
  return `not shown: ${outsideChanges
    .filter((change) => !seen.find(change))
    .map((change) => `${change.name} (${change.kind}/${change.object} ${change.path})`)
    .join(', ')}`;
}

/** Drift that no outside change explains. */
async function unexpectedDrift(session: Session): Promise<string[]> {
  const expected = new Set(outsideChanges.map((change) => `${change.kind}/${change.object} ${change.path}`));
  return drifted(await session.objects()).filter((entry) => !expected.has(entry));
}

function idsOf(objects: readonly Live[], contents: CloudContents): Ids {
  return (wanted) => {
    const [kind, name = '', port] = wanted.split('/');
    if (kind === 'Rule') {
      const group = objects.find((object) => object.kind === 'SecurityGroup' && object.metadata.name === name)?.status?.id;
      const rule = contents.securityGroups
        .find((row) => row.id === group)
        ?.security_group_rules.find((row) => row.port_range_min === Number(port));
      return found(rule?.id, wanted);
    }
    return found(objects.find((object) => object.kind === kind && object.metadata.name === name)?.status?.id, wanted);
  };
}

function found(id: string | undefined, wanted: string): string {
  if (!id) throw new Error(`${wanted} has no id`);
  return id;
}

function brief(object: Live) {
  return {
    object: `${object.kind}/${object.metadata.name}`,
    ready: condition(object, 'Ready'),
    stalled: condition(object, 'Stalled')?.reason,
    drift: object.status?.drift,
  };
}

function seconds(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
