import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ManifestPlan } from '#api/plan/plan-manifests.ts';
import type { Verdict } from '#api/plan/summary.ts';
import type { PlannedAction } from '#controller/engine/set-plan.ts';
import { kinds } from '#controller/kinds/index.ts';
import * as images from '#controller/openstack/image/images.ts';
import { run } from '#tests/parts/kubectl.ts';
import { allowReplacing, makeSets } from '#tests/parts/manifest-sets.ts';
import { deletionOf, type Edit, editSet } from '#tests/parts/manifest-sets-edits.ts';
import { makeImported, makeOtherImage } from '#tests/parts/manifest-sets-outside.ts';
import { firstAction, keyOf, type ManifestSet, type SetObject, setLabel } from '#tests/parts/manifest-sets-parts.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { inventoryOf, readContents } from './contents.ts';
import { keyOfPlan, type PlanBench, startPlanBench } from './plan-bench.ts';
import { examples } from './plan-examples.ts';
import type { World } from './world.ts';

export interface PlanSuiteOptions {
  readonly makeWorld: () => Promise<World>;
  readonly sets: number;
  /** Longest wait until everything that was applied is settled, seconds. */
  readonly patienceSeconds: number;
  /** Draws the same sets every time, unless STACKWARDEN_SEED says otherwise. */
  readonly seed?: number;
}

type Answer = ManifestPlan & { readonly verdict: Verdict };

const program = resolve(import.meta.dirname, '../../api/main.ts');
const kindNames = kinds.map(({ kind }) => kind);
const plurals = kinds.map(({ plural }) => plural).join();

/**
 * Plan, apply, plan again: the second plan is empty, and the writes the cloud took are those the first one named (what a planned action stands
 * for in writes is told in deeds.ts).
 */
