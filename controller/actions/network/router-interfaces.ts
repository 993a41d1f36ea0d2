import type { JsonObject } from '#controller/engine/json.ts';
import type { CloudInventory, Resources } from '#controller/inventory/inventory.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import type { Action, Look, Obstacle } from '../action.ts';
import { change, orGone } from '../deeds.ts';
import { idInput, inputOf } from '../input.ts';
import { firstOf, foreign, listed, notFound, undeclarable } from '../obstacles.ts';
import { isRouterPort, lookAgain } from './neutron.ts';

type RouterLook = Look<'router'>;

interface Plug {
  readonly subnetId?: string;
  readonly portId?: string;
}

const input = inputOf({
  subnetId: idInput('Id of the subnet; the router has its gateway address there.'),
  portId: idInput('Id of the port, for another address.'),
});

export const addRouterInterface: Action<'router', Plug> = {
  name: 'router.addInterface',
  type: 'router',
  target: 'one',
  permission: 'network.change',
  summary: 'Plug the router into a subnet, by its gateway address or by a port',
  input,
  danger: 'none',
  obstacle: (look, plug) => firstOf(foreign(look, look.target.project_id, 'router'), plug && notPluggable(look, plug)),
  effects: ({ inventory }, plug) => ({
    changes: [{ path: `spec.interfaces[${nameOf(inventory, plug)}]`, from: null, to: 'present' }],
    takesAlong: [],
  }),
  declares(look, plug) {
    const ref = refOf(look, plug);
    const interfaces = interfacesOf(look);
    return ref && interfaces && { interfaces: [...interfaces, ref] };
  },
  async run(run, plug) {
    // It was not plugged in there when this was asked for.
    const isDone = async () => {
      await run.inventory.rereadChildren('port', run.id);
      return portOf(run.inventory, run.id, plug) !== undefined;
    };
    await change(
      run,
      'Add interface',
      { type: 'router', id: run.id },
      () => routers.addInterface(run.cloud.network, run.id, targetOf(plug)),
      isDone,
    );
    await lookAtPorts(run, plug);
    return undefined;
  },
};

export const removeRouterInterface: Action<'router', Plug> = {
  name: 'router.removeInterface',
  type: 'router',
  target: 'one',
  permission: 'network.change',
  summary: 'Unplug the router from a subnet; its port there is deleted',
  input,
  danger: 'interrupts',
  obstacle: (look, plug) => firstOf(foreign(look, look.target.project_id, 'router'), plug && notUnpluggable(look, plug)),
  effects({ target, inventory }, plug) {
    const port = portOf(inventory, target.id, plug);
    return {
      changes: [{ path: `spec.interfaces[${nameOf(inventory, plug)}]`, from: 'present', to: null }],
      takesAlong: port ? [{ type: 'port', id: port.id, name: port.name, what: 'is deleted' }] : [],
    };
  },
  declares(look, plug) {
    const interfaces = interfacesOf(look);
    const refs = refsThere(look, plug);
    const kept = interfaces?.filter((one) => !refs.has(JSON.stringify(one)));
    // What is plugged in and not declared is no matter of the declaration.
    return kept && kept.length < (interfaces?.length ?? 0) ? { interfaces: kept } : undefined;
  },
  async run(run, plug) {
    const port = portOf(run.inventory, run.id, plug);
    const remove = () => orGone(routers.removeInterface(run.cloud.network, run.id, targetOf(plug)));
    await change(run, 'Remove interface', { type: 'router', id: run.id }, remove);
    if (port) run.inventory.forget('port', port.id);
    await lookAtPorts(run, plug);
    return undefined;
  },
};

const targetOf = ({ subnetId, portId }: Plug): routers.InterfaceTarget =>
  portId === undefined ? { subnet_id: subnetId ?? '' } : { port_id: portId };

function exactlyOne({ subnetId, portId }: Plug): Obstacle | undefined {
  if ((subnetId === undefined) !== (portId === undefined)) return undefined;
  return { reason: 'Contradiction', field: 'subnetId', message: 'Give either subnetId or portId.' };
}

