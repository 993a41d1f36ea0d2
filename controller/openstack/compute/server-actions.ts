import { requestBody, requestNothing, requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { SERVER_MICROVERSION } from './servers.ts';

/** What is done to a server beside what the reconciler does: locks, rescue, passwords, moves between hosts, console logs. */

/** A move of a server between hosts, running or over. */
export interface Migration {
  id: number;
  uuid?: string;
  /** queued, preparing, running, post-migrating; only of running ones. */
  status: string;
  source_compute?: string | null;
  dest_compute?: string | null;
  /** Bytes, while it runs; null when the hypervisor tells none. */
  memory_total_bytes?: number | null;
  memory_remaining_bytes?: number | null;
  disk_total_bytes?: number | null;
  disk_remaining_bytes?: number | null;
}

const path = (id: string) => `/servers/${encodeURIComponent(id)}`;

function act(client: ServiceClient, id: string, body: Record<string, unknown>): Promise<void> {
  return requestNothing(client, { method: 'POST', path: `${path(id)}/action`, body, microversion: SERVER_MICROVERSION });
}

/** The reason (>=2.73) is shown to whoever sees the server. */
export const lock = (client: ServiceClient, id: string, reason?: string) =>
  act(client, id, { lock: reason === undefined ? null : { locked_reason: reason } });
export const unlock = (client: ServiceClient, id: string) => act(client, id, { unlock: null });

/** Boots it from another image, or its own, with its disk as the second; leads to RESCUE. The password Nova answers is dropped. */
export const rescue = (client: ServiceClient, id: string, options: { adminPass: string; imageRef?: string }) =>
  act(client, id, {
    rescue: { adminPass: options.adminPass, ...(options.imageRef !== undefined && { rescue_image_ref: options.imageRef }) },
  });

/** Needs an agent in the guest; hypervisors without one refuse it. */
export const changePassword = (client: ServiceClient, id: string, adminPass: string) => act(client, id, { changePassword: { adminPass } });

/** Cold: it is stopped, moved and waits in VERIFY_RESIZE. By default policy for administrators only, as are the next two. */
export const migrate = (client: ServiceClient, id: string, host?: string) =>
  act(client, id, { migrate: host === undefined ? null : { host } });

/** While it runs; the cloud chooses whether disks have to be copied, and the host unless one is given. */
export const liveMigrate = (client: ServiceClient, id: string, host?: string) =>
  act(client, id, { 'os-migrateLive': { host: host ?? null, block_migration: 'auto' } });

/** Made anew elsewhere; refused while the host it was on is up. */
export const evacuate = (client: ServiceClient, id: string, host?: string) =>
  act(client, id, { evacuate: host === undefined ? {} : { host } });

/** Moves that are under way. */
export function listMigrations(client: ServiceClient, id: string): Promise<Migration[]> {
  const options = { method: 'GET' as const, path: `${path(id)}/migrations`, microversion: SERVER_MICROVERSION };
  return requestOne<Migration[]>(client, options, 'migrations', 'list');
}

/** Possible while it is queued, preparing or running. */
export function abortMigration(client: ServiceClient, id: string, migration: number): Promise<void> {
  return requestNothing(client, { method: 'DELETE', path: `${path(id)}/migrations/${migration}`, microversion: SERVER_MICROVERSION });
}

/** The last `length` lines of what it wrote to its serial console; all when undefined. */
export async function consoleLog(client: ServiceClient, id: string, length?: number): Promise<string> {
  const body = { 'os-getConsoleOutput': length === undefined ? {} : { length } };
  const options = { method: 'POST' as const, path: `${path(id)}/action`, body, microversion: SERVER_MICROVERSION };
  return (await requestBody<{ output?: string }>(client, options)).output ?? '';
}
