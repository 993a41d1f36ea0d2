import { stampOf } from '#controller/inventory/stamp.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { type Action, ActionFailed, type Obstacle } from '../action.ts';
import { change, orGone } from '../deeds.ts';
import { changeOf } from '../fields.ts';
import { flagInput, idInput, inputOf } from '../input.ts';
import { firstOf, instanceCalled, listed, notFound } from '../obstacles.ts';
import { unfit, type VolumeLook, volumeComesTo } from './state.ts';

interface Attach {
  readonly serverId: string;
  readonly device?: string;
  readonly deleteOnTermination?: boolean;
}

const fit: ReadonlySet<string> = new Set(['active', 'paused', 'stopped', 'resized', 'shelved', 'shelved_offloaded']);

export const attachVolume: Action<'volume', Attach> = {
  name: 'volume.attach',
  type: 'volume',
  target: 'one',
  permission: 'volume.change',
  summary: 'Attach the volume to an instance',
  input: inputOf(
    {
      serverId: idInput('Id of the instance.'),
      device: {
        type: 'string',
        maxLength: 64,
        pattern: '^/dev/[a-z0-9]+$',
        description: 'Device to appear as; most clouds choose by themselves.',
      },
      deleteOnTermination: flagInput('Whether the volume is deleted with the instance. Default: false.'),
    },
    'serverId',
  ),
  danger: 'none',
  obstacle(look, input) {
    const { target } = look;
    const canShare = target.multiattach ? ['in-use'] : [];
    return firstOf(
      unfit(look, 'available', ...canShare),
      input && obstacleOfServer(look, input.serverId),
      input && attachedAlready(look, input.serverId),
    );
  },
  effects({ target, inventory }, { serverId }) {
    const name = inventory.get('server', serverId)?.name ?? serverId;
    return {
      changes: changeOf(
        'attachedTo',
        target.attachments.map((one) => one.server_id),
        [...target.attachments.map((one) => one.server_id), serverId],
      ),
      takesAlong: [{ type: 'server', id: serverId, name, what: 'gets the volume as another disk' }],
    };
  },
  async run(run, { serverId, device, deleteOnTermination }) {
    const { compute } = run.cloud;
    await run.step('Attaching', 0);
    const attachment = {
      volumeId: run.id,
      ...(device !== undefined && { device }),
      ...(deleteOnTermination !== undefined && { delete_on_termination: deleteOnTermination }),
    };
    const isDone = async () => (await servers.listVolumeAttachments(compute, serverId)).some((one) => one.volumeId === run.id);
    await change(run, 'Attach', { type: 'volume', id: run.id }, () => servers.attachVolume(compute, serverId, attachment), isDone);
    const seen = await volumeComesTo(run, run.id, 'the attachment', (now) => now.status === 'available' || isOn(now, serverId));
    if (!isOn(seen, serverId))
      throw new ActionFailed('NotAttached', 'The cloud began to attach it and gave up; look at the instance, and try again.');
    await volumeComesTo(run, run.id, 'the attachment', ({ status }) => status === 'in-use');
    await run.inventory.reread('server', serverId);
    return undefined;
  },
};