function notPluggable(look: RouterLook, plug: Plug): Obstacle | undefined {
  const { inventory, target } = look;
  const { subnetId, portId } = plug;
  const unclear = firstOf(
    exactlyOne(plug),
    notFound(inventory, 'subnet', subnetId, 'subnetId'),
    notFound(inventory, 'port', portId, 'portId'),
    unnamed(look, plug),
  );
  if (unclear) return unclear;
  if (portOf(inventory, target.id, plug) !== undefined) return { reason: 'Same', message: 'It is plugged in there already.' };
  const port = portId === undefined ? undefined : inventory.get('port', portId);
  if (port !== undefined && port.device_id !== '')
    return { reason: 'InUse', field: 'portId', message: 'That port is in use; take one that is free.' };
  if (subnetId === undefined || inventory.get('subnet', subnetId)?.gateway_ip !== null) return undefined;
  return { reason: 'NoGateway', field: 'subnetId', message: 'That subnet has no gateway address; plug the router in by a port on it.' };
}

function notUnpluggable(look: RouterLook, plug: Plug): Obstacle | undefined {
  const { inventory, target } = look;
  const unclear = exactlyOne(plug);
  if (unclear) return unclear;
  const port = portOf(inventory, target.id, plug);
  if (port === undefined)
    return { reason: 'NotPluggedIn', field: plug.portId === undefined ? 'subnetId' : 'portId', message: 'It is not plugged in there.' };
  const subnets = new Set(port.fixed_ips.map((one) => one.subnet_id));
  const floating = inventory.byParent('floatingip', target.id).filter(({ router_id: router, port_id: end }) => {
    const inside = end === null ? undefined : inventory.get('port', end);
    return router === target.id && inside?.fixed_ips.some((one) => subnets.has(one.subnet_id)) === true;
  });
  if (floating.length > 0)
    return {
      reason: 'InUse',
      message: `Floating IPs lead through it (${listed(floating.map((one) => one.floating_ip_address))}); disassociate them first.`,
    };
  return undefined;
}

/** The router's port there. */
function portOf(inventory: CloudInventory, routerId: string, { subnetId, portId }: Plug): Resources['port'] | undefined {
  return inventory
    .byParent('port', routerId)
    .filter((port) => port.device_id === routerId && isRouterPort(port))
    .find((port) => (portId === undefined ? port.fixed_ips.some((one) => one.subnet_id === subnetId) : port.id === portId));
}

function nameOf(inventory: CloudInventory, { subnetId, portId }: Plug): string {
  if (subnetId !== undefined) return inventory.get('subnet', subnetId)?.name || subnetId;
  return (portId !== undefined && inventory.get('port', portId)?.name) || (portId ?? '');
}

function interfacesOf({ declared }: RouterLook): readonly JsonObject[] | undefined {
  const interfaces = declared?.spec['interfaces'];
  return Array.isArray(interfaces) ? (interfaces as readonly JsonObject[]) : undefined;
}

function refOf({ declared }: RouterLook, { subnetId, portId }: Plug): JsonObject | undefined {
  const subnet = subnetId === undefined ? undefined : declared?.nameOf('subnet', subnetId);
  const port = portId === undefined ? undefined : declared?.nameOf('port', portId);
  if (subnet !== undefined) return { subnetRef: { name: subnet } };
  return port === undefined ? undefined : { portRef: { name: port } };
}

/** All ways to declare the interface that is there: by its port, or by a subnet of that. */
function refsThere(look: RouterLook, plug: Plug): ReadonlySet<string> {
  const port = portOf(look.inventory, look.target.id, plug);
  const plugs: Plug[] = [plug, ...(port ? [{ portId: port.id }, ...port.fixed_ips.map((one) => ({ subnetId: one.subnet_id }))] : [])];
  return new Set(plugs.flatMap((one) => refOf(look, one) ?? []).map((ref) => JSON.stringify(ref)));
}

/** Where interfaces are declared, each has to be an object. */
function unnamed(look: RouterLook, plug: Plug): Obstacle | undefined {
  if (interfacesOf(look) === undefined || refOf(look, plug) !== undefined) return undefined;
  return plug.portId === undefined ? undeclarable('subnetId', 'the subnet') : undeclarable('portId', 'the port');
}

async function lookAtPorts(run: Parameters<typeof lookAgain>[0] & { readonly id: string }, { portId }: Plug): Promise<void> {
  await Promise.all([run.inventory.rereadChildren('port', run.id), lookAgain(run, ['port', portId])]);
}
