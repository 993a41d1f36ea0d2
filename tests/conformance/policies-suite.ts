import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventoryOf, readContents } from '#tests/scenarios/contents.ts';
import { condition, eventually, type Live } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';
import { type CaseSession, startCase } from './case-session.ts';
import { inNamespace, readExample } from './examples.ts';
import { type KindCase, type Mutation, titleOf } from './kind-case.ts';
import { kindCases } from './mutations.ts';
import { type SharedSession, startSharedSession } from './shared-session.ts';

/**
 * Every policy, tried on every kind over its example. The cases run beside each other in one project, each in a namespace of its own: they
 * mostly wait for the cloud. The tests of one case build on each other, in order.
 */
export function policiesSuite(name: string, makeWorld: () => Promise<World>): void {
  describe(`policies on ${name}`, () => {
    let shared: SharedSession;
    beforeAll(async () => {
      shared = await startSharedSession(await makeWorld());
    });
    afterAll(() => shared?.stop());

    // Alone: a window is the Cluster's, for all.
    it('maintenanceWindows: drift is shown while none is open, and put right once one is', () => maintenanceWindows(shared));

    for (const kindCase of kindCases) describe(titleOf(kindCase), { concurrent: true }, () => testCase(kindCase, () => shared));

    it('leave nothing behind together, and wrote only for what was declared', async () => {
      expect(inventoryOf(await readContents(shared.world.client))).toEqual(shared.before);
      expect(shared.ledger.writes.length, 'the ledger holds all writes').toBe(await shared.session.writes());
      expect(shared.ledger.ofNobody(), 'writes for no object').toEqual([]);
    });
  });
}

async function maintenanceWindows(shared: SharedSession): Promise<void> {
  const { world, session } = shared;
  const [kindCase] = kindCases;
  const mutation = kindCase?.mutations.find((one) => !one.needsReplace);
  if (!kindCase || !mutation) throw new Error('there is no kind to try it on');
  const own = await startCase(shared, { ...kindCase, title: 'windows' });
  const look = async (isTrue: (one: Live) => boolean) =>
    eventually(
      world.sweepSeconds * 2 + 180,
      async () => (isTrue(await own.live()) ? true : undefined),
      async () => JSON.stringify(await own.live()),
      300,
    );
  const windows = (value: unknown) =>
    session.must('patch', 'cluster', 'main', '--type=merge', '-p', JSON.stringify({ spec: { maintenanceWindows: value } }));
  await own.kubectl('apply', '-f', own.file(kindCase.manifest));
  await look(isSettled);
  // Opens in twelve hours, for an hour.
  const start = `${String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')}:00`;
  await windows([{ start, duration: '1h' }]);
  const seen = () => session.must('get', 'cluster', 'main', '-o', 'jsonpath={.metadata.generation} {.status.observedGeneration}');
  await eventually(180, async () => (/^(\d+) \1$/.test(await seen()) ? true : undefined), seen);
  const writes = await own.writes();
  await mutation.change(world.client, await own.idOf(), own.ids);
  await look((one) => pathsIn(one, 'drift').includes(mutation.path));
  expect(condition(await own.live(), 'Ready')?.message).toContain(start);
  expect(await own.writes()).toEqual(writes);
  await windows(null);
  await look((one) => isSettled(one) && pathsIn(one, 'drift').length === 0);
  await own.deleteAll();
}

/** In order, while other cases run beside. */
const inOrder = { concurrent: false } as const;