export const detachVolume: Action<'volume', { readonly serverId?: string }> = {
  name: 'volume.detach',
  type: 'volume',
  target: 'one',
  permission: 'volume.change',
  summary: 'Detach the volume from its instance; what the guest has not written yet is lost',
  input: inputOf({ serverId: idInput('Id of the instance; needed where the volume is attached to several.') }),
  danger: 'interrupts',
  obstacle(look, input) {
    const { target, inventory } = look;
    const unready = firstOf(unfit(look, 'in-use'), notAttached(look, input?.serverId));
    if (unready) return unready;
    if (input === undefined && target.attachments.length > 1) return undefined;
    const attachment = attachmentOf(target, input?.serverId);
    if (attachment === undefined) {
      const names = listed(target.attachments.map((one) => instanceCalled(inventory, one.server_id)));
      return { reason: 'Missing', field: 'serverId', message: `It is attached to ${names}; say which to detach it from.` };
    }
    if (isRootOf(inventory.get('server', attachment.server_id), attachment.device)) {
      const message = `${instanceCalled(inventory, attachment.server_id)} boots from it; it can only be detached by deleting that.`;
      return { reason: 'RootVolume', message };
    }
    return obstacleOfServer(look, attachment.server_id);
  },
  effects({ target, inventory }, { serverId }) {
    const id = attachmentOf(target, serverId)?.server_id ?? '';
    const before = target.attachments.map((one) => one.server_id);
    return {
      changes: changeOf(
        'attachedTo',
        before,
        before.filter((one) => one !== id),
      ),
      takesAlong: [{ type: 'server', id, name: inventory.get('server', id)?.name ?? id, what: 'loses the disk' }],
    };
  },
  async run(run, input) {
    const { compute, blockStorage } = run.cloud;
    const before = await volumes.get(blockStorage, run.id);
    const serverId =
      input.serverId ?? (run.before && attachmentOf(run.before, undefined)?.server_id) ?? attachmentOf(before, undefined)?.server_id;
    if (serverId === undefined) return undefined;
    await run.step('Detaching', 0);
    const detach = () => orGone(servers.detachVolume(compute, serverId, run.id));
    const isDone = async () => {
      const seen = await volumes.get(blockStorage, run.id);
      return seen.status === 'detaching' || !isOn(seen, serverId);
    };
    await change(run, 'Detach', { type: 'volume', id: run.id }, detach, isDone);
    await volumeComesTo(run, run.id, 'the detachment', (seen) => !isOn(seen, serverId) && seen.status !== 'detaching');
    await run.inventory.reread('server', serverId);
    return undefined;
  },
};

/** Where the policy hides the device a server boots from, it is the usual one. */
function isRootOf(server: servers.Server | undefined, device: string | null): boolean {
  return server?.image === '' && device === (server['OS-EXT-SRV-ATTR:root_device_name'] ?? '/dev/vda');
}

function isOn({ attachments }: volumes.Volume, serverId: string): boolean {
  return attachments.some((attachment) => attachment.server_id === serverId);
}

/** The one named, or the only one. */
function attachmentOf({ attachments }: volumes.Volume, serverId: string | undefined): volumes.Volume['attachments'][number] | undefined {
  if (serverId === undefined) return attachments.length === 1 ? attachments[0] : undefined;
  return attachments.find((attachment) => attachment.server_id === serverId);
}

function notAttached({ target, inventory }: VolumeLook, serverId: string | undefined): Obstacle | undefined {
  if (serverId === undefined || isOn(target, serverId)) return undefined;
  return { reason: 'NotAttached', field: 'serverId', message: `It is not attached to ${instanceCalled(inventory, serverId)}.` };
}

function attachedAlready({ target, inventory }: VolumeLook, serverId: string): Obstacle | undefined {
  if (!isOn(target, serverId)) return undefined;
  return { reason: 'Same', field: 'serverId', message: `It is attached to ${instanceCalled(inventory, serverId)} already.` };
}

function obstacleOfServer(look: VolumeLook, serverId: string): Obstacle | undefined {
  const { inventory } = look;
  const server = inventory.get('server', serverId);
  if (server === undefined) return notFound(inventory, 'server', serverId, 'serverId');
  const field = 'serverId';
  const who = `Instance ${server.name}`;
  // The Instance lists its volumes, and the reconciler holds the server to that list.
  const isDeclared = look.managerOf ? look.managerOf('server', serverId) !== undefined : stampOf('server', server) !== undefined;
  if (isDeclared)
    return {
      reason: 'Declared',
      field,
      message: `${who} is declared; change the volumes of its object, or use the action of the instance.`,
    };
  if (server.locked === true) return { reason: 'Locked', field, message: `${who} is locked; unlock it first.` };
  if (fit.has(server['OS-EXT-STS:vm_state'])) return undefined;
  return { reason: 'WrongState', field, message: `${who} is ${server.status}, where disks cannot change; bring it to ACTIVE or SHUTOFF.` };
}
