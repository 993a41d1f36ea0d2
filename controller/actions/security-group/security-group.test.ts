import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench, PowerCut } from '#tests/parts/action-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const group = (name: string) => bench.made('securityGroup.create', { name });
const rules = (id: string) => bench.inventory.get('security_group', id)?.security_group_rules ?? [];
const ssh = { direction: 'ingress', protocol: 'tcp', portRangeMin: 22, remoteIPPrefix: '10.0.0.0/8' };
const sshKey = 'spec.rules[ingress IPv4 tcp 22 10.0.0.0/8]';

describe('a security group', () => {
  it('is made with the rules of the cloud, and under a name of its own', async () => {
    const id = await bench.made('securityGroup.create', { name: 'web', description: 'd', stateful: true, tags: ['t'] });
    expect(bench.inventory.get('security_group', id)).toMatchObject({ name: 'web', description: 'd', tags: ['t'] });
    expect(rules(id).length).toBeGreaterThan(0);
    expect(bench.obstacle('securityGroup.create', '', { name: 'web' })).toMatchObject({ reason: 'NameTaken', field: 'name' });
    await bench.act('securityGroup.edit', id, { name: 'www', description: 'e' });
    expect(bench.inventory.get('security_group', id)).toMatchObject({ name: 'www', description: 'e' });
  });

  it('gets a rule once, and loses it', async () => {
    const id = await group('rules');
    const before = rules(id).length;
    expect(bench.effects('securityGroup.addRule', id, ssh).changes).toEqual([{ path: sshKey, from: null, to: 'present' }]);
    const sent = new Map();
    const cut = () => {
      throw new PowerCut();
    };
    await expect(bench.act('securityGroup.addRule', id, ssh, { sent, afterWrite: cut })).rejects.toThrow(PowerCut);
    const { ruleId = '' } = ((await bench.act('securityGroup.addRule', id, ssh, { sent }))?.data ?? {}) as { ruleId?: string };
    expect(rules(id)).toHaveLength(before + 1);
    expect(rules(id).find((rule) => rule.id === ruleId)).toMatchObject({
      port_range_min: 22,
      port_range_max: 22,
      remote_ip_prefix: '10.0.0.0/8',
    });
    expect(bench.obstacle('securityGroup.addRule', id, { ...ssh, protocol: '6' })).toMatchObject({ reason: 'Same' });
    expect(bench.effects('securityGroup.removeRule', id, { ruleId }).changes).toEqual([{ path: sshKey, from: 'present', to: null }]);
    await bench.act('securityGroup.removeRule', id, { ruleId });
    expect(rules(id)).toHaveLength(before);
    expect(bench.obstacle('securityGroup.removeRule', id, { ruleId })).toMatchObject({ reason: 'NotFound', field: 'ruleId' });
  });

  it('is told what makes no rule', async () => {
    const id = await group('wrong');
    const obstacle = (more: object) => bench.obstacle('securityGroup.addRule', id, { direction: 'ingress', ...more });
    expect(obstacle({ portRangeMin: 22 })).toMatchObject({ reason: 'Missing', field: 'protocol' });
    expect(obstacle({ remoteGroupId: 'nonesuch' })).toMatchObject({ reason: 'NotFound', field: 'remoteGroupId' });
    expect(obstacle({ remoteGroupId: id, remoteIPPrefix: '10.0.0.0/8' })).toMatchObject({ reason: 'Contradiction' });
  });

  it('declares its rules whole where they are declared, and not at all where they are not', async () => {
    const [id, other] = [await group('declared'), await group('other')];
    await bench.act('securityGroup.addRule', id, ssh);
    const ruleId = rules(id).find((rule) => rule.port_range_min === 22)?.id ?? '';
    const nameOf = (_type: string, of: string) => (of === other ? 'other' : undefined);
    const declared = {
      spec: { rules: [{ direction: 'ingress', protocol: 'tcp', portRangeMin: 22, remoteIPPrefix: '10.1.2.3/8' }] },
      nameOf,
    };
    const https = { direction: 'ingress', protocol: 'tcp', portRangeMin: 443, remoteGroupId: other };
    expect(bench.declares('securityGroup.addRule', id, https, declared)).toEqual({
      rules: [...declared.spec.rules, { direction: 'ingress', protocol: 'tcp', portRangeMin: 443, remoteGroupRef: { name: 'other' } }],
    });
    expect(bench.declares('securityGroup.removeRule', id, { ruleId }, declared)).toEqual({ rules: [] });
    for (const spec of [{}, { rules: [{ direction: 'egress' }] }])
      expect(bench.declares('securityGroup.removeRule', id, { ruleId }, { spec, nameOf })).toBeUndefined();
    expect(bench.declares('securityGroup.addRule', id, https, { spec: {}, nameOf })).toBeUndefined();
  });

  it('is held by ports, and takes the rules of others along', async () => {
    const [id, other] = [await group('held'), await group('admits-held')];
    await bench.act('securityGroup.addRule', other, { direction: 'ingress', remoteGroupId: id });
    const networkId = await bench.made('network.create', { name: 'n' });
    const portId = await bench.made('port.create', { networkId, name: 'p', securityGroupIds: [id] });
    for (const [action, input] of [['securityGroup.delete'], ['securityGroup.edit', { stateful: false }]] as const)
      expect(bench.obstacle(action, id, input)).toMatchObject({
        reason: 'InUse',
        message: 'Ports use it: port p. Take it off them first.',
      });
    await bench.act('port.edit', portId, { securityGroupIds: [] });
    expect(bench.effects('securityGroup.delete', id).takesAlong).toEqual([
      { type: 'security_group', id: other, name: 'admits-held', what: 'loses its rules about this group' },
    ]);
    await bench.act('securityGroup.delete', id);
    expect(rules(other).some((rule) => rule.remote_group_id === id)).toBe(false);
  });

  it('called default stays, under its name', () => {
    const id = bench.inventory.byName('security_group', 'default').find((row) => row.project_id === bench.inventory.projectId)?.id ?? '';
    expect(bench.obstacle('securityGroup.delete', id)).toMatchObject({ reason: 'DefaultGroup' });
    expect(bench.obstacle('securityGroup.edit', id, { name: 'x' })).toMatchObject({ reason: 'DefaultGroup', field: 'name' });
  });
});
