import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otherActions } from '#controller/actions/others.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import { openstackCommands } from '#tests/parts/openstack-client.ts';
import { eventually, type Session, startSession } from '#tests/scenarios/session.ts';
import { openstackWorld, type World } from '#tests/scenarios/world.ts';

type Shown = Record<string, unknown>;
interface Operation {
  readonly state: string;
  readonly result?: { readonly resources?: readonly { readonly id: string }[]; readonly data?: Shown };
  readonly problem?: { readonly title: string; readonly detail: string; readonly requestIds?: readonly string[] };
  readonly requestIds: readonly string[];
  readonly secret?: { readonly privateKey?: string };
}

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE3dDHHMBXRLPTmFk5JqsLCmUVgZAiTMaUhHI6jdaD43 me@here';

let world: World;
let session: Session;
/** Ids of what was made, by what it is called here. */
const id: Record<string, string> = {};
const done = new Set<string>();

beforeAll(async () => {
  world = await openstackWorld();
  session = await startSession(world);
});
afterAll(async () => {
  await session?.process.stop();
  await world?.close();
});

async function post(path: string, input: object): Promise<{ status: number; body: Shown }> {
  const { status, text } = await session.process.post(path, input);
  return { status, body: JSON.parse(text) as Shown };
}
const at = (type: string, target: string) => `/api/v1/resources/${type}/main/${encodeURIComponent(target)}/actions`;

/** Asks for an action over HTTP, waits for its end, and gives the operation. */
async function ask(name: string, on: readonly [string, string] | undefined, input: object = {}): Promise<Operation> {
  const path = on ? `${at(...on)}/${name}` : `/api/v1/clusters/main/actions/${name}`;
  const { status, body } = await post(`${path}?wait=60`, input);
  if (status !== 200) throw new Error(`${name} answered ${status}: ${JSON.stringify(body)}`);
  return body as unknown as Operation;
}
async function act(name: string, on: readonly [string, string] | undefined, input: object = {}): Promise<Operation> {
  const operation = await ask(name, on, input);
  if (operation.state !== 'succeeded') throw new Error(`${name} ended as ${operation.state}: ${JSON.stringify(operation.problem)}`);
  done.add(name);
  return operation;
}
async function make(as: string, name: string, on: readonly [string, string] | undefined, input: object): Promise<void> {
  id[as] = (await act(name, on, input)).result?.resources?.[0]?.id ?? '';
}
const on = (type: string, as: string) => [type, id[as] ?? ''] as const;

/** What the `openstack` client says to each command, signed in once. */
async function client(...commands: string[][]): Promise<unknown[]> {
  const answers = await openstackCommands(
    world.clientArgs,
    commands.map((command) => [...command, '-f', 'json']),
  );
  return answers.map((answer) => JSON.parse(answer) as unknown);
}
const show = (noun: string, as: string) => [...noun.split(' '), 'show', id[as] ?? ''];

async function refusal(name: string, target: readonly [string, string] | undefined, input: object = {}) {
  const path = target ? `${at(...target)}/${name}` : `/api/v1/clusters/main/actions/${name}`;
  const { status, body } = await post(`${path}?wait=60`, input);
  return [status, body['title'], body['detail']];
}

