import type { Answer, ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import type { Server } from '../store.ts';
import { findServer, later, requireState, setState } from './states.ts';

const hosts = ['sandbox-compute1', 'sandbox-compute2'];

/** What only administrators do. */
function requireAdmin({ token }: ScopedCall, policy: string): void {
  if (!token.roles.includes('admin')) refuse(403, `Policy doesn't allow ${policy} to be performed.`);
}

function chosenHost(server: Server, given: unknown): string {
  if (typeof given !== 'string') return hosts.find((host) => host !== server.host) ?? '';
  if (!hosts.includes(given)) refuse(400, `Compute host ${given} could not be found.`);
  return given;
}

/** Cold: as a resize to the flavor it has. */
export function migrate(call: ScopedCall, server: Server, given: Record<string, unknown>): Answer {
  requireAdmin(call, 'os_compute_api:os-migrate-server:migrate');
  const host = chosenHost(server, given.host);
  requireState(server, 'migrate', ['active', 'stopped']);
  const { world } = call;
  server.resize = { flavor: server.flavor, vmState: server.vmState, host: server.host };
  setState(world, server, { taskState: 'resize_prep' });
  later(world, server, world.durations.resizeMs, () => setState(world, server, { vmState: 'resized', taskState: null, host }));
  return { status: 202 };
}

/** While it runs; shown as a migration until it is there or called off. */
export function liveMigrate(call: ScopedCall, server: Server, given: Record<string, unknown>): Answer {
  requireAdmin(call, 'os_compute_api:os-migrate-server:migrate_live');
  const host = chosenHost(server, given.host);
  requireState(server, 'os-migrateLive', ['active', 'paused']);
  const { world } = call;
  const migration = { id: 1 + Math.floor(world.random.next() * 1_000_000), to: host };
  server.migration = migration;
  setState(world, server, { taskState: 'migrating' });
  later(world, server, world.durations.resizeMs, () => {
    if (server.migration !== migration) return;
    delete server.migration;
    setState(world, server, { taskState: null, host });
  });
  return { status: 202 };
}

/** Every host here is up. */
export function evacuate(call: ScopedCall, server: Server): Answer {
  requireAdmin(call, 'os_compute_api:os-evacuate');
  requireState(server, 'evacuate', ['active', 'stopped', 'error'], { anyTask: true });
  return refuse(400, `Compute service of ${server.host} is still in use.`);
}

export const migrationRoutes: RouteTable = {
  'GET /servers/:id/migrations': (call) => {
    requireAdmin(call, 'os_compute_api:servers:migrations:index');
    const { migration, host } = findServer(call);
    const row = migration && {
      id: migration.id,
      status: 'running',
      source_compute: host,
      dest_compute: migration.to,
      memory_total_bytes: null,
      memory_remaining_bytes: null,
      disk_total_bytes: null,
      disk_remaining_bytes: null,
    };
    return { status: 200, body: { migrations: row ? [row] : [] } };
  },
  'DELETE /servers/:id/migrations/:migration': (call) => {
    requireAdmin(call, 'os_compute_api:servers:migrations:delete');
    const server = findServer(call);
    if (String(server.migration?.id) !== call.params.migration) {
      refuse(404, `Migration ${call.params.migration} for server ${server.id} could not be found.`);
    }
    delete server.migration;
    later(call.world, server, call.world.durations.actionMs, () => setState(call.world, server, { taskState: null }));
    return { status: 202 };
  },
};