export function planSuite(name: string, options: PlanSuiteOptions): void {
  describe(`plans and what comes of them on ${name}`, () => {
    const random = seededRandom(`plan suite on ${name}`, options.seed);
    const folder = mkdtempSync(join(tmpdir(), 'stackwarden-plans-'));
    let world: World;
    let bench: PlanBench;
    let otherImageId: string;
    let before: string[];
    let sets: ManifestSet[] = [];

    beforeAll(async () => {
      world = await options.makeWorld();
      otherImageId = await makeOtherImage(world.client);
      before = inventoryOf(await readContents(world.client));
      bench = await startPlanBench(world, options.patienceSeconds);
    });
    afterAll(async () => {
      await bench?.close();
      if (otherImageId) await images.remove(world.client.image, otherImageId);
      await world?.close();
    });

    describe('of generated sets', () => {
      it('create or take over all there is in them', async () => {
        sets = makeSets(options.sets, random, kindNames);
        if ((await makeImported(world.client, objectsOf(sets))).length > 0) await bench.untilSwept();
        const plans = await planSets(sets);
        expect(actionsIn(plans)).toEqual(expected(objectsOf(sets), firstAction));
        await applyAndCompare(sets, plans);
        await expectNothingLeft(sets, new Set(plans.flatMap(blockedIn)));
      });

      it('change them in place, stop at what cannot be, and delete what a prune takes', async () => {
        const edited = sets.map((set) => editSet(set, random));
        sets = edited.map(({ set }) => set);
        const plans = await planSets(sets);
        const wanted = edited.flatMap(({ edits }) => edits);
        expect(wanted.map(({ object }) => ({ object, action: actionsIn(plans)[object] ?? 'none' }))).toEqual(wanted);
        console.log(`edits of ${name}: ${JSON.stringify(countsOf(wanted))}`);
        await applyAndCompare(sets, plans);
        await expectNothingLeft(sets, new Set(plans.flatMap(blockedIn)));
      });

      it('rebuild and replace what stopped once that is allowed, but for what is protected, needed or not to be taken over', async () => {
        const blocked = new Set((await planSets(sets)).flatMap(blockedIn));
        sets = sets.map((set) => allowReplacing(set, blocked));
        const plans = await planSets(sets);
        const plansOfThem = plans.flatMap(({ objects }) => objects).filter((one) => blocked.has(keyOfPlan(one)));
        for (const { action, changes } of plansOfThem)
          if (action === 'replace' || action === 'rebuild') expect(changes.some(({ by }) => by === action)).toBe(true);
        const kept = plansOfThem.flatMap(({ action, why }) => (action === 'blocked' ? [why?.reason] : []));
        expect(kept.filter((reason) => !['DeletionProtected', 'ReplacementBlocked', 'ImportDiffers'].includes(reason ?? ''))).toEqual([]);
        await applyAndCompare(sets, plans);
        await expectNothingLeft(sets, new Set(plans.flatMap(blockedIn)));
      });

      it('delete them all but what is protected or only let go of, when an empty set is said to be meant', async () => {
        const empty = sets.map((set) => ({ ...set, objects: [] }));
        const plans = await planSets(empty);
        expect(actionsIn(plans)).toEqual(expected(objectsOf(sets), deletionOf));
        await bench.session.must('delete', plurals, '-l', setLabel, '--wait=false');
        await bench.untilDeleted(plans);
        expect(inventoryOf(await readContents(world.client))).toEqual(before);
      });
    });

    describe.each(examples())('of the example $name', ({ files, objects }) => {
      const sources = files.flatMap((file) => ['-f', file]);

      it('announce what apply does', async () => {
        if ((await makeImported(world.client, objects)).length > 0) await bench.untilSwept();
        const first = await command(...sources);
        expect([first.status, first.plan.objects.filter(({ action }) => ['wait', 'blocked'].includes(action))]).toEqual([2, []]);
        expect(first.plan.objects.map(keyOfPlan).toSorted()).toEqual(objects.map(keyOf).toSorted());
        await bench.session.must('apply', ...sources);
        await bench.compare([first.plan], () => bench.untilSettled(objects.map(keyOf), new Set()));
        const second = await command(...sources);
        const differs = second.plan.objects.filter(({ action }) => action !== 'none');
        expect(differs.filter(({ action, why }) => action !== 'report' || why?.reason !== 'Observed')).toEqual([]);
        expect(second.status).toBe(0);
      });

      it('announce what a prune deletes', async () => {
        const nothing = join(folder, 'nothing.yaml');
        writeFileSync(nothing, '---\n');
        const { plan } = await command('-f', nothing, '--prune', '--prune-namespace', 'default', '--allow-empty');
        expect(actionsIn([plan])).toEqual(expected(objects, deletionOf));
        await bench.session.must('delete', ...sources, '--wait=false');
        await bench.untilDeleted([plan]);
        expect(inventoryOf(await readContents(world.client))).toEqual(before);
      });
    });

    /** One plan a set, as a CI job would ask for it; no plan may write. */
    async function planSets(wanted: readonly ManifestSet[]): Promise<Answer[]> {
      const written = bench.writes.length;
      const answers: Answer[] = [];
      for (const { name: set, objects } of wanted) {
        const prune = { selector: `${setLabel}=${set}`, ...(objects.length === 0 && { allowEmpty: true }) };
        const { status, text } = await bench.session.process.post('/api/v1/plan', { manifests: yamlOf(objects), prune });
        expect(status, text).toBe(200);
        const answer = JSON.parse(text) as Answer;
        expect(answer.gaps).toEqual([]);
        answers.push(answer);
      }
      expect(bench.writes.length, 'writes while planning').toBe(written);
      return answers;
    }

    async function applyAndCompare(wanted: readonly ManifestSet[], plans: readonly Answer[]): Promise<void> {
      const file = join(folder, 'sets.yaml');
      const objects = objectsOf(wanted);
      writeFileSync(file, yamlOf(objects));
      const prune = kindNames.map((kind) => `--prune-allowlist=openstack.stackwarden.io/v1alpha1/${kind}`);
      await bench.session.must('apply', '-f', file, '--prune', '-l', setLabel, ...prune);
      const blocked = new Set(plans.flatMap(blockedIn));
      await bench.compare(plans, () => bench.untilSettled(objects.map(keyOf), blocked));
      await bench.removeReleased(plans);
    }

    async function expectNothingLeft(wanted: readonly ManifestSet[], blocked: ReadonlySet<string>): Promise<void> {
      const again = await planSets(wanted);
      const left = again.flatMap(({ objects }) => objects).filter(({ action }) => action !== 'none');
      expect(left.filter((one) => !blocked.has(keyOfPlan(one)))).toEqual([]);
      expect(left.map(({ action }) => action)).toEqual(left.map(() => 'blocked'));
      expect(left.length).toBe(blocked.size);
    }

    async function command(...args: string[]): Promise<{ status: number; plan: Answer }> {
      const result = await run(process.execPath, [program, 'plan', '--data', bench.session.process.dataDir, '-o', 'json', ...args], {
        timeoutMs: 120_000,
      });
      expect(result.stderr).toBe('');
      return { status: result.code, plan: JSON.parse(result.stdout) as Answer };
    }
  });
}

function objectsOf(sets: readonly ManifestSet[]): SetObject[] {
  return sets.flatMap(({ objects }) => objects);
}

/** `Kind/name` -> action, in the order of names. */
function actionsIn(plans: readonly ManifestPlan[]): Record<string, PlannedAction> {
  const entries = plans.flatMap(({ objects }) => objects.map((one) => [keyOfPlan(one), one.action] as const));
  return Object.fromEntries(entries.toSorted(([one], [other]) => one.localeCompare(other)));
}

function expected<T extends Pick<SetObject, 'kind' | 'spec'> & { readonly metadata: { readonly name: string } }>(
  objects: readonly T[],
  actionOf: (object: T) => PlannedAction,
): Record<string, PlannedAction> {
  return Object.fromEntries(objects.map((object) => [keyOf(object), actionOf(object)]));
}

function countsOf(edits: readonly Edit[]): Record<string, number> {
  const grouped = Map.groupBy(edits, ({ object, action }) => `${object.split('/')[0]} ${action}`);
  return Object.fromEntries([...grouped].map(([edit, all]) => [edit, all.length]));
}

function blockedIn({ objects }: ManifestPlan): string[] {
  return objects.filter(({ action }) => action === 'blocked').map(keyOfPlan);
}

function yamlOf(objects: readonly object[]): string {
  // As 1.1, which kubectl reads: a text "yes" has to be quoted there.
  return objects.map((object) => stringify(object, { version: '1.1' })).join('---\n');
}
