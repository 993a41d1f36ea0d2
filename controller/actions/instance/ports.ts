import type { JsonObject, JsonSchema } from '#controller/engine/json.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { isNotFound } from '#controller/openstack/errors.ts';
import { ActionFailed, type AnyAction } from '../action.ts';
import { firstOf, type InstanceAction, type InstanceLook, inputOf, notDeclared, notFound, stateObstacle } from './states.ts';

const id = (description: string): JsonSchema => ({ type: 'string', minLength: 1, maxLength: 255, description });
const pluggable = ['ACTIVE', 'SHUTOFF', 'PAUSED'];

interface AttachInput {
  readonly portId?: string;
  readonly networkId?: string;
  readonly fixedIP?: string;
}

const attach: InstanceAction<AttachInput> = {
  name: 'instance.attachPort',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Plug a port into an instance, or a new one on a network',
  input: inputOf({
    portId: id('Id of a free port; or give networkId.'),
    networkId: id('Id of a network the cloud makes a port on; or give portId.'),
    fixedIP: {
      type: 'string',
      minLength: 2,
      maxLength: 45,
      pattern: '^[0-9A-Fa-f.:]+$',
      description: 'Address of the new port there; the choice of the cloud, unless given.',
    },
  }),
  danger: 'none',
  obstacle(look, input) {
    const state = stateObstacle(look, 'given a port', pluggable);
    if (state || !input) return state;
    const { portId, networkId, fixedIP } = input;
    if ((portId === undefined) === (networkId === undefined)) {
      return { reason: 'OneOf', field: 'portId', message: 'Give either portId or networkId.' };
    }
    if (fixedIP !== undefined && portId !== undefined) {
      return { reason: 'OneOf', field: 'fixedIP', message: 'A port has its own addresses; leave fixedIP out, or give networkId.' };
    }
    const port = portId === undefined ? undefined : look.inventory.get('port', portId);
    return firstOf(
      portId !== undefined && !port ? notFound('portId', 'port', portId) : undefined,
      port && port.device_id !== ''
        ? { reason: 'InUse', field: 'portId', message: `Port ${port.name || port.id} is used by ${port.device_id}; choose a free one.` }
        : undefined,
      networkId !== undefined && !look.inventory.get('network', networkId) ? notFound('networkId', 'network', networkId) : undefined,
      portId !== undefined && declaredList(look) && look.declared?.nameOf('port', portId) === undefined
        ? notDeclared('portId', 'networks', `port ${portId}`)
        : undefined,
    );
  },
  effects: (_look, { portId, networkId }) => ({
    changes: [{ path: `spec.networks[${portId ?? networkId}]`, from: null, to: portId ?? networkId ?? null }],
    takesAlong: [],
  }),
  declares(look, { portId, networkId, fixedIP }) {
    const list = declaredList(look);
    if (!list) return undefined;
    if (portId !== undefined) return { networks: [...list, { portRef: { name: look.declared?.nameOf('port', portId) ?? '' } }] };
    const name = look.declared?.nameOf('network', networkId ?? '');
    const network: JsonObject = name === undefined ? { network: { id: networkId ?? '' } } : { networkRef: { name } };
    return { networks: [...list, { ...network, ...(fixedIP !== undefined && { fixedIP }) }] };
  },
  async run(run, { portId, networkId, fixedIP }) {
    const plug =
      portId === undefined
        ? { net_id: networkId ?? '', ...(fixedIP !== undefined && { fixed_ips: [{ ip_address: fixedIP }] }) }
        : { port_id: portId };
    const before = await run.send(
      'look',
      async () => await plugged(run),
      async () => await plugged(run),
    );
    await run.step('Asking the cloud to plug it in', 20);
    const isNew = (one: string) => (portId === undefined ? !before?.includes(one) : one === portId);
    const made = await run.send(
      'attach',
      async () => ({ portId: (await servers.attachInterface(run.cloud.compute, run.id, plug)).port_id }),
      async () => {
        const found = (await plugged(run)).find(isNew);
        return found === undefined ? undefined : { portId: found };
      },
    );
    if (!made) throw new ActionFailed('NotSure', 'A restart came in between: look whether the port is there, and ask again if not.');
    await run.inventory.rereadChildren('port', run.id);
    await run.inventory.reread('server', run.id);
    return { resources: [{ type: 'port', id: made.portId, name: run.inventory.get('port', made.portId)?.name ?? '' }] };
  },
};

