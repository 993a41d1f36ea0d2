import type { JsonObject } from '#controller/engine/json.ts';
import type { Change, Difference, Kind, Names, Observation, Owner, Resolve } from '#controller/engine/kind.ts';
import { declaredDescription, stampedDescription } from '#controller/inventory/stamp.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import { canonicalAddress, canonicalCidr } from '../addresses.ts';
import { candidatesOf } from '../candidates.ts';
import { bodyOf, concerns, concernsBelow, fieldChange, setAfter, setChanges } from '../changes.ts';
import type { CloudHandle } from '../handle.ts';
import { findOwned, nextDescription, STAMP_PATH, stampChange } from '../ownership.ts';
import { recordCreated, remove, write, writeNeutron } from '../writes.ts';
import { declareRouter } from './declare.ts';
import { type DesiredGateway, desiredGateway, gatewayAfter, gatewayChanges, newGateway } from './gateway.ts';
import { applyInterfaces, type DesiredInterface, planInterfaces, unplugAll } from './interfaces.ts';
import { type RouterSpec, routerSpec, routerStatus } from './schema.ts';

export interface DesiredRouter {
  readonly uid: string;
  readonly name: string;
  readonly description?: string;
  readonly adminStateUp?: boolean;
  /** null: none. */
  readonly gateway?: DesiredGateway | null;
  /** As `10.99.0.0/16 via 10.0.0.9`. */
  readonly routes?: readonly string[];
  readonly interfaces?: readonly DesiredInterface[];
  readonly tags?: readonly string[];
}

export interface ObservedRouter {
  readonly router: routers.Router;
  /** Ports by which it is plugged into networks of the project. */
  readonly ports: readonly Port[];
  /** False until ports have been listed: nothing is known of its interfaces before. */
  readonly portsAreKnown: boolean;
  /** Names of the subnets it is plugged into, by id. */
  readonly subnetNames: Readonly<Record<string, string>>;
}

/** What Neutron calls a router's port on a network of the project; the others are those of distributed and highly available routers. */
const INTERFACE_OWNERS = ['network:router_interface', 'network:router_interface_distributed', 'network:ha_router_replicated_interface'];

/** A Neutron router with its interfaces. */
export const router: Kind<RouterSpec, DesiredRouter, ObservedRouter, CloudHandle> = {
  kind: 'Router',
  plural: 'routers',
  shortNames: ['osr'],
  description: 'A router of the project: it joins subnets, and leads out by its external gateway.',
  spec: routerSpec,
  status: routerStatus,
  columns: [
    { name: 'State', path: '.status.state', type: 'string' },
    { name: 'External', path: '.status.externalIPs[0]', type: 'string' },
    { name: 'Interfaces', path: '.status.interfaces', type: 'string', priority: 1 },
  ],
  desire,
  observe,
  diff,

  async create(cloud, desired) {
    const askedAt = Date.now();
    const made = await routers.create(cloud.client.network, {
      name: desired.name,
      description: stampedDescription(desired.description, desired.uid),
      ...(desired.adminStateUp !== undefined && { admin_state_up: desired.adminStateUp }),
      ...(desired.gateway && { external_gateway_info: newGateway(desired.gateway) }),
    });
    recordCreated(cloud, 'router', made, askedAt);
    return { id: made.id };
  },

  update,

  async delete(cloud, { router: { id, routes }, ports }) {
    const client = cloud.client.network;
    if (routes.length > 0 && ports.length > 0) await write(cloud, 'router', id, () => routers.update(client, id, { routes: [] }));
    await unplugAll(cloud, id, ports);
    await remove(cloud, 'router', id, () => routers.remove(client, id));
  },

  async reread({ inventory }, id) {
    await Promise.all([inventory.reread('router', id), inventory.rereadChildren('port', id)]);
  },

  listedAt: ({ inventory }) => inventory.listedAt('router'),

  report: ({ router: { status, external_gateway_info: gateway }, ports }) => ({
    state: status,
    externalIPs: (gateway?.external_fixed_ips ?? []).map((ip) => ip.ip_address).toSorted(),
    externalNetworkId: gateway?.network_id ?? '',
    interfaces: ports.flatMap((port) => port.fixed_ips.map((ip) => ip.ip_address)).toSorted(),
  }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'router', filter),
  declare: (cloud: CloudHandle, { router: row, ports }: ObservedRouter, names: Names): JsonObject =>
    declareRouter(cloud, row, ports, names),
};

function desire(spec: RouterSpec, resolve: Resolve<CloudHandle>): DesiredRouter {
  const { description, adminStateUp, externalGateway, disableGateway, routes, interfaces, tags } = spec;
  const gateway = externalGateway ? desiredGateway(externalGateway, resolve) : disableGateway === true ? null : undefined;
  return {
    uid: resolve.owner.uid,
    name: spec.name ?? resolve.owner.name,
    ...(description !== undefined && { description }),
    ...(adminStateUp !== undefined && { adminStateUp }),
    ...(gateway !== undefined && { gateway }),
    ...(routes && { routes: [...new Set(routes.map(routeLabel))] }),
    ...(interfaces && { interfaces: interfaces.map((one) => desiredInterface(one, resolve)) }),
    ...(tags && { tags }),
  };
}

