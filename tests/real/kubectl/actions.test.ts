import { afterAll, beforeAll, expect, it } from 'vitest';
import * as servers from '#controller/openstack/compute/servers.ts';
import { newDataDir, startStackwarden } from '#tests/parts/stackwarden.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { attach, eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';

const instance = `
apiVersion: openstack.stackwarden.io/v1alpha1
kind: Instance
metadata: { name: web, namespace: default }
spec:
  clusterRef: { name: main }
  flavor: { name: m1.tiny }
  image: { name: cirros }
  networks: []
  powerState: Running
`;

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly by?: string;
  readonly title?: string;
}

type Shape = Live & {
  readonly spec: Record<string, unknown>;
  readonly status?: { readonly ignored?: readonly { readonly path: string }[] };
};

let world: World;
let session: Session;
let id: string;
const dataDir = newDataDir();

beforeAll(async () => {
  world = await sandboxWorld();
  session = await startSession(world, { dataDir, port: 0 });
  const applied = await session.kubectlWith({ input: instance }, 'apply', '-f', '-');
  expect(applied.code, applied.stderr).toBe(0);
  await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'instance/web');
  id = (await object()).status?.id ?? '';
});
afterAll(async () => {
  await session.process.stop();
  await world.close();
});

const object = async () => JSON.parse(await session.must('get', 'instance', 'web', '-o', 'json')) as Shape;
const status = async () => (await servers.get(world.client.compute, id)).status;
const ask = async (rest: string, body: object = {}) =>
  JSON.parse((await session.process.post(`/api/v1/resources/server/main/${id}/actions/instance.${rest}`, body)).text) as Shown;
const operation = async (one: string) => JSON.parse((await session.process.get(`/api/v1/operations/${one}`)).text) as Shown;

it('stops a declared instance by its declaration, as the person, and the reconciler does it', async () => {
  expect(await ask('stop?wait=60')).toMatchObject({ state: 'succeeded' });
  expect([(await object()).spec['powerState'], await status()]).toEqual(['Stopped', 'SHUTOFF']);
  const [changed] = await session.audit('type=SpecChanged&kind=Instance&name=web&limit=1');
  expect(changed).toMatchObject({ actor: 'admin', changes: [{ path: 'spec.powerState', from: 'Running', to: 'Stopped' }] });
  expect(await ask('start?wait=60')).toMatchObject({ state: 'succeeded' });
  expect([(await object()).spec['powerState'], await status()]).toEqual(['Running', 'ACTIVE']);
});

it('reboots a declared instance in the cloud, and the reconciler leaves it alone', async () => {
  const before = (await object()).metadata.generation;
  expect(await ask('hardReboot?wait=60')).toMatchObject({ state: 'succeeded' });
  expect([(await object()).metadata.generation, await status()]).toEqual([before, 'ACTIVE']);
  expect(await session.audit('type=DriftDetected&kind=Instance&limit=5')).toEqual([]);
});

it('goes on with what a killed process had begun, and sends nothing twice', async () => {
  const rebootsOf = async () => {
    const { body } = await world.client.compute.request<{ instanceActions: { action: string }[] }>({
      method: 'GET',
      path: `/servers/${id}/os-instance-actions`,
      microversion: '2.58',
    });
    return body.instanceActions.filter(({ action }) => action === 'reboot').length;
  };
  const before = await rebootsOf();
  const { id: asked } = await ask('hardReboot');
  await eventually(
    90,
    async () => ((await rebootsOf()) > before ? true : undefined),
    () => 'no reboot was sent',
    5,
  );
  await session.process.kill();
  session = attach(await startStackwarden({ dataDir, cloudsYaml: world.cloudsYaml, args: ['--cloud', world.cloud] }));
  const ended = await eventually(
    90,
    async () => {
      const now = await operation(asked);
      return ['succeeded', 'failed'].includes(now.state) ? now : undefined;
    },
    async () => JSON.stringify(await operation(asked)),
  );
  // When the kill came before the answer was stored, nobody knows, and it says so.
  expect(['succeeded', 'failed']).toContain(ended.state);
  expect(await rebootsOf()).toBe(before + 1);
});

it('acts against the declaration for a time', async () => {
  await session.must('label', 'instance', 'web', 'kustomize.toolkit.fluxcd.io/name=apps', 'kustomize.toolkit.fluxcd.io/namespace=flux');
  expect(await ask('stop')).toMatchObject({ title: 'ManagedByGitOps' });
  const until = new Date(Date.now() + 3_600_000).toISOString();
  expect(await ask('stop?wait=60', { override: { until, reason: 'a repair' } })).toMatchObject({ state: 'succeeded' });
  // The reconciler has looked, and leaves it so.
  await eventually(
    60,
    async () => (await object()).status?.ignored?.find(({ path }) => path === 'spec.powerState'),
    async () => JSON.stringify((await object()).status),
  );
  expect([await status(), (await object()).spec['powerState']]).toEqual(['SHUTOFF', 'Running']);
});

it('deletes a declared instance with its object', async () => {
  await session.must('label', 'instance', 'web', 'kustomize.toolkit.fluxcd.io/name-', 'kustomize.toolkit.fluxcd.io/namespace-');
  expect(await ask('delete?wait=60')).toMatchObject({ state: 'succeeded' });
  await expect(servers.get(world.client.compute, id)).rejects.toMatchObject({ status: 404 });
  expect((await session.kubectl('get', 'instance', 'web')).code).not.toBe(0);
});
