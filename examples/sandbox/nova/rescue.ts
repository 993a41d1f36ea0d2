import type { Answer, ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { Server } from '../store.ts';
import { later, powerState, requireState, setState } from './states.ts';

/** Boots from another image with the disk beside; the answer tells the password it was given. */
export function rescue({ world }: ScopedCall, server: Server, given: Record<string, unknown>): Answer {
  requireState(server, 'rescue', ['active', 'stopped', 'error']);
  setState(world, server, { taskState: 'rescuing' });
  later(world, server, world.durations.actionMs, () =>
    setState(world, server, { vmState: 'rescued', taskState: null, powerState: powerState.running }),
  );
  return { status: 200, body: { adminPass: typeof given.adminPass === 'string' ? given.adminPass : world.random.hex(12) } };
}

export function unrescue({ world }: ScopedCall, server: Server): Answer {
  requireState(server, 'unrescue', ['rescued']);
  setState(world, server, { taskState: 'unrescuing' });
  later(world, server, world.durations.actionMs, () =>
    setState(world, server, { vmState: 'active', taskState: null, powerState: powerState.running }),
  );
  return { status: 202 };
}

/** As if a guest agent took it. */
export function changePassword({ world }: ScopedCall, server: Server): Answer {
  requireState(server, 'changePassword', ['active']);
  setState(world, server, { taskState: 'updating_password' });
  later(world, server, world.durations.actionMs, () => setState(world, server, { taskState: null }));
  return { status: 202 };
}

export function consoleOutput(_call: ScopedCall, server: Server, given: Record<string, unknown>): Answer {
  if (server.vmState === 'building') refuse(409, `Instance ${server.id} is not ready`);
  const lines = [`Booting ${server.name}`, 'FAKE CONSOLE OUTPUT', 'ANOTHER', 'LAST LINE'];
  const length = given.length === undefined || given.length === null ? lines.length : Number(given.length);
  return { status: 200, body: { output: lines.slice(-length).join('\n') } };
}
