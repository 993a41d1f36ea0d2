import type { ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { Server, VmState } from '../store.ts';
import type { World } from '../world.ts';

export const powerState = { none: 0, running: 1, paused: 3, shutdown: 4, crashed: 6, suspended: 7 } as const;

const rebuilding = { rebuilding: 'REBUILD', rebuild_block_device_mapping: 'REBUILD', rebuild_spawning: 'REBUILD' };
const resizing = { resize_prep: 'RESIZE', resize_migrating: 'RESIZE', resize_migrated: 'RESIZE', resize_finish: 'RESIZE', ...rebuilding };

/** `status` follows from vm_state and task_state, as in nova/api/openstack/common.py. */
const statuses: Readonly<Record<VmState, { readonly default: string } & Readonly<Record<string, string>>>> = {
  active: {
    default: 'ACTIVE',
    rebooting: 'REBOOT',
    rebooting_hard: 'HARD_REBOOT',
    updating_password: 'PASSWORD',
    migrating: 'MIGRATING',
    ...resizing,
  },
  building: { default: 'BUILD' },
  stopped: { default: 'SHUTOFF', ...resizing },
  resized: { default: 'VERIFY_RESIZE', resize_reverting: 'REVERT_RESIZE' },
  paused: { default: 'PAUSED', migrating: 'MIGRATING' },
  suspended: { default: 'SUSPENDED' },
  rescued: { default: 'RESCUE' },
  error: { default: 'ERROR', ...rebuilding },
  deleted: { default: 'DELETED' },
  shelved: { default: 'SHELVED' },
  shelved_offloaded: { default: 'SHELVED_OFFLOADED' },
};

export function statusOf(server: Server): string {
  const byTask = statuses[server.vmState];
  return byTask[server.taskState ?? 'default'] ?? byTask.default;
}

export function setState(
  world: World,
  server: Server,
  change: Partial<Pick<Server, 'vmState' | 'taskState' | 'powerState' | 'host' | 'flavor'>>,
): void {
  Object.assign(server, change);
  server.updatedAt = world.clock.now();
  world.onServerChanged(server);
  if (change.taskState !== null) return;
  for (const action of server.actions) action.finishedAt ??= server.updatedAt;
}

/** The server of the path; deleted ones are only seen by lists that ask for them. */
export function findServer(call: ScopedCall, id = call.params.id ?? ''): Server {
  const server = call.store.servers.get(id);
  const isSeen =
    server && server.vmState !== 'deleted' && (server.projectId === call.token.projectId || call.token.roles.includes('admin'));
  if (!isSeen) refuse(404, `Instance ${id} could not be found.`);
  return server;
}

/** Refuses what cannot be done in this state: wrong vm_state first, then any task under way, as Nova's decorators do. */
export function requireState(
  server: Server,
  action: string,
  allowed: readonly VmState[],
  options: { anyTask?: boolean; needsHost?: boolean } = {},
): void {
  if (options.needsHost !== false && server.host === '' && server.vmState !== 'building') refuse(409, `Instance ${server.id} is not ready`);
  if (!allowed.includes(server.vmState)) refuse(409, `Cannot '${action}' instance ${server.id} while it is in vm_state ${server.vmState}`);
  if (!options.anyTask && server.taskState !== null)
    refuse(409, `Cannot '${action}' instance ${server.id} while it is in task_state ${server.taskState}`);
}

export function requireUnlocked(call: ScopedCall, server: Server): void {
  if (server.locked && !call.token.roles.includes('admin')) refuse(409, `Instance ${server.id} is locked`);
}

/** Goes on with a server after a while, unless it has been deleted meanwhile. */
export function later(world: World, server: Server, ms: number, step: () => void): void {
  world.clock.after(ms, () => {
    if (server.vmState === 'deleted' || server.taskState === 'deleting' || !world.store.servers.has(server.id)) return;
    step();
  });
}
