import * as instanceActions from '#controller/openstack/compute/instance-actions.ts';
import { consoleLog } from '#controller/openstack/compute/server-actions.ts';
import type { World } from '../../actions/world.ts';
import type { Log } from '../../log.ts';

/** What a cloud tells of a guest beside its inventory, asked when somebody needs it. */
export interface Guests {
  /** Undefined when it cannot be had now. */
  consoleLog(cluster: string, serverId: string): Promise<string | undefined>;
  /** Whether its disk was made anew since then (epoch ms), which makes new host keys; false when that cannot be found out. */
  wasRebuilt(cluster: string, serverId: string, since: number): Promise<boolean>;
}

/** Actions after which a guest boots for the first time once more. */
const rebuilds = new Set(['rebuild', 'evacuate']);

export function createGuests(world: () => Pick<World, 'clouds'> | undefined, log: Log): Guests {
  async function ask<T>(cluster: string, serverId: string, what: string, call: (compute: Compute) => Promise<T>): Promise<T | undefined> {
    const cloud = world()?.clouds.look(cluster);
    if (!cloud || 'reason' in cloud) return undefined;
    try {
      return await call(cloud.client.compute);
    } catch (error) {
      log('warn', `${what} could not be read`, { cluster, server: serverId, error: String(error) });
      return undefined;
    }
  }
  return {
    consoleLog: (cluster, serverId) => ask(cluster, serverId, 'a console log', (compute) => consoleLog(compute, serverId)),
    async wasRebuilt(cluster, serverId, since) {
      const actions = await ask(cluster, serverId, 'the actions of an instance', (compute) => instanceActions.list(compute, serverId));
      // Nova says its times without a zone, means UTC, and leaves out the milliseconds that ours have.
      return (actions ?? []).some(
        ({ action, start_time: at }) => rebuilds.has(action) && Date.parse(`${at.replace(/(\.\d+)?Z?$/, '')}Z`) + 1000 > since,
      );
    },
  };
}

type Compute = Parameters<typeof consoleLog>[0];
