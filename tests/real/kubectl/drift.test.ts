import { afterAll, beforeAll, expect, it } from 'vitest';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as securityGroupRules from '#controller/openstack/network/security-group-rules.ts';
import { newDataDir } from '#tests/parts/stackwarden.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';

const manifests = `
apiVersion: openstack.stackwarden.io/v1alpha1
kind: SecurityGroup
metadata: { name: web, namespace: default }
spec:
  clusterRef: { name: main }
  driftPolicy: Report
  rules:
    - { direction: ingress, protocol: tcp, portRangeMin: 22, remoteIPPrefix: 0.0.0.0/0 }
---
apiVersion: openstack.stackwarden.io/v1alpha1
kind: Instance
metadata: { name: web, namespace: default }
spec:
  clusterRef: { name: main }
  driftPolicy: Report
  flavor: { name: m1.tiny }
  image: { name: cirros }
  networks: []
  powerState: Running
  metadata: { tier: gold }
`;

let world: World;
let session: Session;

beforeAll(async () => {
  world = await sandboxWorld();
  session = await startSession(world, { dataDir: newDataDir() });
  const applied = await session.kubectlWith({ input: manifests }, 'apply', '-f', '-');
  expect(applied.code, applied.stderr).toBe(0);
  await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'instance/web', 'securitygroup/web');
});
afterAll(async () => {
  await session.process.stop();
  await world.close();
});

const object = async (kind: string) =>
  JSON.parse(await session.must('get', kind, 'web', '-o', 'json')) as Live & { spec: Record<string, unknown> };
const idOf = async (kind: string) => (await object(kind)).status?.id ?? '';
const post = async (kind: string, way: string, body: object = {}) => {
  const { status, text } = await session.process.post(`/api/v1/objects/${kind}/default/web/drift/${way}`, body);
  expect(status, text).toBe(200);
};
const driftOf = async (kind: string) => {
  const { text } = await session.process.get(`/api/v1/objects/${kind}/default/web/drift`);
  return (JSON.parse(text) as { fields: { path: string }[] }).fields.map(({ path }) => path);
};
const until = (kind: string, paths: string[]) =>
  eventually(
    90,
    async () => (JSON.stringify(await driftOf(kind)) === JSON.stringify(paths) ? true : undefined),
    async () => `${kind} differs in ${(await driftOf(kind)).join(', ')}`,
  );

it('puts a field right once, leaves what comes back, and leaves the other fields alone', async () => {
  const id = await idOf('instance');
  const change = () => servers.setMetadata(world.client.compute, id, { tier: 'tin', owner: 'bob' });
  await change();
  await until('Instance', ['spec.metadata.owner', 'spec.metadata.tier']);
  await post('Instance', 'revert', { paths: ['spec.metadata.tier'] });
  await until('Instance', ['spec.metadata.owner']);
  expect((await servers.get(world.client.compute, id)).metadata).toMatchObject({ tier: 'gold', owner: 'bob' });
  await new Promise((done) => setTimeout(done, 1500));
  await change();
  await until('Instance', ['spec.metadata.owner', 'spec.metadata.tier']);
  expect((await session.audit('type=DriftCorrected&kind=Instance')).length).toBe(1);
});

it('declares what the cloud holds, and nothing differs any more', async () => {
  await post('Instance', 'accept');
  await until('Instance', []);
  expect((await object('instance')).spec['metadata']).toEqual({ tier: 'tin', owner: 'bob' });
  const group = await idOf('securitygroup');
  await securityGroupRules.create(world.client.network, {
    security_group_id: group,
    direction: 'ingress',
    ethertype: 'IPv4',
    protocol: 'tcp',
    port_range_min: 3306,
    port_range_max: 3306,
  });
  await until('SecurityGroup', ['spec.rules[ingress IPv4 tcp 3306 0.0.0.0/0]']);
  await post('SecurityGroup', 'accept');
  await until('SecurityGroup', []);
  expect((await object('securitygroup')).spec['rules']).toHaveLength(2);
});

it('has a field ignored for a reason', async () => {
  await servers.setMetadata(world.client.compute, await idOf('instance'), { tier: 'zinc' });
  await until('Instance', ['spec.metadata.tier']);
  await post('Instance', 'ignore', { reason: 'a trial' });
  await until('Instance', []);
  expect((await object('instance')).spec['ignore']).toEqual([{ path: 'spec.metadata.tier', reason: 'a trial' }]);
});

it('makes anew what is gone, although policy is only to report', async () => {
  await servers.remove(world.client.compute, await idOf('instance'));
  await until('Instance', ['']);
  await post('Instance', 'revert');
  await until('Instance', []);
  await session.must('wait', '--for=condition=Ready', '--timeout=60s', 'instance/web');
  expect((await session.audit('type=DriftRevertRequested&kind=Instance')).map(({ actor }) => actor)).toEqual(['admin', 'admin']);
});
