import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#controller/engine/object.ts';
import { real } from '../kinds/answers.fixture.ts';
import { kinds } from '../kinds/index.ts';
import { knownCloud, type Rows } from '../kinds/inventory.fixture.ts';
import { exportManifests } from './export-manifests.ts';
import { parseSelection } from './selection.ts';

const project = real.network.project_id;
const net = { ...real.network, description: '', tags: [] };
const sub = { ...real.subnet, description: '' };
const group = (id: string, name: string, remote?: string) => ({
  ...real.securityGroup,
  id,
  name,
  description: '',
  security_group_rules: real.securityGroup.security_group_rules
    .slice(0, 1)
    .map((rule) => ({ ...rule, security_group_id: id, remote_group_id: remote ?? null })),
});
const disk = (id: string, name: string | null, more: object = {}) => ({
  ...real.brokenVolume,
  id,
  name,
  status: 'available',
  metadata: {},
  ...more,
});

function run(rows: Rows, { select = [] as string[], objects = [] as KubeObject[] } = {}) {
  const result = exportManifests({
    cloud: knownCloud(rows),
    kinds,
    selection: parseSelection(select, kinds),
    cluster: 'main',
    namespace: 'shop',
    objects,
  });
  return { ...result, names: result.manifests.map((one) => `${one.kind}/${one.metadata.name}`) };
}

function object(
  kind: string,
  name: string,
  more: { id?: string; importId?: string; namespace?: string; cluster?: string; uid?: string },
): KubeObject {
  return {
    apiVersion: 'openstack.stackwarden.io/v1alpha1',
    kind,
    metadata: { name, namespace: more.namespace ?? 'shop', uid: more.uid ?? `uid-${name}`, resourceVersion: '1' },
    spec: { clusterRef: { name: more.cluster ?? 'main' }, ...(more.importId !== undefined && { import: { id: more.importId } }) },
    ...(more.id !== undefined && { status: { id: more.id } }),
  };
}

