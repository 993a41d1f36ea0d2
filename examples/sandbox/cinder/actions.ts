import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import { type Schema, sizeSchema } from '../schema.ts';
import type { Volume } from '../store.ts';
import { revertVolume, uploadVolume } from './contents.ts';
import { reserve } from './quotas.ts';
import { findType } from './types.ts';
import { touch, visibleVolume } from './volumes.ts';

const actions: Readonly<Record<string, (call: ScopedCall, volume: Volume, given: Record<string, unknown>) => Answer>> = {
  'os-extend': extend,
  'os-set_bootable': (call, volume, given) => {
    volume.isBootable = given.bootable === true || given.bootable === 'true';
    touch(call.world, volume);
    return { status: 200 };
  },
  'os-update_readonly_flag': (call, volume, given) => {
    if (volume.status !== 'available')
      refuse(
        400,
        `Invalid volume: Volume ${volume.id} status must be available to update readonly flag, but current status is: ${volume.status}.`,
      );
    volume.isReadOnly = given.readonly === true || given.readonly === 'true';
    volume.metadata = { ...volume.metadata, readonly: volume.isReadOnly ? 'True' : 'False' };
    return { status: 202 };
  },
  'os-retype': retype,
  'os-volume_upload_image': uploadVolume,
  revert: revertVolume,
};

const extendSchema: Schema = {
  properties: { 'os-extend': { type: 'object', required: ['new_size'], properties: { new_size: sizeSchema } } },
};

/** POST /volumes/ID/action: one key of the body names what to do. */
export function volumeActions(call: ScopedCall): Answer {
  const body = checkedBody(call.body, { minProperties: 1 });
  const [name = ''] = Object.keys(body);
  const action = actions[name];
  if (!action) refuse(400, `There is no such action: ${name}. Verify the request body and Content-Type header and try again.`);
  if (name === 'os-extend') checkedBody(call.body, extendSchema);
  return action(call, visibleVolume(call), isRecord(body[name]) ? body[name] : {});
}

function extend(call: ScopedCall, volume: Volume, given: Record<string, unknown>): Answer {
  const size = Number(given.new_size);
  const allowed = call.minor >= 42 ? ['available', 'in-use'] : ['available'];
  if (!allowed.includes(volume.status))
    refuse(400, `Invalid volume: Volume ${volume.id} status must be '{'status': 'available'}' to extend, currently ${volume.status}.`);
  if (size <= volume.size)
    refuse(
      400,
      `Invalid input received: New size for extend must be greater than current size. (current: ${volume.size}, extended: ${size}).`,
    );
  reserve(call.world, call.token.projectId, { gigabytes: size - volume.size });
  const before = volume.status;
  volume.status = 'extending';
  touch(call.world, volume);
  call.world.clock.after(call.world.durations.volumeMs, () => {
    volume.size = size;
    volume.status = before;
    touch(call.world, volume);
  });
  return { status: 202 };
}

function retype(call: ScopedCall, volume: Volume, given: Record<string, unknown>): Answer {
  const type = findType(call.store, String(given.new_type));
  if (!type) refuse(404, `Volume type with name ${String(given.new_type)} could not be found.`);
  if (!['available', 'in-use'].includes(volume.status))
    refuse(400, `Invalid volume: Volume ${volume.id} status must be available or in-use, but current status is: ${volume.status}.`);
  if (type.id === volume.typeId) refuse(400, 'Invalid input received: New volume_type same as original: {}.'.replace('{}', type.id));
  const before = volume.status;
  volume.status = 'retyping';
  touch(call.world, volume);
  // Each type lives on a backend of its own; that it may not move there shows in the outcome only.
  const isHeld = given.migration_policy !== 'on-demand';
  call.world.clock.after(call.world.durations.volumeMs, () => {
    if (!isHeld) volume.typeId = type.id;
    volume.status = before;
    touch(call.world, volume);
  });
  return { status: 202 };
}
