import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ManifestPlan } from '#api/plan/plan-manifests.ts';
import type { Verdict } from '#api/plan/summary.ts';
import type { ObjectPlan } from '#controller/engine/set-plan.ts';
import { run } from '#tests/parts/kubectl.ts';
import { allowReplacing, type Edit, editSet, keyOf, type ManifestSet, makeSet, setLabel } from '#tests/parts/manifest-sets.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { type RecordedWrite, type RecordingProxy, startRecordingProxy } from '#tests/parts/recording-proxy.ts';
import { inventoryOf, readContents } from './contents.ts';
import { announced, carriedOut, groupsOfRules } from './deeds.ts';
import { throughProxies } from './proxied.ts';
import { condition, eventually, type Live, type Session, startSession } from './session.ts';
import type { World } from './world.ts';

export interface PlanSuiteOptions {
  readonly makeWorld: () => Promise<World>;
  readonly sets: number;
  /** Longest wait until everything that was applied is settled, seconds. */
  readonly patienceSeconds: number;
  /** Below examples/: files or folders that are planned together. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
}

type Answer = ManifestPlan & { readonly verdict: Verdict };

const examplesDir = resolve(import.meta.dirname, '../../examples');
const program = resolve(import.meta.dirname, '../../api/main.ts');

/**
 * Plan, apply, plan again: the second plan is empty, and the writes the cloud took are those the first one named (what a planned action stands
 * for in writes is told in deeds.ts).
 */
export function planSuite(name: string, options: PlanSuiteOptions): void {
  describe(`plans and what comes of them on ${name}`, () => {
    const random = seededRandom(`plan suite on ${name}`);
    const folder = mkdtempSync(join(tmpdir(), 'stackwarden-plans-'));
    const objectById = new Map<string, string>();
    const serverByPort = new Map<string, string>();
    let world: World;
    let session: Session;
    const writes: RecordedWrite[] = [];
    /** How many writes there were when everything was settled last. */
    let counted = 0;
    let proxies: readonly RecordingProxy[];
    let before: string[];
    let sets: ManifestSet[] = [];

    beforeAll(async () => {
      world = await options.makeWorld();
      before = inventoryOf(await readContents(world.client));
      const proxied = await throughProxies(world, ['network', 'block-storage', 'compute', 'image'], (_service, origin) =>
        startRecordingProxy(origin, writes),
      );
      proxies = proxied.proxies;
      session = await startSession({ ...world, cloudsYaml: proxied.cloudsYaml });
    });
    afterAll(async () => {
      await session?.process.stop();
      for (const proxy of proxies ?? []) await proxy.close();
      await world?.close();
    });

    describe('of generated sets', () => {
      it('create them', async () => {
        sets = Array.from({ length: options.sets }, (_, index) => makeSet(`s${index}`, random));
        const plans = await planSets(sets);
        expect(plans.flatMap(({ objects }) => objects.filter(({ action }) => action !== 'create'))).toEqual([]);
        await applyAndCompare(sets, plans);
        await expectNothingLeft(sets, new Set());
      });

      it('change them in place, stop at what cannot be, and delete what a prune takes', async () => {
        const edited = sets.map((set) => editSet(set, random));
        sets = edited.map(({ set }) => set);
        const plans = await planSets(sets);
        const expected = edited.flatMap(({ edits }) => edits);
        expect(actionsOf(plans, expected)).toEqual(expected);
        expect(new Set(expected.map(({ action }) => action)).size, 'kinds of edits that chance brought').toBeGreaterThan(1);
        const blocked = new Set(plans.flatMap(blockedIn));
        await applyAndCompare(sets, plans);
        await expectNothingLeft(sets, blocked);
      });

      it('replace what stopped once that is allowed', async () => {
        const blocked = new Set((await planSets(sets)).flatMap(blockedIn));
        sets = sets.map((set) => allowReplacing(set, blocked));
        const plans = await planSets(sets);
        expect([...announced(plans.flatMap(({ objects }) => objects))]).toEqual(
          [...blocked].toSorted((one, other) => one.localeCompare(other)).map((object) => [object, 'replace']),
        );
        for (const { objects } of plans)
          for (const { changes } of objects.filter(({ action }) => action === 'replace'))
            expect(changes.some(({ by }) => by === 'replace')).toBe(true);
        await applyAndCompare(sets, plans);
        await expectNothingLeft(sets, new Set());
      });

      it('delete them all, when an empty set is said to be meant', async () => {
        const empty = sets.map((set) => ({ ...set, objects: [] }));
        const plans = await planSets(empty);
        expect(plans.flatMap(({ objects }) => objects).length).toBe(sets.flatMap(({ objects }) => objects).length);
        await session.must('delete', 'networks,subnets,securitygroups,keypairs,volumes,instances', '-l', setLabel, '--wait=false');
        await compare(plans, () => untilGone());
        expect(inventoryOf(await readContents(world.client))).toEqual(before);
      });
    });

    describe.each(Object.entries(options.examples))('of the example %s', (_example, files) => {
      const paths = files.map((file) => join(examplesDir, file));
      const sources = paths.flatMap((path) => ['-f', path]);

      it('announce what apply does', async () => {
        const first = await command(...sources);
        expect(first.status).toBe(2);
        await session.must('apply', ...sources);
        await compare([first.plan], () => untilSettled(first.plan.objects.map(keyOfPlan), new Set()));
        const second = await command(...sources);
        expect([second.status, second.plan.objects.filter(({ action }) => action !== 'none')]).toEqual([0, []]);
      });

      it('announce what a prune deletes', async () => {
        const nothing = join(folder, 'nothing.yaml');
        writeFileSync(nothing, '---\n');
        const { status, plan } = await command('-f', nothing, '--prune', '--prune-namespace', 'default', '--allow-empty');
        expect(status).toBe(2);
        expect(new Set(plan.objects.map(({ action }) => action))).toEqual(new Set(['delete']));
        await session.must('delete', ...sources, '--wait=false');
        await compare([plan], () => untilGone());
      });
    });

    /** One plan a set, as a CI job would ask for it; no plan may write. */
    async function planSets(wanted: readonly ManifestSet[]): Promise<Answer[]> {
      const before = writes.length;
      const answers: Answer[] = [];
      for (const { name: set, objects } of wanted) {
        const prune = { selector: `${setLabel}=${set}`, ...(objects.length === 0 && { allowEmpty: true }) };
        const { status, text } = await session.process.post('/api/v1/plan', { manifests: yamlOf(objects), prune });
        expect(status, text).toBe(200);
        const answer = JSON.parse(text) as Answer;
        expect(answer.gaps).toEqual([]);
        answers.push(answer);
      }
      expect(writes.length, 'writes while planning').toBe(before);
      return answers;
    }

    async function applyAndCompare(wanted: readonly ManifestSet[], plans: readonly Answer[]): Promise<void> {
      const file = join(folder, 'sets.yaml');
      const objects = wanted.flatMap((set) => set.objects);
      writeFileSync(file, yamlOf(objects));
      const allowed = [...new Set(plans.flatMap((plan) => plan.objects.map(({ kind }) => kind)))];
      const prune = allowed.map((kind) => `--prune-allowlist=openstack.stackwarden.io/v1alpha1/${kind}`);
      await session.must('apply', '-f', file, '--prune', '-l', setLabel, ...prune);
      await compare(plans, () => untilSettled(objects.map(keyOf), new Set(plans.flatMap(blockedIn))));
    }

    /** Holds what the cloud took from now on until all is settled against what the plans announced. */
    async function compare(plans: readonly ManifestPlan[], settled: () => Promise<void>): Promise<void> {
      await note();
      await settled();
      await note();
      const groups = groupsOfRules(writes);
      const names = {
        objectOf: (id: string) => objectById.get(id),
        serverOf: (id: string) => serverByPort.get(id),
        groupOf: (id: string) => groups.get(id),
      };
      const done = carriedOut(writes.slice(counted), names);
      counted = writes.length;
      expect(Object.fromEntries(done)).toEqual(Object.fromEntries(announced(plans.flatMap(({ objects }) => objects))));
    }

    async function expectNothingLeft(wanted: readonly ManifestSet[], blocked: ReadonlySet<string>): Promise<void> {
      const again = await planSets(wanted);
      const left = again.flatMap(({ objects }) => objects).filter(({ action }) => action !== 'none');
      expect(left.filter((one) => !blocked.has(keyOfPlan(one)))).toEqual([]);
      expect(left.map(({ action }) => action)).toEqual(left.map(() => 'blocked'));
      expect(left.length).toBe(blocked.size);
    }

    /** Remembers which object stands for which cloud id, also once it is gone. */
    async function note(): Promise<void> {
      for (const object of await session.objects()) if (object.status?.id) objectById.set(object.status.id, keyOf(object));
      for (const port of (await readContents(world.client)).ports) if (port.device_id) serverByPort.set(port.id, port.device_id);
    }

    async function untilSettled(wanted: readonly string[], blocked: ReadonlySet<string>): Promise<void> {
      const unsettled = async () => {
        const live = (await session.objects()).filter(({ kind }) => kind !== 'Cluster');
        for (const object of live) if (object.status?.id) objectById.set(object.status.id, keyOf(object));
        const there = new Set(live.map(keyOf));
        const extra = live.filter((object) => !wanted.includes(keyOf(object))).map((object) => `${keyOf(object)} is still there`);
        const missing = wanted.filter((key) => !there.has(key)).map((key) => `${key} is not there`);
        return [...extra, ...missing, ...live.flatMap((object) => whyUnsettled(object, blocked.has(keyOf(object))))];
      };
      await eventually(
        options.patienceSeconds,
        async () => ((await unsettled()).length === 0 ? true : undefined),
        async () => (await unsettled()).join('\n'),
        1000,
      );
    }

    async function untilGone(): Promise<void> {
      await untilSettled([], new Set());
    }

    async function command(...args: string[]): Promise<{ status: number; plan: Answer }> {
      const result = await run(process.execPath, [program, 'plan', '--data', session.process.dataDir, '-o', 'json', ...args], {
        timeoutMs: 120_000,
      });
      expect(result.stderr).toBe('');
      return { status: result.code, plan: JSON.parse(result.stdout) as Answer };
    }
  });
}

function whyUnsettled(object: Live, isBlocked: boolean): string[] {
  const { status, metadata } = object;
  const isSeen = (status as { observedGeneration?: number } | undefined)?.observedGeneration === metadata.generation;
  const found = condition(object, isBlocked ? 'Stalled' : 'Ready');
  return isSeen && found?.status === 'True' ? [] : [`${keyOf(object)}: ${condition(object, 'Ready')?.message ?? 'no status'}`];
}

function actionsOf(plans: readonly ManifestPlan[], edits: readonly Edit[]): Edit[] {
  const actions = new Map(plans.flatMap(({ objects }) => objects.map((one) => [keyOfPlan(one), one.action] as const)));
  return edits.map(({ object }) => ({ object, action: actions.get(object) ?? 'none' }));
}

function blockedIn({ objects }: ManifestPlan): string[] {
  return objects.filter(({ action }) => action === 'blocked').map(keyOfPlan);
}

function keyOfPlan({ kind, name }: ObjectPlan): string {
  return `${kind}/${name}`;
}

function yamlOf(objects: readonly object[]): string {
  // As 1.1, which kubectl reads: a text "yes" has to be quoted there.
  return objects.map((object) => stringify(object, { version: '1.1' })).join('---\n');
}