const detach: InstanceAction<{ portId: string }> = {
  name: 'instance.detachPort',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Unplug a port from an instance; one that the cloud made for it is deleted',
  input: inputOf({ portId: id('Id of the port.') }, 'portId'),
  danger: 'interrupts',
  obstacle(look, input) {
    const state = stateObstacle(look, 'separated from a port', pluggable);
    if (state || !input) return state;
    if (look.inventory.get('port', input.portId)?.device_id !== look.target.id) {
      return { reason: 'NotAttached', field: 'portId', message: `Port ${input.portId} is not plugged into this instance.` };
    }
    return declaredList(look) && !entryOf(look, input.portId)
      ? {
          reason: 'NotDeclared',
          field: 'portId',
          message: 'Its networks are declared, and which entry this port stands for is not clear; change spec.networks.',
        }
      : undefined;
  },
  effects: (look, { portId }) => ({
    changes: [{ path: `spec.networks[${portId}]`, from: portId, to: null }],
    takesAlong: look.inventory.byParent('floatingip', portId).map((one) => ({
      type: 'floatingip' as const,
      id: one.id,
      name: one.floating_ip_address,
      what: 'Leads nowhere any more.',
    })),
  }),
  declares(look, { portId }) {
    const entry = entryOf(look, portId);
    return entry && { networks: declaredList(look)?.filter((one) => one !== entry) ?? [] };
  },
  async run(run, { portId }) {
    await run.step('Asking the cloud to unplug it', 10);
    await run.send('detach', async () => {
      try {
        await servers.detachInterface(run.cloud.compute, run.id, portId);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      return null;
    });
    await run.step('Waiting until it is unplugged', 50);
    await run.until('the end of the plug', async () => {
      const port = await run.inventory.reread('port', portId);
      return port === undefined || port.device_id !== run.id ? true : undefined;
    });
    await run.inventory.reread('server', run.id);
    return undefined;
  },
};

async function plugged(run: Parameters<typeof attach.run>[0]): Promise<string[]> {
  return (await servers.listInterfaces(run.cloud.compute, run.id)).map(({ port_id }) => port_id);
}

function declaredList({ declared }: InstanceLook): readonly JsonObject[] | undefined {
  return declared?.spec['networks'] as readonly JsonObject[] | undefined;
}

/** The one entry of spec.networks that a port stands for. */
function entryOf(look: InstanceLook, portId: string): JsonObject | undefined {
  const network = look.inventory.get('port', portId)?.network_id ?? '';
  const port = look.declared?.nameOf('port', portId);
  const nameIn = (one: JsonObject, field: string, key: string) => (one[field] as JsonObject | undefined)?.[key];
  const byPort = declaredList(look)?.find((one) => port !== undefined && nameIn(one, 'portRef', 'name') === port);
  if (byPort) return byPort;
  const declaredName = look.declared?.nameOf('network', network);
  const cloudName = look.inventory.get('network', network)?.name;
  const onNetwork = declaredList(look)?.filter(
    (one) =>
      (declaredName !== undefined && nameIn(one, 'networkRef', 'name') === declaredName) ||
      nameIn(one, 'network', 'id') === network ||
      (cloudName !== undefined && nameIn(one, 'network', 'name') === cloudName),
  );
  return onNetwork?.length === 1 ? onNetwork[0] : undefined;
}

export const portActions: readonly AnyAction[] = [attach, detach];
