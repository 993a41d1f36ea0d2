import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { createKubectl, type Run } from '#tests/parts/kubectl.ts';

/** The generated CRDs on a real kube-apiserver: accepted, explained, and as strict as they should be. */
const kubeconfig = process.env['KUBE_UP_KUBECONFIG'] ?? '';
const root = resolve(import.meta.dirname, '../../..');
const namespace = `stackwarden-crds-${Math.random().toString(36).slice(2, 8)}`;
const names = resourceDefinitions().map((definition) => `crd/${definition.plural}.${definition.group}`);

let kubectl: (args: readonly string[], options?: { input?: string }) => Promise<Run>;

async function succeed(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await kubectl(args, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function refusal(input: string): Promise<string> {
  const { code, stderr } = await kubectl(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], { input });
  return code === 0 ? 'accepted' : stderr;
}

beforeAll(async () => {
  if (!kubeconfig) throw new Error('Set KUBE_UP_KUBECONFIG to the kubeconfig of a kube-apiserver these tests may install CRDs on.');
  kubectl = createKubectl(kubeconfig);
  await succeed(['apply', '-f', resolve(root, 'crds')]);
  await succeed(['wait', '--for=condition=Established', '--timeout=60s', ...names]);
  await succeed(['create', 'namespace', namespace]);
});

afterAll(async () => {
  if (!kubeconfig) return;
  await kubectl(['delete', '--ignore-not-found', ...names]);
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  // A bare kube-apiserver has no controller that would end the namespace.
  const { stdout } = await kubectl(['get', 'namespace', namespace, '-o', 'json', '--ignore-not-found']);
  if (stdout.trim() === '') return;
  const ended = { ...JSON.parse(stdout), spec: { finalizers: [] } };
  await kubectl(['replace', '--raw', `/api/v1/namespaces/${namespace}/finalize`, '-f', '-'], { input: JSON.stringify(ended) });
});

it('are structural, and their own version is stored', async () => {
  for (const name of names) {
    const conditions = await succeed(['get', name, '-o', 'jsonpath={.status.conditions[*].type}={.status.conditions[*].status}']);
    expect(conditions).toBe('NamesAccepted Established=True True');
  }
});

it.each(['examples', 'examples/quickstart', 'examples/shop'])('accept every manifest of %s, strictly', async (dir) => {
  const out = await succeed(['apply', '--dry-run=server', '--validate=strict', '-f', resolve(root, dir)]);
  expect(out).not.toMatch(/warning/i);
});

it.each(resourceDefinitions().map(({ kind, plural, group, version, schema }) => [kind, plural, `${group}/${version}`, schema] as const))(
  'explain every field of %s',
  async (_kind, plural, apiVersion, schema) => {
    const out = await succeed(['explain', `${plural}.spec`, '--api-version', apiVersion]);
    for (const field of Object.keys(schema.properties?.['spec']?.properties ?? {})) expect(out).toContain(`${field}\t<`);
    expect(out).not.toContain('<no description>');
  },
);

describe('refuse', () => {
  const object = (kind: string, spec: object) =>
    JSON.stringify({
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind,
      metadata: { name: 'bad', namespace },
      spec: { clusterRef: { name: 'main' }, ...spec },
    });
  const subnet = { networkRef: { name: 'net' }, cidr: '10.0.0.0/24' };
  const rule = { direction: 'ingress', remoteIPPrefix: '10.0.0.0/8', remoteGroupRef: { name: 'web' } };

  it.each<[string, string, object, string]>([
    ['an unknown field', 'Network', { colour: 'blue' }, 'unknown field "spec.colour"'],
    ['a wrong type', 'Network', { mtu: 'big' }, 'spec.mtu'],
    ['a missing field', 'Subnet', { networkRef: { name: 'net' } }, 'spec.cidr: Required value'],
    ['an address that is none', 'Subnet', { ...subnet, gatewayIP: 'nowhere' }, 'spec.gatewayIP'],
    [
      'a gateway and none',
      'Subnet',
      { ...subnet, gatewayIP: '10.0.0.1', disableGateway: true },
      'gatewayIP and disableGateway exclude each other',
    ],
    ['two remotes of a rule', 'SecurityGroup', { rules: [rule] }, 'remoteIPPrefix and remoteGroupRef exclude each other'],
    ['a flavor without name or id', 'Instance', { image: { name: 'i' }, flavor: {} }, 'exactly one of name and id must be set'],
    ['nothing to boot from', 'Instance', { flavor: { name: 'f' } }, 'exactly one of image and bootVolume must be set'],
    [
      'an address for a declared port',
      'Instance',
      { image: { name: 'i' }, flavor: { name: 'f' }, networks: [{ portRef: { name: 'p' }, fixedIP: '10.0.0.1' }] },
      'portRef excludes fixedIP and subnetRef',
    ],
    [
      'a rebuild that would empty a volume',
      'Instance',
      { bootVolume: { volumeRef: { name: 'v' } }, flavor: { name: 'f' }, onError: { action: 'Rebuild' } },
      'an instance that boots from a volume cannot be rebuilt',
    ],
    [
      'an image and a volume to copy',
      'Volume',
      { sizeGiB: 1, image: { name: 'i' }, volumeRef: { name: 'v' } },
      'image and volumeRef exclude each other',
    ],
    [
      'a group named twice',
      'Instance',
      { image: { name: 'i' }, flavor: { name: 'f' }, securityGroupRefs: [{ name: 'a' }, { name: 'a' }] },
      'Duplicate value',
    ],
  ])('%s', async (_name, kind, spec, message) => {
    expect(await refusal(object(kind, spec))).toContain(message);
  });
});

it('keep status as it is written, values of any type included', async () => {
  const manifest = {
    apiVersion: 'openstack.stackwarden.io/v1alpha1',
    kind: 'Network',
    metadata: { name: 'net', namespace },
    spec: { clusterRef: { name: 'main' } },
  };
  await succeed(['apply', '-f', '-'], JSON.stringify(manifest));
  const drift = [{ path: 'spec.tags', declared: ['a', { b: 1 }], observed: 5, since: '2026-11-23T00:00:00Z' }];
  const condition = {
    type: 'Ready',
    status: 'True',
    reason: 'InSync',
    message: '',
    lastTransitionTime: '2026-11-23T00:00:00Z',
    observedGeneration: 1,
  };
  const status = { observedGeneration: 1, settledGeneration: 1, id: 'n-1', state: 'ACTIVE', mtu: 1400, drift, conditions: [condition] };
  const resource = 'networks.openstack.stackwarden.io/net';
  await succeed(['-n', namespace, 'patch', resource, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);
  expect(JSON.parse(await succeed(['-n', namespace, 'get', resource, '-o', 'jsonpath={.status}']))).toEqual(status);
  const table = await succeed(['-n', namespace, 'get', 'openstack', '-o', 'wide']);
  expect(table.split('\n')[0]?.split(/\s+/)).toEqual([
    'NAME',
    'STATE',
    'MTU',
    'CLUSTER',
    'ID',
    'DRIFTED',
    'READY',
    'REASON',
    'MESSAGE',
    'AGE',
  ]);
  expect(table).toMatch(/ACTIVE\s+1400\s+main\s+n-1\s+True\s+InSync/);
});
