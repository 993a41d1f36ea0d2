import type { CloudInventory } from '#controller/inventory/inventory.ts';
import { STAMP_KEY } from '#controller/inventory/stamp.ts';
import type { Volume } from '#controller/openstack/block-storage/volumes.ts';
import { ActionFailed, type Look, type Obstacle } from '../action.ts';
import type { AnyRun } from '../deeds.ts';
import { foreign, instanceCalled, listed } from '../obstacles.ts';

export type VolumeLook = Look<'volume'>;

const resting: ReadonlySet<string> = new Set(['available', 'in-use', 'reserved']);
/** Keys Cinder keeps among the metadata by itself. */
const cinderKeys: ReadonlySet<string> = new Set(['readonly', 'attached_mode']);

export const isReservedKey = (key: string): boolean => key.startsWith('stackwarden.') || cinderKeys.has(key);

/** Metadata as people write it. */
export function metadataOf({ metadata }: Volume): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== STAMP_KEY && !cinderKeys.has(key)));
}

export const isReadOnly = ({ metadata }: Volume): boolean => metadata['readonly']?.toLowerCase() === 'true';

/** Another project's, on its way somewhere, or broken: nothing can be done with it but what `allowed` names. */
export function unfit(look: VolumeLook, ...allowed: readonly string[]): Obstacle | undefined {
  const { target, inventory } = look;
  const { status } = target;
  if (allowed.includes(status)) return foreign(look, target['os-vol-tenant-attr:tenant_id'], 'volume');
  if (status.startsWith('error'))
    return { reason: 'Failed', message: `It is in state ${status}; an administrator can repair it, or delete it.` };
  if (!resting.has(status)) return { reason: 'Busy', message: `It is ${status}; wait until that is done.` };
  if (status === 'available') return { reason: 'NotAttached', message: 'It is attached to nothing.' };
  return { reason: 'InUse', message: `It is attached to ${holders(inventory, target)}; detach it first.` };
}

/** Names of the instances it is attached to. */
export function holders(inventory: CloudInventory, { attachments }: Volume): string {
  if (attachments.length === 0) return 'a shelved instance';
  return listed(attachments.map((attachment) => instanceCalled(inventory, attachment.server_id)));
}

/** Waits until it is at rest as `isDone` says, keeps what is seen, and fails with it. */
export function volumeComesTo(run: AnyRun, id: string, what: string, isDone: (volume: Volume) => boolean): Promise<Volume> {
  return run.until(what, async () => {
    const seen = await run.inventory.reread('volume', id);
    if (seen === undefined) throw new ActionFailed('Gone', `Volume ${id} was deleted meanwhile.`);
    if (seen.status.startsWith('error')) {
      const message =
        `Volume ${seen.name || id} ended in state ${seen.status}; ` +
        `\`openstack volume message list --resource_uuid ${id}\` may say why. Repair it or delete it.`;
      throw new ActionFailed('VolumeError', message);
    }
    return isDone(seen) ? seen : undefined;
  });
}

export const isAvailable = ({ status }: Volume): boolean => status === 'available';
export const isAtRest = ({ status }: Volume): boolean => resting.has(status);

/** What holds on to a volume: it can neither go nor move. */
export function snapshotsOf({ target, inventory }: VolumeLook): Obstacle | undefined {
  const snapshots = inventory.byParent('volume_snapshot', target.id);
  if (snapshots.length === 0) return undefined;
  const names = listed(snapshots.map((snapshot) => snapshot.name || snapshot.id));
  return { reason: 'HasSnapshots', message: `It has snapshots (${names}); delete them first.` };
}
