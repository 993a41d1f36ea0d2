import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import type { Server, VmState } from '../store.ts';
import { createServerImage } from './create-image.ts';
import { logAction } from './instance-actions.ts';
import { evacuate, liveMigrate, migrate } from './moves.ts';
import { rebuild } from './rebuild.ts';
import { changePassword, consoleOutput, rescue, unrescue } from './rescue.ts';
import { confirmResize, resize, revertResize } from './resize.ts';
import { addSecurityGroup, removeSecurityGroup } from './security-group-actions.ts';
import { findServer, later, powerState, requireState, requireUnlocked, setState } from './states.ts';

export type Action = (call: ScopedCall, server: Server, given: Record<string, unknown>) => Answer;

/** What changes only state: from where it may start, what it is called meanwhile, where it ends. */
interface Transition {
  readonly name: string;
  readonly from: readonly VmState[];
  readonly task: string;
  readonly to: VmState;
  readonly power: number;
  readonly needsHost?: false;
}

const running: readonly VmState[] = ['active'];

const transitions: Readonly<Record<string, Transition>> = {
  'os-stop': { name: 'stop', from: ['active', 'error'], task: 'powering-off', to: 'stopped', power: powerState.shutdown },
  'os-start': { name: 'start', from: ['stopped'], task: 'powering-on', to: 'active', power: powerState.running },
  pause: { name: 'pause', from: running, task: 'pausing', to: 'paused', power: powerState.paused },
  unpause: { name: 'unpause', from: ['paused'], task: 'unpausing', to: 'active', power: powerState.running },
  suspend: { name: 'suspend', from: running, task: 'suspending', to: 'suspended', power: powerState.shutdown },
  resume: { name: 'resume', from: ['suspended'], task: 'resuming', to: 'active', power: powerState.running },
};

const actions: Readonly<Record<string, Action>> = {
  ...Object.fromEntries(Object.entries(transitions).map(([key, transition]) => [key, actionOf(transition)])),
  reboot,
  shelve,
  unshelve,
  rebuild,
  'os-resetState': resetState,
  resize,
  confirmResize,
  revertResize,
  addSecurityGroup,
  removeSecurityGroup,
  createImage: createServerImage,
  rescue,
  unrescue,
  changePassword,
  'os-getConsoleOutput': consoleOutput,
  migrate,
  'os-migrateLive': liveMigrate,
  evacuate,
  lock: (_call, server, given) => {
    Object.assign(server, { locked: true, lockedReason: typeof given.locked_reason === 'string' ? given.locked_reason : null });
    return { status: 202 };
  },
  unlock: (_call, server) => {
    Object.assign(server, { locked: false, lockedReason: null });
    return { status: 202 };
  },
};

/** What no compute host carries out is not in Nova's log. */
const UNLOGGED: ReadonlySet<string> = new Set(['addSecurityGroup', 'removeSecurityGroup', 'os-resetState', 'os-getConsoleOutput']);

/** POST /servers/ID/action: the one key of the body names the action. */
export function serverActions(call: ScopedCall): Answer {
  const body = checkedBody(call.body, {});
  const names = Object.keys(body);
  const [name = ''] = names;
  if (names.length !== 1) refuse(400, 'Malformed request body');
  const action = actions[name];
  if (!action) refuse(400, `There is no such action: ${name}`);
  // These two look for the server's cell first, and say so.
  const id = call.params.id ?? '';
  if ((name === 'os-stop' || name === 'os-start') && !call.store.servers.has(id)) refuse(404, `Instance ${id} has no mapping to a cell.`);
  const server = findServer(call);
  if (name !== 'unlock' && name !== 'os-getConsoleOutput') requireUnlocked(call, server);
  const answer = action(call, server, isRecord(body[name]) ? body[name] : {});
  if (!UNLOGGED.has(name)) logAction(call, server, name);
  return answer;
}

function actionOf(transition: Transition): Action {
  return ({ world }, server) => {
    requireState(server, transition.name, transition.from);
    setState(world, server, { taskState: transition.task });
    later(world, server, world.durations.actionMs, () => {
      setState(world, server, { vmState: transition.to, taskState: null, powerState: transition.power });
    });
    return { status: 202 };
  };
}

/** An administrator's way out of a state nothing leads out of; the server itself is not touched. */
function resetState(call: ScopedCall, server: Server): Answer {
  if (!call.token.roles.includes('admin')) refuse(403, "Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be performed.");
  const state = { type: 'object', required: ['state'], properties: { state: { type: 'string', enum: ['active', 'error'] } } } as const;
  const given = checkedBody(call.body, { properties: { 'os-resetState': state } })['os-resetState'] as { state: 'active' | 'error' };
  setState(call.world, server, { vmState: given.state, taskState: null });
  return { status: 202 };
}

const rebootTypes = ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft'];

function reboot(call: ScopedCall, server: Server): Answer {
  const type = { type: 'object', required: ['type'], properties: { type: { type: 'string', enum: rebootTypes } } } as const;
  const given = checkedBody(call.body, { properties: { reboot: type } }).reboot as { type: string };
  const isHard = given.type.toLowerCase() === 'hard';
  requireState(server, 'reboot', isHard ? ['active', 'stopped', 'paused', 'suspended', 'error'] : running);
  const { world } = call;
  setState(world, server, { taskState: isHard ? 'rebooting_hard' : 'rebooting' });
  later(world, server, world.durations.actionMs, () =>
    setState(world, server, { vmState: 'active', taskState: null, powerState: powerState.running }),
  );
  return { status: 202 };
}

/** Straight on to SHELVED_OFFLOADED, as with the default shelved_offload_time of 0; ports and volumes stay its own. */
function shelve({ world }: ScopedCall, server: Server): Answer {
  requireState(server, 'shelve', ['active', 'stopped', 'paused', 'suspended']);
  setState(world, server, { taskState: 'shelving' });
  later(world, server, world.durations.actionMs, () =>
    setState(world, server, { vmState: 'shelved_offloaded', taskState: null, powerState: powerState.shutdown, host: '' }),
  );
  return { status: 202 };
}

function unshelve({ world }: ScopedCall, server: Server): Answer {
  requireState(server, 'unshelve', ['shelved', 'shelved_offloaded'], { needsHost: false });
  setState(world, server, { taskState: 'spawning' });
  later(world, server, world.durations.actionMs, () =>
    setState(world, server, { vmState: 'active', taskState: null, powerState: powerState.running, host: 'sandbox-compute1' }),
  );
  return { status: 202 };
}