describe('actions on a real OpenStack, and what its own client says of them', () => {
  it('makes and changes networks, subnets, routers, ports, floating IPs and security groups', async () => {
    for await (const page of networks.list(world.client.network, { 'router:external': true })) id['public'] ??= page[0]?.id ?? '';
    await make('network', 'network.create', undefined, { name: 'ra-net', description: 'old', tags: ['a'] });
    await act('network.edit', on('network', 'network'), { name: 'ra-front', description: 'new', mtu: 1400, tags: ['a', 'b'] });
    const subnet = { name: 'ra-sub', networkId: id['network'], cidr: '10.77.0.0/24', dnsNameservers: ['10.77.0.2'] };
    await make('subnet', 'subnet.create', undefined, subnet);
    await act('subnet.edit', on('subnet', 'subnet'), { name: 'ra-front-net', enableDHCP: false });
    await make('group', 'securityGroup.create', undefined, { name: 'ra-web' });
    await act('securityGroup.edit', on('security_group', 'group'), { name: 'ra-www', description: 'web' });
    const rule = await act('securityGroup.addRule', on('security_group', 'group'), {
      direction: 'ingress',
      protocol: 'tcp',
      portRangeMin: 443,
    });
    id['rule'] = String(rule.result?.data?.['ruleId']);
    await make('port', 'port.create', undefined, { networkId: id['network'], name: 'ra-port', securityGroupIds: [id['group']] });
    await act('port.edit', on('port', 'port'), { name: 'ra-web-port', allowedAddressPairs: [{ ipAddress: '10.77.0.99' }] });
    await make('router', 'router.create', undefined, { name: 'ra-router' });
    await act('router.edit', on('router', 'router'), { name: 'ra-edge', description: 'out' });
    await act('router.addInterface', on('router', 'router'), { subnetId: id['subnet'] });
    await act('router.setGateway', on('router', 'router'), { networkId: id['public'] });
    await make('floating', 'floatingIp.allocate', undefined, { networkId: id['public'] });
    await act('floatingIp.associate', on('floatingip', 'floating'), { portId: id['port'] });
    await act('floatingIp.edit', on('floatingip', 'floating'), { description: 'www' });

    const [network, net, group, port, router, floating] = await client(
      show('network', 'network'),
      show('subnet', 'subnet'),
      show('security group', 'group'),
      show('port', 'port'),
      show('router', 'router'),
      show('floating ip', 'floating'),
    );
    expect(network).toMatchObject({ name: 'ra-front', description: 'new', mtu: 1400, tags: ['a', 'b'], subnets: [id['subnet']] });
    expect(net).toMatchObject({ name: 'ra-front-net', cidr: '10.77.0.0/24', enable_dhcp: false, dns_nameservers: ['10.77.0.2'] });
    expect(group).toMatchObject({ name: 'ra-www', description: 'web' });
    expect(JSON.stringify(group)).toContain(id['rule']);
    expect(port).toMatchObject({ name: 'ra-web-port', security_group_ids: [id['group']] });
    expect(JSON.stringify(port)).toContain('10.77.0.99');
    expect(router).toMatchObject({ name: 'ra-edge', description: 'out' });
    expect(JSON.stringify(router)).toContain(id['public']);
    expect(JSON.stringify(router)).toContain(id['subnet']);
    expect(floating).toMatchObject({ port_id: id['port'], router_id: id['router'], description: 'www' });
  });

  it('makes and changes volumes, snapshots, images, key pairs and server groups', async () => {
    await make('volume', 'volume.create', undefined, { name: 'ra-vol', sizeGiB: 1, metadata: { old: '1' } });
    await act('volume.extend', on('volume', 'volume'), { sizeGiB: 2 });
    await act('volume.retype', on('volume', 'volume'), { volumeType: 'fast' });
    await act('volume.edit', on('volume', 'volume'), { name: 'ra-data', description: 'd', metadata: { tier: 'db', old: null } });
    await act('volume.setBootable', on('volume', 'volume'), { bootable: true });
    await act('volume.setReadOnly', on('volume', 'volume'), { readOnly: true });
    await make('snapshot', 'volume.snapshot', on('volume', 'volume'), { name: 'ra-snap' });
    await act('snapshot.edit', on('volume_snapshot', 'snapshot'), { name: 'ra-monday', metadata: { by: 'hand' } });
    await act('volume.restore', on('volume', 'volume'), { snapshotId: id['snapshot'] });
    await make('copy', 'snapshot.createVolume', on('volume_snapshot', 'snapshot'), { name: 'ra-copy', sizeGiB: 3 });
    await make('image', 'volume.uploadToImage', on('volume', 'volume'), { name: 'ra-image' });
    const wanted = { name: 'ra-golden', protected: true, properties: { os_type: 'linux' }, tags: ['gold'], minDiskGiB: 1 };
    await act('image.edit', on('image', 'image'), wanted);
    const { secret } = await act('keyPair.create', undefined, { name: 'ra-made' });
    expect(secret?.privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    await act('keyPair.import', undefined, { name: 'ra-mine', publicKey });
    await make('servergroup', 'serverGroup.create', undefined, { name: 'ra-spread', policy: 'soft-anti-affinity' });

    const [volume, snapshot, copy, image, keys, group] = await client(
      show('volume', 'volume'),
      show('volume snapshot', 'snapshot'),
      show('volume', 'copy'),
      show('image', 'image'),
      ['keypair', 'list'],
      show('server group', 'servergroup'),
    );
    expect(volume).toMatchObject({ name: 'ra-data', size: 2, type: 'fast', description: 'd', status: 'available' });
    expect(volume).toMatchObject({ properties: { tier: 'db', readonly: 'True' } });
    expect((volume as Shown)['properties']).not.toHaveProperty('old');
    expect(String((volume as Shown)['bootable'])).toBe('true');
    expect(snapshot).toMatchObject({ name: 'ra-monday', status: 'available', properties: { by: 'hand' } });
    expect(copy).toMatchObject({ name: 'ra-copy', size: 3, snapshot_id: id['snapshot'], status: 'available' });
    expect(image).toMatchObject({ name: 'ra-golden', status: 'active', protected: true, tags: ['gold'], min_disk: 1 });
    expect(JSON.stringify(image)).toContain('linux');
    expect((keys as Shown[]).map((key) => key['Name'])).toEqual(['ra-made', 'ra-mine']);
    expect(group).toMatchObject({ name: 'ra-spread', policy: 'soft-anti-affinity' });
  });

  it('attaches a volume to an instance, and says why what is in use stays', async () => {
    let cirros = '';
    for await (const page of images.list(world.client.image, { name: 'cirros' })) cirros ||= page[0]?.id ?? '';
    const server = await servers.create(world.client.compute, { name: 'ra-web-1', flavorRef: '1', imageRef: cirros, networks: 'none' });
    id['server'] = server.id;
    await eventually(
      120,
      async () => ((await servers.get(world.client.compute, server.id)).status === 'ACTIVE' ? true : undefined),
      () => 'not ACTIVE',
    );
    // The controller has to have seen it.
    await eventually(
      60,
      async () => {
        const { status } = await session.process.get(`/api/v1/resources/server/main/${server.id}/actions`);
        return status === 200 ? true : undefined;
      },
      () => 'the server was not seen',
    );
    await act('volume.attach', on('volume', 'copy'), { serverId: server.id });
    const [attached] = await client(show('volume', 'copy'));
    expect(attached).toMatchObject({ status: 'in-use', attachments: [{ server_id: server.id }] });
    expect(await refusal('volume.delete', on('volume', 'copy'))).toEqual([
      409,
      'InUse',
      'It is attached to instance ra-web-1; detach it first.',
    ]);
    await act('volume.detach', on('volume', 'copy'));
    const [detached] = await client(show('volume', 'copy'));
    expect(detached).toMatchObject({ status: 'available', attachments: [] });
    await servers.remove(world.client.compute, server.id);

    expect(await refusal('volume.delete', on('volume', 'volume'))).toEqual([409, 'HasSnapshots', expect.stringContaining('ra-monday')]);
    expect(await refusal('image.delete', on('image', 'image'))).toEqual([409, 'Protected', expect.any(String)]);
    expect(await refusal('network.delete', on('network', 'network'))).toEqual([409, 'InUse', expect.stringContaining('port ra-web-port')]);
    expect(await refusal('router.delete', on('router', 'router'))).toEqual([409, 'HasInterfaces', expect.stringContaining('ra-front-net')]);
    expect(await refusal('securityGroup.delete', on('security_group', 'group'))).toEqual([409, 'InUse', expect.any(String)]);
    expect(await refusal('network.edit', on('network', 'public'), { name: 'x' })).toEqual([409, 'NotOurs', expect.any(String)]);
  });

  it('fails clearly where the cloud does not do it', async () => {
    // Each type lives on a backend of its own here, and Cinder says 202 to a move that it does not make.
    const stuck = await ask('volume.retype', on('volume', 'copy'), { volumeType: 'standard', migration: 'never' });
    expect([stuck.state, stuck.problem?.title, stuck.problem?.detail]).toEqual([
      'failed',
      'NotRetyped',
      expect.stringContaining('on-demand'),
    ]);
    expect(await refusal('volume.retype', on('volume', 'volume'), { volumeType: 'standard' })).toEqual([
      409,
      'HasSnapshots',
      expect.any(String),
    ]);
    // Only administrators make images public, or choose a floating address.
    for (const [name, target, input] of [
      ['image.edit', on('image', 'image'), { visibility: 'public' }],
      ['floatingIp.allocate', undefined, { networkId: id['public'], floatingIPAddress: '172.24.4.250' }],
    ] as const) {
      const { state, problem } = await ask(name, target, input);
      expect([name, state, problem?.detail]).toEqual([name, 'failed', expect.stringContaining('403')]);
    }
  });

  it('takes all of it away again', async () => {
    await act('floatingIp.disassociate', on('floatingip', 'floating'));
    await act('router.clearGateway', on('router', 'router'));
    await act('router.removeInterface', on('router', 'router'), { subnetId: id['subnet'] });
    await act('securityGroup.removeRule', on('security_group', 'group'), { ruleId: id['rule'] });
    await act('image.edit', on('image', 'image'), { protected: false });
    const [floating, router, group] = await client(
      show('floating ip', 'floating'),
      show('router', 'router'),
      show('security group', 'group'),
    );
    expect(floating).toMatchObject({ port_id: null });
    expect(router).toMatchObject({ external_gateway_info: null, interfaces_info: [] });
    expect(JSON.stringify(group)).not.toContain(id['rule']);

    const remove = (name: string, type: string, as: string) => act(name, on(type, as));
    await Promise.all([
      remove('router.delete', 'router', 'router'),
      remove('floatingIp.release', 'floatingip', 'floating'),
      remove('image.delete', 'image', 'image'),
      remove('serverGroup.delete', 'server_group', 'servergroup'),
      remove('volume.delete', 'volume', 'copy'),
      remove('snapshot.delete', 'volume_snapshot', 'snapshot').then(() => remove('volume.delete', 'volume', 'volume')),
      remove('port.delete', 'port', 'port')
        .then(() => remove('subnet.delete', 'subnet', 'subnet'))
        .then(() => remove('network.delete', 'network', 'network'))
        .then(() => remove('securityGroup.delete', 'security_group', 'group')),
      ...['ra-made', 'ra-mine'].map((name) => act('keyPair.delete', ['keypair', name])),
    ]);
    const left = await client(
      ['floating', 'ip', 'list'],
      ['router', 'list'],
      ['port', 'list'],
      ['subnet', 'list', '--name', 'ra-front-net'],
      ['network', 'list', '--internal'],
      ['volume', 'list'],
      ['volume', 'snapshot', 'list'],
      ['image', 'list', '--name', 'ra-golden'],
      ['keypair', 'list'],
      ['server', 'group', 'list'],
    );
    expect(left).toEqual(left.map(() => []));
    const [groups] = await client(['security', 'group', 'list']);
    expect((groups as Shown[]).map((row) => row['Name'])).toEqual(['default']);
  });

  it('has done every action there is, and the audit tells of each who asked, and what the cloud answered', async () => {
    expect(otherActions.map(({ name }) => name).filter((name) => !done.has(name))).toEqual([]);
    const [asked, ended] = await Promise.all(['ActionRequested', 'ActionDone'].map((type) => session.audit(`type=${type}&limit=500`)));
    const nameIn = (message: string) => /^([a-zA-Z]+\.[a-zA-Z]+)/.exec(message)?.[1] ?? '';
    for (const entries of [asked, ended]) {
      const told = new Set((entries ?? []).map((entry) => nameIn((entry as unknown as { message: string }).message)));
      expect([...done].filter((name) => !told.has(name))).toEqual([]);
    }
    expect((ended ?? []).filter(({ requestIds }) => requestIds.length === 0)).toEqual([]);
    expect(JSON.stringify([asked, ended])).not.toContain('PRIVATE KEY');
  });
});
