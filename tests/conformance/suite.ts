import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { inventoryOf, readContents } from '#tests/scenarios/contents.ts';
import { condition, eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';
import { cloudResource } from './cloud-resource.ts';
import type { Ids, KindCase, Mutation } from './kind-case.ts';
import { kindCases } from './mutations.ts';

const examples = resolve(import.meta.dirname, '../../examples');

/** What every kind promises, tried on every kind over its example. The tests of one kind build on each other, in order. */
export function conformanceSuite(name: string, makeWorld: () => Promise<World>): void {
  describe(`every kind on ${name}`, () => {
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

    describe.each(kindCases)('$kind', (kindCase) => {
      const object = `${kindCase.kind.toLowerCase()}/${kindCase.object}`;
      const resource = cloudResource(kindCase.kind);
      const live = async () => JSON.parse(await session.must('get', object, '-o', 'json')) as Live;
      const idOf = async () => (await live()).status?.id ?? '';
      const patch = (spec: object) => session.must('patch', object, '--type=merge', '-p', JSON.stringify({ spec }));
      const untilReady = () => untilSettled(session, live, world);

      it('waits for what it refers to, names it, and becomes Ready when that is there', async () => {
        await session.must('apply', '-f', resolve(examples, kindCase.manifest));
        if (kindCase.needs.length > 0) {
          const missing = firstNeeds(kindCase);
          await eventually(
            30,
            async () => (condition(await live(), 'Reconciling')?.message.includes(missing) ? true : undefined),
            async () => JSON.stringify((await live()).status),
          );
          for (const manifest of kindCase.needs) await session.must('apply', '-f', resolve(examples, manifest));
        }
        await untilReady();
        await untilAllReady();
        expect(await resource.exists(world.client, await idOf())).toBe(true);
      });

      it('is left alone by a second look', async () => {
        const writes = await session.writes();
        await session.must('annotate', '--overwrite', object, `openstack.stackwarden.io/reconcile-at=${Date.now()}`);
        await new Promise((done) => setTimeout(done, 1500));
        expect(await session.writes()).toBe(writes);
        expect(condition(await live(), 'Drifted')?.status).toBe('False');
      });

      it('is found again, and not made twice, when its id was lost', async () => {
        const id = await idOf();
        const count = await resource.count(world.client);
        await session.must(
          'patch',
          object,
          '--subresource=status',
          '--type=merge',
          '-p',
          // As after a crash between a create and its answer.
          JSON.stringify({ status: { id: null, settledGeneration: null, intent: { attempt: 1, at: new Date().toISOString() } } }),
        );
        await eventually(
          30,
          async () => ((await idOf()) === id ? true : undefined),
          async () => JSON.stringify((await live()).status),
        );
        await untilReady();
        expect(await resource.count(world.client)).toBe(count);
      });

      it.each(kindCase.mutations)('shows and puts right when it $name', async (mutation) => {
        await patch({ driftPolicy: 'Report' });
        await untilReady();
        const writes = await session.writes();
        await mutation.change(world.client, await idOf(), ids());
        await untilDrift(mutation);
        expect(await session.writes(), 'writes under Report').toBe(writes);
        await patch({ driftPolicy: 'Correct' });
        if (mutation.needsReplace) return replaceByHand(mutation);
        await untilReady();
        expect((await live()).status?.drift ?? []).toEqual([]);
      });

      it.each(kindCase.edits)('takes an edit: $name', async (edit) => {
        await patch(edit.spec);
        await untilReady();
        expect(await edit.read(world.client, await idOf(), ids())).toEqual(edit.expected);
      });

      it('comes back when it is deleted in the cloud', async () => {
        await patch({ driftPolicy: 'Correct' });
        await untilReady();
        const id = await idOf();
        await resource.remove(world.client, id);
        await eventually(
          world.sweepSeconds * 2 + 60,
          async () => ((await session.audit(`type=Missing&cloudId=${id}`)).length > 0 ? true : undefined),
          async () => JSON.stringify((await live()).status),
        );
        await untilReady();
        expect(await resource.exists(world.client, await idOf())).toBe(true);
      });

      it('goes from the cloud before it goes from Kubernetes', async () => {
        const id = await idOf();
        await session.must('delete', object, '--timeout=120s');
        expect(await resource.exists(world.client, id)).toBe(false);
      });

      it('goes quietly when its cloud resource is gone already', async () => {
        await session.must('apply', '-f', resolve(examples, kindCase.manifest));
        await untilReady();
        await session.must('annotate', object, 'openstack.stackwarden.io/paused=true');
        const id = await idOf();
        await resource.remove(world.client, id);
        await eventually(
          60,
          async () => ((await resource.exists(world.client, id)) ? undefined : true),
          () => `${id} is still there`,
        );
        await session.must('annotate', object, 'openstack.stackwarden.io/paused-');
        await session.must('delete', object, '--timeout=120s');
      });

      it('leaves nothing behind', async () => {
        for (const manifest of [kindCase.manifest, ...kindCase.needs].toReversed()) {
          await session.must('delete', '-f', resolve(examples, manifest), '--ignore-not-found', '--wait=false');
        }
        await eventually(
          120,
          async () => ((await session.objects()).every(({ kind }) => kind === 'Cluster') ? true : undefined),
          async () => JSON.stringify((await session.objects()).map((one) => [one.kind, one.metadata.name, one.status?.conditions])),
          1000,
        );
        expect(inventoryOf(await readContents(world.client))).toEqual(before);
      });

      /** The values too: what takes the cloud a while (a resize) shows others on its way. */
      async function untilDrift({ path, declared, observed }: Mutation): Promise<void> {
        const fits = (wanted: unknown, shown: unknown) => wanted === undefined || isDeepStrictEqual(wanted, shown ?? null);
        await eventually(
          world.sweepSeconds * 2 + 30,
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
          60,
          async () => condition(await live(), 'Stalled'),
          async () => JSON.stringify((await live()).status),
        );
        expect(stalled).toMatchObject({ reason: 'ReplacementRequired', message: expect.stringContaining(path) });
        await session.must('delete', object, '--timeout=120s');
        await session.must('apply', '-f', resolve(examples, kindCase.manifest));
        await untilReady();
      }

      /** The objects it needs and those beside it: their writes must not be taken for its own. */
      async function untilAllReady(): Promise<void> {
        const waiting = async () => (await session.objects()).filter((one) => condition(one, 'Ready')?.status !== 'True');
        await eventually(
          240,
          async () => ((await waiting()).length === 0 ? true : undefined),
          async () => JSON.stringify((await waiting()).map((one) => [one.kind, one.metadata.name, one.status?.conditions])),
        );
      }

      /** Ids as the newest look at all objects has them. */
      function ids(): Ids {
        return (wanted) => known.get(wanted) ?? '';
      }
      const known = new Map<string, string>();
      beforeAll(() => known.clear());
      const refresh = async () => {
        for (const one of await session.objects()) known.set(`${one.kind}/${one.metadata.name}`, one.status?.id ?? '');
      };

      async function untilSettled(of: Session, read: () => Promise<Live>, where: World): Promise<void> {
        await eventually(
          where.name === 'sandbox' ? 60 : 240,
          async () => {
            const one = await read();
            const ready = condition(one, 'Ready');
            return ready?.status === 'True' && observedGeneration(one) === one.metadata.generation ? true : undefined;
          },
          async () => `${object} is not Ready: ${JSON.stringify((await read()).status)}\n${(await of.kubectl('get', 'openstack')).stdout}`,
          300,
        );
        await refresh();
      }
    });
  });
}

function observedGeneration(object: Live): number | undefined {
  return (object.status as { observedGeneration?: number } | undefined)?.observedGeneration;
}

/** Name of an object that the case's own object refers to and that is made by the first manifest it needs. */
function firstNeeds(kindCase: KindCase): string {
  const own = readFileSync(resolve(examples, kindCase.manifest), 'utf8');
  const names = kindCase.needs.flatMap((manifest) =>
    parseAllDocuments(readFileSync(resolve(examples, manifest), 'utf8')).map(
      (document) => (document.toJS() as { metadata: { name: string } }).metadata.name,
    ),
  );
  return names.find((name) => own.includes(name)) ?? '';
}
