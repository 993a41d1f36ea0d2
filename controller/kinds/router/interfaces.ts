import type { Change } from '#controller/engine/kind.ts';
import { isConflict, isNotFound } from '#controller/openstack/errors.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { addInterface, type InterfaceTarget, removeInterface } from '#controller/openstack/network/routers.ts';
import { elementPath } from '../changes.ts';
import type { CloudHandle } from '../handle.ts';

/** What a router is to be plugged into: one of the two is given. */
export interface DesiredInterface {
  readonly label: string;
  readonly subnetId?: string;
  readonly portId?: string;
}

/** What to do about one interface, and the difference it closes. */
export interface InterfaceStep {
  readonly step: 'add' | 'remove';
  readonly change: Change;
  readonly target: InterfaceTarget;
}

/** One subnet by one port: IPv6 subnets of a network share a port, and come and go one by one. */
interface Plug {
  readonly portId: string;
  readonly subnetId?: string;
  readonly addresses: string;
}

const FIELD = 'spec.interfaces';

/** Compares what the router is plugged into with what is declared. Pure. `subnetNames` are the cloud's, by id. */
export function planInterfaces(
  desired: readonly DesiredInterface[] | undefined,
  ports: readonly Port[],
  subnetNames: Readonly<Record<string, string>>,
): InterfaceStep[] {
  if (!desired) return [];
  const plugs = ports.flatMap(plugsOf);
  const fits = (one: DesiredInterface, { portId, subnetId }: Plug) =>
    one.portId === undefined ? one.subnetId === subnetId : one.portId === portId;
  const missing = desired
    .filter((one) => !plugs.some((plug) => fits(one, plug)))
    .map(
      (one): InterfaceStep => ({
        step: 'add',
        change: { path: elementPath(FIELD, one.label), from: null, to: 'attached' },
        target: targetOf(one),
      }),
    );
  const surplus = plugs
    .filter((plug) => !desired.some((one) => fits(one, plug)))
    .map((plug): InterfaceStep => {
      const { subnetId, portId, addresses } = plug;
      const label = subnetId === undefined ? portId : `${subnetNames[subnetId] ?? subnetId} ${addresses}`;
      return { step: 'remove', change: { path: elementPath(FIELD, label), from: 'attached', to: null }, target: plugTarget(plug) };
    });
  return [...missing, ...surplus];
}

function plugsOf(port: Port): Plug[] {
  if (port.fixed_ips.length === 0) return [{ portId: port.id, addresses: '' }];
  return [...Map.groupBy(port.fixed_ips, (ip) => ip.subnet_id)].map(([subnetId, ips]) => ({
    portId: port.id,
    subnetId,
    addresses: ips.map((ip) => ip.ip_address).join(' '),
  }));
}

const targetOf = ({ portId, subnetId = '' }: DesiredInterface): InterfaceTarget =>
  portId === undefined ? { subnet_id: subnetId } : { port_id: portId };

const plugTarget = ({ portId, subnetId }: Plug): InterfaceTarget =>
  subnetId === undefined ? { port_id: portId } : { subnet_id: subnetId };

/**
 * Unplugs, then plugs in: a subnet in another's place may have its addresses. An interface that floating IPs still need is left and
 * keeps nothing else from being done, since they may be waiting for the new one to move to.
 */
export async function applyInterfaces(cloud: CloudHandle, routerId: string, steps: readonly InterfaceStep[]): Promise<void> {
  if (steps.length === 0) return;
  const client = cloud.client.network;
  let held: unknown;
  try {
    for (const { target } of steps.filter(({ step }) => step === 'remove')) {
      await unplug(cloud, routerId, target).catch((error: unknown) => {
        if (!isConflict(error)) throw error;
        held ??= error;
      });
    }
    for (const { target } of steps.filter(({ step }) => step === 'add')) {
      const { port_id } = await addInterface(client, routerId, target);
      cloud.inventory.wrote('port', port_id);
    }
  } finally {
    await lookAgain(cloud, routerId).catch(() => undefined);
  }
  if (held !== undefined) throw held;
}

/** Takes all interfaces away; what needs one of them makes this throw. */
export async function unplugAll(cloud: CloudHandle, routerId: string, ports: readonly Port[]): Promise<void> {
  const plugs = ports.flatMap(plugsOf);
  if (plugs.length === 0) return;
  try {
    for (const plug of plugs) await unplug(cloud, routerId, plugTarget(plug));
  } finally {
    await lookAgain(cloud, routerId).catch(() => undefined);
  }
}

async function unplug(cloud: CloudHandle, routerId: string, target: InterfaceTarget): Promise<void> {
  try {
    const { port_id } = await removeInterface(cloud.client.network, routerId, target);
    cloud.inventory.wrote('port', port_id);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function lookAgain({ inventory }: CloudHandle, routerId: string): Promise<void> {
  inventory.wrote('router', routerId);
  await Promise.all([inventory.reread('router', routerId), inventory.rereadChildren('port', routerId)]);
}
