import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inventoryOf, readContents } from '#tests/scenarios/contents.ts';
import { condition, eventually, type Live } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';
import { type CaseSession, startCase } from './case-session.ts';
import { readExample, textOf } from './examples.ts';
import { type KindCase, type Mutation, titleOf } from './kind-case.ts';
import { kindCases } from './mutations.ts';
import { type SharedSession, startSharedSession } from './shared-session.ts';

/**
 * What every kind promises, tried on every kind over its example. The cases run beside each other in one project, each in a namespace of
 * its own: they mostly wait for the cloud. The tests of one case build on each other, in order.
 */
export function conformanceSuite(name: string, makeWorld: () => Promise<World>): void {
  describe(`every kind on ${name}`, () => {
    let shared: SharedSession;
    beforeAll(async () => {
      shared = await startSharedSession(await makeWorld());
    });
    afterAll(() => shared?.stop());

    for (const kindCase of kindCases) describe(titleOf(kindCase), { concurrent: true }, () => testCase(kindCase, () => shared));

    it('leave nothing behind together, and wrote only for what was declared', async () => {
      expect(inventoryOf(await readContents(shared.world.client))).toEqual(shared.before);
      expect(shared.ledger.writes.length, 'the ledger holds all writes').toBe(await shared.session.writes());
      expect(shared.ledger.ofNobody(), 'writes for no object').toEqual([]);
    });
  });
}

/** In order, while other cases run beside. */
const inOrder = { concurrent: false } as const;

