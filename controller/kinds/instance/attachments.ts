import type { Change } from '#controller/engine/kind.ts';
import type { Volume } from '#controller/openstack/block-storage/volumes.ts';
import { elementPath } from '../changes.ts';
import type { DesiredAttachment, DesiredInstance } from './desire.ts';
import type { ObservedInstance } from './observe.ts';

/** What to do about one volume, and the difference it closes. */
export type AttachmentStep =
  | { readonly step: 'attach'; readonly change: Change; readonly attachment: DesiredAttachment }
  | { readonly step: 'detach'; readonly change: Change; readonly volumeId: string };

const FIELD = 'spec.volumes';

/** Compares attached volumes with those declared; the one it boots from is not among them. Pure. */
export function planAttachments({ volumes: desired, bootVolumeId }: DesiredInstance, observed: ObservedInstance): AttachmentStep[] {
  if (!desired) return [];
  const attached = observed.server['os-extended-volumes:volumes_attached'].map((volume) => volume.id);
  const labels = new Set(desired.map((one) => one.name));
  const missing = desired
    .filter((one) => !attached.includes(one.volumeId))
    .map(
      (attachment): AttachmentStep => ({
        step: 'attach',
        attachment,
        change: { path: elementPath(FIELD, attachment.name), from: null, to: 'attached' },
      }),
    );
  const surplus = attached
    .filter((id) => id !== bootVolumeId && id !== rootOf(observed)?.id && !desired.some((one) => one.volumeId === id))
    .map((volumeId): AttachmentStep => {
      const name = observed.names[volumeId] ?? volumeId;
      const label = labels.has(name) ? volumeId : name;
      return { step: 'detach', volumeId, change: { path: elementPath(FIELD, label), from: 'attached', to: null } };
    });
  return [...missing, ...surplus];
}

/** The volume the server boots from: the bootable one on the first device of a server without an image. */
export function rootOf({ server, volumes }: ObservedInstance): Volume | undefined {
  if (server.image !== '') return undefined;
  const isRoot = (volume: Volume) =>
    volume.attachments.some(
      (one) =>
        one.server_id === server.id && (one.device === server['OS-EXT-SRV-ATTR:root_device_name'] || one.device?.endsWith('da') === true),
    );
  return volumes.find((volume) => volume.bootable === 'true' && isRoot(volume));
}

/** Cinder states that end by themselves. A volume of a shelved server stays `reserved` for as long as that is shelved. */
const MOVING: readonly string[] = ['attaching', 'detaching', 'creating', 'downloading', 'extending', 'retyping', 'backing-up', 'uploading'];
const ATTACHING: readonly string[] = ['reserved', 'attaching', 'detaching'];

/** Whether the volume will be in another state soon. */
export function isMoving({ status }: DesiredAttachment): boolean {
  return status !== undefined && MOVING.includes(status);
}

/** Why this volume cannot be attached now, and whether that passes by itself; undefined when it can. */
export function obstacleToAttach(attachment: DesiredAttachment, serverId: string): { text: string; passes: boolean } | undefined {
  const { name, status, attachedTo } = attachment;
  if (status === undefined) return { text: `Volume ${name} has not been seen in the cloud yet`, passes: true };
  if (isMoving(attachment)) return { text: `Volume ${name} is ${status}`, passes: true };
  if (status === 'reserved') return { text: `Volume ${name} is reserved for a server, as those of shelved servers are`, passes: true };
  const others = attachedTo.filter((id) => id !== serverId);
  if (others.length > 0) return { text: `Volume ${name} is attached to server ${others.join(', ')}; detach it there first`, passes: true };
  // Attached to this server, says Cinder, and not attached, says Nova: the older of the two answers is about to be replaced.
  if (status === 'available' || status === 'in-use') return undefined;
  return { text: `Volume ${name} is in state ${status}; repair it first`, passes: false };
}

/** Declared volumes on their way to the server. */
export function movingVolumes({ volumes: desired }: DesiredInstance, { server, volumes }: ObservedInstance): Volume[] {
  const states = server.status === 'SHELVED_OFFLOADED' ? ATTACHING.filter((state) => state !== 'reserved') : ATTACHING;
  return volumes.filter((volume) => states.includes(volume.status) && desired?.some((one) => one.volumeId === volume.id));
}
