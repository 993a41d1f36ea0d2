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
    .map((attachment): AttachmentStep => ({ step: 'attach', attachment, change: { path: elementPath(FIELD, attachment.name), from: null, to: 'attached' } }));
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
      (one) => one.server_id === server.id && (one.device === server['OS-EXT-SRV-ATTR:root_device_name'] || /da$/.test(one.device ?? '')),
    );
  return volumes.find((volume) => volume.bootable === 'true' && isRoot(volume));
}

/** Cinder states that end by themselves. */
const MOVING: ReadonlySet<string> = new Set(['creating', 'downloading', 'reserved', 'attaching', 'detaching', 'extending', 'retyping']);

/** Why this volume cannot be attached now; undefined when it can. */
export function obstacle({ name, status, attachedTo }: DesiredAttachment, serverId: string): { text: string; passes: boolean } | undefined {
  if (status === 'available') return undefined;
  if (status === undefined) return { text: `Volume ${name} is not in the cloud yet`, passes: true };
  const others = attachedTo.filter((id) => id !== serverId);
  if (others.length > 0) return { text: `Volume ${name} is attached to server ${others.join(', ')}; detach it there first`, passes: true };
  return { text: `Volume ${name} is ${status}`, passes: MOVING.has(status) || status === 'in-use' };
}

/** Attached volumes that are still on their way to or from the server. */
export function movingVolumes({ volumes: desired }: DesiredInstance, { volumes }: ObservedInstance): Volume[] {
  return volumes.filter((volume) => MOVING.has(volume.status) && desired?.some((one) => one.volumeId === volume.id));
}