function testCase(kindCase: KindCase, shared: () => SharedSession): void {
  let own: CaseSession;
  let world: World;
  beforeAll(async () => {
    world = shared().world;
    own = await startCase(shared(), kindCase);
  });
  const live = () => own.live();
  const idOf = () => own.idOf();
  const askForLook = () =>
    own.kubectl('annotate', '--overwrite', own.object, `openstack.stackwarden.io/reconcile-at=${new Date().toISOString()}`);

  it('waits for what it refers to, names it, and becomes Ready when that is there', inOrder, async () => {
    await own.kubectl('apply', '-f', own.file(kindCase.manifest));
    if (kindCase.needs.length > 0) {
      const missing = firstNeeds(kindCase);
      await eventually(
        120,
        async () => (condition(await live(), 'Reconciling')?.message.includes(missing) ? true : undefined),
        async () => JSON.stringify((await live()).status),
      );
      for (const manifest of kindCase.needs) await own.kubectl('apply', '-f', own.file(manifest));
    }
    await untilReady();
    // The objects it needs and those beside it too: their writes must not be taken for its own.
    await own.untilAllReady();
    expect(await own.resource.exists(world.client, await idOf())).toBe(true);
  });

  it('is left alone by a second look', inOrder, async () => {
    const writes = await own.writes();
    await askForLook();
    await new Promise((done) => setTimeout(done, 1500));
    expect(await own.writes()).toEqual(writes);
    expect(condition(await live(), 'Drifted')?.status).toBe('False');
  });

  it('is found again, and not made twice, when its id was lost', inOrder, async () => {
    const id = await idOf();
    const count = await own.count();
    expect(count).toBeGreaterThan(0);
    // As after a crash between a create and its answer.
    const status = { id: null, settledGeneration: null, intent: { attempt: 1, at: new Date().toISOString() } };
    await own.kubectl('patch', own.object, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status }));
    // A start would look at once; what only a status says is otherwise seen with the next sweep, whenever a busy cloud lets that end.
    await askForLook();
    await eventually(
      120,
      async () => ((await idOf()) === id ? true : undefined),
      async () => JSON.stringify((await live()).status),
    );
    await untilReady();
    expect(await own.count()).toBe(count);
  });

  it.each(kindCase.mutations)('shows and puts right when it $name', inOrder, async (mutation) => {
    await own.patch({ driftPolicy: 'Report' });
    await untilReady();
    const writes = await own.writes();
    await mutation.change(world.client, await idOf(), own.ids);
    await untilDrift(mutation);
    expect(await own.writes(), 'writes under Report').toEqual(writes);
    await own.patch({ driftPolicy: 'Correct' });
    if (mutation.needsReplace) return replaceByHand(mutation);
    await untilReady();
    expect((await live()).status?.drift ?? []).toEqual([]);
  });

  it.each(kindCase.edits)('takes an edit: $name', inOrder, async (edit) => {
    await own.patch(edit.spec);
    await untilReady();
    expect(await edit.read(world.client, await idOf(), own.ids)).toEqual(edit.expected);
  });

  it('comes back when it is deleted in the cloud', inOrder, async () => {
    await own.patch({ driftPolicy: 'Correct' });
    await untilReady();
    const id = await idOf();
    await own.resource.remove(world.client, id);
    await eventually(
      world.sweepSeconds * 2 + 180,
      async () =>
        (await shared().session.audit(`type=Missing&namespace=${own.namespace}&cloudId=${encodeURIComponent(id)}`)).length > 0
          ? true
          : undefined,
      async () => JSON.stringify((await live()).status),
    );
    await untilReady();
    expect(await own.resource.exists(world.client, await idOf())).toBe(true);
  });

  it('goes from the cloud before it goes from Kubernetes', inOrder, async () => {
    const id = await idOf();
    await own.kubectl('delete', own.object, '--timeout=120s');
    expect(await own.resource.exists(world.client, id)).toBe(false);
  });

  it('goes quietly when its cloud resource is gone already', inOrder, async () => {
    await own.kubectl('apply', '-f', own.file(kindCase.manifest));
    await untilReady();
    await own.kubectl('annotate', own.object, 'openstack.stackwarden.io/paused=true');
    const id = await idOf();
    await own.resource.remove(world.client, id);
    await eventually(
      180,
      async () => ((await own.resource.exists(world.client, id)) ? undefined : true),
      () => `${id} is still there`,
    );
    await own.kubectl('annotate', own.object, 'openstack.stackwarden.io/paused-');
    await own.kubectl('delete', own.object, '--timeout=120s');
  });

  it('leaves nothing behind', inOrder, async () => {
    await own.deleteAll();
    expect(await own.contents()).toEqual([]);
  });

  /** The values too: what takes the cloud a while (a resize) shows others on its way. */
  async function untilDrift({ path, declared, observed }: Mutation): Promise<void> {
    const fits = (wanted: unknown, shown: unknown) => wanted === undefined || isDeepStrictEqual(wanted, shown ?? null);
    await eventually(
      world.sweepSeconds * 2 + 180,
      async () =>
        (await live()).status?.drift?.find(
          (entry) => entry.path === path && fits(declared, entry.declared) && fits(observed, entry.observed),
        ),
      async () =>
        `no drift at ${path} from ${JSON.stringify(declared)} to ${JSON.stringify(observed)}: ${JSON.stringify((await live()).status)}`,
      300,
    );
  }

  /** The way out that the message names: delete, and create anew. */
  async function replaceByHand({ path }: Mutation): Promise<void> {
    const stalled = await eventually(
      180,
      async () => condition(await live(), 'Stalled'),
      async () => JSON.stringify((await live()).status),
    );
    expect(stalled).toMatchObject({ reason: 'ReplacementRequired', message: expect.stringContaining(path) });
    await own.kubectl('delete', own.object, '--timeout=120s');
    await own.kubectl('apply', '-f', own.file(kindCase.manifest));
    await untilReady();
  }

  async function untilReady(): Promise<void> {
    await eventually(
      world.name === 'sandbox' ? 180 : 400,
      async () => {
        const one = await live();
        return condition(one, 'Ready')?.status === 'True' && observedGeneration(one) === one.metadata.generation ? true : undefined;
      },
      async () => `${own.object} is not Ready: ${JSON.stringify((await live()).status)}\n${await own.kubectl('get', 'openstack')}`,
      300,
    );
    await own.refresh();
  }
}

function observedGeneration(object: Live): number | undefined {
  return (object.status as { observedGeneration?: number } | undefined)?.observedGeneration;
}

/** Name of an object that the case's own object refers to and that is made by the first manifest it needs. */
function firstNeeds({ manifest, needs }: KindCase): string {
  const own = textOf(manifest);
  const names = needs.flatMap(readExample).map(({ metadata }) => metadata.name);
  return names.find((name) => own.includes(name)) ?? '';
}
