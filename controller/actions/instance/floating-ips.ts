import type { JsonSchema } from '#controller/engine/json.ts';
import * as floatingIPs from '#controller/openstack/network/floating-ips.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { ActionFailed, type AnyAction } from '../action.ts';
import { firstOf, type InstanceAction, type InstanceLook, inputOf, notFound } from './states.ts';

const floatingIPId: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, description: 'Id of the floating IP.' };

interface AssociateInput {
  readonly floatingIPId: string;
  readonly portId?: string;
  readonly fixedIP?: string;
}

const associate: InstanceAction<AssociateInput> = {
  name: 'instance.associateFloatingIP',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Let a floating IP lead to an instance',
  input: inputOf(
    {
      floatingIPId,
      portId: { type: 'string', minLength: 1, maxLength: 255, description: 'Id of the port it is to lead to; its only one, unless given.' },
      fixedIP: {
        type: 'string',
        minLength: 7,
        maxLength: 15,
        pattern: '^[0-9.]+$',
        description: 'Which IPv4 address of the port; its only one, unless given.',
      },
    },
    'floatingIPId',
  ),
  danger: 'none',
  obstacle(look, input) {
    const ports = portsOf(look);
    if (ports.length === 0) return { reason: 'NoPort', message: 'It has no port with an IPv4 address; plug one in first.' };
    if (!input) return undefined;
    const floating = look.inventory.get('floatingip', input.floatingIPId);
    const port = input.portId === undefined ? ports[0] : ports.find((one) => one.id === input.portId);
    return firstOf(
      floating ? undefined : notFound('floatingIPId', 'floating IP', input.floatingIPId),
      floating?.port_id
        ? {
            reason: 'InUse',
            field: 'floatingIPId',
            message: `${floating.floating_ip_address} leads to port ${floating.port_id} already; dissociate it first.`,
          }
        : undefined,
      managed(look, input.floatingIPId),
      input.portId === undefined && ports.length > 1
        ? {
            reason: 'PortNeeded',
            field: 'portId',
            message: `It has ${ports.length} ports; say which (${ports.map((one) => one.id).join(', ')}).`,
          }
        : undefined,
      port
        ? undefined
        : { reason: 'NotFound', field: 'portId', message: `Port ${input.portId} is none of this instance with an IPv4 address.` },
      port && input.fixedIP === undefined && addressesOf(port).length > 1
        ? {
            reason: 'AddressNeeded',
            field: 'fixedIP',
            message: `The port has several addresses; say which (${addressesOf(port).join(', ')}).`,
          }
        : undefined,
      port && input.fixedIP !== undefined && !addressesOf(port).includes(input.fixedIP)
        ? {
            reason: 'NotFound',
            field: 'fixedIP',
            message: `The port has no address ${input.fixedIP}; it has ${addressesOf(port).join(', ')}.`,
          }
        : undefined,
    );
  },
  effects: (look, { floatingIPId: id }) => ({
    changes: [{ path: 'status.addresses', from: null, to: look.inventory.get('floatingip', id)?.floating_ip_address ?? id }],
    takesAlong: [
      { type: 'floatingip', id, name: look.inventory.get('floatingip', id)?.floating_ip_address ?? '', what: 'Leads to this instance.' },
    ],
  }),
  async run(run, { floatingIPId: id, portId, fixedIP }) {
    const ports = [...run.inventory.byParent('port', run.id)].filter((port) => addressesOf(port).length > 0);
    const port = portId ?? ports[0]?.id;
    if (port === undefined) throw new ActionFailed('NoPort', 'It has no port with an IPv4 address any more.');
    await run.step('Asking the cloud to lead it there', 20);
    const update = { port_id: port, ...(fixedIP !== undefined && { fixed_ip_address: fixedIP }) };
    await run.send(
      'associate',
      async () => (await floatingIPs.update(run.cloud.network, id, update), null),
      async () => {
        return (await floatingIPs.get(run.cloud.network, id)).port_id === port ? null : undefined;
      },
    );
    await run.step('Waiting until it leads there', 60);
    await run.until('the association', async () => ((await run.inventory.reread('floatingip', id))?.port_id === port ? true : undefined));
    return { resources: [{ type: 'floatingip', id, name: run.inventory.get('floatingip', id)?.floating_ip_address ?? '' }] };
  },
};

const dissociate: InstanceAction<{ floatingIPId: string }> = {
  name: 'instance.dissociateFloatingIP',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Let a floating IP lead to an instance no more',
  input: inputOf({ floatingIPId }, 'floatingIPId'),
  danger: 'interrupts',
  obstacle(look, input) {
    const leading = portsOf(look).flatMap((port) => look.inventory.byParent('floatingip', port.id));
    if (leading.length === 0) return { reason: 'NoFloatingIP', message: 'No floating IP leads to it.' };
    if (!input) return undefined;
    return firstOf(
      leading.some(({ id }) => id === input.floatingIPId)
        ? undefined
        : { reason: 'NotFound', field: 'floatingIPId', message: `Floating IP ${input.floatingIPId} does not lead to this instance.` },
      managed(look, input.floatingIPId),
    );
  },
  effects: (look, { floatingIPId: id }) => ({
    changes: [{ path: 'status.addresses', from: look.inventory.get('floatingip', id)?.floating_ip_address ?? id, to: null }],
    takesAlong: [],
  }),
  async run(run, { floatingIPId: id }) {
    await run.step('Asking the cloud to let go of it', 20);
    await run.send(
      'dissociate',
      async () => (await floatingIPs.update(run.cloud.network, id, { port_id: null }), null),
      async () => {
        return (await floatingIPs.get(run.cloud.network, id)).port_id === null ? null : undefined;
      },
    );
    await run.until('the end of the association', async () => ((await run.inventory.reread('floatingip', id))?.port_id ? undefined : true));
    return undefined;
  },
};

function portsOf({ inventory, target }: InstanceLook): Port[] {
  return inventory.byParent('port', target.id).filter((port) => addressesOf(port).length > 0);
}

/** IPv4 only: nothing else can be floated to. */
function addressesOf(port: Port): string[] {
  return port.fixed_ips.map(({ ip_address }) => ip_address).filter((address) => address.includes('.'));
}

/** What it leads to is declared with the floating IP, not with the instance. */
function managed(look: InstanceLook, id: string) {
  const manager = look.managerOf?.('floatingip', id);
  return manager === undefined
    ? undefined
    : {
        reason: 'Declared',
        field: 'floatingIPId',
        message: `Where it leads is declared by ${manager}; change spec.portRef or spec.instanceRef there.`,
      };
}

export const floatingIPActions: readonly AnyAction[] = [associate, dissociate];
