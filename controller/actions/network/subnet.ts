import type { JsonSchema } from '#controller/engine/json.ts';
import { declaredDescription } from '#controller/inventory/stamp.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import type { Action, Look, Obstacle } from '../action.ts';
import { madeOne } from '../deeds.ts';
import { changeOf, given, makes, onlyChanges } from '../fields.ts';
import { flagInput, idInput, inputOf, nameInput, neutronDescriptionInput, tagsInput } from '../input.ts';
import { firstOf, foreign, listed, notFound } from '../obstacles.ts';
import {
  addressInput,
  cidrInput,
  createNeutron,
  editNeutron,
  isRouterPort,
  isServicePort,
  listInput,
  lookAgain,
  portCalled,
  removeNeutron,
} from './neutron.ts';

type SubnetLook = Look<'subnet'>;

interface Fields {
  readonly name?: string;
  readonly description?: string;
  readonly gatewayIP?: string;
  readonly disableGateway?: boolean;
  readonly enableDHCP?: boolean;
  readonly dnsNameservers?: readonly string[];
  readonly allocationPools?: readonly { readonly start: string; readonly end: string }[];
  readonly hostRoutes?: readonly { readonly destination: string; readonly nexthop: string }[];
  readonly tags?: readonly string[];
}

type NewSubnet = Fields & { readonly name: string; readonly networkId: string; readonly cidr: string; readonly ipVersion?: 4 | 6 };

const fields: Record<string, JsonSchema> = {
  name: nameInput('subnet'),
  description: neutronDescriptionInput,
  gatewayIP: addressInput('The gateway told to guests. Default: the first address.'),
  disableGateway: flagInput('True: no gateway at all.'),
  enableDHCP: flagInput('Whether guests get their addresses by DHCP.'),
  dnsNameservers: listInput(addressInput('Address of a name server.'), 20, 'Name servers told to guests, in this order.'),
  allocationPools: listInput(
    { ...inputOf({ start: addressInput('First address.'), end: addressInput('Last address.') }, 'start', 'end'), description: 'A range.' },
    50,
    'Addresses the cloud may give out.',
  ),
  hostRoutes: listInput(
    {
      ...inputOf({ destination: cidrInput('Where to.'), nexthop: addressInput('By way of.') }, 'destination', 'nexthop'),
      description: 'A route.',
    },
    50,
    'All routes told to guests.',
  ),
  tags: tagsInput,
};

const bodyOf = (input: Fields) =>
  given({
    name: input.name,
    description: input.description,
    gateway_ip: input.disableGateway === true ? null : input.gatewayIP,
    enable_dhcp: input.enableDHCP,
    dns_nameservers: input.dnsNameservers && [...input.dnsNameservers],
    allocation_pools: input.allocationPools && [...input.allocationPools],
    host_routes: input.hostRoutes && [...input.hostRoutes],
  });

export const createSubnet: Action<'subnet', NewSubnet> = {
  name: 'subnet.create',
  type: 'subnet',
  target: 'none',
  permission: 'network.change',
  summary: 'Create a subnet on a network',
  input: inputOf(
    {
      ...fields,
      networkId: idInput('Id of the network.'),
      cidr: cidrInput('Its addresses, as 10.0.0.0/24 or 2001:db8::/64.'),
      ipVersion: { type: 'integer', enum: [4, 6], description: 'Default: what cidr says.' },
    },
    'name',
    'networkId',
    'cidr',
  ),
  danger: 'none',
  obstacle: ({ inventory }, input) =>
    input &&
    firstOf(contradiction(input), notFound(inventory, 'network', input.networkId, 'networkId'), foreignNetwork(inventory, input.networkId)),
  effects: (_look, input) => makes(input),
  async run(run, input) {
    const { networkId, cidr, ipVersion = cidr.includes(':') ? 6 : 4 } = input;
    const body = { ...bodyOf(input), network_id: networkId, cidr, ip_version: ipVersion };
    const wanted = { body, tags: input.tags, narrow: { name: input.name, network_id: networkId } };
    const made = await createNeutron(run, 'subnet', subnets, wanted);
    await lookAgain(run, ['network', networkId]);
    return madeOne('subnet', made);
  },
};

