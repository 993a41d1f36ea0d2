import type { TracedCloud } from '#controller/openstack/cloud.ts';
import { list as listActions } from '#controller/openstack/compute/instance-actions.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import { ActionFailed, type Run } from '../action.ts';

export type InstanceRun = Run<'server'>;

interface Settling {
  /** States it may end in. */
  readonly into: readonly string[];
  /** Besides, for what shows in no state. */
  readonly when?: (server: Server) => boolean;
  readonly timeoutMs?: number;
  percent?(): number | undefined;
}

/**
 * Waits until a server is in a state, with no task under way. Throws ActionFailed when it is gone, in ERROR, or when Nova's own log says
 * that what we asked for failed.
 */
export async function settle(run: InstanceRun, what: string, { into, when, ...options }: Settling): Promise<Server> {
  let looks = 0;
  return await run.until(
    what,
    async () => {
      const server = await run.inventory.reread('server', run.id);
      if (!server) throw new ActionFailed('Gone', 'The instance was deleted meanwhile.');
      if (server['OS-EXT-STS:task_state'] !== null) return undefined;
      if (into.includes(server.status) && (when?.(server) ?? true)) return server;
      if (server.status === 'ERROR')
        throw new ActionFailed('InstanceError', `The instance is in ERROR: ${server.fault?.message ?? 'the cloud says no more'}.`);
      // It rests in a state that was not asked for: that may be just before the task begins, or because it failed.
      if (++looks > 1) await throwIfFailed(run);
      return undefined;
    },
    options,
  );
}

/** Throws what Nova's log of this server says of the requests we sent. */
export async function throwIfFailed(run: InstanceRun): Promise<void> {
  const ids = (run.cloud as Partial<TracedCloud>).requestIds?.() ?? [];
  const failed = (await listActions(run.cloud.compute, run.id)).find(({ request_id, message }) => message && ids.includes(request_id));
  if (!failed) return;
  throw new ActionFailed(
    'CloudFailed',
    `The cloud began to ${failed.action.replaceAll('_', ' ')} it and failed (request ${failed.request_id}); its administrator finds why in the log of the host.`,
  );
}
