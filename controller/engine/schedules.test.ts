import { describe, expect, it } from 'vitest';
import { lintStatus } from './conditions.ts';
import type { JsonObject } from './json.ts';
import type { KubeObject } from './object.ts';
import { Stage } from './testing/stage.ts';

/** Set to look at one schedule again: the number a failure names. */
const ONLY = process.env['ENGINE_SEED'];
const SCHEDULES = Number(process.env['ENGINE_SCHEDULES'] ?? 250);
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Objects refer only to earlier names, so that hard references form no circle; soft ones may. */
function randomSpec(stage: Stage, name: string): JsonObject {
  const pick = <T>(of: readonly T[]): T | undefined => of[Math.floor(stage.random() * of.length)];
  const earlier = NAMES.slice(0, NAMES.indexOf(name));
  const parent = stage.random() < 0.4 ? pick(earlier) : undefined;
  const friend = stage.random() < 0.3 ? pick(NAMES) : undefined;
  return {
    clusterRef: { name: 'lab' },
    size: 1 + Math.floor(stage.random() * 5),
    color: pick(['red', 'green', 'blue']) ?? 'red',
    ...(parent !== undefined && { parentRef: { name: parent } }),
    ...(friend !== undefined && friend !== name && { friendRef: { name: friend } }),
  };
}

/** One thing that happens: somebody wants something, somebody meddles, or something breaks. */
function happen(stage: Stage): void {
  const { kube, world, random } = stage;
  const name = NAMES[Math.floor(random() * NAMES.length)] ?? 'a';
  const things = world.alive().filter((thing) => thing.owner !== '');
  const thing = things[Math.floor(random() * things.length)];
  const dice = random();
  if (dice < 0.35) stage.apply(name, randomSpec(stage, name));
  else if (dice < 0.5) stage.delete(name);
  else if (dice < 0.58 && thing) thing.size = 9;
  else if (dice < 0.64 && thing && !world.alive().some((other) => other.parent === thing.id)) world.lose(thing.id);
  else if (dice < 0.74) stage.run?.process.killAt(1 + Math.floor(random() * 30), random() < 0.5 ? 'before' : 'after');
  else if (dice < 0.8) kube.endWatches(random() < 0.5 ? new Error('reset') : undefined);
  else if (dice < 0.85) kube.compact();
  else if (dice < 0.88) kube.silenceWatches();
}

async function play(seed: number): Promise<Stage> {
  const stage = new Stage(seed);
  const stranger = stage.world.make({ owner: '' });
  stage.start();
  Object.assign(stage.kube.faults, { refused: 0.05, lost: 0.05, late: 0.3 });
  Object.assign(stage.world.faults, { refused: 0.1, lost: 0.1, lostLate: 0.05, staleMs: 5_000 });
  for (let step = 0; step < 40; step += 1) {
    happen(stage);
    await stage.clock.advance(Math.floor(stage.random() * 4_000));
    if (!stage.run?.process.isAlive) {
      // A new process does not come back within the same moment.
      await stage.clock.advance(Math.floor(stage.random() * 5_000));
      stage.start();
    }
  }
  Object.assign(stage.kube.faults, { refused: 0, lost: 0, late: 0 });
  Object.assign(stage.world.faults, { refused: 0, lost: 0, lostLate: 0, staleMs: 0 });
  // The last fatal call may still be ahead.
  stage.kill();
  stage.start();
  await stage.clock.advance(700_000);
  expect(stranger.goneAt, 'the stranger is untouched').toBe(0);
  return stage;
}

/** What is wrong at the end, in words. */
function flaws(stage: Stage): string[] {
  const wrong = [...stage.world.sins];
  const objects = stage.kube.all('Thing');
  const uids = new Set(objects.map((object) => object.metadata.uid));
  for (const thing of stage.world.alive())
    if (thing.owner !== '' && !uids.has(thing.owner)) wrong.push(`${thing.id} is left over from ${thing.owner}`);
  for (const object of objects) wrong.push(...flawsOf(stage, object, objects));
  return wrong;
}

function flawsOf(stage: Stage, object: KubeObject, objects: readonly KubeObject[]): string[] {
  const { name, uid } = object.metadata;
  const named = (field: string): KubeObject | undefined =>
    objects.find((other) => other.metadata.name === (object.spec[field] as { name?: string } | undefined)?.name);
  const parent = named('parentRef');
  // What waits for an object nobody declares (any more) waits for good.
  const isWaiting =
    'parentRef' in object.spec && (!parent?.status?.id || (parent.metadata.deletionTimestamp !== undefined && !object.status?.id));
  const isHeld =
    object.metadata.deletionTimestamp !== undefined &&
    objects.some((other) => (other.spec['parentRef'] as { name?: string } | undefined)?.name === name);
  const made = stage.world.of(uid);
  // An object that waits for a new parent still stands on the old one in the cloud.
  const isInUse = made.some((thing) => stage.world.alive().some((other) => other.parent === thing.id));
  const wrong = lintStatus(object).map((flaw) => `${name}: ${flaw}`);
  if (object.metadata.deletionTimestamp !== undefined && !isHeld && !isInUse) wrong.push(`${name} is still being deleted`);
  if (object.metadata.deletionTimestamp !== undefined) return wrong;
  if (isWaiting) return wrong;
  if (made.length !== 1) wrong.push(`${name} has ${made.length} cloud resources`);
  if (object.status?.id !== made[0]?.id)
    wrong.push(`${name}: status.id is ${object.status?.id ?? 'absent'}, made is ${made[0]?.id ?? 'none'}`);
  if (made[0]?.size !== object.spec['size'] || made[0]?.color !== object.spec['color']) wrong.push(`${name} is not as declared`);
  if ('parentRef' in object.spec && made[0]?.parent !== parent?.status?.id) wrong.push(`${name} has another parent`);
  return wrong;
}

describe('schedules of faults, kills and changes', () => {
  const seeds = ONLY === undefined ? Array.from({ length: SCHEDULES }, (_, index) => index + 1) : [Number(ONLY)];
  it(`converge, with nothing made twice and nothing left over (${seeds.length} seeds)`, { timeout: 300_000 }, async () => {
    const failed: string[] = [];
    for (const seed of seeds) {
      const stage = await play(seed);
      const wrong = flaws(stage);
      const before = [stage.kube.writes.length, stage.world.writes.length];
      await stage.clock.advance(120_000);
      if (String([stage.kube.writes.length, stage.world.writes.length]) !== String(before))
        wrong.push(`still writes: ${stage.kube.writes.slice(before[0]).join()} ${stage.world.writes.slice(before[1]).join()}`);
      stage.kill();
      if (wrong.length > 0) failed.push(`ENGINE_SEED=${seed}: ${wrong.join('; ')}`);
    }
    expect(failed).toEqual([]);
  });
});
