import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { newDataDir, startStackwarden } from '#tests/parts/stackwarden.ts';
import { condition, eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';

const apiVersion = 'openstack.stackwarden.io/v1alpha1';
const clusterRef = { name: 'main' };

describe('bad input, as an operator meets it', () => {
  let sandbox: Sandbox;
  let session: Session;

  beforeAll(async () => {
    sandbox = await startSandbox();
    session = await startSession({ cloudsYaml: sandbox.cloudsYaml('sandbox'), cloud: 'sandbox', sweepSeconds: 2 });
  });
  afterAll(async () => {
    await session?.process.stop();
    await sandbox?.close();
  });

  const apply = (kind: string, name: string, spec: object) =>
    session.kubectlWith(
      { input: JSON.stringify({ apiVersion, kind, metadata: { name, ...(kind === 'Cluster' ? {} : { namespace: 'default' }) }, spec }) },
      'apply',
      '-f',
      '-',
    );
  const find = async (kind: string, name: string) =>
    (await session.objects()).find((object) => object.kind === kind && object.metadata.name === name);
  const untilCondition = (kind: string, name: string, type: string, matches: RegExp) =>
    eventually(
      60,
      async () => {
        const object = await find(kind, name);
        const found = object && condition(object, type);
        return found?.status === 'True' || type === 'Ready'
          ? matches.test(`${found?.reason}: ${found?.message}`)
            ? found
            : undefined
          : undefined;
      },
      async () => JSON.stringify((await find(kind, name))?.status?.conditions),
    );

  it('an unknown field is refused by name', async () => {
    const result = await apply('Network', 'bad', { clusterRef, mtuu: 1400 });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/unknown field "spec\.mtuu"/);
    expect(await find('Network', 'bad')).toBeUndefined();
  });

  it('a wrong type is refused with the field', async () => {
    const result = await apply('Network', 'bad', { clusterRef, mtu: 'large' });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/spec\.mtu: Invalid value: "string": .*must be of type integer/);
  });

  it('a missing field is refused with its name', async () => {
    expect((await apply('Subnet', 'bad', { clusterRef, cidr: '10.0.0.0/24' })).stderr).toMatch(/spec\.networkRef: Required value/);
  });

  it('a reference to what does not exist waits, names it, and goes on when it comes', async () => {
    await apply('Subnet', 'early', { clusterRef, networkRef: { name: 'late' }, cidr: '10.9.0.0/24' });
    await untilCondition('Subnet', 'early', 'Reconciling', /Network.*late/);
    await apply('Network', 'late', { clusterRef });
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'subnet/early');
  });

  it('a circle of references is named', async () => {
    await apply('Volume', 'egg', { clusterRef, sizeGiB: 1, volumeRef: { name: 'hen' } });
    await apply('Volume', 'hen', { clusterRef, sizeGiB: 1, volumeRef: { name: 'egg' } });
    await untilCondition('Volume', 'egg', 'Stalled', /CircularReference: .*hen/);
  });

  it('an unknown flavor is named with those there are', async () => {
    await apply('Instance', 'odd', {
      clusterRef,
      flavor: { name: 'm9.huge' },
      image: { name: 'cirros' },
      networks: [{ networkRef: { name: 'late' } }],
    });
    await untilCondition('Instance', 'odd', 'Stalled', /m9\.huge.*m1\.tiny/);
  });

  it('a reached quota is Stalled with the next step, and goes on once there is room', async () => {
    const quotaBody = { NeutronError: { type: 'OverQuota', message: "Quota exceeded for resources: ['network'].", detail: '' } };
    const fault = sandbox.faults.add({
      service: 'network',
      method: 'POST',
      path: '/networks$',
      effect: { type: 'status', status: 409, body: quotaBody },
    });
    await apply('Network', 'one-too-many', { clusterRef });
    await untilCondition('Network', 'one-too-many', 'Stalled', /QuotaExceeded: .*raise the quota/i);
    sandbox.faults.remove(fault.id);
    await session.must('annotate', 'network', 'one-too-many', 'openstack.stackwarden.io/reconcile-at=now');
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'network/one-too-many');
  });

  it('an instance boots with its groups although two groups of the project share a name', async () => {
    await apply('SecurityGroup', 'twin-a', { clusterRef, name: 'twin' });
    await apply('SecurityGroup', 'twin-b', { clusterRef, name: 'twin' });
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'securitygroup/twin-a', 'securitygroup/twin-b');
    const spec = { clusterRef, flavor: { name: 'm1.tiny' }, image: { name: 'cirros' }, networks: [{ networkRef: { name: 'late' } }] };
    await apply('Instance', 'with-twin', { ...spec, securityGroupRefs: [{ name: 'twin-b' }] });
    await session.must('wait', '--for=condition=Ready', '--timeout=40s', 'instance/with-twin');
    const group = (await find('SecurityGroup', 'twin-b'))?.status?.id ?? '';
    const server = (await find('Instance', 'with-twin'))?.status?.id;
    const ports = [...sandbox.store.ports.values()].filter((port) => port.deviceId === server);
    expect(ports.map((port) => port.securityGroupIds)).toEqual([[group]]);
  });

  it('expired tokens cost nothing but a new sign-in', async () => {
    sandbox.expireTokens();
    await apply('Network', 'after-expiry', { clusterRef });
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'network/after-expiry');
  });

  it('a wrong password is told at the Cluster, and the Cluster recovers when it is corrected', async () => {
    await clusterOf('locked-out', sandbox.cloudsYaml('c').replace(/password: .*/, 'password: wrong'));
    const failed = await untilCluster('locked-out', 'Auth', 'False', /password|credentials/i);
    expect(JSON.stringify(failed)).not.toContain('wrong"');
    await secretOf('locked-out', sandbox.cloudsYaml('c'));
    await session.must('annotate', 'cluster', 'locked-out', 'openstack.stackwarden.io/reconcile-at=now');
    await session.must('wait', '--for=condition=Ready', '--timeout=60s', 'cluster/locked-out');
  });

  it('a cloud that is down is told apart from one that answers nonsense', async () => {
    await clusterOf('down', sandbox.cloudsYaml('c').replace(/auth_url: .*/, 'auth_url: http://127.0.0.1:9/v3'));
    await untilCluster('down', 'TCP', 'False', /127\.0\.0\.1/);
    const nonsense = createServer((_, reply) => reply.end('<html>It works!</html>'));
    await new Promise<void>((done) => nonsense.listen(0, '127.0.0.1', done));
    const { port } = nonsense.address() as AddressInfo;
    await clusterOf('nonsense', sandbox.cloudsYaml('c').replace(/auth_url: .*/, `auth_url: http://127.0.0.1:${port}/v3`));
    await untilCluster('nonsense', 'Auth', 'False', /JSON|not.*Keystone|auth_url/i);
    nonsense.close();
  });

  it('a missing Secret is named', async () => {
    await session.kubectlWith({ input: JSON.stringify(clusterManifest('keyless')) }, 'apply', '-f', '-');
    await untilCluster('keyless', 'Ready', 'False', /Secret default\/keyless.*does not exist/);
  });

  async function secretOf(name: string, cloudsYaml: string): Promise<void> {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'default' },
      stringData: { 'clouds.yaml': cloudsYaml },
    };
    expect((await session.kubectlWith({ input: JSON.stringify(secret) }, 'apply', '-f', '-')).code).toBe(0);
  }
  async function clusterOf(name: string, cloudsYaml: string): Promise<void> {
    await secretOf(name, cloudsYaml);
    expect((await session.kubectlWith({ input: JSON.stringify(clusterManifest(name)) }, 'apply', '-f', '-')).code).toBe(0);
  }
  function untilCluster(name: string, type: string, status: string, message: RegExp): Promise<Live> {
    return eventually(
      60,
      async () => {
        const object = JSON.parse(await session.must('get', 'cluster', name, '-o', 'json')) as Live;
        const found = condition(object, type);
        return found?.status === status && message.test(found.message) ? object : undefined;
      },
      () => session.must('get', 'cluster', name, '-o', 'jsonpath={.status}'),
    );
  }
});

