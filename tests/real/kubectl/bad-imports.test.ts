import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { condition, eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';

const apiVersion = 'openstack.stackwarden.io/v1alpha1';
const clusterRef = { name: 'main' };
const many = 3000;

describe('imports and windows that cannot be, as an operator meets them', () => {
  let sandbox: Sandbox;
  let session: Session;

  beforeAll(async () => {
    sandbox = await startSandbox();
    session = await startSession({ cloudsYaml: sandbox.cloudsYaml('sandbox'), cloud: 'sandbox', sweepSeconds: 2 });
    await apply('Network', 'ours', { clusterRef });
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'network/ours');
    const [row] = [...sandbox.store.networks.values()].filter(({ name }) => name === 'ours');
    if (!row) throw new Error('the network was not made');
    for (let index = 0; index < many; index += 1) {
      const id = randomUUID();
      sandbox.store.networks.set(id, { ...row, id, name: 'twin', description: '', tags: [] });
    }
  });
  afterAll(async () => {
    await session?.process.stop();
    await sandbox?.close();
  });

  const manifest = (kind: string, name: string, spec: object) => ({
    apiVersion,
    kind,
    metadata: { name, ...(kind === 'Cluster' ? {} : { namespace: 'default' }) },
    spec,
  });
  const apply = (kind: string, name: string, spec: object) =>
    session.kubectlWith({ input: JSON.stringify(manifest(kind, name, spec)) }, 'apply', '-f', '-');
  const live = async (object: string) => JSON.parse(await session.must('get', object, '-o', 'json')) as Live;
  const until = (object: string, type: string, matches: RegExp) =>
    eventually(
      60,
      async () => {
        const found = condition(await live(object), type);
        return matches.test(`${found?.reason}: ${found?.message}`) ? found : undefined;
      },
      async () => JSON.stringify((await live(object)).status),
    );
  const dryRun = async (name: string, spec: object) => {
    const input = JSON.stringify(manifest('Network', name, spec));
    return (await session.kubectlWith({ input }, 'apply', '--dry-run=server', '-f', '-')).stderr;
  };
  const observing = (wanted: object) => ({ clusterRef, managementPolicy: 'Observe', import: wanted });
  const twinOf = () => [...sandbox.store.networks.values()].find(({ name }) => name === 'twin')?.id ?? '';

  it('an import of what does not exist is told, in the plan and at the object', async () => {
    const spec = observing({ id: '00000000-0000-4000-8000-000000000000' });
    expect(await dryRun('nothing', spec)).toMatch(/would stop: spec\.import: Cluster main has no Network 0{8}-/);
    await apply('Network', 'nothing', spec);
    await until('network/nothing', 'Stalled', /ImportNotFound: .*has no Network 0{8}-/);
  });

  it('an import of what another object owns is refused, and the owner is named', async () => {
    const { status } = await live('network/ours');
    const spec = observing({ id: status?.id });
    expect(await dryRun('mine', spec)).toMatch(/would stop: Network default\/ours stands for .* already/);
    await apply('Network', 'mine', spec);
    await until('network/mine', 'Stalled', /AlreadyDeclared: Network default\/ours stands for/);
    await session.must('delete', 'network/mine', '--timeout=120s');
    expect(sandbox.store.networks.has(status?.id ?? '')).toBe(true);
  });

  it('two objects for one cloud resource: the first keeps it, the second names the first', async () => {
    // Until the sweep has seen it.
    const id = twinOf();
    await apply('Network', 'first', observing({ id }));
    await session.must('wait', '--for=condition=Ready', '--timeout=60s', 'network/first');
    await apply('Network', 'second', observing({ id }));
    await until('network/second', 'Stalled', /AlreadyDeclared: Network default\/first stands for/);
  });

  it('a filter that fits thousands is refused with their number and a few of them', async () => {
    const spec = observing({ filter: { name: 'twin' } });
    await apply('Network', 'any', spec);
    const { message } = await until('network/any', 'Stalled', /ImportAmbiguous: spec\.import fits \d{4} resources/);
    expect(message.length).toBeLessThan(700);
    expect(message).toMatch(/and \d{4} more\. Name one of them by spec\.import\.id, or narrow the filter\./);
    expect(await dryRun('another', spec)).toMatch(/would stop: spec\.import fits \d{4} resources of kind Network/);
  });

  it('a maintenance window that can never open is told at the Cluster', async () => {
    const spec = {
      credentialsSecretRef: { namespace: 'default', name: 'cloud-main' },
      maintenanceWindows: [{ start: '02:00', duration: '0s' }],
    };
    await apply('Cluster', 'shut', spec);
    await until('cluster/shut', 'Stalled', /InvalidMaintenanceWindow: Cluster shut: spec\.maintenanceWindows\[0\] can never open/);
  });
});
