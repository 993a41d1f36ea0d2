import { expect, it } from 'vitest';
import type { RequestOptions } from './client.ts';
import { absent, type Contract, make, neutronError, secondsPattern, uuidPattern } from './world.ts';

export function networkContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown, options: RequestOptions = {}) =>
    contract.demo.request('network', method, path, { ...options, ...(body === undefined ? {} : { body }) });
  const network = (name: string, more: object = {}) =>
    make(contract, 'network', '/networks', 'network', { name: contract.name(name), ...more });

  it('makes a network with its defaults and keeps a description to the letter', async () => {
    const made = await network('net', { description: 'web [stackwarden 0b5c]' });
    const { body, headers } = await request('GET', `/networks/${made.id}`);
    expect(headers.get('x-openstack-request-id')).toMatch(/^req-/);
    expect(body.network).toEqual({
      id: expect.stringMatching(uuidPattern),
      name: contract.name('net'),
      tenant_id: contract.demo.projectId,
      project_id: contract.demo.projectId,
      admin_state_up: true,
      mtu: 1450,
      status: 'ACTIVE',
      subnets: [],
      shared: false,
      availability_zone_hints: [],
      availability_zones: [],
      ipv4_address_scope: null,
      ipv6_address_scope: null,
      'router:external': false,
      description: 'web [stackwarden 0b5c]',
      port_security_enabled: true,
      qos_policy_id: null,
      dns_domain: '',
      l2_adjacency: true,
      tags: [],
      created_at: expect.stringMatching(secondsPattern),
      updated_at: expect.stringMatching(secondsPattern),
      revision_number: 1,
    });
  });

  it('changes a network in place and counts its revisions', async () => {
    const made = await network('change');
    const changed = await request('PUT', `/networks/${made.id}`, {
      network: { name: contract.name('other'), mtu: 1400, admin_state_up: false, description: 'd' },
    });
    expect(changed.status).toBe(200);
    expect(changed.body.network).toMatchObject({
      name: contract.name('other'),
      mtu: 1400,
      admin_state_up: false,
      description: 'd',
      revision_number: 2,
    });
    const stale = await request(
      'PUT',
      `/networks/${made.id}`,
      { network: { name: 'x' } },
      { headers: { 'if-match': 'revision_number=1' } },
    );
    expect(neutronError(stale)).toEqual([412, 'RevisionNumberConstraintFailed', 'Constrained to 1, but current revision is 2']);
  });

  it('says what is wrong with a body', async () => {
    const post = async (body: unknown) => neutronError(await request('POST', '/networks', body));
    expect(await post('{')).toEqual([400, 'HTTPBadRequest', 'Body contains invalid data']);
    expect(await post({})).toEqual([400, 'HTTPBadRequest', "Unable to find 'network' in request body"]);
    expect(await post({ network: { name: 1 } })).toEqual([
      400,
      'HTTPBadRequest',
      "Invalid input for name. Reason: '1' is not a valid string.",
    ]);
    expect(await post({ network: { foo: 1 } })).toEqual([400, 'HTTPBadRequest', "Unrecognized attribute(s) 'foo'"]);
    expect(await post({ network: { admin_state_up: 'maybe' } })).toEqual([
      400,
      'InvalidInput',
      "Invalid input for operation: 'maybe' cannot be converted to boolean.",
    ]);
    expect(await post({ network: { mtu: 99_999 } })).toEqual([
      400,
      'InvalidInput',
      'Invalid input for operation: Requested MTU is too big, maximum is 1450.',
    ]);
  });

  it('takes no tags on create although it advertises tag-creation', async () => {
    for (const [path, wrap] of [
      ['/networks', 'network'],
      ['/security-groups', 'security_group'],
    ] as const)
      expect(neutronError(await request('POST', path, { [wrap]: { name: contract.name('tagged'), tags: ['a'] } }))).toEqual([
        400,
        'HTTPBadRequest',
        "Attribute 'tags' not allowed in POST",
      ]);
    expect((await request('GET', '/extensions/tag-creation')).status).toBe(200);
  });

  it('leaves what admins may to admins', async () => {
    expect(neutronError(await request('POST', '/networks', { network: { shared: true } }))).toEqual([
      403,
      'PolicyNotAuthorized',
      '(rule:create_network and rule:create_network:shared) is disallowed by policy',
    ]);
    const { body } = await request('GET', '/networks?name=public');
    const external = body.networks[0];
    expect(external).toMatchObject({ 'router:external': true, mtu: 1500, is_default: false });
    expect(neutronError(await request('PUT', `/networks/${external.id}`, { network: { name: 'x' } }))).toEqual([
      403,
      'PolicyNotAuthorized',
      'rule:update_network is disallowed by policy',
    ]);
    expect(neutronError(await request('DELETE', `/networks/${external.id}`))).toEqual([
      403,
      'PolicyNotAuthorized',
      'rule:delete_network is disallowed by policy',
    ]);
    const shown = await contract.admin.request('network', 'GET', `/networks/${external.id}`);
    expect(shown.body.network).toHaveProperty('provider:network_type');
    expect(external).not.toHaveProperty('provider:network_type');
  });

  it('replaces, adds and removes tags, in order', async () => {
    const made = await network('tags');
    const at = `/networks/${made.id}/tags`;
    expect((await request('PUT', at, { tags: ['b', 'a'] })).body.tags.toSorted()).toEqual(['a', 'b']);
    expect((await request('PUT', `${at}/c`)).status).toBe(201);
    expect((await request('GET', at)).body.tags.toSorted()).toEqual(['a', 'b', 'c']);
    expect(neutronError(await request('DELETE', `${at}/nonesuch`))).toEqual([404, 'TagNotFound', 'Tag nonesuch could not be found.']);
    expect(neutronError(await request('PUT', at, { tags: ['a', 'a'] }))).toEqual([
      400,
      'InvalidInput',
      "Invalid input for operation: Duplicate items in the list: 'a'.",
    ]);
    const found = await request('GET', `/networks?tags=a,b&name=${contract.name('tags')}`);
    expect(found.body.networks.map((row: { id: string }) => row.id)).toEqual([made.id]);
    expect(found.body.networks[0].revision_number).toBeGreaterThan(made.revision_number);
    expect((await request('PUT', at, { tags: [] })).body).toEqual({ tags: [] });
  });

  it('filters, sorts, picks fields and refuses filters it does not know', async () => {
    await network('list');
    const one = await request('GET', `/networks?name=${contract.name('list')}&fields=name`);
    expect(one.body).toEqual({ networks: [{ name: contract.name('list') }] });
    const sorted = (await request('GET', '/networks?sort_key=name&sort_dir=desc&fields=name')).body.networks.map(
      (row: { name: string }) => row.name,
    );
    expect(sorted).toEqual(sorted.toSorted().toReversed());
    expect(neutronError(await request('GET', '/networks?foo=bar'))).toEqual([
      400,
      'HTTPBadRequest',
      "['foo'] is invalid attribute for filtering",
    ]);
  });

  it('refuses changed_since: there is no asking Neutron for changes only', async () => {
    for (const path of ['/networks', '/subnets', '/ports', '/security-groups'])
      expect(neutronError(await request('GET', `${path}?changed_since=2020-01-01T00:00:00Z`))).toEqual([
        400,
        'HTTPBadRequest',
        "['changed_since'] is invalid attribute for filtering",
      ]);
  });

  it('pages by limit and marker, and gives all rows without a limit', async () => {
    await network('page-1');
    await network('page-2');
    const all = await request('GET', '/networks');
    expect(all.body).not.toHaveProperty('networks_links');
    const seen: string[] = [];
    let query = 'limit=1';
    for (let guard = 0; guard < 200; guard += 1) {
      const { body } = await request('GET', `/networks?${query}`);
      seen.push(...body.networks.map((row: { id: string }) => row.id));
      const next = body.networks_links?.find((link: { rel: string }) => link.rel === 'next');
      if (!next) break;
      query = new URL(next.href).search.slice(1);
    }
    expect(new Set(seen).size).toBe(seen.length);
    const own = (rows: { id: string; name: string }[]) => rows.filter((row) => row.name.startsWith(contract.name(''))).map((row) => row.id);
    expect(seen).toEqual(expect.arrayContaining(own(all.body.networks)));
    expect(neutronError(await request('GET', '/networks?limit=-3'))).toEqual([
      400,
      'BadRequest',
      "Bad limit request: Limit must be an integer 0 or greater and not '-3'.",
    ]);
    expect(neutronError(await request('GET', '/networks?limit=1&marker=nonesuch'))).toEqual([
      404,
      'NetworkNotFound',
      'Network nonesuch could not be found.',
    ]);
  });

  it('answers 404 with the name of what is missing, 404 and 405 for paths', async () => {
    expect(neutronError(await request('GET', `/networks/${absent}`))).toEqual([
      404,
      'NetworkNotFound',
      `Network ${absent} could not be found.`,
    ]);
    expect(neutronError(await request('PUT', `/networks/${absent}`, { network: { name: 'a' } }))[0]).toBe(404);
    expect(neutronError(await request('DELETE', `/networks/${absent}`))[0]).toBe(404);
    expect(neutronError(await request('GET', '/nonesuch'))).toEqual([404, 'HTTPNotFound', 'The resource could not be found.']);
    expect(neutronError(await request('PATCH', '/networks'))[0]).toBe(405);
  });

  it('holds a network back while it has ports, and takes its subnets with it', async () => {
    const made = await network('in-use');
    const subnet = await make(contract, 'network', '/subnets', 'subnet', { network_id: made.id, ip_version: 4, cidr: '10.201.0.0/24' });
    const port = await make(contract, 'network', '/ports', 'port', { network_id: made.id });
    expect(neutronError(await request('DELETE', `/subnets/${subnet.id}`))).toEqual([
      409,
      'SubnetInUse',
      `Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet.`,
    ]);
    expect(neutronError(await request('DELETE', `/networks/${made.id}`))).toEqual([
      409,
      'NetworkInUse',
      `Unable to complete operation on network ${made.id}. There are one or more ports still in use on the network, id for these ports is: ${port.id}.`,
    ]);
    expect((await request('DELETE', `/ports/${port.id}`)).status).toBe(204);
    expect((await request('DELETE', `/networks/${made.id}`)).status).toBe(204);
    expect((await request('GET', `/subnets/${subnet.id}`)).status).toBe(404);
  });

  it('holds a network back while a router is plugged into it', async () => {
    const made = await network('routed');
    const subnet = await make(contract, 'network', '/subnets', 'subnet', { network_id: made.id, ip_version: 4, cidr: '10.202.0.0/24' });
    const router = await make(contract, 'network', '/routers', 'router', { name: contract.name('router') });
    const plug = (verb: string) => request('PUT', `/routers/${router.id}/${verb}_router_interface`, { subnet_id: subnet.id });
    const plugged = await plug('add');
    contract.later(() => plug('remove'));
    expect(plugged.body).toMatchObject({
      id: router.id,
      subnet_id: subnet.id,
      network_id: made.id,
      port_id: expect.stringMatching(uuidPattern),
    });
    const port = (await request('GET', `/ports/${plugged.body.port_id}`)).body.port;
    expect(port).toMatchObject({
      device_id: router.id,
      device_owner: 'network:router_interface',
      fixed_ips: [{ subnet_id: subnet.id, ip_address: '10.202.0.1' }],
    });
    expect(neutronError(await request('DELETE', `/ports/${port.id}`))[1]).toBe('ServicePortInUse');
    expect(neutronError(await request('DELETE', `/subnets/${subnet.id}`))[1]).toBe('SubnetInUse');
    expect(neutronError(await request('DELETE', `/networks/${made.id}`))[1]).toBe('NetworkInUse');
    expect(neutronError(await request('DELETE', `/routers/${router.id}`))).toEqual([
      409,
      'RouterInUse',
      `Router ${router.id} has ports still attached: ${port.id}`,
    ]);
    expect((await plug('remove')).status).toBe(200);
    expect((await request('DELETE', `/networks/${made.id}`)).status).toBe(204);
  });
}