function contradiction({ gatewayIP, disableGateway }: Fields): Obstacle | undefined {
  if (gatewayIP === undefined || disableGateway !== true) return undefined;
  return { reason: 'Contradiction', field: 'disableGateway', message: 'gatewayIP and disableGateway exclude each other; give one.' };
}

function foreignNetwork(inventory: SubnetLook['inventory'], id: string): Obstacle | undefined {
  const obstacle = foreign({ inventory }, inventory.get('network', id)?.project_id, 'network');
  return obstacle && { ...obstacle, field: 'networkId' };
}

export const editSubnet: Action<'subnet', Fields> = {
  name: 'subnet.edit',
  type: 'subnet',
  target: 'one',
  permission: 'network.change',
  summary: 'Change name, gateway, DHCP, name servers, pools, routes and tags',
  input: inputOf(fields),
  danger: 'interrupts',
  obstacle: (look, input) => firstOf(foreign(look, look.target.project_id, 'subnet'), input && contradiction(input)),
  effects: ({ target }, input) =>
    onlyChanges(
      changeOf('name', target.name, input.name),
      changeOf('description', declaredDescription(target.description), input.description),
      changeOf('gatewayIP', target.gateway_ip, input.disableGateway === true ? null : input.gatewayIP),
      changeOf('enableDHCP', target.enable_dhcp, input.enableDHCP),
      changeOf('dnsNameservers', target.dns_nameservers, input.dnsNameservers),
      changeOf('allocationPools', target.allocation_pools, input.allocationPools && [...input.allocationPools]),
      changeOf('hostRoutes', target.host_routes, input.hostRoutes && [...input.hostRoutes]),
      changeOf('tags', target.tags ?? [], input.tags),
    ),
  declares(_look, { gatewayIP, disableGateway, ...rest }) {
    // Of the two at most one may be declared.
    const gateway =
      disableGateway === true ? { disableGateway, gatewayIP: null } : gatewayIP === undefined ? {} : { gatewayIP, disableGateway: null };
    return { ...given(rest), ...gateway };
  },
  run: (run, input) => editNeutron(run, 'subnet', subnets, { body: bodyOf(input), tags: input.tags }),
};

export const deleteSubnet: Action<'subnet', object> = {
  name: 'subnet.delete',
  type: 'subnet',
  target: 'one',
  permission: 'network.delete',
  summary: 'Delete the subnet',
  input: inputOf({}),
  danger: 'loss',
  removes: true,
  obstacle: (look) => firstOf(foreign(look, look.target.project_id, 'subnet'), portsInUse(look)),
  effects: ({ target }) => ({ changes: [], takesAlong: [], loses: `The subnet ${target.cidr} and its allocation of addresses.` }),
  async run(run) {
    await removeNeutron(run, 'subnet', subnets);
    await lookAgain(run, ['network', run.before?.network_id]);
    return undefined;
  },
};

function portsInUse({ target, inventory }: SubnetLook): Obstacle | undefined {
  // Addresses that guests make up for themselves go with the subnet; those of routers do not.
  const isMadeUp = target.ipv6_address_mode === 'slaac' || target.ipv6_address_mode === 'dhcpv6-stateless';
  const ports = inventory
    .byParent('port', target.network_id)
    .filter((port) => port.fixed_ips.some((one) => one.subnet_id === target.id) && !isServicePort(port))
    .filter((port) => !isMadeUp || isRouterPort(port));
  if (ports.length === 0) return undefined;
  return {
    reason: 'InUse',
    message: `Ports have addresses of it: ${listed(ports.map((port) => portCalled(inventory, port)))}. Detach or delete them first.`,
  };
}
