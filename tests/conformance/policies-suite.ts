import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { inventoryOf, readContents } from '#tests/scenarios/contents.ts';
import { condition, eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';
import { cloudResource } from './cloud-resource.ts';
import type { KindCase, Mutation } from './kind-case.ts';
import { kindCases } from './mutations.ts';

const examples = resolve(import.meta.dirname, '../../examples');

/** Every policy, tried on every kind over its example. The tests of one kind build on each other, in order. */
export function policiesSuite(name: string, makeWorld: () => Promise<World>): void {
  describe(`policies on ${name}`, () => {
    let world: World;
    let session: Session;
    let before: string[];

    beforeAll(async () => {
      world = await makeWorld();
      before = inventoryOf(await readContents(world.client));
      session = await startSession(world);
    });
    afterAll(async () => {
      await session?.process.stop();
      await world?.close();
    });

    it('maintenanceWindows: drift is shown while none is open, and put right once one is', async () => {
      const [kindCase] = kindCases;
      const mutation = kindCase?.mutations.find((one) => !one.needsReplace);
      if (!kindCase || !mutation) throw new Error('there is no kind to try it on');
      const object = `${kindCase.kind.toLowerCase()}/${kindCase.object}`;
      const live = async () => JSON.parse(await session.must('get', object, '-o', 'json')) as Live;
      const look = async (isTrue: (one: Live) => boolean) =>
        eventually(
          world.sweepSeconds * 2 + 60,
          async () => (isTrue(await live()) ? true : undefined),
          async () => JSON.stringify(await live()),
        );
      const windows = (value: unknown) =>
        session.must('patch', 'cluster', 'main', '--type=merge', '-p', JSON.stringify({ spec: { maintenanceWindows: value } }));
      await session.must('apply', '-f', resolve(examples, kindCase.manifest));
      await look(isSettled);
      // Opens in twelve hours, for an hour.
      const start = `${String((new Date().getUTCHours() + 12) % 24).padStart(2, '0')}:00`;
      await windows([{ start, duration: '1h' }]);
      const seen = () => session.must('get', 'cluster', 'main', '-o', 'jsonpath={.metadata.generation} {.status.observedGeneration}');
      await eventually(60, async () => (/^(\d+) \1$/.test(await seen()) ? true : undefined), seen);
      const writes = await session.writes();
      await mutation.change(world.client, (await live()).status?.id ?? '', () => '');
      await look((one) => pathsIn(one, 'drift').includes(mutation.path));
      expect(condition(await live(), 'Ready')?.message).toContain(start);
      expect(await session.writes()).toBe(writes);
      await windows(null);
      await look((one) => isSettled(one) && pathsIn(one, 'drift').length === 0);
      await session.must('delete', object, '--timeout=120s');
    });

    describe.each(kindCases)('$kind', (kindCase) => {
      const object = `${kindCase.kind.toLowerCase()}/${kindCase.object}`;
      const resource = cloudResource(kindCase.kind);
      const correctable = kindCase.mutations.filter((one) => !one.needsReplace && one.path.startsWith('spec.'));
      // One that shows as one difference.
      const inPlace = correctable.find((one) => one.path === 'spec.description') ?? correctable[0];
      const replacing = kindCase.mutations.find((one) => one.needsReplace);
      const unstamping = kindCase.mutations.find((one) => one.path === 'metadata.uid');
      const live = async () => JSON.parse(await session.must('get', object, '-o', 'json')) as Live;
      const idOf = async () => (await live()).status?.id ?? '';
      const patch = (spec: object) => session.must('patch', object, '--type=merge', '-p', JSON.stringify({ spec }));
      const mutate = async (mutation: Mutation) => mutation.change(world.client, await idOf(), (wanted) => known.get(wanted) ?? '');
      const known = new Map<string, string>();

      beforeAll(async () => {
        for (const manifest of [...kindCase.needs, kindCase.manifest]) await session.must('apply', '-f', resolve(examples, manifest));
        await untilAllReady();
        for (const one of await session.objects()) known.set(`${one.kind}/${one.metadata.name}`, one.status?.id ?? '');
      });

      it('managementPolicy Observe: shows what differs and writes nothing; Manage puts it right', async () => {
        await patch({ managementPolicy: 'Observe' });
        await until((one) => condition(one, 'Ready')?.reason === 'Observed');
        if (!inPlace) return expect(kindCase.mutations.every((one) => one.needsReplace)).toBe(true);
        const writes = await session.writes();
        await mutate(inPlace);
        await until((one) => pathsIn(one, 'plan').includes(inPlace.path) && pathsIn(one, 'drift').includes(inPlace.path));
        expect(await session.writes()).toBe(writes);
        await patch({ managementPolicy: 'Manage' });
        await until((one) => isSettled(one) && pathsIn(one, 'drift').length === 0);
        return expect(pathsIn(await live(), 'plan')).toEqual([]);
      });

      const ignored = async (mutation: Mutation) => {
        await patch({ managementPolicy: 'Manage', ignore: [{ path: mutation.path, reason: 'the suite says so' }] });
        await until((one) => isSettled(one));
        const writes = await session.writes();
        await mutate(mutation);
        await until((one) => pathsIn(one, 'ignored').includes(mutation.path));
        expect(condition(await live(), 'Ready')?.status).toBe('True');
        expect(condition(await live(), 'Drifted')?.status).toBe('False');
        expect(await session.writes()).toBe(writes);
        await patch({ ignore: null });
        if (mutation.needsReplace) return until((one) => condition(one, 'Stalled')?.reason === 'ReplacementRequired');
        return until((one) => isSettled(one) && pathsIn(one, 'drift').length === 0 && pathsIn(one, 'ignored').length === 0);
      };
      const ignorable = inPlace ?? replacing;
      if (ignorable)
        it('ignore: neither writes nor shows drift of the field, says that it is ignored, and corrects it once the rule is gone', () =>
          ignored(ignorable));

      const replaced = async (mutation: Mutation) => {
        const id = await idOf();
        // Of a kind that has nothing else, the test before left it so.
        if (inPlace) await mutate(mutation);
        await until((one) => condition(one, 'Stalled')?.reason === 'ReplacementRequired');
        await patch({ deletionProtection: true, replacePolicy: 'Allow' });
        await until((one) => condition(one, 'Stalled')?.reason === 'DeletionProtected');
        expect(await resource.exists(world.client, id)).toBe(true);
        await patch({ deletionProtection: null });
        await until((one) => isSettled(one));
        expect((await session.audit(`type=Replacing&kind=${kindCase.kind}`)).length).toBe(1);
        expect(await resource.exists(world.client, await idOf())).toBe(true);
        await patch({ replacePolicy: null });
      };
      if (replacing) it('replacePolicy Allow: deletes it and makes it anew where nothing else helps', () => replaced(replacing));

      const paused = async (mutation: Mutation) => {
        await session.must('annotate', object, 'openstack.stackwarden.io/paused=true');
        await until((one) => condition(one, 'Ready')?.reason === 'Paused');
        const writes = await session.writes();
        await mutate(mutation);
        await aSweepPasses();
        expect(await session.writes()).toBe(writes);
        expect(pathsIn(await live(), 'drift')).toEqual([]);
        await session.must('annotate', object, 'openstack.stackwarden.io/paused-');
        await eventually(
          world.sweepSeconds * 2 + 60,
          async () => ((await session.writes()) > writes ? true : undefined),
          async () => `nothing was written: ${JSON.stringify(await live())}`,
        );
        await until((one) => isSettled(one) && pathsIn(one, 'drift').length === 0);
      };
      if (inPlace) it('paused: leaves it alone until it is resumed', () => paused(inPlace));

      it('deletionPolicy Retain leaves it, a stamp keeps others off, import takes it over without a change', async () => {
        const id = await idOf();
        await patch({ deletionPolicy: 'Retain' });
        await session.must('delete', object, '--timeout=60s');
        expect(await resource.exists(world.client, id)).toBe(true);
        await declareAgain({ import: { id } });
        if (unstamping) {
          await until((one) => condition(one, 'Stalled')?.reason === 'NotOurs');
          await unstamping.change(world.client, id, (wanted) => known.get(wanted) ?? '');
          await session.must('annotate', '--overwrite', object, `openstack.stackwarden.io/reconcile-at=${Date.now()}`);
        }
        await until((one) => isSettled(one));
        expect(await idOf()).toBe(id);
        expect((await session.audit(`type=Adopted&kind=${kindCase.kind}&cloudId=${encodeURIComponent(id)}`)).length).toBe(1);
        expect(
          (await session.audit(`type=Updated&kind=${kindCase.kind}&cloudId=${encodeURIComponent(id)}&limit=1`))[0]?.changes ?? [],
        ).toEqual(unstamping ? [expect.objectContaining({ path: 'metadata.uid' })] : []);
      });

      it('deletionProtection: is not deleted until that is taken back', async () => {
        const id = await idOf();
        await patch({ deletionProtection: true });
        await session.must('delete', object, '--wait=false');
        await until((one) => condition(one, 'Stalled')?.reason === 'DeletionProtected');
        expect(await resource.exists(world.client, id)).toBe(true);
        await patch({ deletionProtection: false });
        await session.must('wait', '--for=delete', object, '--timeout=120s');
        expect(await resource.exists(world.client, id)).toBe(false);
      });

      it('leaves nothing behind', async () => {
        for (const manifest of [kindCase.manifest, ...kindCase.needs].toReversed())
          await session.must('delete', '-f', resolve(examples, manifest), '--ignore-not-found', '--wait=false');
        await eventually(
          120,
          async () => ((await session.objects()).every(({ kind }) => kind === 'Cluster') ? true : undefined),
          async () => JSON.stringify((await session.objects()).map((one) => [one.kind, one.metadata.name, one.status?.conditions])),
        );
        expect(inventoryOf(await readContents(world.client))).toEqual(before);
      });

      async function until(isTrue: (object: Live) => boolean): Promise<void> {
        await eventually(
          world.sweepSeconds * 2 + (world.name === 'sandbox' ? 40 : 180),
          async () => (isTrue(await live()) ? true : undefined),
          async () => `${object}: ${JSON.stringify(await live())}`,
          300,
        );
      }

      async function declareAgain(spec: object): Promise<void> {
        const manifest = manifestOf(kindCase);
        const input = JSON.stringify({ ...manifest, spec: { ...manifest.spec, ...spec } });
        const { code, stderr } = await session.kubectlWith({ input }, 'apply', '-f', '-');
        expect(stderr.includes('rror') ? stderr : code).toBe(0);
      }

      async function aSweepPasses(): Promise<void> {
        const start = await session.process.metric('stackwarden_sweeps_total', {});
        await eventually(
          world.sweepSeconds * 4 + 30,
          async () => ((await session.process.metric('stackwarden_sweeps_total', {})) >= start + 2 ? true : undefined),
          () => 'no sweep ended',
        );
      }

      async function untilAllReady(): Promise<void> {
        const waiting = async () => (await session.objects()).filter((one) => condition(one, 'Ready')?.status !== 'True');
        await eventually(
          240,
          async () => ((await waiting()).length === 0 ? true : undefined),
          async () => JSON.stringify((await waiting()).map((one) => [one.kind, one.metadata.name, one.status?.conditions])),
        );
      }
    });
  });
}

function isSettled(object: Live): boolean {
  const { observedGeneration } = object.status as { observedGeneration?: number };
  return condition(object, 'Ready')?.status === 'True' && observedGeneration === object.metadata.generation;
}

function pathsIn(object: Live, field: 'drift' | 'plan' | 'ignored'): string[] {
  const entries = (object.status as Record<string, readonly { path: string }[] | undefined> | undefined)?.[field];
  return (entries ?? []).map((entry) => entry.path);
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

/** The object of the case itself, as its example declares it. */
function manifestOf({ kind, object, manifest }: KindCase): Manifest {
  const documents = parseAllDocuments(readFileSync(resolve(examples, manifest), 'utf8')).map((document) => document.toJS() as Manifest);
  const found = documents.find((one) => one.kind === kind && one.metadata.name === object);
  if (!found) throw new Error(`${manifest} holds no ${kind} ${object}`);
  return found;
}
