import { beforeAll, expect, it } from 'vitest';
import { type Body, until } from './client.ts';
import { absent, type Contract, fault, make, remove, serverIs, uuidPattern, volumeIs } from './world.ts';

/** Ports, security groups and volumes of servers; as in servers.ts the tests share one server. */
export function serverPartsContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown, version?: string) =>
    contract.demo.request('compute', method, path, {
      ...(body === undefined ? {} : { body }),
      ...(version === undefined ? {} : { version }),
    });
  const network = async (method: string, path: string) => contract.demo.request('network', method, path);
  const showPort = (id: string) => network('GET', `/ports/${id}`);
  const parts = { networkId: '', subnetId: '', groupId: '', otherGroupId: '', portId: '', serverId: '', volumeId: '' };
  const at = () => `/servers/${parts.serverId}`;
  const boot = (name: string, more: object): Promise<Body> =>
    make(contract, 'compute', '/servers', 'server', { name: contract.name(name), flavorRef: '1', ...more });
  const volume = (name: string, more: object = {}): Promise<Body> =>
    make(contract, 'block-storage', '/volumes', 'volume', { size: 1, name: contract.name(name), ...more });

  beforeAll(async () => {
    parts.networkId = (await make(contract, 'network', '/networks', 'network', { name: contract.name('plug') })).id;
    parts.subnetId = (
      await make(contract, 'network', '/subnets', 'subnet', { network_id: parts.networkId, ip_version: 4, cidr: '10.240.0.0/24' })
    ).id;
    parts.groupId = (await make(contract, 'network', '/security-groups', 'security_group', { name: contract.name('group') })).id;
    parts.otherGroupId = (await make(contract, 'network', '/security-groups', 'security_group', { name: contract.name('other-group') })).id;
    parts.portId = (
      await make(contract, 'network', '/ports', 'port', {
        network_id: parts.networkId,
        name: contract.name('given'),
        security_groups: [parts.groupId],
      })
    ).id;
  });

  it('refuses unknown groups', async () => {
    const server = { name: contract.name('refused'), flavorRef: '1', imageRef: contract.imageId, networks: [{ uuid: parts.networkId }] };
    const refusal = await request('POST', '/servers', { server: { ...server, security_groups: [{ name: 'contract-nonesuch' }] } });
    expect(fault(refusal)).toEqual([400, 'badRequest', "Unable to find security_group with name or id 'contract-nonesuch'"]);
  });

  it('plugs a server into a network and a given port, in that order', async () => {
    const networks = [{ uuid: parts.networkId, fixed_ip: '10.240.0.100' }, { port: parts.portId }];
    const made = await boot('plugged', { imageRef: contract.imageId, networks, security_groups: [{ name: parts.groupId }] });
    expect(made.security_groups).toEqual([{ name: parts.groupId }]);
    parts.serverId = made.id;
    const server = await serverIs(contract, made.id, 'ACTIVE');
    const given = (await showPort(parts.portId)).body.port;
    const addresses = server.addresses[contract.name('plug')];
    expect(addresses).toHaveLength(2);
    expect(addresses[0]).toEqual({
      version: 4,
      addr: '10.240.0.100',
      'OS-EXT-IPS:type': 'fixed',
      'OS-EXT-IPS-MAC:mac_addr': expect.stringMatching(/^fa:16:3e/),
    });
    expect(addresses[1]).toMatchObject({ addr: given.fixed_ips[0].ip_address, 'OS-EXT-IPS-MAC:mac_addr': given.mac_address });
    expect(given).toMatchObject({ device_id: made.id, device_owner: 'compute:nova', status: 'ACTIVE' });
    expect(server.security_groups).toEqual([{ name: contract.name('group') }, { name: contract.name('group') }]);
  });

  it('lists its interfaces and shows the port it made', async () => {
    const { body } = await request('GET', `${at()}/os-interface`);
    expect(body.interfaceAttachments).toHaveLength(2);
    // In any order, unlike the server's addresses.
    const made = body.interfaceAttachments.find((row: Body) => row.port_id !== parts.portId);
    expect(made).toEqual({
      net_id: parts.networkId,
      port_id: expect.stringMatching(uuidPattern),
      mac_addr: expect.stringMatching(/^fa:16:3e/),
      port_state: 'ACTIVE',
      fixed_ips: [{ subnet_id: parts.subnetId, ip_address: '10.240.0.100' }],
      tag: null,
    });
    expect((await showPort(made.port_id)).body.port).toMatchObject({
      name: '',
      device_id: parts.serverId,
      security_groups: [parts.groupId],
    });
    const ports = await network('GET', `/ports?device_id=${parts.serverId}&fields=id`);
    expect(ports.body.ports).toHaveLength(2);
  });

  it('refuses a port that is in use or unknown', async () => {
    const attach = (interfaceAttachment: object) => request('POST', `${at()}/os-interface`, { interfaceAttachment });
    expect(fault(await attach({ port_id: parts.portId }))).toEqual([409, 'conflictingRequest', `Port ${parts.portId} is still in use.`]);
    expect(fault(await attach({ port_id: absent }))).toEqual([404, 'itemNotFound', `Port id ${absent} could not be found.`]);
  });

  it('attaches and detaches ports: keeps the given one, deletes the one it made', async () => {
    const port = await make(contract, 'network', '/ports', 'port', { network_id: parts.networkId, name: contract.name('hot') });
    const given = await request('POST', `${at()}/os-interface`, { interfaceAttachment: { port_id: port.id } });
    expect([given.status, given.body.interfaceAttachment]).toEqual([
      200,
      expect.objectContaining({ port_id: port.id, port_state: 'ACTIVE' }),
    ]);
    const made = (await request('POST', `${at()}/os-interface`, { interfaceAttachment: { net_id: parts.networkId } })).body
      .interfaceAttachment;
    for (const id of [port.id, made.port_id]) expect((await request('DELETE', `${at()}/os-interface/${id}`)).status).toBe(202);
    await until(
      () => showPort(made.port_id),
      (reply) => reply.status === 404,
    );
    const free = await until(
      () => showPort(port.id),
      (reply) => reply.body.port.device_id === '',
    );
    expect(free.body.port).toMatchObject({ device_id: '', device_owner: '', status: 'DOWN' });
  });

  it('adds a group to all its ports and removes it', async () => {
    const act = (body: object) => request('POST', `${at()}/action`, body);
    expect((await act({ addSecurityGroup: { name: parts.otherGroupId } })).status).toBe(202);
    expect((await showPort(parts.portId)).body.port.security_groups.toSorted()).toEqual([parts.groupId, parts.otherGroupId].toSorted());
    expect((await act({ removeSecurityGroup: { name: contract.name('other-group') } })).status).toBe(202);
    expect((await showPort(parts.portId)).body.port.security_groups).toEqual([parts.groupId]);
    expect(fault(await act({ addSecurityGroup: { name: 'contract-nonesuch' } }))).toEqual([
      404,
      'itemNotFound',
      `Security group contract-nonesuch is not found for project ${contract.demo.projectId}`,
    ]);
    expect(fault(await act({ removeSecurityGroup: { name: parts.otherGroupId } }))).toEqual([
      404,
      'itemNotFound',
      `Security group ${parts.otherGroupId} not associated with the instance ${parts.serverId}`,
    ]);
  });

  it('attaches a volume: promised at once, in use a little later', async () => {
    parts.volumeId = (await volume('data')).id;
    await volumeIs(contract, parts.volumeId, 'available');
    const attach = () => request('POST', `${at()}/os-volume_attachments`, { volumeAttachment: { volumeId: parts.volumeId } });
    const reply = await attach();
    expect(reply.status).toBe(200);
    expect(reply.body.volumeAttachment).toEqual({
      id: parts.volumeId,
      volumeId: parts.volumeId,
      serverId: parts.serverId,
      device: '/dev/sdb',
      tag: null,
      delete_on_termination: false,
    });
    expect(fault(await attach())).toEqual([
      400,
      'badRequest',
      `Invalid volume: volume ${parts.volumeId} is already attached to instances: ${parts.serverId}`,
    ]);
    const inUse = await volumeIs(contract, parts.volumeId, 'in-use');
    expect(inUse.attachments).toEqual([
      {
        id: parts.volumeId,
        attachment_id: expect.stringMatching(uuidPattern),
        volume_id: parts.volumeId,
        server_id: parts.serverId,
        host_name: null,
        device: '/dev/sdb',
        attached_at: expect.any(String),
      },
    ]);
    const { body } = await request('GET', `${at()}/os-volume_attachments`);
    expect(body.volumeAttachments).toEqual([
      {
        volumeId: parts.volumeId,
        serverId: parts.serverId,
        device: '/dev/sdb',
        tag: null,
        delete_on_termination: false,
        attachment_id: inUse.attachments[0].attachment_id,
        bdm_uuid: expect.stringMatching(uuidPattern),
      },
    ]);
    const server = (await request('GET', at())).body.server;
    expect(server['os-extended-volumes:volumes_attached']).toEqual([{ id: parts.volumeId, delete_on_termination: false }]);
    const unknown = await request('POST', `${at()}/os-volume_attachments`, { volumeAttachment: { volumeId: absent } });
    expect(fault(unknown)).toEqual([404, 'itemNotFound', `Volume ${absent} could not be found.`]);
  });

  it('keeps a volume in use from being deleted, and extends it only from 3.42 on', async () => {
    const cinder = (method: string, path: string, body?: object, version?: string) =>
      contract.demo.request('block-storage', method, `/volumes/${parts.volumeId}${path}`, {
        ...(body ? { body } : {}),
        ...(version ? { version } : {}),
      });
    const refusal = fault(await cinder('DELETE', ''));
    expect([refusal[0], refusal[2]]).toEqual([400, expect.stringContaining('must not be migrating, attached')]);
    const grow = { 'os-extend': { new_size: 2 } };
    expect(fault(await cinder('POST', '/action', grow, '3.41'))[2]).toBe(
      `Invalid volume: Volume ${parts.volumeId} status must be '{'status': 'available'}' to extend, currently in-use.`,
    );
    expect((await cinder('POST', '/action', grow)).status).toBe(202);
    await until(
      () => cinder('GET', ''),
      ({ body }) => body.volume.size === 2 && body.volume.status === 'in-use',
    );
  });

  it('detaches a volume', async () => {
    const detach = () => request('DELETE', `${at()}/os-volume_attachments/${parts.volumeId}`);
    expect((await detach()).status).toBe(202);
    const free = await volumeIs(contract, parts.volumeId, 'available');
    expect(free.attachments).toEqual([]);
    const gone = await until(detach, (reply) => reply.status === 404);
    expect(fault(gone)).toEqual([404, 'itemNotFound', `Instance ${parts.serverId} is not attached to volume ${parts.volumeId}`]);
  });

  it('lets go of given ports and volumes when it is deleted, and deletes what it made', async () => {
    await request('POST', `${at()}/os-volume_attachments`, { volumeAttachment: { volumeId: parts.volumeId } });
    await volumeIs(contract, parts.volumeId, 'in-use');
    await remove(contract.demo, 'compute', at());
    await volumeIs(contract, parts.volumeId, 'available');
    const free = await until(
      () => showPort(parts.portId),
      ({ body }) => body.port.device_id === '',
    );
    expect(free.body.port).toMatchObject({ name: contract.name('given'), status: 'DOWN', device_owner: '' });
    await until(
      () => network('GET', `/ports?network_id=${parts.networkId}&device_owner=compute:nova`),
      ({ body }) => body.ports.length === 0,
    );
  });

  it('boots from a volume that is there, and from one made of an image', async () => {
    const root = await volume('root', { imageRef: contract.imageId });
    await volumeIs(contract, root.id, 'available');
    const device = { boot_index: 0, source_type: 'volume', destination_type: 'volume', uuid: root.id, delete_on_termination: false };
    const fromImage = {
      boot_index: 0,
      source_type: 'image',
      destination_type: 'volume',
      uuid: contract.imageId,
      volume_size: 1,
      delete_on_termination: true,
    };
    const kept = await boot('root-kept', { imageRef: '', networks: 'none', block_device_mapping_v2: [device] });
    const made = await boot('root-made', { networks: 'none', block_device_mapping_v2: [fromImage] });
    const server = await serverIs(contract, kept.id, 'ACTIVE');
    expect(server.image).toBe('');
    expect(server['os-extended-volumes:volumes_attached']).toEqual([{ id: root.id, delete_on_termination: false }]);
    expect(await volumeIs(contract, root.id, 'in-use')).toMatchObject({
      attachments: [expect.objectContaining({ server_id: kept.id, device: '/dev/sda' })],
    });
    expect(fault(await request('DELETE', `/servers/${kept.id}/os-volume_attachments/${root.id}`))).toEqual([
      400,
      'badRequest',
      'Cannot detach a root device volume',
    ]);
    const [own] = (await serverIs(contract, made.id, 'ACTIVE'))['os-extended-volumes:volumes_attached'];
    expect(own).toEqual({ id: expect.stringMatching(uuidPattern), delete_on_termination: true });
    expect(await volumeIs(contract, own.id, 'in-use')).toMatchObject({ name: '', bootable: 'true', size: 1 });
    await Promise.all([remove(contract.demo, 'compute', `/servers/${kept.id}`), remove(contract.demo, 'compute', `/servers/${made.id}`)]);
    await volumeIs(contract, root.id, 'available');
    await until(
      () => contract.demo.request('block-storage', 'GET', `/volumes/${own.id}`),
      (reply) => reply.status === 404,
    );
  });

  it('refuses to boot from a volume that is not bootable or not available', async () => {
    const blank = (boot_index: number) => ({ boot_index, source_type: 'volume', destination_type: 'volume', uuid: parts.volumeId });
    const server = { name: contract.name('refused'), flavorRef: '1', imageRef: '', networks: 'none', block_device_mapping_v2: [blank(0)] };
    expect(fault(await request('POST', '/servers', { server }))).toEqual([
      400,
      'badRequest',
      `Block Device ${parts.volumeId} is not bootable.`,
    ]);
  });

  it('finds out about a wrong fixed address only while building', async () => {
    const made = await boot('misplaced', { imageRef: contract.imageId, networks: [{ uuid: parts.networkId, fixed_ip: '1.2.3.4' }] });
    const failed = await serverIs(contract, made.id, 'ERROR');
    expect(failed.fault.message).toBe(
      `Build of instance ${made.id} aborted: Invalid input received: Fixed IP 1.2.3.4 is not a valid ip address for network ${parts.networkId}.`,
    );
    await remove(contract.demo, 'compute', `/servers/${made.id}`);
  });
}
