import { expect } from 'vitest';
import type { ManifestPlan } from '#api/plan/plan-manifests.ts';
import type { ObjectPlan } from '#controller/engine/set-plan.ts';
import { cloudResource } from '#tests/conformance/cloud-resource.ts';
import { keyOf } from '#tests/parts/manifest-sets-parts.ts';
import { type RecordedWrite, type RecordingProxy, startRecordingProxy } from '#tests/parts/recording-proxy.ts';
import { readContents } from './contents.ts';
import { announced, carriedOut, type Deeds, groupsOfRules } from './deeds.ts';
import { throughProxies } from './proxied.ts';
import { condition, eventually, type Live, type Session, startSession } from './session.ts';
import type { World } from './world.ts';

/** A Stackwarden whose writes to the cloud are written down, and held against what plans announced. */
export interface PlanBench {
  readonly session: Session;
  readonly writes: readonly RecordedWrite[];
  /** Holds what the cloud took since the last comparison, until `settled` is done, against what the plans announced. */
  compare(plans: readonly ManifestPlan[], settled: () => Promise<void>): Promise<void>;
  /** Waits until these objects are there and no others, each Ready, or Stalled if it is blocked. */
  untilSettled(wanted: readonly string[], blocked: ReadonlySet<string>): Promise<void>;
  /** Removes what the plans let go of, once it is seen that it was left. */
  removeReleased(plans: readonly ManifestPlan[]): Promise<void>;
  /** Waits for what a delete that was sent leaves, takes protection back, waits until all is gone, and removes what was let go of. */
  untilDeleted(plans: readonly ManifestPlan[]): Promise<void>;
  /** What was just made past us is in the inventory then. */
  untilSwept(): Promise<void>;
  close(): Promise<void>;
}

export async function startPlanBench(world: World, patienceSeconds: number): Promise<PlanBench> {
  const objectById = new Map<string, string>();
  const wholeById = new Map<string, string>();
  const writes: RecordedWrite[] = [];
  /** How many writes there were when everything was settled last. */
  let counted = 0;
  const { cloudsYaml, proxies } = await throughProxies(
    world,
    ['network', 'block-storage', 'compute', 'image'],
    (_service, origin): Promise<RecordingProxy> => startRecordingProxy(origin, writes),
  );
  const session = await startSession({ ...world, cloudsYaml });

  /** Remembers which object stands for which cloud id, also once it is gone. */
  const look = async (): Promise<Live[]> => {
    const live = (await session.objects()).filter(({ kind }) => kind !== 'Cluster');
    for (const object of live) {
      const { id, volumeSnapshots = [] } = (object.status ?? {}) as { id?: string; volumeSnapshots?: readonly string[] };
      if (id === undefined) continue;
      objectById.set(id, keyOf(object));
      for (const part of volumeSnapshots) wholeById.set(part, id);
    }
    return live;
  };
  const note = async (): Promise<void> => {
    await look();
    for (const port of (await readContents(world.client)).ports) if (port.device_id) wholeById.set(port.id, port.device_id);
  };
  const deedsSince = async (settled: () => Promise<void>): Promise<Deeds> => {
    await note();
    await settled();
    await note();
    const groups = groupsOfRules(writes);
    const names = { objectOf: (id: string) => objectById.get(id), wholeOf: (id: string) => groups.get(id) ?? wholeById.get(id) };
    const done = carriedOut(writes.slice(counted), names);
    counted = writes.length;
    return done;
  };
  const untilSettled = async (wanted: readonly string[], blocked: ReadonlySet<string>): Promise<void> => {
    const unsettled = async () => {
      const live = await look();
      const there = new Set(live.map(keyOf));
      const extra = live.filter((object) => !wanted.includes(keyOf(object))).map((object) => `${keyOf(object)} is still there`);
      const missing = wanted.filter((key) => !there.has(key)).map((key) => `${key} is not there`);
      return [...extra, ...missing, ...live.flatMap((object) => whyUnsettled(object, blocked.has(keyOf(object))))];
    };
    await eventually(
      patienceSeconds,
      async () => ((await unsettled()).length === 0 ? true : undefined),
      async () => (await unsettled()).join('\n'),
      1000,
    );
  };
  const compare = async (plans: readonly ManifestPlan[], settled: () => Promise<void>): Promise<void> => {
    const done = await deedsSince(settled);
    expect(Object.fromEntries(done)).toEqual(Object.fromEntries(announced(plans.flatMap(({ objects }) => objects))));
  };

  const removeReleased = async (plans: readonly ManifestPlan[]): Promise<void> => {
    for (const { kind, id, action } of plans.flatMap(({ objects }) => objects)) {
      if (action !== 'release' || id === undefined) continue;
      const resource = cloudResource(kind);
      expect(await resource.exists(world.client, id), `${kind} ${id}, which was let go of, is there`).toBe(true);
      await resource.remove(world.client, id);
    }
  };

  return {
    session,
    writes,
    removeReleased,
    compare,
    untilSettled,

    async untilDeleted(plans) {
      const objects = plans.flatMap((plan) => plan.objects);
      const kept = objects.filter(({ action }) => action === 'blocked');
      await compare(plans, () => untilSettled(kept.map(keyOfPlan), new Set(kept.map(keyOfPlan))));
      for (const { kind, name } of kept)
        await session.must('patch', kind.toLowerCase(), name, '--type=merge', '-p', '{"spec":{"deletionProtection":false}}');
      const last = await deedsSince(() => untilSettled([], new Set()));
      expect(Object.fromEntries(last)).toEqual(Object.fromEntries(kept.map((one) => [keyOfPlan(one), 'delete'])));
      await removeReleased(plans);
    },

    async untilSwept() {
      const sweeps = () => session.process.metric('stackwarden_sweeps_total', {});
      const start = await sweeps();
      // The one that is under way may have looked before.
      await eventually(
        world.sweepSeconds * 6 + 30,
        async () => ((await sweeps()) >= start + 2 ? true : undefined),
        () => 'no sweep ended',
      );
    },

    async close() {
      await session.process.stop();
      for (const proxy of proxies) await proxy.close();
    },
  };
}

function whyUnsettled(object: Live, isBlocked: boolean): string[] {
  const { status, metadata } = object;
  const isSeen = (status as { observedGeneration?: number } | undefined)?.observedGeneration === metadata.generation;
  const found = condition(object, isBlocked ? 'Stalled' : 'Ready');
  return isSeen && found?.status === 'True' ? [] : [`${keyOf(object)}: ${condition(object, 'Ready')?.message ?? 'no status'}`];
}

export function keyOfPlan({ kind, name }: Pick<ObjectPlan, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}
