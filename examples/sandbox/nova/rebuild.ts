import type { Answer, ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import { metadataSchema, type Schema, uuidSchema } from '../schema.ts';
import type { Server } from '../store.ts';
import { descriptionSchema, nameSchema } from './create-schema.ts';
import { later, powerState, requireState, setState } from './states.ts';
import { serverDocument } from './view.ts';

const userData: Schema = { anyOf: [{ type: 'string', maxLength: 65_535 }, { type: 'null' }] };

function rebuildSchema(minor: number): Schema {
  const properties: Record<string, Schema> = {
    imageRef: uuidSchema,
    name: nameSchema,
    adminPass: { type: 'string' },
    metadata: metadataSchema,
    preserve_ephemeral: { type: ['boolean', 'string'] },
    'OS-DCF:diskConfig': { type: 'string', enum: ['AUTO', 'MANUAL'] },
    accessIPv4: { type: 'string' },
    accessIPv6: { type: 'string' },
    ...(minor >= 19 ? { description: descriptionSchema } : {}),
    ...(minor >= 54 ? { key_name: { anyOf: [nameSchema, { type: 'null' }] } } : {}),
    ...(minor >= 57 ? { user_data: userData } : { personality: { type: 'array' } }),
  };
  return { properties: { rebuild: { type: 'object', required: ['imageRef'], others: false, properties } } };
}

/**
 * The disk anew from an image; id, ports and volumes stay. What is given besides counts at once, what is not stays as it was; metadata is
 * replaced whole. A server that was stopped is started and stopped again.
 */
export function rebuild(call: ScopedCall, server: Server): Answer {
  const given = checkedBody(call.body, rebuildSchema(call.minor)).rebuild as Record<string, unknown>;
  requireState(server, 'rebuild', ['active', 'stopped', 'error'], { needsHost: false });
  if (server.launchedAt === null) refuse(409, `Instance ${server.id} is in an invalid state for 'rebuild'`);
  if (typeof given.key_name === 'string' && !call.store.keypairs.has(`${call.token.userId}/${given.key_name}`))
    refuse(400, 'Invalid key_name provided.');
  const imageId = String(given.imageRef);
  if (!call.store.images.has(imageId)) refuse(400, 'Cannot find image for rebuild');
  const isVolumeBacked = server.imageId === '';
  if (isVolumeBacked && call.minor < 93 && rootImageOf(call, server) !== imageId)
    refuse(400, `Image ${imageId} is unacceptable: Unable to rebuild with a different image for a volume-backed server.`);
  Object.assign(server, {
    ...(isVolumeBacked ? {} : { imageId }),
    ...(given.key_name === undefined ? {} : { keyName: given.key_name }),
    ...(given.user_data === undefined ? {} : { userData: given.user_data }),
    ...(given.metadata === undefined ? {} : { metadata: { ...(given.metadata as Record<string, string>) } }),
    ...(given.name === undefined ? {} : { name: given.name }),
    ...(given.description === undefined ? {} : { description: given.description }),
  });
  redo(call, server);
  return {
    status: 202,
    headers: { location: `${call.world.origin}/compute/v2.1/servers/${server.id}` },
    body: {
      server: {
        ...serverDocument(call, server),
        adminPass: call.world.random.hex(12),
        ...(call.minor >= 57 ? { user_data: server.userData } : {}),
      },
    },
  };
}

function rootImageOf(call: ScopedCall, server: Server): string | undefined {
  const root = server.volumes.find((mapping) => mapping.isRoot);
  return root && call.store.volumes.get(root.volumeId)?.imageMetadata?.image_id;
}

/** `osc_spawn_error` in the metadata fails a rebuild too, as the driver of our real test cloud has it. */
function redo({ world }: ScopedCall, server: Server): void {
  const wasStopped = server.vmState === 'stopped';
  setState(world, server, { taskState: 'rebuilding' });
  later(world, server, world.durations.actionMs, () => {
    setState(world, server, { taskState: 'rebuild_spawning' });
    later(world, server, world.durations.actionMs, () => {
      const failure = server.metadata.osc_spawn_error;
      if (failure !== undefined) {
        server.fault = { code: 400, message: `Failed to deploy instance: ${failure}`, created: world.clock.now() };
        return setState(world, server, { vmState: 'error', taskState: null });
      }
      server.launchedAt = world.clock.now();
      setState(world, server, { vmState: 'active', taskState: wasStopped ? 'powering-off' : null, powerState: powerState.running });
      if (!wasStopped) return;
      later(world, server, world.durations.actionMs, () =>
        setState(world, server, { vmState: 'stopped', taskState: null, powerState: powerState.shutdown }),
      );
    });
  });
}
