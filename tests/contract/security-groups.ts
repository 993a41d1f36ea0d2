import { expect, it } from 'vitest';
import type { Body, Reply } from './client.ts';
import { absent, type Contract, make, neutronError, secondsPattern, uuidPattern } from './world.ts';

export function securityGroupContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown) =>
    contract.demo.request('network', method, path, body === undefined ? {} : { body });
  const group = (name: string, more: object = {}): Promise<Body> =>
    make(contract, 'network', '/security-groups', 'security_group', { name: contract.name(name), ...more });
  const show = async (id: string): Promise<Body> => (await request('GET', `/security-groups/${id}`)).body.security_group;
  const addRule = (groupId: string, rule: object): Promise<Reply> =>
    request('POST', '/security-group-rules', { security_group_rule: { security_group_id: groupId, direction: 'ingress', ...rule } });

  it('makes a group with one egress rule per ethertype', async () => {
    const made = await group('g', { description: 'web [stackwarden u]' });
    const shown = await show(made.id);
    expect(shown).toEqual({
      id: expect.stringMatching(uuidPattern),
      name: contract.name('g'),
      stateful: true,
      tenant_id: contract.demo.projectId,
      project_id: contract.demo.projectId,
      description: 'web [stackwarden u]',
      shared: false,
      security_group_rules: expect.any(Array),
      tags: [],
      created_at: expect.stringMatching(secondsPattern),
      updated_at: expect.stringMatching(secondsPattern),
      revision_number: 1,
    });
    expect(shown.security_group_rules.map((rule: Body) => rule.ethertype).toSorted()).toEqual(['IPv4', 'IPv6']);
    for (const rule of shown.security_group_rules)
      expect(rule).toEqual({
        id: expect.stringMatching(uuidPattern),
        project_id: contract.demo.projectId,
        tenant_id: contract.demo.projectId,
        security_group_id: made.id,
        ethertype: expect.any(String),
        direction: 'egress',
        protocol: null,
        port_range_min: null,
        port_range_max: null,
        remote_ip_prefix: null,
        remote_address_group_id: null,
        normalized_cidr: null,
        remote_group_id: null,
        standard_attr_id: expect.any(Number),
        belongs_to_default_sg: false,
        description: null,
        tags: [],
        created_at: expect.any(String),
        updated_at: expect.any(String),
        revision_number: 0,
      });
  });

  it('has a group `default` nobody made, renames or deletes, that lets its members talk', async () => {
    const { body } = await request('GET', '/security-groups?name=default');
    expect(body.security_groups).toHaveLength(1);
    const [found] = body.security_groups;
    expect(found.description).toBe('Default security group');
    const ingress = found.security_group_rules.filter((rule: Body) => rule.direction === 'ingress');
    expect(ingress.every((rule: Body) => rule.remote_group_id === found.id)).toBe(true);
    expect(neutronError(await request('PUT', `/security-groups/${found.id}`, { security_group: { name: 'x' } }))).toEqual([
      409,
      'SecurityGroupCannotUpdateDefault',
      'Updating default security group not allowed.',
    ]);
    expect(neutronError(await request('POST', '/security-groups', { security_group: { name: 'default' } }))).toEqual([
      409,
      'SecurityGroupDefaultAlreadyExists',
      'Default security group already exists.',
    ]);
    expect((await request('DELETE', `/security-groups/${found.id}`)).status).toBe(409);
  });

  it('changes name, description and statefulness', async () => {
    const made = await group('stateful');
    const changed = await request('PUT', `/security-groups/${made.id}`, {
      security_group: { name: contract.name('stateless'), description: 'e', stateful: false },
    });
    expect(changed.body.security_group).toMatchObject({
      name: contract.name('stateless'),
      description: 'e',
      stateful: false,
      revision_number: 2,
    });
  });

  const anything = {
    ethertype: 'IPv4',
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    normalized_cidr: null,
    description: '',
  };
  it.each([
    ['nothing but a direction', {}, anything],
    ['protocol any as none', { protocol: 'any' }, anything],
    [
      'upper case',
      { protocol: 'TCP', port_range_min: 22, port_range_max: 22 },
      { ...anything, protocol: 'tcp', port_range_min: 22, port_range_max: 22 },
    ],
    [
      'a protocol number as text',
      { protocol: '6', port_range_min: 23, port_range_max: 23 },
      { ...anything, protocol: '6', port_range_min: 23, port_range_max: 23 },
    ],
    ['an integer protocol', { protocol: 17 }, { ...anything, protocol: '17' }],
    ['all ports as none', { protocol: 'tcp', port_range_min: 1, port_range_max: 65_535 }, { ...anything, protocol: 'tcp' }],
    ['an ICMP type without a code', { protocol: 'icmp', port_range_min: 8 }, { ...anything, protocol: 'icmp', port_range_min: 8 }],
    [
      'ICMP type and code 0',
      { protocol: 'icmp', port_range_min: 0, port_range_max: 0 },
      { ...anything, protocol: 'icmp', port_range_min: 0, port_range_max: 0 },
    ],
    ['ICMP in IPv6', { ethertype: 'IPv6', protocol: 'icmp' }, { ...anything, ethertype: 'IPv6', protocol: 'ipv6-icmp' }],
    [
      'ICMP by number in IPv6',
      { ethertype: 'IPv6', protocol: '1', port_range_min: 128 },
      { ...anything, ethertype: 'IPv6', protocol: '58', port_range_min: 128 },
    ],
    ['an ethertype in lower case', { ethertype: 'ipv6', protocol: 'udp' }, { ...anything, ethertype: 'IPv6', protocol: 'udp' }],
    [
      'host bits',
      { protocol: 'udp', remote_ip_prefix: '10.0.0.5/24' },
      { ...anything, protocol: 'udp', remote_ip_prefix: '10.0.0.5/24', normalized_cidr: '10.0.0.0/24' },
    ],
    [
      'a bare address',
      { protocol: 'udp', remote_ip_prefix: '10.0.0.5' },
      { ...anything, protocol: 'udp', remote_ip_prefix: '10.0.0.5/32', normalized_cidr: '10.0.0.5/32' },
    ],
    [
      'IPv6 in capitals',
      { ethertype: 'IPv6', protocol: 'udp', remote_ip_prefix: 'FD00:0::1/64' },
      { ...anything, ethertype: 'IPv6', protocol: 'udp', remote_ip_prefix: 'fd00::1/64', normalized_cidr: 'fd00::/64' },
    ],
    [
      'everywhere',
      { protocol: 'udp', remote_ip_prefix: '0.0.0.0/0' },
      { ...anything, protocol: 'udp', remote_ip_prefix: '0.0.0.0/0', normalized_cidr: '0.0.0.0/0' },
    ],
    [
      'nulls',
      { protocol: 'sctp', port_range_min: null, remote_group_id: null, remote_ip_prefix: null, description: 'd' },
      { ...anything, protocol: 'sctp', description: 'd' },
    ],
  ])('stores a rule with %s in its canonical form', async (what, rule, stored) => {
    const { id } = await group(what);
    const reply = await addRule(id, rule);
    expect(reply.status).toBe(201);
    expect(reply.body.security_group_rule).toMatchObject({ ...stored, direction: 'ingress', security_group_id: id, revision_number: 0 });
    expect((await show(id)).security_group_rules).toContainEqual(expect.objectContaining(stored));
  });

  it('knows a rule again under another spelling: by number, without description, everywhere as none', async () => {
    const { id } = await group('twice');
    const pairs: [object, object][] = [
      [{}, { protocol: 'any' }],
      [
        { protocol: 'tcp', port_range_min: 22, port_range_max: 22 },
        { protocol: 6, port_range_min: 22, port_range_max: 22, description: 'other' },
      ],
      [{ protocol: 'tcp', port_range_min: 1, port_range_max: 65_535 }, { protocol: 'tcp' }],
      [{ protocol: 'udp', remote_ip_prefix: '0.0.0.0/0' }, { protocol: 'udp' }],
      [
        { ethertype: 'IPv6', protocol: 'icmpv6' },
        { ethertype: 'IPv6', protocol: '58' },
      ],
    ];
    for (const [first, second] of pairs) {
      const made = await addRule(id, first);
      expect(neutronError(await addRule(id, second))).toEqual([
        409,
        'SecurityGroupRuleExists',
        `Security group rule already exists. Rule id is ${made.body.security_group_rule.id}.`,
      ]);
    }
    // Host bits make a rule another one, although it lets in the same.
    expect((await addRule(id, { protocol: 'tcp', remote_ip_prefix: '10.0.0.5/24' })).status).toBe(201);
    expect((await addRule(id, { protocol: 'tcp', remote_ip_prefix: '10.0.0.0/24' })).status).toBe(201);
  });

  it('says what is wrong with a rule', async () => {
    const { id } = await group('wrong');
    const refusal = async (rule: object) => neutronError(await addRule(id, rule));
    const range = 'For TCP/UDP protocols, port_range_min must be <= port_range_max';
    expect(await refusal({ protocol: 'udp', port_range_min: 53 })).toEqual([400, 'SecurityGroupInvalidPortRange', range]);
    expect(await refusal({ protocol: 'udp', port_range_min: 60, port_range_max: 50 })).toEqual([
      400,
      'SecurityGroupInvalidPortRange',
      range,
    ]);
    expect(await refusal({ protocol: 'udp', port_range_min: 0, port_range_max: 9 })).toEqual([
      400,
      'SecurityGroupInvalidPortValue',
      'Invalid value for port 0',
    ]);
    expect(await refusal({ protocol: 'udp', port_range_min: 1, port_range_max: 70_000 })).toEqual([
      400,
      'SecurityGroupInvalidPortValue',
      'Invalid value for port 70000',
    ]);
    expect(await refusal({ port_range_min: 22, port_range_max: 22 })).toEqual([
      400,
      'SecurityGroupProtocolRequiredWithPorts',
      'Must also specify protocol if port range is given.',
    ]);
    expect((await refusal({ protocol: 'icmp', port_range_max: 0 }))[1]).toBe('SecurityGroupMissingIcmpType');
    expect((await refusal({ protocol: 'icmp', port_range_min: 300 }))[1]).toBe('SecurityGroupInvalidIcmpValue');
    expect((await refusal({ protocol: 'foo' })).slice(0, 2)).toEqual([400, 'SecurityGroupRuleInvalidProtocol']);
    expect((await refusal({ protocol: 'gre', port_range_min: 1, port_range_max: 2 }))[1]).toBe('SecurityGroupInvalidProtocolForPort');
    expect((await refusal({ protocol: 'icmpv6' }))[1]).toBe('SecurityGroupEthertypeConflictWithProtocol');
    expect((await refusal({ ethertype: 'IPX' }))[1]).toBe('SecurityGroupRuleInvalidEtherType');
    expect((await refusal({ direction: 'sideways' }))[1]).toBe('HTTPBadRequest');
    expect(await refusal({ remote_ip_prefix: 'garbage' })).toEqual([400, 'InvalidCIDR', 'Invalid CIDR garbage given as IP prefix.']);
    expect((await refusal({ remote_ip_prefix: 'fd00::/8' }))[1]).toBe('SecurityGroupRuleParameterConflict');
    expect((await refusal({ remote_ip_prefix: '10.0.0.0/8', remote_group_id: id }))[1]).toBe('SecurityGroupMultipleRemoteEntites');
    expect(await refusal({ remote_group_id: absent })).toEqual([404, 'SecurityGroupNotFound', `Security group ${absent} does not exist`]);
    expect((await refusal({ security_group_id: absent }))[1]).toBe('SecurityGroupNotFound');
  });

  it('takes several rules at once, all or none', async () => {
    const { id } = await group('bulk');
    const other = await group('bulk-other');
    const rule = (port: number, groupId = id) => ({
      security_group_id: groupId,
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: port,
      port_range_max: port,
    });
    const bulk = (...rules: object[]) => request('POST', '/security-group-rules', { security_group_rules: rules });
    const made = await bulk(rule(201), rule(202));
    expect([made.status, made.body.security_group_rules.length]).toEqual([201, 2]);
    expect(neutronError(await bulk(rule(203), rule(201)))[1]).toBe('SecurityGroupRuleExists');
    expect(neutronError(await bulk(rule(204), rule(204)))).toEqual([
      409,
      'DuplicateSecurityGroupRuleInPost',
      'Duplicate Security Group Rule in POST.',
    ]);
    expect(neutronError(await bulk(rule(205), rule(206, other.id)))[1]).toBe('SecurityGroupNotSingleGroupRules');
    const ports = (await show(id)).security_group_rules.map((row: Body) => row.port_range_min).filter(Boolean);
    expect(ports.toSorted()).toEqual([201, 202]);
  });

  it('counts rules added and removed as changes of their group', async () => {
    const { id } = await group('revision');
    const made = (await addRule(id, { protocol: 'tcp' })).body.security_group_rule;
    expect((await show(id)).revision_number).toBe(2);
    expect((await request('DELETE', `/security-group-rules/${made.id}`)).status).toBe(204);
    expect((await show(id)).revision_number).toBe(3);
    expect(neutronError(await request('DELETE', `/security-group-rules/${made.id}`))).toEqual([
      404,
      'SecurityGroupRuleNotFound',
      `Security group rule ${made.id} does not exist`,
    ]);
  });

  it('lists rules on their own, in pages', async () => {
    const { id } = await group('rules');
    await addRule(id, { protocol: 'tcp', port_range_min: 80, port_range_max: 80 });
    const { body } = await request('GET', `/security-group-rules?security_group_id=${id}&limit=2`);
    expect(body.security_group_rules).toHaveLength(2);
    expect(body.security_group_rules_links.map((link: Body) => link.rel)).toContain('next');
    const narrow = await request(
      'GET',
      `/security-group-rules?security_group_id=${id}&port_range_min=80&fields=protocol&fields=port_range_min`,
    );
    expect(narrow.body.security_group_rules).toEqual([{ protocol: 'tcp', port_range_min: 80 }]);
  });

  it('drops the rules of others that refer to a deleted group', async () => {
    const remote = await group('remote');
    const { id } = await group('refers');
    const made = await addRule(id, { protocol: 'tcp', port_range_min: 87, port_range_max: 87, remote_group_id: remote.id });
    expect(made.body.security_group_rule).toMatchObject({ remote_group_id: remote.id, remote_ip_prefix: null });
    const before = await show(id);
    expect((await request('DELETE', `/security-groups/${remote.id}`)).status).toBe(204);
    const after = await show(id);
    expect(after.security_group_rules).toHaveLength(before.security_group_rules.length - 1);
    expect(after.revision_number).toBe(before.revision_number + 1);
  });

  it('holds a group back while a port uses it', async () => {
    const { id } = await group('used');
    const network = await make(contract, 'network', '/networks', 'network', { name: contract.name('sg-net') });
    const port = await make(contract, 'network', '/ports', 'port', { network_id: network.id, security_groups: [id] });
    const inUse = [409, 'SecurityGroupInUse', `Security Group ${id} in use.`];
    expect(neutronError(await request('DELETE', `/security-groups/${id}`))).toEqual(inUse);
    expect(neutronError(await request('PUT', `/security-groups/${id}`, { security_group: { stateful: false } }))).toEqual(inUse);
    await request('DELETE', `/ports/${port.id}`);
    expect((await request('DELETE', `/security-groups/${id}`)).status).toBe(204);
    expect(neutronError(await request('GET', `/security-groups/${id}`))).toEqual([
      404,
      'SecurityGroupNotFound',
      `Security group ${id} does not exist`,
    ]);
  });
}
