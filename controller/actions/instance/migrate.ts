import type { JsonSchema } from '#controller/engine/json.ts';
import * as calls from '#controller/openstack/compute/server-actions.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import { isNotFound } from '#controller/openstack/errors.ts';
import { ActionFailed, type AnyAction, Cancelled } from '../action.ts';
import { type InstanceRun, settle } from './settle.ts';
import { becomes, firstOf, type InstanceAction, type InstanceLook, inputOf, needsAdministrator, stateObstacle } from './states.ts';

const host: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description: 'Name of the host to move to; the choice of the cloud, unless given.',
};

interface Input {
  readonly host?: string;
}

const migrate: InstanceAction<Input> = {
  name: 'instance.migrate',
  type: 'server',
  target: 'one',
  permission: 'instance.migrate',
  summary: 'Stop an instance and move it to another host, where it waits for a confirm or a revert',
  input: inputOf({ host }),
  danger: 'interrupts',
  obstacle: (look, input) => firstOf(stateObstacle(look, 'moved', ['ACTIVE', 'SHUTOFF']), needsAdministrator(look), sameHost(look, input)),
  effects: (look) => becomes(look, 'VERIFY_RESIZE'),
  async run(run, { host: to }) {
    await run.step('Asking the cloud to move it', 10);
    await run.send('migrate', async () => (await calls.migrate(run.cloud.compute, run.id, to), null));
    await run.step('Waiting until it has moved', 30);
    const { status, ...server } = await settle(run, 'the move', {
      into: ['VERIFY_RESIZE', 'ACTIVE', 'SHUTOFF'],
      when: (now) => now.status === 'VERIFY_RESIZE' || hasMoved(run, now),
    });
    return { data: { state: status, host: server['OS-EXT-SRV-ATTR:host'] ?? null } };
  },
};

const liveMigrate: InstanceAction<Input> = {
  name: 'instance.liveMigrate',
  type: 'server',
  target: 'one',
  permission: 'instance.migrate',
  summary: 'Move a running instance to another host without stopping it; cancelling calls it off',
  input: inputOf({ host }),
  danger: 'none',
  obstacle: (look, input) => firstOf(stateObstacle(look, 'moved', ['ACTIVE', 'PAUSED']), needsAdministrator(look), sameHost(look, input)),
  effects: ({ target }, { host: to }) => ({
    changes: [{ path: 'status.host', from: target['OS-EXT-SRV-ATTR:host'] ?? null, to: to ?? null }],
    takesAlong: [],
  }),
  async run(run, { host: to }) {
    await run.step('Asking the cloud to move it', 5);
    await run.send('migrate', async () => (await calls.liveMigrate(run.cloud.compute, run.id, to), null));
    await run.step('Moving', 10);
    let percent: number | undefined;
    try {
      await run.until(
        'the move',
        async () => {
          const server = await run.inventory.reread('server', run.id);
          if (!server || server['OS-EXT-STS:task_state'] === null) return true;
          // It is listed only once the hosts have agreed.
          const [migration] = await calls.listMigrations(run.cloud.compute, run.id);
          percent = migration && percentOf(migration);
          return undefined;
        },
        { timeoutMs: 2 * 3_600_000, percent: () => percent },
      );
      const server = await settle(run, 'the move', { into: ['ACTIVE', 'PAUSED'] });
      if (!hasMoved(run, server))
        throw new ActionFailed('NotMoved', 'The cloud called the move off; its administrator finds why in the log of the host.');
      return { data: { host: server['OS-EXT-SRV-ATTR:host'] ?? null } };
    } catch (error) {
      if (error instanceof Cancelled) await abort(run);
      throw error;
    }
  },
};

const evacuate: InstanceAction<Input> = {
  name: 'instance.evacuate',
  type: 'server',
  target: 'one',
  permission: 'instance.migrate',
  summary: 'Make an instance anew on another host because its own is down; a local disk is lost',
  input: inputOf({ host }),
  danger: 'loss',
  obstacle: (look, input) =>
    firstOf(
      stateObstacle(look, 'evacuated', ['ACTIVE', 'SHUTOFF', 'ERROR'], { evenBusy: true }),
      needsAdministrator(look),
      sameHost(look, input),
    ),
  effects: (look) => ({ ...becomes(look, 'ACTIVE'), loses: 'Everything on its disk, unless that is shared between hosts or a volume.' }),
  async run(run, { host: to }) {
    await run.step('Asking the cloud to evacuate it', 10);
    const sent = await run.send('evacuate', async () => (await calls.evacuate(run.cloud.compute, run.id, to), true));
    if (sent === null)
      throw new ActionFailed('NotSure', 'A restart came in between: nobody knows whether it was sent. Look, and ask again.');
    await run.step('Waiting until it is made anew', 30);
    const server = await settle(run, 'the evacuation', { into: ['ACTIVE', 'SHUTOFF'], when: (now) => hasMoved(run, now) });
    return { data: { host: server['OS-EXT-SRV-ATTR:host'] ?? null } };
  },
};

/** Calls a live migration off; too late is no error, for then it has moved. */
async function abort(run: InstanceRun): Promise<void> {
  const [migration] = await calls.listMigrations(run.cloud.compute, run.id);
  if (!migration) return;
  await run.send('abort', async () => {
    try {
      await calls.abortMigration(run.cloud.compute, run.id, migration.id);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return null;
  });
}

function percentOf(migration: calls.Migration): number | undefined {
  const {
    memory_total_bytes: memory,
    memory_remaining_bytes: memoryLeft,
    disk_total_bytes: disk,
    disk_remaining_bytes: diskLeft,
  } = migration;
  const total = (memory ?? 0) + (disk ?? 0);
  if (total === 0) return undefined;
  return 10 + 85 * (1 - ((memoryLeft ?? 0) + (diskLeft ?? 0)) / total);
}

function hasMoved(run: InstanceRun, server: Server): boolean {
  return server['OS-EXT-SRV-ATTR:host'] !== run.before?.['OS-EXT-SRV-ATTR:host'];
}

function sameHost({ target }: InstanceLook, input: Input | undefined) {
  const now = target['OS-EXT-SRV-ATTR:host'];
  return input?.host !== undefined && input.host === now
    ? { reason: 'Same', field: 'host', message: `It is on host ${now} already; choose another.` }
    : undefined;
}

export const migrateActions: readonly AnyAction[] = [migrate, liveMigrate, evacuate];
