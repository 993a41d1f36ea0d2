import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { condition, eventually, readManifestsOf, type Session, shopDir, startSession } from './session.ts';
import type { World } from './world.ts';

/** What an object of a cloud that hangs may say, from its first pass to beyond the time-out of its create. */
const WAITS = new RegExp(
  [
    '^Unknown Pending: Waits for its turn',
    "^False Creating: .*waits for the cloud's answer",
    '^False Cloud(Timeout|Unreachable): .*slow',
    '^False LookingForLostCreate: .*its answer is not known',
  ].join('|'),
);

/** Two clouds: `makeWorld`'s, and a simulated one that stops answering with work under way. */
export function hangSuite(name: string, makeWorld: () => Promise<World>): void {
  describe(`${name} beside a cloud that hangs`, () => {
    const manifests = readManifestsOf(shopDir);
    const names = manifests.map((m) => `${m.kind.toLowerCase()}/${m.metadata.name}`);
    let healthy: World;
    let hanging: Sandbox;
    let session: Session;

    beforeAll(async () => {
      healthy = await makeWorld();
      hanging = await startSandbox();
      session = await startSession(healthy);
    });
    afterAll(async () => {
      await session?.process.stop();
      await healthy?.close();
      await hanging?.close();
    });

    it('has its objects Ready no later than without it', async () => {
      const without = await applyAndDelete();
      await connectHangingCloud();
      const beside = await applyAndDelete();
      console.log(`${name}: examples/shop Ready after ${without} ms alone, ${beside} ms beside a cloud that hangs`);
      // Both runs wait for the same boots; the rest is this machine's noise, far below a time-out of the hanging cloud (60 s).
      expect(beside).toBeLessThan(without * 1.5 + 5000);
    });

    it('says at the objects of the other what they wait for', async () => {
      const stuck = (await session.objects()).filter((candidate) => candidate.metadata.name.startsWith('stuck-'));
      expect(stuck).toHaveLength(20);
      for (const object of stuck) {
        const ready = condition(object, 'Ready');
        expect(`${ready?.status} ${ready?.reason}: ${ready?.message}`).toMatch(WAITS);
      }
    });

    it('sees the other come back by itself when it answers again', async () => {
      hanging.faults.clear();
      await eventually(
        120,
        async () =>
          (await session.objects())
            .filter((object) => object.metadata.name.startsWith('stuck-'))
            .every((object) => condition(object, 'Ready')?.status === 'True')
            ? true
            : undefined,
        async () =>
          JSON.stringify(
            (await session.objects())
              .filter((object) => object.metadata.name.startsWith('stuck-'))
              .map((object) => condition(object, 'Ready')),
          ),
      );
    });

    async function applyAndDelete(): Promise<number> {
      const startedAt = Date.now();
      await session.must('apply', '-f', shopDir);
      await session.must('wait', '--for=condition=Ready', '--timeout=240s', ...names);
      const took = Date.now() - startedAt;
      await session.must('delete', '-f', shopDir, '--timeout=240s');
      return took;
    }

    /** Connected while it still answers, with work under way, then every request hangs. */
    async function connectHangingCloud(): Promise<void> {
      const secret = ['create', 'secret', 'generic', 'slow', `--from-literal=clouds.yaml=${hanging.cloudsYaml('slow')}`];
      await session.must(...secret);
      const apply = (object: object) => session.kubectlWith({ input: JSON.stringify(object) }, 'apply', '-f', '-');
      await apply({
        apiVersion: 'openstack.stackwarden.io/v1alpha1',
        kind: 'Cluster',
        metadata: { name: 'slow' },
        spec: { cloud: 'slow', sweepInterval: '5s', credentialsSecretRef: { namespace: 'default', name: 'slow' } },
      });
      await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'cluster/slow');
      hanging.faults.add({ effect: { type: 'hang' } });
      for (let index = 1; index <= 20; index += 1) {
        const result = await apply({
          apiVersion: 'openstack.stackwarden.io/v1alpha1',
          kind: 'Network',
          metadata: { name: `stuck-${index}`, namespace: 'default' },
          spec: { clusterRef: { name: 'slow' } },
        });
        expect(result.code, result.stderr).toBe(0);
      }
    }
  });
}
