import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ActionFailed } from '#controller/actions/action.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { OpenStackError } from '#controller/openstack/errors.ts';
import type { Store } from '#migrations/store.ts';
import { anna, type Bench, createBench } from './bench.fixture.ts';
import { hasEnded } from './operation.ts';
import type { Runner } from './runner.ts';

/** What operations promise on every database; `open` gives an empty one. */
export function operationsSuite(name: string, open: () => Promise<Store>): void {
  describe(`operations on ${name}`, () => {
    let bench: Bench;
    let runner: Runner | undefined;
    beforeEach(async () => {
      bench = await createBench(await open());
      bench.servers.set('s1', { id: 's1', name: 'web', status: 'SHUTOFF', updated: 'before' });
    });
    afterEach(async () => {
      await runner?.stop();
      runner = undefined;
      await bench.close();
    });

    const hour = 3_600_000;
    const entries = async (id: string) => (await bench.audit.list({ reconcileId: id })).items.toReversed();
    const start = () => {
      runner = bench.run();
    };
    const starting = () =>
      bench.action('instance.start', async (run) => {
        await run.step('Starting', 10);
        await run.send('start', async () => {
          bench.sent.push('start');
          bench.servers.set('s1', { id: 's1', name: 'web', status: 'ACTIVE', updated: 'after' });
          return null;
        });
        await run.step('Looking', 60);
        await run.until('ACTIVE', async () => (bench.servers.get('s1')?.['status'] === 'ACTIVE' ? true : undefined));
        return { data: { status: 'ACTIVE' } };
      });

    describe('an operation', () => {
      it('is done, and says its steps, result and request ids', async () => {
        start();
        const { operation } = await bench.operations.ask(anna, bench.ask(starting()), { waitMs: hour });
        expect(operation).toMatchObject({
          action: 'instance.start',
          actor: 'anna',
          cluster: 'main',
          type: 'server',
          target: 's1',
          targetName: 'web s1',
          state: 'succeeded',
          percent: 100,
          steps: [{ name: 'Starting' }, { name: 'Looking' }],
          result: { data: { status: 'ACTIVE' } },
          requestIds: [`req-${operation.id}-0`],
          attempts: 1,
        });
      });

      it('is in the audit when it is asked for and when it has ended, with what changed, by whom and whence', async () => {
        start();
        const { operation } = await bench.operations.ask(anna, bench.ask(starting()), { waitMs: hour });
        const shared = { actor: 'anna', cluster: 'main', cloudId: 's1', source: anna.origin, reconcileId: operation.id };
        expect(await entries(operation.id)).toMatchObject([
          { ...shared, type: 'ActionRequested', result: 'ok' },
          {
            ...shared,
            type: 'ActionDone',
            result: 'ok',
            changes: [{ path: 'status', from: 'SHUTOFF', to: 'ACTIVE' }],
            requestIds: [`req-${operation.id}-0`],
          },
        ]);
      });

      it('fails with a problem in words for people', async () => {
        start();
        const locked = bench.action('instance.stop', async () => {
          throw new ActionFailed('Locked', 'It is locked; unlock it first.');
        });
        const { operation } = await bench.operations.ask(anna, bench.ask(locked), { waitMs: hour });
        expect(operation).toMatchObject({
          state: 'failed',
          problem: { status: 409, title: 'Locked', detail: 'It is locked; unlock it first.' },
        });
        expect((await entries(operation.id)).at(-1)).toMatchObject({
          type: 'ActionFailed',
          result: 'failed',
          message: expect.stringContaining('unlock'),
        });
      });

      it("carries the cloud's own words and request id when the cloud refused", async () => {
        start();
        const refused = bench.action('instance.stop', async () => {
          const failure = { cloud: 'main', service: 'compute', method: 'POST', path: '/servers/s1/action', kind: 'http' } as const;
          throw new OpenStackError({ ...failure, status: 409, detail: 'Instance s1 is locked', requestId: 'req-7', mayHaveActed: false });
        });
        const { operation } = await bench.operations.ask(anna, bench.ask(refused), { waitMs: hour });
        expect(operation.problem).toEqual({
          type: 'about:blank',
          status: 409,
          title: 'Locked',
          detail: 'main: compute refused POST /servers/s1/action (409): Instance s1 is locked.',
          requestIds: ['req-7'],
        });
      });

      it('tells nobody but the log what went wrong within', async () => {
        start();
        const broken = bench.action('instance.stop', async () => {
          throw new TypeError('x is undefined');
        });
        const { operation } = await bench.operations.ask(anna, bench.ask(broken), { waitMs: hour });
        expect(operation.problem).toMatchObject({ status: 500, title: 'InternalError' });
        expect(JSON.stringify(operation)).not.toContain('undefined');
        expect(bench.logged.join()).toContain('x is undefined');
      });

      it('of an id that was asked for already is not made a second time', async () => {
        start();
        const id = '11111111-1111-4111-8111-111111111111';
        const action = starting();
        await bench.operations.ask(anna, bench.ask(action), { id, waitMs: hour });
        const again = await bench.operations.ask(anna, bench.ask(action), { id, waitMs: hour });
        expect([again.operation.id, bench.sent]).toEqual([id, ['start']]);
      });

      it('waits for its cloud, and fails when that stays away', async () => {
        bench.away.set('main', { reason: 'ClusterNotReady', message: 'Cluster main is not connected.' });
        runner = bench.run({ pollMs: 60_000 });
        const { operation } = await bench.operations.ask(anna, bench.ask(starting()), { waitMs: hour });
        expect(operation).toMatchObject({ state: 'failed', problem: { title: 'ClusterNotReady' } });
        expect(operation.endedAt ?? 0).toBeGreaterThanOrEqual(operation.createdAt + 600_000);
      });
    });

    describe('secrets', () => {
      const setting = () =>
        bench.action(
          'instance.setPassword',
          async (run, input: { password: string }) => {
            await run.send('set', async () => void bench.sent.push(input.password) as never);
            return { secret: { password: input.password } };
          },
          { input: { type: 'object', properties: { password: { type: 'string', format: 'password' } } } },
        );
      const everything = async () =>
        JSON.stringify([await bench.store.db.select().from(bench.store.tables.operations), (await bench.audit.list()).items]);

      it('reach the action and who waits for the result, and are stored nowhere', async () => {
        start();
        const ask = bench.ask(setting(), { input: { password: 'hush-hush' } });
        const { operation, secret } = await bench.operations.ask(anna, ask, { waitMs: hour });
        expect([bench.sent, secret, operation.state]).toEqual([['hush-hush'], { password: 'hush-hush' }, 'succeeded']);
        expect(await everything()).not.toContain('hush');
        expect([bench.events.inputs.size, bench.events.results.size]).toEqual([0, 0]);
      });

      it('are lost with the process, and then nothing is sent', async () => {
        const { operation } = await bench.operations.ask(anna, bench.ask(setting(), { input: { password: 'hush-hush' } }));
        bench.events.inputs.clear();
        start();
        expect(await bench.operations.wait(operation.id, hour)).toMatchObject({ state: 'failed', problem: { title: 'SecretLost' } });
        expect(bench.sent).toEqual([]);
      });
    });

    describe('cancelling', () => {
      it('ends at once what has not begun', async () => {
        const { operation } = await bench.operations.ask(anna, bench.ask(starting()));
        expect(await bench.operations.cancel(operation.id, anna)).toBe(true);
        start();
        expect(await bench.operations.wait(operation.id, 5000)).toMatchObject({ state: 'cancelled' });
        expect(bench.sent).toEqual([]);
        expect((await entries(operation.id)).map(({ type }) => type)).toEqual(['ActionRequested', 'CancelRequested', 'ActionFailed']);
      });

      it('lets an action call the cloud off', async () => {
        start();
        const migrating = bench.action('instance.liveMigrate', async (run) => {
          await run.send('migrate', async () => void bench.sent.push('migrate') as never);
          try {
            await run.until('the move', async () => undefined);
          } catch (error) {
            await run.send('abort', async () => void bench.sent.push('abort') as never);
            throw error;
          }
          return undefined;
        });
        const { operation } = await bench.operations.ask(anna, bench.ask(migrating));
        await expect.poll(() => bench.sent).toEqual(['migrate']);
        await bench.operations.cancel(operation.id, anna);
        expect(await bench.operations.wait(operation.id, hour)).toMatchObject({ state: 'cancelled' });
        expect(bench.sent).toEqual(['migrate', 'abort']);
      });

      it('is too late for what has ended', async () => {
        start();
        const { operation } = await bench.operations.ask(anna, bench.ask(starting()), { waitMs: hour });
        expect(await bench.operations.cancel(operation.id, anna)).toBe(false);
      });
    });

    describe('what is declared', () => {
      const condition = (type: string, observedGeneration: number, message = '') => ({
        type,
        status: 'True' as const,
        reason: type,
        message,
        lastTransitionTime: '',
        observedGeneration,
      });
      const object = (generation: number, conditions: ReturnType<typeof condition>[]): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Instance',
        metadata: { name: 'web', namespace: 'shop', uid: 'uid-1', resourceVersion: '1', generation },
        spec: {},
        status: { conditions },
      });
      const declared = { kind: 'Instance', namespace: 'shop', name: 'web', uid: 'uid-1' };

      it('is done when the reconciler has carried it out', async () => {
        start();
        bench.objects.set('Instance/shop/web', object(2, [condition('Ready', 1)]));
        const { operation } = await bench.operations.ask(anna, bench.ask(starting(), { declared: { ...declared, until: 2 } }));
        await expect.poll(async () => (await bench.operations.get(operation.id))?.steps.length).toBe(1);
        expect((await bench.operations.get(operation.id))?.state).toBe('running');
        bench.objects.set('Instance/shop/web', object(2, [condition('Ready', 2)]));
        expect(await bench.operations.wait(operation.id, hour)).toMatchObject({ state: 'succeeded', namespace: 'shop' });
        expect(bench.sent).toEqual([]);
        expect((await entries(operation.id)).at(-1)).toMatchObject({ object: declared });
      });

      it('fails when it needs a person', async () => {
        start();
        bench.objects.set('Instance/shop/web', object(2, [condition('Stalled', 2, 'Quota is used up.')]));
        const { operation } = await bench.operations.ask(anna, bench.ask(starting(), { declared: { ...declared, until: 2 } }), {
          waitMs: hour,
        });
        expect(operation).toMatchObject({
          state: 'failed',
          problem: { title: 'Stalled', detail: expect.stringContaining('Quota is used up.') },
        });
      });

      it('is gone when its object is', async () => {
        start();
        const { operation } = await bench.operations.ask(anna, bench.ask(starting(), { declared: { ...declared, until: 'gone' } }), {
          waitMs: hour,
        });
        expect(operation.state).toBe('succeeded');
      });
    });

    describe('many at once', () => {
      const many = (count: number, cluster = 'main') =>
        Array.from({ length: count }, (_, at) => ({
          ...bench.ask(bench.actions.get('count') as never),
          cluster,
          target: { id: `${cluster}-${at}`, name: '', row: null },
        }));

      it('are never more of one cloud than agreed, one of a target, and no cloud waits for another', async () => {
        let now = 0;
        let most = 0;
        const seen: string[] = [];
        const hold = new Map<string, () => void>();
        bench.action('count', async (run) => {
          most = Math.max(most, ++now);
          seen.push(run.id);
          await run.until('a look', async () => true);
          if (run.id.startsWith('slow')) await new Promise<void>((done) => hold.set(run.id, done));
          now--;
          return undefined;
        });
        const count = bench.actions.get('count') as never;
        const slow = await bench.operations.askMany(anna, count, {}, many(30, 'slow'));
        const quick = await bench.operations.askMany(anna, count, {}, many(100, 'quick'));
        start();
        expect(await bench.operations.wait(quick.operation.id, hour)).toMatchObject({ state: 'succeeded', result: { succeeded: 100 } });
        expect(hold.size).toBe(8);
        expect(most).toBeLessThanOrEqual(16);
        const release = setInterval(() => hold.forEach((done) => done()), 1);
        expect(await bench.operations.wait(slow.operation.id, hour)).toMatchObject({ state: 'succeeded', result: { succeeded: 30 } });
        clearInterval(release);
        expect(new Set(seen).size).toBe(130);
      });

      it('fail one by one, and are cancelled together', async () => {
        bench.action('count', async () => undefined);
        const [first, ...others] = many(5);
        const refused = { type: 'about:blank', status: 403, title: 'Forbidden', detail: 'no' } as const;
        const { operation } = await bench.operations.askMany(anna, bench.actions.get('count') as never, {}, [
          { ...first, problem: refused } as never,
          ...others,
        ]);
        expect(await bench.operations.countsOf(operation.id)).toEqual({ failed: 1, queued: 4 });
        await bench.operations.cancel(operation.id, anna);
        expect(await bench.operations.get(operation.id)).toMatchObject({ state: 'failed', result: { failed: 1, cancelled: 4 } });
        const page = await bench.operations.list({ parent: operation.id }, { limit: 3 });
        const rest = await bench.operations.list(
          { parent: operation.id },
          { limit: 3, ...(page.next !== undefined && { cursor: page.next }) },
        );
        expect([page.items.length, rest.items.length, rest.next]).toEqual([3, 2, undefined]);
        expect([...page.items, ...rest.items].every(({ state }) => hasEnded(state))).toBe(true);
      });
    });

    it('shows a person only their own and what is done where they may look', async () => {
      const action = starting();
      const bob = { ...anna, actor: 'bob' };
      await bench.operations.ask(anna, bench.ask(action));
      await bench.operations.ask(bob, { ...bench.ask(action), cluster: 'other' });
      const seen = async (places: { cluster: string; namespace: string }[]) =>
        (await bench.operations.list({ visible: { actor: 'bob', places } }, { limit: 10 })).items.map(({ cluster }) => cluster).toSorted();
      expect(await seen([])).toEqual(['other']);
      expect(await seen([{ cluster: 'main', namespace: 'shop' }])).toEqual(['other']);
      expect(await seen([{ cluster: 'main', namespace: '*' }])).toEqual(['main', 'other']);
      expect(await seen([{ cluster: '*', namespace: '*' }])).toEqual(['main', 'other']);
    });
  });
}