function desiredInterface(
  { subnetRef, portRef }: NonNullable<RouterSpec['interfaces']>[number],
  resolve: Resolve<CloudHandle>,
): DesiredInterface {
  if (portRef) return { label: `port ${portRef.name}`, portId: resolve.id('Port', portRef.name) };
  const name = subnetRef?.name ?? '';
  return { label: name, subnetId: resolve.id('Subnet', name) };
}

function observe(cloud: CloudHandle, owner: Owner): Observation<ObservedRouter> {
  const found = findOwned(cloud, 'router', 'router', owner);
  if (found.found !== 'one') return found;
  const { inventory } = cloud;
  const ports = inventory
    .byParent('port', found.id)
    .filter((port) => port.device_id === found.id && INTERFACE_OWNERS.includes(port.device_owner))
    .toSorted((one, other) => one.id.localeCompare(other.id));
  const subnets = ports.flatMap((port) => port.fixed_ips.flatMap((ip) => inventory.get('subnet', ip.subnet_id) ?? []));
  return {
    ...found,
    observed: {
      router: found.observed,
      ports,
      portsAreKnown: inventory.listedAt('port') > 0,
      subnetNames: Object.fromEntries(subnets.map(({ id, name }) => [id, name])),
    },
  };
}

function diff(desired: DesiredRouter, observed: ObservedRouter): Difference {
  const row = observed.router;
  const called = `Router ${row.name} (${row.id})`;
  if (desired.interfaces && !observed.portsAreKnown) {
    return { changes: [], waiting: { reason: 'PortsNotSeen', message: `${called}: the ports of the cloud have not been listed yet.` } };
  }
  const changes: Change[] = [
    ...stampChange('router', row, desired.uid),
    ...fieldChange('spec.name', row.name, desired.name),
    ...fieldChange('spec.description', declaredDescription(row.description), desired.description),
    ...fieldChange('spec.adminStateUp', row.admin_state_up, desired.adminStateUp),
    ...gatewayChanges(desired.gateway, row.external_gateway_info),
    ...planInterfaces(desired.interfaces, observed.ports, observed.subnetNames).map((step) => step.change),
    ...setChanges('spec.routes', row.routes.map(routeLabel), desired.routes),
    ...setChanges('spec.tags', row.tags ?? [], desired.tags),
  ];
  if (row.status === 'ALLOCATING') return { changes, waiting: { reason: 'Building', message: `${called} is being set up.` } };
  if (row.status !== 'ERROR') return { changes };
  const message = `${called} is in state ERROR; its plugin could not set it up. Ask the cloud's operator.`;
  return { changes, failed: { reason: 'RouterError', message } };
}

async function update(cloud: CloudHandle, desired: DesiredRouter, observed: ObservedRouter, changes: readonly Change[]): Promise<void> {
  const row = observed.router;
  const steps = planInterfaces(desired.interfaces, observed.ports, observed.subnetNames).filter((step) =>
    concerns(changes, step.change.path),
  );
  // A next hop may be on a subnet still to be plugged in; such routes come with the next step.
  const isPlugging = steps.some(({ step }) => step === 'add');
  const possible = changes.filter(({ path, to }) => !isPlugging || to === null || !path.startsWith('spec.routes['));
  const body = bodyFor(desired, row, possible);
  const tags = concernsBelow(changes, 'spec.tags') ? setAfter('spec.tags', row.tags ?? [], changes) : undefined;
  await writeNeutron(cloud, 'router', row.id, routers, { body, tags });
  await applyInterfaces(cloud, row.id, steps);
}

function bodyFor(desired: DesiredRouter, row: routers.Router, changes: readonly Change[]): routers.RouterUpdate | undefined {
  const description = nextDescription(row, desired.description, desired.uid);
  const fields = bodyOf<routers.RouterUpdate>(changes, {
    [STAMP_PATH]: { description },
    'spec.name': { name: desired.name },
    'spec.description': { description },
    'spec.adminStateUp': { admin_state_up: desired.adminStateUp },
  });
  const gateway = gatewayAfter(desired.gateway, row.external_gateway_info, changes);
  const routes = concernsBelow(changes, 'spec.routes') ? setAfter('spec.routes', row.routes.map(routeLabel), changes) : undefined;
  if (fields === undefined && gateway === undefined && routes === undefined) return undefined;
  return { ...fields, ...(gateway !== undefined && { external_gateway_info: gateway }), ...(routes && { routes: routes.map(routeOf) }) };
}

/** Host bits are cleared: Neutron takes none. */
function routeLabel({ destination, nexthop }: { destination: string; nexthop: string }): string {
  return `${canonicalCidr(destination)} via ${canonicalAddress(nexthop)}`;
}

function routeOf(label: string): { destination: string; nexthop: string } {
  const [destination = '', nexthop = ''] = label.split(' via ');
  return { destination, nexthop };
}
