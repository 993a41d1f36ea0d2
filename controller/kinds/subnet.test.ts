import { describe, expect, it } from 'vitest';
import { OWNER_UID, real } from './answers.fixture.ts';
import { ask } from './inventory.fixture.ts';
import { type SubnetSpec, subnet } from './subnet.ts';

const ids = { 'Network/net': real.subnet.network_id };
const base = { clusterRef: { name: 'main' }, networkRef: { name: 'net' }, cidr: real.subnet.cidr };
type Fields = Partial<Omit<SubnetSpec, 'clusterRef'>>;
const desire = (spec: Fields) => subnet.desire({ ...base, ...spec }, ask({ uid: OWNER_UID, name: 'sub', ids }).resolve);
const changes = (spec: Fields) => subnet.diff(desire(spec), real.subnet).changes;

describe('what is declared is compared, and nothing else', () => {
  it.each<[string, Fields]>([
    ['nothing but what is required', {}],
    ['pools in another order', { allocationPools: [...real.subnet.allocation_pools].toReversed() }],
    ['routes that Neutron shows', { hostRoutes: [{ destination: '10.99.0.0/16', nexthop: '10.77.0.9' }] }],
    ['a route with host bits', { hostRoutes: [{ destination: '10.99.1.1/16', nexthop: '10.77.0.9' }] }],
    ['name servers in order', { dnsNameservers: ['9.9.9.9', '1.1.1.1'] }],
    ['no gateway, and there is none', { disableGateway: true }],
    ['a gateway that may be', { disableGateway: false }],
    ['a cidr with host bits', { cidr: '10.77.0.5/24' }],
  ])('no difference: %s', (_name, spec) => {
    expect(changes(spec)).toEqual([]);
  });

  it.each<[string, Fields, unknown]>([
    ['a gateway', { gatewayIP: '10.77.0.1' }, [{ path: 'spec.gatewayIP', from: null, to: '10.77.0.1' }]],
    [
      'name servers in another order',
      { dnsNameservers: ['1.1.1.1', '9.9.9.9'] },
      [{ path: 'spec.dnsNameservers', from: ['9.9.9.9', '1.1.1.1'], to: ['1.1.1.1', '9.9.9.9'] }],
    ],
    ['no routes', { hostRoutes: [] }, [{ path: 'spec.hostRoutes', from: real.subnet.host_routes, to: [] }]],
    ['another range', { cidr: '10.78.0.0/24' }, [{ path: 'spec.cidr', from: '10.77.0.0/24', to: '10.78.0.0/24', by: 'replace' }]],
  ])('a difference: %s', (_name, spec, expected) => {
    expect(changes(spec)).toEqual(expected);
  });
});

it('needs a new subnet for the gateway and pools of another range, too', () => {
  const moved = changes({ cidr: '10.78.0.0/24', gatewayIP: '10.78.0.1', allocationPools: [{ start: '10.78.0.9', end: '10.78.0.99' }] });
  expect(moved.map(({ path, by }) => [path, by])).toEqual([
    ['spec.cidr', 'replace'],
    ['spec.gatewayIP', 'replace'],
    ['spec.allocationPools', 'replace'],
  ]);
});

it('shows a gateway that should not be', () => {
  const observed = { ...real.subnet, gateway_ip: '10.77.0.1' };
  expect(subnet.diff(desire({ disableGateway: true }), observed).changes).toEqual([
    { path: 'spec.disableGateway', from: '10.77.0.1', to: true },
  ]);
});

it('reads IPv6 in any spelling', () => {
  const spec = { cidr: '2001:DB8:0:0::/64', gatewayIP: '2001:db8:0:0::0', dnsNameservers: ['2001:db8::53'] };
  const desired = subnet.desire(
    { ...base, ...spec },
    ask({ uid: OWNER_UID, name: 'sub6', ids: { 'Network/net': real.subnet6.network_id } }).resolve,
  );
  expect(desired.ipVersion).toBe(6);
  expect(subnet.diff(desired, real.subnet6).changes.filter((change) => change.path !== 'metadata.uid')).toEqual([]);
});

it('waits for its network', () => {
  const asked = ask({ name: 'sub' });
  subnet.desire(base, asked.resolve);
  expect(asked.waits).toEqual(['Network/net']);
});
