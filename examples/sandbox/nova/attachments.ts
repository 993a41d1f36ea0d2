import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import type { Server, VmState, VolumeMapping } from '../store.ts';
import { logAction } from './instance-actions.ts';
import { findServer, later, requireState, requireUnlocked } from './states.ts';
import { completeAttachment, mapVolume, releaseVolume } from './volume-mappings.ts';

export const attachmentRoutes: RouteTable = {
  'GET /servers/:id/os-volume_attachments': (call) => {
    const server = findServer(call);
    return { status: 200, body: { volumeAttachments: server.volumes.map((mapping) => document(call, server, mapping, 'shown')) } };
  },
  'POST /servers/:id/os-volume_attachments': attachVolume,
  'GET /servers/:id/os-volume_attachments/:volume': (call) => {
    const server = findServer(call);
    return { status: 200, body: { volumeAttachment: document(call, server, findMapping(call, server), 'shown') } };
  },
  'PUT /servers/:id/os-volume_attachments/:volume': updateAttachment,
  'DELETE /servers/:id/os-volume_attachments/:volume': detachVolume,
};

const attachable: readonly VmState[] = ['active', 'paused', 'stopped', 'resized', 'shelved', 'shelved_offloaded'];

function findMapping(call: ScopedCall, server: Server): VolumeMapping {
  const id = call.params.volume ?? '';
  return server.volumes.find(({ volumeId }) => volumeId === id) ?? refuse(404, `Instance ${server.id} is not attached to volume ${id}`);
}

/** 200 with the device at once; the volume goes on from reserved to attaching to in-use. */
function attachVolume(call: ScopedCall): Answer {
  const of = { type: 'object', required: ['volumeId'] } as const;
  const given = checkedBody(call.body, { required: ['volumeAttachment'], properties: { volumeAttachment: of } }).volumeAttachment as Record<
    string,
    unknown
  >;
  const server = findServer(call);
  requireUnlocked(call, server);
  const id = String(given.volumeId);
  const volume = call.store.volumes.get(id);
  if (!volume || volume.projectId !== call.token.projectId) refuse(404, `Volume ${id} could not be found.`);
  requireState(server, 'attach_volume', attachable, { needsHost: false });
  if (server.volumes.some(({ volumeId }) => volumeId === id))
    refuse(400, `Invalid volume: volume ${id} is already attached to instances: ${server.id}`);
  if (volume.status !== 'available')
    refuse(400, `Invalid volume: volume '${id}' status must be 'available'. Currently in '${volume.status}'`);
  const { world } = call;
  const tag = typeof given.tag === 'string' ? given.tag : null;
  const mapping = mapVolume(world, server, volume, { isRoot: false, deleteOnTermination: given.delete_on_termination === true, tag });
  Object.assign(volume, { status: 'reserved', updatedAt: world.clock.now() });
  later(world, server, world.durations.attachMs / 2, () => Object.assign(volume, { status: 'attaching', updatedAt: world.clock.now() }));
  later(world, server, world.durations.attachMs, () => completeAttachment(world, server, volume, mapping));
  logAction(call, server, 'attach_volume');
  return { status: 200, body: { volumeAttachment: document(call, server, mapping, 'made') } };
}

function updateAttachment(call: ScopedCall): Answer {
  const server = findServer(call);
  const mapping = findMapping(call, server);
  const given = isRecord(call.body) && isRecord(call.body.volumeAttachment) ? call.body.volumeAttachment : {};
  if (call.minor < 85) refuse(409, 'Swapping volumes is not supported.');
  if (typeof given.delete_on_termination === 'boolean') mapping.deleteOnTermination = given.delete_on_termination;
  return { status: 202 };
}

function detachVolume(call: ScopedCall): Answer {
  const server = findServer(call);
  requireUnlocked(call, server);
  const mapping = findMapping(call, server);
  if (mapping.isRoot) refuse(400, 'Cannot detach a root device volume');
  requireState(server, 'detach_volume', attachable, { needsHost: false });
  const volume = call.store.volumes.get(mapping.volumeId);
  const { world } = call;
  if (!volume || volume.status !== 'in-use')
    refuse(
      400,
      `Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach. (HTTP 400) (Request-ID: ${call.requestId})`,
    );
  Object.assign(volume, { status: 'detaching', updatedAt: world.clock.now() });
  later(world, server, world.durations.attachMs, () => {
    server.volumes = server.volumes.filter((other) => other !== mapping);
    releaseVolume(world, volume);
  });
  logAction(call, server, 'detach_volume');
  return { status: 202 };
}

function document(call: ScopedCall, server: Server, mapping: VolumeMapping, when: 'made' | 'shown'): object {
  const { minor } = call;
  const isOld = minor < 89 || when === 'made';
  return {
    // From 2.89 on lists show the attachment's own id instead of the volume's twice.
    ...(isOld ? { id: mapping.volumeId } : {}),
    serverId: server.id,
    volumeId: mapping.volumeId,
    device: mapping.device,
    ...(minor >= 70 ? { tag: mapping.tag } : {}),
    ...(minor >= 79 ? { delete_on_termination: mapping.deleteOnTermination } : {}),
    ...(isOld ? {} : { attachment_id: mapping.attachmentId, bdm_uuid: mapping.bdmId }),
  };
}
