import { setTimeout as pause } from 'node:timers/promises';
import type { Change, Owner } from '#controller/engine/kind.ts';
import { STAMP_KEY } from '#controller/inventory/stamp.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { isNotFound, isOpenStackError } from '#controller/openstack/errors.ts';
import { update as updatePort } from '#controller/openstack/network/ports.ts';
import { concerns, concernsBelow, mapWrites, setAfter } from '../changes.ts';
import type { CloudHandle } from '../handle.ts';
import { Obstacle } from '../obstacle.ts';
import { STAMP_PATH } from '../ownership.ts';
import { remove, write } from '../writes.ts';
import { obstacleToAttach, planAttachments } from './attachments.ts';
import type { DesiredInstance, DesiredNetwork } from './desire.ts';
import { groupsAfter, groupsAtBoot, planGroups } from './groups.ts';
import { planInterfaces, withAddress } from './interfaces.ts';
import { type ObservedInstance, observeInstance, rereadInstance } from './observe.ts';
import { possibleChanges } from './obstacles.ts';
import { powerAction } from './power.ts';
import { rebuild } from './rebuild.ts';
import { declaredMetadata, encodedUserData, USER_DATA_KEY, userDataMark } from './user-data.ts';

/** Boots the server; its answer names nothing but the id, so the next look reads it. */
export async function createInstance(cloud: CloudHandle, desired: DesiredInstance): Promise<{ id: string }> {
  const { networks, bootVolumeId, userData, serverGroupId } = desired;
  const groups = groupsAtBoot(desired, cloud.inventory.all('security_group'));
  const server: servers.ServerCreate = {
    name: desired.name,
    flavorRef: desired.flavor.id,
    networks: networks ? plugs(networks) : 'auto',
    metadata: { ...desired.metadata, [STAMP_KEY]: desired.uid, [USER_DATA_KEY]: userDataMark(userData) },
    ...(desired.imageId !== undefined && { imageRef: desired.imageId }),
    ...(bootVolumeId !== undefined && {
      block_device_mapping_v2: [
        { boot_index: 0, uuid: bootVolumeId, source_type: 'volume', destination_type: 'volume', delete_on_termination: false },
      ],
    }),
    // Nova takes ids for names here.
    ...(groups.length > 0 && { security_groups: groups.map((group) => ({ name: group.id })) }),
    ...(desired.keyName !== undefined && { key_name: desired.keyName }),
    ...(userData !== undefined && { user_data: encodedUserData(userData) }),
    ...(desired.tags && { tags: [...desired.tags] }),
    ...(desired.availabilityZone !== undefined && { availability_zone: desired.availabilityZone }),
  };
  return servers.create(cloud.client.compute, server, serverGroupId === undefined ? undefined : { group: serverGroupId });
}

function plugs(networks: NonNullable<DesiredInstance['networks']>): servers.ServerCreate['networks'] {
  if (networks.length === 0) return 'none';
  return networks.map(({ networkId, portId, fixedIP }) =>
    portId === undefined ? { uuid: networkId, ...(fixedIP !== undefined && { fixed_ip: fixedIP }) } : { port: portId },
  );
}

/** One step of an update: true when the server moves, and the rest has to wait for the next pass. */
type Step = (work: Work) => Promise<boolean>;

interface Work {
  readonly cloud: CloudHandle;
  readonly desired: DesiredInstance;
  readonly observed: ObservedInstance;
  readonly changes: readonly Change[];
}

/** Carries out what can be done in the state the server is in, then reads it and what hangs on it anew. */
export async function updateInstance(
  cloud: CloudHandle,
  desired: DesiredInstance,
  observed: ObservedInstance,
  changes: readonly Change[],
): Promise<void> {
  const work = { cloud, desired, observed, changes: possibleChanges(desired, observed, changes) };
  const steps: readonly Step[] = [rename, rebuild, wake, describe, interfaces, groups, attachments, resize, power];
  try {
    for (const step of steps) if (await step(work)) break;
  } finally {
    cloud.inventory.wrote('server', observed.server.id);
  }
  await rereadInstance(cloud, observed.server.id);
}

const rename: Step = async ({ cloud, desired, observed, changes }) => {
  const { id } = observed.server;
  if (!concerns(changes, 'spec.name')) return false;
  await write(cloud, 'server', id, () => servers.update(cloud.client.compute, id, { name: desired.name }));
  return false;
};

/** Leaves a state in which little can be changed before anything else is tried. */
const wake: Step = async (work) => {
  const { cloud, observed, changes } = work;
  const { id, status } = observed.server;
  if (status === 'ACTIVE' || status === 'SHUTOFF' || status === 'VERIFY_RESIZE') return false;
  if (concerns(changes, 'spec.powerState')) return power(work);
  if (!concerns(changes, 'spec.flavor')) return false;
  const action = powerAction(status, 'Running');
  if (action) await write(cloud, 'server', id, () => action(cloud.client.compute, id));
  return true;
};

const describe: Step = async ({ cloud, desired, observed: { server }, changes }) => {
  const client = cloud.client.compute;
  const metadata = mapWrites('spec.metadata', declaredMetadata(server.metadata), desired.metadata, changes);
  if (concerns(changes, STAMP_PATH)) metadata.set[STAMP_KEY] = desired.uid;
  if (Object.keys(metadata.set).length > 0) {
    await write(cloud, 'server', server.id, () => servers.setMetadata(client, server.id, metadata.set));
  }
  for (const key of metadata.remove) await ignoreGone(() => servers.deleteMetadataKey(client, server.id, key));
  if (concernsBelow(changes, 'spec.tags')) {
    const tags = setAfter('spec.tags', server.tags ?? [], changes);
    await write(cloud, 'server', server.id, () => servers.replaceTags(client, server.id, tags));
  }
  return false;
};

