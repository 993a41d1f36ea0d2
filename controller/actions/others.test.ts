import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { isPermission } from '#api/auth/permissions.ts';
import { mergePatch } from '#api/kube/patch.ts';
import type { JsonObject, JsonSchema } from '#controller/engine/json.ts';
import { kinds } from '#controller/kinds/index.ts';
import { otherActions } from './others.ts';

describe('the actions on everything but instances', () => {
  it('have a name each, a permission of the table, and words for people', () => {
    const names = otherActions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(otherActions.filter(({ permission }) => !isPermission(permission)).map(({ name }) => name)).toEqual([]);
    expect(names.filter((name) => !/^[a-z][A-Za-z]+\.[a-z][A-Za-z]+$/.test(name))).toEqual([]);
    expect(otherActions.filter(({ summary }) => !/^[A-Z].*[^.]$/.test(summary)).map(({ name }) => name)).toEqual([]);
  });

  it('say of each that deletes that it does, and that it cannot be undone', () => {
    const deletes = otherActions.filter(({ permission }) => permission.endsWith('.delete'));
    expect(deletes.filter(({ removes, danger }) => removes !== true || danger !== 'loss').map(({ name }) => name)).toEqual([]);
    expect(otherActions.filter(({ removes }) => removes === true)).toHaveLength(deletes.length);
  });

  it('bound and describe each field of their input', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false });
    addFormats.default(ajv);
    const wrong = otherActions.flatMap(({ name, input }) => {
      ajv.compile(input);
      return Object.entries(input.properties ?? {}).flatMap(([field, schema]) =>
        faultsOf(schema).map((fault) => `${name} ${field}: ${fault}`),
      );
    });
    expect(wrong).toEqual([]);
  });
});

describe('what becomes a declaration', () => {
  const metadata = { metadata: { there: '1' }, properties: {}, security_group_rules: [] };
  const declared = { spec: { interfaces: [], rules: [] }, nameOf: () => 'an-object' };
  const text = { name: 'n', description: 'd' };
  it.each([
    ['Volume', 'volume.extend', { sizeGiB: 2 }],
    ['Volume', 'volume.retype', { volumeType: 'fast' }],
    ['Volume', 'volume.edit', { ...text, metadata: { a: '1', there: null } }],
    ['Volume', 'volume.setBootable', { bootable: true }],
    ['Volume', 'volume.setReadOnly', { readOnly: true }],
    ['VolumeSnapshot', 'snapshot.edit', { ...text, metadata: { a: '1' } }],
    [
      'Image',
      'image.edit',
      {
        name: 'n',
        visibility: 'shared',
        protected: true,
        hidden: false,
        minDiskGiB: 1,
        minRamMiB: 1,
        properties: { a: '1' },
        tags: ['t'],
      },
    ],
    ['Network', 'network.edit', { ...text, adminStateUp: true, mtu: 1400, portSecurityEnabled: true, tags: ['t'] }],
    [
      'Subnet',
      'subnet.edit',
      {
        ...text,
        gatewayIP: '10.0.0.1',
        enableDHCP: true,
        dnsNameservers: ['10.0.0.2'],
        allocationPools: [{ start: '10.0.0.3', end: '10.0.0.4' }],
        hostRoutes: [{ destination: '10.1.0.0/24', nexthop: '10.0.0.5' }],
        tags: ['t'],
      },
    ],
    ['Router', 'router.edit', { ...text, adminStateUp: true, routes: [{ destination: '10.1.0.0/24', nexthop: '10.0.0.5' }], tags: ['t'] }],
    ['Router', 'router.addInterface', { subnetId: 's1' }],
    ['Router', 'router.setGateway', { networkId: 'n1', enableSNAT: true }],
    ['Router', 'router.clearGateway', {}],
    [
      'Port',
      'port.edit',
      {
        ...text,
        adminStateUp: true,
        fixedIPs: [{ subnetId: 's1', ipAddress: '10.0.0.9' }],
        securityGroupIds: ['g1'],
        allowedAddressPairs: [{ ipAddress: '10.0.0.10' }],
        tags: ['t'],
      },
    ],
    ['FloatingIP', 'floatingIp.edit', { description: 'd', tags: ['t'] }],
    ['FloatingIP', 'floatingIp.associate', { portId: 'p1', fixedIPAddress: '10.0.0.9' }],
    ['FloatingIP', 'floatingIp.disassociate', {}],
    ['SecurityGroup', 'securityGroup.edit', { ...text, stateful: true, tags: ['t'] }],
    ['SecurityGroup', 'securityGroup.addRule', { direction: 'ingress', protocol: 'tcp', portRangeMin: 22, remoteGroupId: 'g1' }],
  ])('of a %s by %s fits what can be declared', (kind, name, input) => {
    const action = otherActions.find((one) => one.name === name) as unknown as {
      declares?(look: object, input: object): JsonObject | undefined;
    };
    const patch = action.declares?.({ target: metadata, inventory: {}, declared }, input) ?? {};
    expect(Object.keys(patch).length).toBeGreaterThan(0);
    const spec = kinds.find((one) => one.kind === kind)?.spec ?? {};
    const ajv = new Ajv({ strict: false, formats: { ipv4: true, ipv6: true } });
    const { required: _required, oneOf: _oneOf, ...fields } = spec;
    const closed = ajv.compile({ ...fields, additionalProperties: false });
    closed(mergePatch({}, patch));
    expect(closed.errors ?? []).toEqual([]);
  });
});

function faultsOf(schema: JsonSchema): string[] {
  const below = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties].filter((one) => one !== undefined);
  const isBounded = {
    string: schema.maxLength !== undefined || schema.enum !== undefined,
    array: schema.maxItems !== undefined,
    object: schema.properties !== undefined || schema.maxProperties !== undefined,
    integer: schema.maximum !== undefined || schema.enum !== undefined,
    number: schema.maximum !== undefined,
    boolean: true,
  }[schema.type ?? 'boolean'];
  return [...(schema.description ? [] : ['no description']), ...(isBounded ? [] : ['no bound']), ...below.flatMap(faultsOf)];
}
