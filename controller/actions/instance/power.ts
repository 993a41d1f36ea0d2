import type { Json } from '#controller/engine/json.ts';
import type { ServiceClient } from '#controller/openstack/cloud.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { ActionFailed, type AnyAction } from '../action.ts';
import { settle } from './settle.ts';
import { becomes, type InstanceAction, noInput, nothingElse, stateObstacle } from './states.ts';

interface Transition {
  readonly verb: string;
  readonly done: string;
  readonly summary: string;
  readonly from: readonly string[];
  readonly to: readonly [string, ...string[]];
  readonly danger: InstanceAction['danger'];
  /** spec.powerState that says so. */
  readonly declared: Json;
  readonly send: (client: ServiceClient, id: string) => Promise<void>;
}

const shelvedStates = ['SHELVED_OFFLOADED', 'SHELVED'] as const;

const transitions: readonly Transition[] = [
  {
    verb: 'start',
    done: 'started',
    summary: 'Start an instance that is stopped',
    from: ['SHUTOFF'],
    to: ['ACTIVE'],
    danger: 'none',
    declared: 'Running',
    send: servers.start,
  },
  {
    verb: 'stop',
    done: 'stopped',
    summary: 'Shut an instance down',
    from: ['ACTIVE', 'ERROR'],
    to: ['SHUTOFF'],
    danger: 'interrupts',
    declared: 'Stopped',
    send: servers.stop,
  },
  {
    verb: 'pause',
    done: 'paused',
    summary: 'Halt an instance, with its memory kept in its host',
    from: ['ACTIVE'],
    to: ['PAUSED'],
    danger: 'interrupts',
    declared: 'Paused',
    send: servers.pause,
  },
  {
    verb: 'unpause',
    done: 'unpaused',
    summary: 'Let a paused instance go on',
    from: ['PAUSED'],
    to: ['ACTIVE'],
    danger: 'none',
    declared: 'Running',
    send: servers.unpause,
  },
  {
    verb: 'suspend',
    done: 'suspended',
    summary: 'Halt an instance, with its memory written to disk',
    from: ['ACTIVE'],
    to: ['SUSPENDED'],
    danger: 'interrupts',
    declared: 'Suspended',
    send: servers.suspend,
  },
  {
    verb: 'resume',
    done: 'resumed',
    summary: 'Let a suspended instance go on',
    from: ['SUSPENDED'],
    to: ['ACTIVE'],
    danger: 'none',
    declared: 'Running',
    send: servers.resume,
  },
  {
    verb: 'shelve',
    done: 'shelved',
    summary: 'Stop an instance and give its place on the host back; disks and addresses are kept',
    from: ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED'],
    to: shelvedStates,
    danger: 'interrupts',
    declared: 'Shelved',
    send: servers.shelve,
  },
  {
    verb: 'unshelve',
    done: 'unshelved',
    summary: 'Bring a shelved instance back',
    from: shelvedStates,
    to: ['ACTIVE'],
    danger: 'none',
    declared: 'Running',
    send: servers.unshelve,
  },
];

/** What it should be doing is a matter of the declaration where that says anything of it. */
export const powerActions: readonly AnyAction[] = transitions.map(actionOf);

function actionOf({ verb, done, summary, from, to, danger, declared, send }: Transition): AnyAction {
  const action: InstanceAction = {
    name: `instance.${verb}`,
    type: 'server',
    target: 'one',
    permission: 'instance.operate',
    summary,
    input: noInput,
    danger,
    obstacle: (look) => stateObstacle(look, done, from),
    effects: (look) => becomes(look, to[0]),
    declares: ({ declared: object }) => (object?.spec['powerState'] === undefined ? undefined : { powerState: declared }),
    async run(run) {
      await run.step(`Asking the cloud to ${verb} it`, 10);
      await run.send(verb, async () => (await send(run.cloud.compute, run.id), null));
      await run.step(`Waiting until it is ${done}`, 40);
      const { status } = await settle(run, `the ${to[0]} state`, { into: to });
      return { data: { state: status } };
    },
  };
  return action;
}

const reboots = [
  { kind: 'soft', type: 'SOFT', from: ['ACTIVE'], summary: 'Ask the operating system of an instance to boot anew' },
  {
    kind: 'hard',
    type: 'HARD',
    from: ['ACTIVE', 'SHUTOFF', 'PAUSED', 'SUSPENDED', 'ERROR'],
    summary: 'Turn an instance off and on again, whatever it is doing',
  },
] as const;

export const rebootActions: readonly AnyAction[] = reboots.map(({ kind, type, from, summary }) => {
  const action: InstanceAction = {
    name: `instance.${kind}Reboot`,
    type: 'server',
    target: 'one',
    permission: 'instance.operate',
    summary,
    input: noInput,
    danger: 'interrupts',
    // Another power state than the declared one would be put right by the reconciler: then it is the declaration that has to change.
    obstacle: (look) => stateObstacle(look, 'rebooted', from),
    effects: (look) => (look.target.status === 'ACTIVE' ? nothingElse : becomes(look, 'ACTIVE')),
    declares: ({ target, declared: object }) =>
      target.status === 'ACTIVE' || object?.spec['powerState'] === undefined ? undefined : { powerState: 'Running' },
    async run(run) {
      await run.step('Asking the cloud to reboot it', 10);
      const answer = await run.send('reboot', async () => (await servers.reboot(run.cloud.compute, run.id, type), true));
      if (answer === null) throw unknownReboot();
      await run.step('Waiting until it runs', 40);
      await settle(run, 'the ACTIVE state', { into: ['ACTIVE'] });
      return undefined;
    },
  };
  return action;
});

function unknownReboot(): ActionFailed {
  return new ActionFailed(
    'NotSure',
    'The server was started anew just when the reboot was sent, so it may not have been; look, and ask again.',
  );
}