function testCase(kindCase: KindCase, shared: () => SharedSession): void {
  let own: CaseSession;
  let world: World;
  beforeAll(async () => {
    world = shared().world;
    own = await startCase(shared(), kindCase);
    for (const manifest of [...kindCase.needs, kindCase.manifest]) await own.kubectl('apply', '-f', own.file(manifest));
    await own.untilAllReady();
    await own.refresh();
  });
  const correctable = kindCase.mutations.filter((one) => !one.needsReplace && one.path.startsWith('spec.'));
  // One that shows as one difference.
  const inPlace = correctable.find((one) => one.path === 'spec.description') ?? correctable[0];
  const replacing = kindCase.mutations.find((one) => one.needsReplace);
  const unstamping = kindCase.mutations.find((one) => one.path === 'metadata.uid');
  const live = () => own.live();
  const idOf = () => own.idOf();
  const patch = (spec: object) => own.patch(spec);
  const mutate = async (mutation: Mutation) => mutation.change(world.client, await idOf(), own.ids);
  const audited = (query: string) => shared().session.audit(`${query}&kind=${kindCase.kind}&namespace=${own.namespace}`);

  it('managementPolicy Observe: shows what differs and writes nothing; Manage puts it right', inOrder, async () => {
    await patch({ managementPolicy: 'Observe' });
    await until((one) => condition(one, 'Ready')?.reason === 'Observed');
    if (!inPlace) return expect(kindCase.mutations.every((one) => one.needsReplace)).toBe(true);
    const writes = await own.writes();
    await mutate(inPlace);
    await until((one) => pathsIn(one, 'plan').includes(inPlace.path) && pathsIn(one, 'drift').includes(inPlace.path));
    expect(await own.writes()).toEqual(writes);
    await patch({ managementPolicy: 'Manage' });
    await until((one) => isSettled(one) && pathsIn(one, 'drift').length === 0);
    return expect(pathsIn(await live(), 'plan')).toEqual([]);
  });

  const ignored = async (mutation: Mutation) => {
    await patch({ managementPolicy: 'Manage', ignore: [{ path: mutation.path, reason: 'the suite says so' }] });
    await until((one) => isSettled(one));
    const writes = await own.writes();
    await mutate(mutation);
    await until((one) => pathsIn(one, 'ignored').includes(mutation.path));
    expect(condition(await live(), 'Ready')?.status).toBe('True');
    expect(condition(await live(), 'Drifted')?.status).toBe('False');
    expect(await own.writes()).toEqual(writes);
    await patch({ ignore: null });
    if (mutation.needsReplace) return until((one) => condition(one, 'Stalled')?.reason === 'ReplacementRequired');
    return until((one) => isSettled(one) && pathsIn(one, 'drift').length === 0 && pathsIn(one, 'ignored').length === 0);
  };
  const ignorable = inPlace ?? replacing;
  if (ignorable)
    it('ignore: neither writes nor shows drift of the field, says that it is ignored, and corrects it once the rule is gone', inOrder, () =>
      ignored(ignorable),
    );

  const replaced = async (mutation: Mutation) => {
    const id = await idOf();
    // Of a kind that has nothing else, the test before left it so.
    if (inPlace) await mutate(mutation);
    await until((one) => condition(one, 'Stalled')?.reason === 'ReplacementRequired');
    await patch({ deletionProtection: true, replacePolicy: 'Allow' });
    await until((one) => condition(one, 'Stalled')?.reason === 'DeletionProtected');
    expect(await own.resource.exists(world.client, id)).toBe(true);
    await patch({ deletionProtection: null });
    await until((one) => isSettled(one));
    expect((await audited('type=Replacing')).length).toBe(1);
    expect(await own.resource.exists(world.client, await idOf())).toBe(true);
    await patch({ replacePolicy: null });
  };
  if (replacing) it('replacePolicy Allow: deletes it and makes it anew where nothing else helps', inOrder, () => replaced(replacing));

  const paused = async (mutation: Mutation) => {
    await own.kubectl('annotate', own.object, 'openstack.stackwarden.io/paused=true');
    await until((one) => condition(one, 'Ready')?.reason === 'Paused');
    const writes = await own.writes();
    await mutate(mutation);
    await aSweepPasses();
    expect(await own.writes()).toEqual(writes);
    expect(pathsIn(await live(), 'drift')).toEqual([]);
    await own.kubectl('annotate', own.object, 'openstack.stackwarden.io/paused-');
    await eventually(
      world.sweepSeconds * 2 + 180,
      async () => ((await own.writes()).length > writes.length ? true : undefined),
      async () => `nothing was written: ${JSON.stringify(await live())}`,
    );
    await until((one) => isSettled(one) && pathsIn(one, 'drift').length === 0);
  };
  if (inPlace) it('paused: leaves it alone until it is resumed', inOrder, () => paused(inPlace));

  it('deletionPolicy Retain leaves it, a stamp keeps others off, import takes it over without a change', inOrder, async () => {
    const id = await idOf();
    await patch({ deletionPolicy: 'Retain' });
    await own.kubectl('delete', own.object, '--timeout=60s');
    expect(await own.resource.exists(world.client, id)).toBe(true);
    await declareAgain({ import: { id } });
    if (unstamping) {
      await until((one) => condition(one, 'Stalled')?.reason === 'NotOurs');
      await unstamping.change(world.client, id, own.ids);
      await own.kubectl('annotate', '--overwrite', own.object, `openstack.stackwarden.io/reconcile-at=${Date.now()}`);
    }
    await until((one) => isSettled(one));
    expect(await idOf()).toBe(id);
    expect((await audited(`type=Adopted&cloudId=${encodeURIComponent(id)}`)).length).toBe(1);
    expect((await audited(`type=Updated&cloudId=${encodeURIComponent(id)}&limit=1`))[0]?.changes ?? []).toEqual(
      unstamping ? [expect.objectContaining({ path: 'metadata.uid' })] : [],
    );
  });

  it('deletionProtection: is not deleted until that is taken back', inOrder, async () => {
    const id = await idOf();
    await patch({ deletionProtection: true });
    await own.kubectl('delete', own.object, '--wait=false');
    await until((one) => condition(one, 'Stalled')?.reason === 'DeletionProtected');
    expect(await own.resource.exists(world.client, id)).toBe(true);
    await patch({ deletionProtection: false });
    await own.kubectl('wait', '--for=delete', own.object, '--timeout=120s');
    expect(await own.resource.exists(world.client, id)).toBe(false);
  });

  it('leaves nothing behind', inOrder, async () => {
    await own.deleteAll();
    expect(await own.contents()).toEqual([]);
  });

  async function until(isTrue: (object: Live) => boolean): Promise<void> {
    await eventually(
      world.sweepSeconds * 2 + (world.name === 'sandbox' ? 40 : 180),
      async () => (isTrue(await live()) ? true : undefined),
      async () => `${own.object}: ${JSON.stringify(await live())}`,
      300,
    );
  }

  async function declareAgain(spec: object): Promise<void> {
    const manifest = inNamespace(own.namespace, manifestOf(kindCase));
    await own.kubectlWith(JSON.stringify({ ...manifest, spec: { ...manifest.spec, ...spec } }), 'apply', '-f', '-');
  }

  async function aSweepPasses(): Promise<void> {
    const start = await shared().session.process.metric('stackwarden_sweeps_total', {});
    await eventually(
      world.sweepSeconds * 4 + 180,
      async () => ((await shared().session.process.metric('stackwarden_sweeps_total', {})) >= start + 2 ? true : undefined),
      () => 'no sweep ended',
    );
  }
}

function isSettled(object: Live): boolean {
  const status = object.status as { observedGeneration?: number } | undefined;
  return condition(object, 'Ready')?.status === 'True' && status?.observedGeneration === object.metadata.generation;
}

function pathsIn(object: Live, field: 'drift' | 'plan' | 'ignored'): string[] {
  const entries = (object.status as Record<string, readonly { path: string }[] | undefined> | undefined)?.[field];
  return (entries ?? []).map((entry) => entry.path);
}

/** The object of the case itself, as its example declares it. */
function manifestOf({ kind, object, manifest }: KindCase) {
  const found = readExample(manifest).find((one) => one.kind === kind && one.metadata.name === object);
  if (!found) throw new Error(`${manifest} holds no ${kind} ${object}`);
  return found;
}