function clusterManifest(name: string) {
  return { apiVersion, kind: 'Cluster', metadata: { name }, spec: { cloud: 'c', credentialsSecretRef: { namespace: 'default', name } } };
}

describe('a start that cannot work', () => {
  it('names a port in use and the flag', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    await expect(startStackwarden({ args: ['--no-sandbox'], port })).rejects.toThrow(/in use by another program.*--listen/s);
    other.close();
  });

  it('names a corrupt database and keeps it as it is', async () => {
    const dataDir = newDataDir();
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'stackwarden.db'), 'this is no database, however long one looks at it'.repeat(50));
    await expect(startStackwarden({ dataDir, args: ['--no-sandbox'] })).rejects.toThrow(/stackwarden\.db/);
  });

  it('refuses a data directory another Stackwarden uses, and the other goes on', async () => {
    const first = await startStackwarden({ args: ['--no-sandbox'] });
    await expect(startStackwarden({ dataDir: first.dataDir, args: ['--no-sandbox'] })).rejects.toThrow(
      /could not start.*(in use|locked|another)/is,
    );
    expect((await first.get('/readyz')).text).toBe('ok');
    await first.stop();
  });

  it('names an entry of clouds.yaml that does not exist, with those there are', async () => {
    const cloudsYaml = 'clouds: {a: {auth: {auth_url: "http://127.0.0.1:9/v3"}}}';
    const dataDir = newDataDir();
    mkdirSync(dataDir, { recursive: true });
    await expect(startStackwarden({ dataDir, cloudsYaml, args: ['--cloud', 'b'] })).rejects.toThrow(/clouds\.b.*there are a/s);
  });
});