/** Plugging in makes a port, so it is decided on what Neutron says now, not on what it said at the last sweep. */
const interfaces: Step = async ({ cloud, desired, observed: before, changes }) => {
  if (!concernsBelow(changes, 'spec.networks')) return false;
  const client = cloud.client.compute;
  const { id } = before.server;
  await cloud.inventory.rereadChildren('port', id);
  const observed = lookAgain(cloud, before, desired.uid);
  const steps = planInterfaces(desired.networks, observed).filter((step) => concerns(changes, step.change.path));
  for (const step of steps) {
    if (step.step === 'attach') {
      await servers.attachInterface(client, id, plugOf(step.network));
      if (step.network.portId !== undefined) cloud.inventory.wrote('port', step.network.portId);
    } else if (step.step === 'readdress') {
      const { port, fixedIP } = step;
      await write(cloud, 'port', port.id, () => updatePort(cloud.client.network, port.id, { fixed_ips: withAddress(port, fixedIP) }));
    } else {
      await ignoreGone(() => servers.detachInterface(client, id, step.port.id));
      await unplugged(cloud, id, step.port.id);
    }
  }
  return steps.length > 0;
};

function plugOf({ networkId, portId, fixedIP }: DesiredNetwork): Parameters<typeof servers.attachInterface>[2] {
  if (portId !== undefined) return { port_id: portId };
  return { net_id: networkId, ...(fixedIP !== undefined && { fixed_ips: [{ ip_address: fixedIP }] }) };
}

/** Nova unplugs after it has answered, and shows no task meanwhile: without a look it would be asked again. */
async function unplugged({ inventory }: CloudHandle, serverId: string, portId: string): Promise<void> {
  for (const ms of [0, 250, 500, 1000, 2000]) {
    await pause(ms);
    inventory.wrote('port', portId);
    const port = await inventory.reread('port', portId);
    if (port?.device_id !== serverId) return;
  }
}

const groups: Step = async ({ cloud, desired, observed, changes }) => {
  const steps = planGroups(desired, observed).filter((step) => concerns(changes, step.change.path));
  for (const { port, groups } of groupsAfter(desired, observed, steps)) {
    const askedAt = Date.now();
    const answer = await write(cloud, 'port', port.id, () => updatePort(cloud.client.network, port.id, { security_groups: groups }));
    if (answer) cloud.inventory.record('port', answer, askedAt, { ownWrite: true });
  }
  return false;
};

const attachments: Step = async ({ cloud, desired, observed, changes }) => {
  const client = cloud.client.compute;
  const { id } = observed.server;
  const steps = planAttachments(desired, observed).filter((step) => concerns(changes, step.change.path));
  for (const step of steps) {
    const volumeId = step.step === 'attach' ? step.attachment.volumeId : step.volumeId;
    if (step.step === 'detach') {
      await ignoreGone(() => servers.detachVolume(client, id, volumeId));
    } else {
      const volume = await cloud.inventory.reread('volume', volumeId);
      const now = {
        ...step.attachment,
        status: volume?.status ?? 'deleted',
        attachedTo: volume?.attachments.map((one) => one.server_id) ?? [],
      };
      if (obstacleToAttach(now, id) !== undefined || now.attachedTo.includes(id)) continue;
      const { device } = step.attachment;
      await servers.attachVolume(client, id, { volumeId, ...(device !== undefined && { device }) });
    }
    cloud.inventory.wrote('volume', volumeId);
    await cloud.inventory.reread('volume', volumeId);
  }
  return steps.length > 0;
};

/** Resizes, or ends a resize: one that led to the declared flavor is confirmed, whoever began it, any other is taken back. */
const resize: Step = async ({ cloud, desired, observed: { server }, changes }) => {
  if (!concerns(changes, 'spec.flavor')) return false;
  const client = cloud.client.compute;
  if (server.status !== 'VERIFY_RESIZE') {
    await write(cloud, 'server', server.id, () => servers.resize(client, server.id, desired.flavor.id));
    return true;
  }
  const end = server.flavor.original_name === desired.flavor.name ? servers.confirmResize : servers.revertResize;
  try {
    await write(cloud, 'server', server.id, () => end(client, server.id));
  } catch (error) {
    // After it accepted the end of a resize Nova shows VERIFY_RESIZE, and no task, until its compute host is done (seen on 2025.1).
    if (!isOpenStackError(error) || error.status !== 400 || !/not been resized/i.test(error.detail)) throw error;
    throw new Obstacle('Resizing', `Server ${server.name} (${server.id}): Nova is finishing the resize.`, { passes: true });
  }
  return true;
};

const power: Step = async ({ cloud, desired, observed: { server }, changes }) => {
  const action = desired.powerState && powerAction(server.status, desired.powerState);
  if (!action || !concerns(changes, 'spec.powerState')) return false;
  await write(cloud, 'server', server.id, () => action(cloud.client.compute, server.id));
  return true;
};

function lookAgain(cloud: CloudHandle, before: ObservedInstance, uid: string): ObservedInstance {
  const owner: Owner = { uid, id: before.server.id, key: '', namespace: '', name: '' };
  const seen = observeInstance(cloud, owner);
  return seen.found === 'one' ? seen.observed : before;
}

async function ignoreGone(send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Asks for deletion once; Nova detaches volumes and removes the ports it made by itself. */
export async function deleteInstance(cloud: CloudHandle, { server }: ObservedInstance): Promise<void> {
  if (server['OS-EXT-STS:task_state'] === 'deleting') return;
  await remove(cloud, 'server', server.id, () => servers.remove(cloud.client.compute, server.id));
}