describe('an export', () => {
  it('writes a manifest that only observes, with its import', () => {
    expect(run({ network: [net] }).manifests).toEqual([
      {
        apiVersion: 'openstack.stackwarden.io/v1alpha1',
        kind: 'Network',
        metadata: { name: 'net', namespace: 'shop' },
        spec: { clusterRef: { name: 'main' }, managementPolicy: 'Observe', import: { id: net.id } },
      },
    ]);
  });

  it('refers to what is exported along, and puts that first', () => {
    const { names, manifests, notes } = run({ subnet: [sub], network: [net] });
    expect(names).toEqual(['Network/net', 'Subnet/sub']);
    expect(manifests[1]?.spec).toMatchObject({ networkRef: { name: 'net' } });
    expect(notes).toEqual([]);
  });

  it('puts what a volume was copied from before it, whatever they are called', () => {
    const rows = { volume: [disk('a-copy', 'aaa', { source_volid: 'z-source' }), disk('z-source', 'zzz')] };
    expect(run(rows).names).toEqual(['Volume/zzz', 'Volume/aaa']);
  });

  it('writes groups that refer to each other', () => {
    const { manifests } = run({ security_group: [group('g-1', 'one', 'g-2'), group('g-2', 'two', 'g-1')] });
    expect(manifests.map(({ spec }) => (spec['rules'] as { remoteGroupRef: object }[])[0]?.remoteGroupRef)).toEqual(
      [{ name: 'two' }, { name: 'one' }].toReversed(),
    );
    expect(manifests.some(({ spec }) => 'rulesPolicy' in spec)).toBe(false);
  });

  it('refers to objects that are there already', () => {
    const { names, manifests } = run({ subnet: [sub], network: [net] }, { objects: [object('Network', 'front', { id: net.id })] });
    expect(names).toEqual(['Subnet/sub']);
    expect(manifests[0]?.spec).toMatchObject({ networkRef: { name: 'front' } });
  });

  it('refers to objects of its own namespace only', () => {
    const objects = [object('Network', 'front', { id: net.id, namespace: 'elsewhere' })];
    const { names, leftOut } = run({ subnet: [sub], network: [net] }, { objects });
    expect(names).toEqual([]);
    expect(leftOut).toMatchObject([
      { kind: 'Subnet', name: 'sub', reason: expect.stringContaining('for which no object stands in the namespace') },
    ]);
  });

  it('leaves what is declared alone, by id, import, stamp and, of a key pair, name', () => {
    const rows = {
      network: [net, { ...net, id: 'n-2' }, { ...net, id: 'n-3', description: '[stackwarden uid-three]' }],
      keypair: [real.keyPair],
    };
    const objects = [
      object('Network', 'one', { id: net.id }),
      object('Network', 'two', { importId: 'n-2' }),
      object('Network', 'three', {}),
      object('KeyPair', real.keyPair.name, {}),
    ];
    expect(run(rows, { objects }).manifests).toEqual([]);
    const others = objects.map((one) => ({ ...one, spec: { ...one.spec, clusterRef: { name: 'other' } } }));
    expect(run(rows, { objects: others }).manifests).toHaveLength(3);
  });

  it('leaves out what another owner stamped, and says what to do', () => {
    const { names, leftOut } = run({ network: [{ ...net, description: 'x [stackwarden somebody]' }] });
    expect(names).toEqual([]);
    expect(leftOut).toEqual([
      { kind: 'Network', id: net.id, name: 'net', reason: expect.stringContaining(`take the stamp off Network ${net.id}`) },
    ]);
  });

  it('names nothing as an object of its namespace is named', () => {
    expect(run({ network: [net] }, { objects: [object('Network', 'net', { id: 'else' })] }).names).toEqual(['Network/net-f557e56f']);
    expect(run({ network: [net] }, { objects: [object('Volume', 'net', { id: 'else' })] }).names).toEqual(['Network/net']);
  });

  it('gives a resource the same name whatever else is selected', () => {
    const volume = [disk('11111111-0000-4000-8000-000000000000', 'data'), disk('22222222-0000-4000-8000-000000000000', 'data')];
    expect(run({ volume }).names).toEqual(['Volume/data-11111111', 'Volume/data-22222222']);
    expect(run({ volume }, { select: ['id=22222222-0000-4000-8000-000000000000'] }).names).toEqual(['Volume/data-22222222']);
  });

  it('declares a resource without a name as one without', () => {
    const { manifests } = run({ volume: [disk('11111111-0000-4000-8000-000000000000', null)] });
    expect(manifests).toMatchObject([{ metadata: { name: 'volume-11111111' }, spec: { name: '' } }]);
  });

  it('leaves out what hangs on something that was left out', () => {
    const network = [{ ...net, description: 'x'.repeat(250) }];
    const { names, leftOut } = run({ subnet: [sub], network });
    expect(names).toEqual([]);
    expect(leftOut.map(({ kind }) => kind)).toEqual(['Network', 'Subnet']);
  });

  it('leaves out what the cloud holds and no manifest may say', () => {
    const rules = Array.from({ length: 201 }, (_, index) => ({
      ...real.securityGroup.security_group_rules[0],
      id: `r-${index}`,
      protocol: 'tcp',
      port_range_min: index + 1,
      port_range_max: index + 1,
    }));
    const { leftOut } = run({ security_group: [{ ...group('g-1', 'big'), security_group_rules: rules as never }] });
    expect(leftOut).toMatchObject([
      { name: 'big', reason: 'Its declaration would be refused: spec.rules must NOT have more than 200 items.' },
    ]);
  });

  it('believes no declaration that would change something', () => {
    const lying = kinds.map((kind) => (kind.kind === 'Network' ? { ...kind, declare: () => ({ name: 'other', mtu: 1400 }) } : kind));
    const request = { cloud: knownCloud({ network: [net] }), selection: [], cluster: 'main', namespace: 'shop', objects: [] };
    const { manifests, leftOut } = exportManifests({ ...request, kinds: lying });
    expect(manifests).toEqual([]);
    expect(leftOut).toMatchObject([
      { reason: 'What it holds cannot be declared; applied, its declaration would change spec.name, spec.mtu.' },
    ]);
  });

  it('exports what is selected, and says of what nothing fits', () => {
    const rows = { network: [net], volume: [disk('v-1', 'data')] };
    expect(run(rows, { select: ['kind=Volume'] }).names).toEqual(['Volume/data']);
    expect(run(rows, { select: ['name=nothing*'] })).toMatchObject({
      names: [],
      notes: ['Nothing undeclared fits name=nothing*: nothing does.'],
    });
    const objects = [object('Volume', 'data', { id: 'v-1' })];
    expect(run(rows, { select: ['id=v-1'], objects }).notes).toEqual([
      'Nothing undeclared fits id=v-1: what does is declared already, as Volume shop/data.',
    ]);
  });

  it('tells of a rule that refers to a group without an object', () => {
    const { manifests, notes } = run({ security_group: [group('g-1', 'one', 'the-default')] });
    expect(manifests).toMatchObject([{ spec: { rulesPolicy: 'Additive', rules: [] } }]);
    expect(notes).toEqual([
      expect.stringContaining('SecurityGroup one has to do with SecurityGroup the-default, for which no object stands'),
    ]);
  });

  it('never writes a private key', () => {
    const keypair = [{ ...real.keyPair, private_key: 'SECRET' } as typeof real.keyPair];
    expect(JSON.stringify(run({ keypair }))).not.toContain('SECRET');
  });

  it('exports nothing of another project', () => {
    expect(run({ network: [{ ...net, project_id: `not ${project}` }] })).toMatchObject({ manifests: [], leftOut: [], notes: [] });
  });
});
