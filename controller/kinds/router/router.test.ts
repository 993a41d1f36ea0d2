import { describe, expect, it } from 'vitest';
import type { Names } from '#controller/engine/kind.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { OWNER_UID, real } from '../answers.fixture.ts';
import { ask, knownCloud } from '../inventory.fixture.ts';
import { gatewayAfter, gatewayChanges, newGateway } from './gateway.ts';
import { planInterfaces } from './interfaces.ts';
import { type ObservedRouter, router } from './router.ts';
import type { RouterSpec } from './schema.ts';

type Fields = Omit<RouterSpec, 'clusterRef'>;
const external = real.router.external_gateway_info?.network_id ?? '';
const subnetId = real.routerPort.fixed_ips[0]?.subnet_id ?? '';
const cloud = knownCloud({
  network: [{ id: external, name: 'public' }],
  subnet: [{ id: subnetId, name: 'front', network_id: 'n1' }],
  port: [real.routerPort],
  router: [real.router],
});
const ids = { 'Subnet/front': subnetId, 'Subnet/back': 'back', 'Port/way': 'way', 'Network/other': 'other' };
const owner = { uid: OWNER_UID, key: 'default/net', namespace: 'default', name: 'net' };
const desire = (spec: Fields) =>
  router.desire({ clusterRef: { name: 'main' }, ...spec }, ask({ cloud, uid: OWNER_UID, name: 'net', ids }).resolve);

function observed(of = cloud): ObservedRouter {
  const seen = router.observe(of, owner);
  if (seen.found !== 'one') throw new Error(`found ${seen.found}`);
  return seen.observed;
}
const changes = (spec: Fields) => router.diff(desire(spec), observed()).changes;

describe('what is declared is compared, and nothing else', () => {
  const network = { name: 'public' };
  it.each<[string, Fields]>([
    ['nothing but its name', {}],
    ['its gateway', { externalGateway: { network, enableSNAT: true } }],
    ['the address of its gateway', { externalGateway: { network, fixedIPs: [{ ipAddress: '172.24.77.78' }] } }],
    ['its interface', { interfaces: [{ subnetRef: { name: 'front' } }] }],
    [
      'its routes in another order, with host bits',
      {
        routes: [
          { destination: '10.99.7.7/16', nexthop: '10.222.0.9' },
          { destination: '10.98.0.0/16', nexthop: '10.223.0.9' },
        ],
      },
    ],
  ])('no difference: %s', (_name, spec) => {
    expect(changes(spec)).toEqual([]);
  });

  it.each<[string, Fields, unknown]>([
    ['shut', { adminStateUp: false }, [{ path: 'spec.adminStateUp', from: true, to: false }]],
    ['no gateway', { disableGateway: true }, [{ path: 'spec.disableGateway', from: external, to: true }]],
    [
      'a gateway to another network',
      { externalGateway: { networkRef: { name: 'other' } } },
      [{ path: 'spec.externalGateway.networkRef', from: external, to: 'other' }],
    ],
    [
      'no source NAT',
      { externalGateway: { network, enableSNAT: false } },
      [{ path: 'spec.externalGateway.enableSNAT', from: true, to: false }],
    ],
    [
      'another address',
      { externalGateway: { network, fixedIPs: [{ ipAddress: '172.24.77.79' }] } },
      [{ path: 'spec.externalGateway.fixedIPs', from: ['172.24.77.78'], to: ['172.24.77.79'] }],
    ],
    [
      'other interfaces',
      { interfaces: [{ subnetRef: { name: 'back' } }, { portRef: { name: 'way' } }] },
      [
        { path: 'spec.interfaces[back]', from: null, to: 'attached' },
        { path: 'spec.interfaces[port way]', from: null, to: 'attached' },
        { path: 'spec.interfaces[front 10.222.0.1]', from: 'attached', to: null },
      ],
    ],
    [
      'one route',
      { routes: [{ destination: '10.98.0.0/16', nexthop: '10.223.0.9' }] },
      [{ path: 'spec.routes[10.99.0.0/16 via 10.222.0.9]', from: '10.99.0.0/16 via 10.222.0.9', to: null }],
    ],
  ])('a difference: %s', (_name, spec, expected) => {
    expect(changes(spec)).toEqual(expected);
  });
});

