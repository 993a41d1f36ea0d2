import { list } from '#controller/openstack/compute/instance-actions.ts';
import type { CloudHandle } from '../handle.ts';
import type { ObservedInstance } from './observe.ts';

/** Who did something to the server lately that was not us, by Nova's own log: `user ID (stop at 2026-11-25T02:00:00Z)`, newest first. */
export async function changedBy({ client }: CloudHandle, { server }: ObservedInstance): Promise<readonly string[]> {
  const [{ userId }, actions] = await Promise.all([client.authenticate(), list(client.compute, server.id)]);
  const byOthers = new Map<string, string>();
  for (const { user_id, action, start_time } of actions) {
    if (user_id === null || user_id === userId || byOthers.has(user_id)) continue;
    byOthers.set(user_id, `user ${user_id} (${action} at ${start_time.replace(/(\.\d+)?Z?$/, 'Z')})`);
  }
  return [...byOthers.values()];
}
