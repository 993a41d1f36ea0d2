import type { Answer, ScopedCall } from '../call.ts';
import { bindPort, removePort } from '../neutron/ports.ts';
import type { Server } from '../store.ts';
import type { World } from '../world.ts';
import { findServer, requireUnlocked, setState } from './states.ts';
import { releaseVolume } from './volume-mappings.ts';

/** A deleted server stays in the store this long, for lists that ask for changes. */
const rememberMs = 3600 * 1000;

/** DELETE /servers/ID: 204 at once, gone a little later; asking twice is fine. */
export function deleteServer(call: ScopedCall): Answer {
  const server = findServer(call);
  requireUnlocked(call, server);
  const { world } = call;
  if (server.taskState === 'deleting') return { status: 204 };
  setState(world, server, { taskState: 'deleting' });
  world.clock.after(world.durations.deleteMs, () => finish(world, server));
  return { status: 204 };
}

function finish(world: World, server: Server): void {
  const { store, clock } = world;
  for (const { portId, isMadeByNova } of server.interfaces) {
    const port = store.ports.get(portId);
    if (!port) continue;
    if (isMadeByNova) removePort(world, port);
    else bindPort(world, port, { deviceId: '', deviceOwner: '', hostId: '' });
  }
  for (const { volumeId, deleteOnTermination } of server.volumes) {
    const volume = store.volumes.get(volumeId);
    if (!volume) continue;
    releaseVolume(world, volume);
    if (deleteOnTermination) store.volumes.delete(volumeId);
  }
  server.interfaces = [];
  server.volumes = [];
  server.terminatedAt = clock.now();
  setState(world, server, { vmState: 'deleted', taskState: null, powerState: 0 });
  clock.after(rememberMs, () => store.servers.delete(server.id));
}