describe('a gateway is written', () => {
  const desired = { path: 'spec.externalGateway.network', networkId: external };
  const now = { network_id: external, enable_snat: false, external_fixed_ips: [] };

  it('without a word on source NAT where that is to be on, which only administrators may say', () => {
    expect(newGateway({ ...desired, enableSNAT: true })).toEqual({ network_id: external });
    const difference = gatewayChanges({ ...desired, enableSNAT: true }, now);
    expect(gatewayAfter({ ...desired, enableSNAT: true }, now, difference)).toEqual({ network_id: external });
  });

  it('with source NAT off where it is and is not to be changed', () => {
    const moved = { ...desired, fixedIPs: [{ ipAddress: '172.24.0.7' }] };
    expect(gatewayAfter(moved, now, gatewayChanges(moved, now))).toEqual({
      network_id: external,
      enable_snat: false,
      external_fixed_ips: [{ ip_address: '172.24.0.7' }],
    });
  });

  it('only for a change that is about it', () => {
    expect(gatewayAfter({ ...desired, networkId: 'other' }, now, [{ path: 'spec.name', from: 'a', to: 'b' }])).toBeUndefined();
  });
});

describe('an IPv6 port of several subnets', () => {
  const port = {
    ...real.routerPort,
    fixed_ips: [
      { subnet_id: 'six', ip_address: '2001:db8:1::' },
      { subnet_id: 'seven', ip_address: '2001:db8:2::' },
    ],
  } satisfies Port;

  it('loses the subnet that is not declared, and keeps the other', () => {
    expect(planInterfaces([{ label: 'six', subnetId: 'six' }], [port], { seven: 'old' })).toEqual([
      {
        step: 'remove',
        change: { path: 'spec.interfaces[old 2001:db8:2::]', from: 'attached', to: null },
        target: { subnet_id: 'seven' },
      },
    ]);
  });

  it('is declared whole by its port', () => {
    expect(planInterfaces([{ label: 'port p', portId: port.id }], [port], {})).toEqual([]);
  });
});

it('does not take ports that have not been listed yet for missing', () => {
  const unlisted = knownCloud({ router: [real.router] }, { listedAt: 0 });
  expect(router.diff(desire({ interfaces: [{ subnetRef: { name: 'front' } }] }), observed(unlisted))).toMatchObject({
    changes: [],
    waiting: { reason: 'PortsNotSeen' },
  });
});

it('waits for the subnets and ports it is to be plugged into', () => {
  const asked = ask({ cloud, name: 'net' });
  router.desire(
    { clusterRef: { name: 'main' }, interfaces: [{ subnetRef: { name: 'front' } }, { portRef: { name: 'way' } }] },
    asked.resolve,
  );
  expect(asked.waits).toEqual(['Subnet/front', 'Port/way']);
});

describe('is declared as it is', () => {
  const names = (known: Record<string, string>): Names => ({ nameOf: (kind, id) => known[`${kind}/${id}`] });

  it('such that nothing differs', () => {
    const spec = router.declare(cloud, observed(), names({ [`Subnet/${subnetId}`]: 'front' })) as Fields;
    expect(spec).toEqual({
      name: 'net',
      externalGateway: { network: { name: 'public' } },
      interfaces: [{ subnetRef: { name: 'front' } }],
      routes: real.router.routes,
      tags: ['a', 'b'],
    });
    expect(changes(spec)).toEqual([]);
  });

  it('without interfaces that no object stands for', () => {
    expect(router.declare(cloud, observed(), names({}))).not.toHaveProperty('interfaces');
  });
});
