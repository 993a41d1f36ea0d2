import type { Change } from '#controller/engine/kind.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { concerns } from '../changes.ts';
import type { CloudHandle } from '../handle.ts';
import { Obstacle } from '../obstacle.ts';
import { write } from '../writes.ts';
import type { DesiredInstance } from './desire.ts';
import type { ObservedInstance } from './observe.ts';
import { encodedUserData, USER_DATA_KEY, USER_DATA_PATHS, userDataMark } from './user-data.ts';

/** Where a server in ERROR is told to become ACTIVE again: a rebuild with what it has. */
export const STATE_PATH = 'status.state';

/** What only a rebuild changes on a server that boots from an image. */
export const REBUILT: readonly string[] = ['spec.image', 'spec.keyPairRef', ...USER_DATA_PATHS, STATE_PATH];

interface Work {
  readonly cloud: CloudHandle;
  readonly desired: DesiredInstance;
  readonly observed: ObservedInstance;
  readonly changes: readonly Change[];
}

/**
 * Carries out all changes that take a rebuild by one; true when the rest has to wait for it. What is not among them stays as the server
 * has it. Decided on what Nova says now: the look behind `changes` may be older than a rebuild whose answer was lost.
 */
export async function rebuild({ cloud, desired, observed, changes }: Work): Promise<boolean> {
  if (!REBUILT.some((path) => concerns(changes, path))) return false;
  const { id } = observed.server;
  const imageRef = imageFor(desired, observed, changes);
  const now = await cloud.inventory.reread('server', id);
  if (now === undefined || now['OS-EXT-STS:task_state'] !== null) return true;
  const body = bodyFor(desired, now, imageRef, changes);
  if (body) await write(cloud, 'server', id, () => servers.rebuild(cloud.client.compute, id, body));
  return true;
}

/** What of `changes` is left to do; undefined when there is nothing. Metadata is replaced whole. */
function bodyFor(
  { keyName, userData }: DesiredInstance,
  now: servers.Server,
  imageRef: string,
  changes: readonly Change[],
): servers.ServerRebuild | undefined {
  const isOtherImage = now.image !== '' && now.image.id !== imageRef && concerns(changes, 'spec.image');
  const isBroken = now.status === 'ERROR' && concerns(changes, STATE_PATH);
  const key = keyName !== undefined && keyName !== now.key_name && concerns(changes, 'spec.keyPairRef') && { key_name: keyName };
  const mark = userDataMark(userData);
  const data = userData !== undefined &&
    now.metadata[USER_DATA_KEY] !== mark &&
    concerns(changes, userData.path) && { user_data: encodedUserData(userData), metadata: { ...now.metadata, [USER_DATA_KEY]: mark } };
  return isOtherImage || isBroken || key || data ? { imageRef, ...key, ...data } : undefined;
}

/** The declared image when it is to be another; else the one it has, or what its name means by now if that was removed. */
function imageFor({ image, imageId }: DesiredInstance, { server, imageName }: ObservedInstance, changes: readonly Change[]): string {
  const called = `Server ${server.name} (${server.id})`;
  // It would empty the volume, which may be an object of its own.
  if (server.image === '') {
    throw new Obstacle('BootsFromVolume', `${called} boots from a volume and is not rebuilt.`, { passes: false });
  }
  if (!concerns(changes, 'spec.image')) return imageName === undefined ? (imageId ?? server.image.id) : server.image.id;
  if (imageId !== undefined) return imageId;
  const message = `${called} is to be rebuilt, and the cloud has not exactly one image ${image?.name ?? image?.id}; correct spec.image.`;
  throw new Obstacle('ImageNotFound', message, { passes: false });
}
