import type { JsonObject, JsonSchema } from '#controller/engine/json.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { ActionFailed, type AnyAction } from '../action.ts';
import { firstOf, type InstanceAction, type InstanceLook, inputOf, notDeclared, notFound, stateObstacle } from './states.ts';

const volumeId: JsonSchema = { type: 'string', minLength: 1, maxLength: 255, description: 'Id of the volume.' };
const attachable = ['ACTIVE', 'SHUTOFF', 'PAUSED', 'VERIFY_RESIZE', 'SHELVED', 'SHELVED_OFFLOADED'];

interface AttachInput {
  readonly volumeId: string;
  readonly device?: string;
}

const attach: InstanceAction<AttachInput> = {
  name: 'instance.attachVolume',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Attach a volume to an instance',
  input: inputOf(
    {
      volumeId,
      device: {
        type: 'string',
        maxLength: 64,
        pattern: '^/dev/[a-z0-9]+$',
        description: 'Device name to ask for, as /dev/vdb; hypervisors may choose another.',
      },
    },
    'volumeId',
  ),
  danger: 'none',
  obstacle(look, input) {
    const state = stateObstacle(look, 'given a volume', attachable);
    if (state || !input) return state;
    const volume = look.inventory.get('volume', input.volumeId);
    if (!volume) return notFound('volumeId', 'volume', input.volumeId);
    const isFree = volume.status === 'available' || (volume.status === 'in-use' && volume.multiattach);
    return firstOf(
      isFree
        ? undefined
        : {
            reason: 'WrongState',
            field: 'volumeId',
            message: `Volume ${volume.name || volume.id} is ${volume.status}; only an available one can be attached.`,
          },
      attachedTo(look).includes(input.volumeId)
        ? { reason: 'Attached', field: 'volumeId', message: 'It is attached to this instance already.' }
        : undefined,
      undeclared(look, input.volumeId),
    );
  },
  effects: (_look, { volumeId: id }) => ({
    changes: [{ path: `spec.volumes[${id}]`, from: null, to: id }],
    takesAlong: [],
  }),
  declares(look, { volumeId: id, device }) {
    const list = declaredList(look);
    const name = look.declared?.nameOf('volume', id);
    if (!list || name === undefined) return undefined;
    return { volumes: [...list, { volumeRef: { name }, ...(device !== undefined && { device }) }] };
  },
  async run(run, { volumeId: id, device }) {
    await run.step('Asking the cloud to attach it', 10);
    const attachment = await run.send(
      'attach',
      async () => ({
        device: (await servers.attachVolume(run.cloud.compute, run.id, { volumeId: id, ...(device !== undefined && { device }) })).device,
      }),
      async () => {
        const found = (await servers.listVolumeAttachments(run.cloud.compute, run.id)).find((one) => one.volumeId === id);
        return found && { device: found.device };
      },
    );
    await run.step('Waiting until it is attached', 50);
    await run.until('the attachment', async () => {
      const volume = await run.inventory.reread('volume', id);
      if (volume?.status === 'in-use' && volume.attachments.some((one) => one.server_id === run.id)) return true;
      if (volume?.status === 'available' || volume?.status.startsWith('error')) {
        throw new ActionFailed('CloudFailed', `The cloud began to attach volume ${id} and gave up: it is ${volume.status}.`);
      }
      return undefined;
    });
    await run.inventory.reread('server', run.id);
    return { data: { device: attachment?.device ?? null } };
  },
};

const detach: InstanceAction<{ volumeId: string }> = {
  name: 'instance.detachVolume',
  type: 'server',
  target: 'one',
  permission: 'instance.change',
  summary: 'Detach a volume from an instance',
  input: inputOf({ volumeId }, 'volumeId'),
  danger: 'interrupts',
  obstacle(look, input) {
    const state = stateObstacle(look, 'separated from a volume', [...attachable, 'SUSPENDED']);
    if (state || !input) return state;
    if (!attachedTo(look).includes(input.volumeId)) {
      return { reason: 'NotAttached', field: 'volumeId', message: `Volume ${input.volumeId} is not attached to this instance.` };
    }
    if (isRoot(look, input.volumeId)) {
      return { reason: 'InUse', field: 'volumeId', message: 'The instance boots from it; it goes only with the instance.' };
    }
    return undeclared(look, input.volumeId);
  },
  effects: (_look, { volumeId: id }) => ({ changes: [{ path: `spec.volumes[${id}]`, from: id, to: null }], takesAlong: [] }),
  declares(look, { volumeId: id }) {
    const name = look.declared?.nameOf('volume', id);
    const list = declaredList(look);
    return list && { volumes: list.filter((one) => (one['volumeRef'] as JsonObject | undefined)?.['name'] !== name) };
  },
  async run(run, { volumeId: id }) {
    await run.step('Asking the cloud to detach it', 10);
    await run.send('detach', async () => (await servers.detachVolume(run.cloud.compute, run.id, id), null));
    await run.step('Waiting until it is detached', 50);
    await run.until('the detachment', async () => {
      const volume = await run.inventory.reread('volume', id);
      return volume === undefined || !volume.attachments.some((one) => one.server_id === run.id) ? true : undefined;
    });
    await run.inventory.reread('server', run.id);
    return undefined;
  },
};

function attachedTo({ target }: InstanceLook): string[] {
  return target['os-extended-volumes:volumes_attached'].map(({ id }) => id);
}

/** A server without an image boots from the first of its volumes, or the one Cinder knows at its root device. */
function isRoot({ target, inventory }: InstanceLook, id: string): boolean {
  if (target.image !== '') return false;
  const device = inventory.get('volume', id)?.attachments.find((one) => one.server_id === target.id)?.device;
  const root = target['OS-EXT-SRV-ATTR:root_device_name'] ?? '/dev/vda';
  return device === root;
}

function declaredList({ declared }: InstanceLook): readonly JsonObject[] | undefined {
  return declared?.spec['volumes'] as readonly JsonObject[] | undefined;
}

function undeclared(look: InstanceLook, id: string) {
  if (!declaredList(look) || look.declared?.nameOf('volume', id) !== undefined) return undefined;
  return notDeclared('volumeId', 'volumes', `volume ${id}`);
}

export const volumeActions: readonly AnyAction[] = [attach, detach];
