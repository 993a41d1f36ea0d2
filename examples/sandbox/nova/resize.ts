import type { Answer, ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { Server } from '../store.ts';
import { findFlavor } from './create.ts';
import { reserveServer } from './quotas.ts';
import { later, powerState, requireState, setState } from './states.ts';

/** To another host with another flavor; the server waits in VERIFY_RESIZE until that is confirmed or reverted. */
export function resize(call: ScopedCall, server: Server, given: Record<string, unknown>): Answer {
  const flavor = findFlavor(call, given.flavorRef);
  requireState(server, 'resize', ['active', 'stopped']);
  if (flavor.id === server.flavor.id) refuse(400, 'When resizing, instances must change flavor!');
  reserveServer(call, {
    instances: 0,
    cores: Math.max(0, flavor.vcpus - server.flavor.vcpus),
    ram: Math.max(0, flavor.ram - server.flavor.ram),
  });
  const { world } = call;
  server.resize = { flavor: server.flavor, vmState: server.vmState, host: server.host };
  setState(world, server, { taskState: 'resize_prep' });
  later(world, server, world.durations.resizeMs, () => {
    const host = server.host.endsWith('1') ? 'sandbox-compute2' : 'sandbox-compute1';
    setState(world, server, { vmState: 'resized', taskState: null, flavor, host });
  });
  return { status: 202 };
}

export function confirmResize({ world }: ScopedCall, server: Server): Answer {
  requireState(server, 'confirmResize', ['resized']);
  const before = server.resize;
  delete server.resize;
  setState(world, server, runningOr(before));
  return { status: 204 };
}

export function revertResize({ world }: ScopedCall, server: Server): Answer {
  requireState(server, 'revertResize', ['resized']);
  setState(world, server, { taskState: 'resize_reverting' });
  later(world, server, world.durations.resizeMs, () => {
    const before = server.resize;
    delete server.resize;
    setState(world, server, { ...runningOr(before), taskState: null, ...(before ? { flavor: before.flavor, host: before.host } : {}) });
  });
  return { status: 202 };
}

/** A server that was stopped before is stopped again afterwards. */
function runningOr(before: Server['resize']): Pick<Server, 'vmState' | 'powerState'> {
  const isStopped = before?.vmState === 'stopped';
  return { vmState: isStopped ? 'stopped' : 'active', powerState: isStopped ? powerState.shutdown : powerState.running };
}
