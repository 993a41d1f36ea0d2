import { Refusal, type ScopedCall } from '../call.ts';
import { createVolume } from '../cinder/create.ts';
import { bindPort, makePort, removePort } from '../neutron/ports.ts';
import type { Interface, Server, Volume } from '../store.ts';
import type { VolumePlan } from './block-devices.ts';
import { hasTwinGroups, type NetworkPlan, type NetworkWish } from './network-requests.ts';
import { later, powerState, setState } from './states.ts';
import { attachNow, releaseVolume } from './volume-mappings.ts';

/** Its compute hosts. */
export const hosts = ['sandbox-compute1', 'sandbox-compute2'];

/**
 * Takes a new server through scheduling, networking, its volumes and spawning to ACTIVE, or to ERROR with a fault.
 * `osc_spawn_error` and `osc_spawn_delay` in its metadata make it fail or take seconds, as the driver of our real test cloud does.
 */
export function boot(call: ScopedCall, server: Server, networks: NetworkPlan, volumes: readonly VolumePlan[]): void {
  const { world } = call;
  const { bootMs } = world.durations;
  later(world, server, bootMs * 0.2, () => {
    const host = hosts[world.random.next() < 0.5 ? 0 : 1] ?? '';
    setState(world, server, { taskState: 'networking', host });
    const isHopeless = networks.securityGroups.length > 0 && hasTwinGroups(world.store, server.projectId);
    if (isHopeless || server.metadata.osc_spawn_error !== undefined)
      return later(world, server, bootMs * 0.3, () =>
        fail(
          call,
          server,
          `Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance ${server.id}.`,
          volumes,
        ),
      );
    const mistake = plugIn(call, server, networks) ?? prepareVolumes(call, server, volumes);
    if (mistake !== undefined) return fail(call, server, `Build of instance ${server.id} aborted: ${mistake}`, volumes);
    setState(world, server, { taskState: 'spawning' });
    const delayMs = 1000 * Number(server.metadata.osc_spawn_delay ?? 0);
    later(world, server, bootMs * 0.8 + delayMs, () => {
      server.launchedAt = world.clock.now();
      setState(world, server, { vmState: 'active', taskState: null, powerState: powerState.running });
    });
  });
}

/** Makes or takes the ports; says what was wrong, if anything. Ports made so far go with a server that fails. */
function plugIn(call: ScopedCall, server: Server, plan: NetworkPlan): string | undefined {
  try {
    for (const wish of plan.wishes) server.interfaces.push(interfaceFor(call, server, wish, plan));
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return networkMistake(error, plan);
  }
}

function networkMistake(error: Refusal, plan: NetworkPlan): string {
  const body = error.answer.body as { NeutronError?: { type: string; message: string } };
  const wish = plan.wishes.find((item) => 'network' in item && item.fixedIp !== undefined);
  if (body.NeutronError?.type.startsWith('InvalidIp') && wish && 'network' in wish)
    return `Invalid input received: Fixed IP ${wish.fixedIp} is not a valid ip address for network ${wish.network.id}.`;
  return body.NeutronError?.message ?? 'Failed to allocate the network(s), not rescheduling.';
}

/** Plugs one port into a server that runs on a host. */
export function interfaceFor(call: ScopedCall, server: Server, wish: NetworkWish, plan: Pick<NetworkPlan, 'securityGroups'>): Interface {
  const { world } = call;
  const device = { deviceId: server.id, deviceOwner: `compute:${server.availabilityZone}`, hostId: server.host };
  if ('portId' in wish) {
    const port = world.store.ports.get(wish.portId);
    if (!port)
      throw new Refusal({
        status: 404,
        body: { NeutronError: { type: 'PortNotFound', message: `Port ${wish.portId} could not be found.` } },
      });
    bindPort(world, port, device);
    return { portId: port.id, isMadeByNova: false, tag: wish.tag };
  }
  const now = world.clock.now();
  const standard = {
    id: world.random.uuid(),
    name: '',
    projectId: server.projectId,
    description: '',
    tags: [],
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
  const groups = plan.securityGroups.map(({ group }) => group.id);
  const port = makePort(world, {
    standard,
    network: wish.network,
    ...(wish.fixedIp === undefined ? {} : { wishes: [{ ipAddress: wish.fixedIp }] }),
    ...(groups.length > 0 ? { securityGroupIds: groups } : {}),
  });
  bindPort(world, port, device);
  return { portId: port.id, isMadeByNova: true, tag: wish.tag };
}

function prepareVolumes(call: ScopedCall, server: Server, plans: readonly VolumePlan[]): string | undefined {
  const { world } = call;
  for (const plan of plans) {
    const volume = plan.volume ?? makeVolume(call, plan);
    if (!volume) return 'Invalid volume: it could not be created.';
    attachNow(world, server, volume, plan);
  }
  return undefined;
}

/** A volume made for a boot is there at once; the time it takes is part of the boot's. */
function makeVolume(call: ScopedCall, plan: VolumePlan): Volume | undefined {
  if (!plan.make) return undefined;
  const { size, imageRef, snapshotId, volumeType } = plan.make;
  try {
    const given = {
      size,
      name: '',
      description: '',
      imageRef: imageRef ?? null,
      snapshot_id: snapshotId ?? null,
      volume_type: volumeType ?? null,
    };
    return createVolume(call, given);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function fail(call: ScopedCall, server: Server, message: string, plans: readonly VolumePlan[]): void {
  const { world } = call;
  for (const { portId, isMadeByNova } of server.interfaces) {
    const port = world.store.ports.get(portId);
    if (!port) continue;
    if (isMadeByNova) removePort(world, port);
    else bindPort(world, port, { deviceId: '', deviceOwner: '', hostId: '' });
  }
  server.interfaces = [];
  for (const { volume } of plans) if (volume) releaseVolume(world, volume);
  server.volumes = [];
  server.fault = { code: 500, message, created: world.clock.now() };
  setState(world, server, { vmState: 'error', taskState: null, host: '' });
}
