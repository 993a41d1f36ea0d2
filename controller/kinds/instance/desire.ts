import type { Resolve } from '#controller/engine/kind.ts';
import type { Flavor } from '#controller/openstack/compute/flavors.ts';
import type { Ref, Selector } from '../fields.ts';
import type { CloudHandle } from '../handle.ts';
import { isMade } from '../ownership.ts';
import type { CommonSpec } from '../policies.ts';
import { select } from '../selectors.ts';
import type { PowerState } from './power.ts';

export type NetworkEntry = {
  readonly networkRef?: Ref;
  readonly network?: Selector;
  readonly fixedIP?: string;
  readonly subnetRef?: Ref;
};

export type InstanceSpec = CommonSpec & {
  readonly name?: string;
  readonly flavor: Selector;
  readonly image?: Selector;
  readonly bootVolume?: { readonly volumeRef: Ref };
  readonly networks?: readonly NetworkEntry[];
  readonly securityGroupRefs?: readonly Ref[];
  readonly keyPairRef?: Ref;
  readonly volumes?: readonly { readonly volumeRef: Ref; readonly device?: string }[];
  readonly powerState?: PowerState;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly availabilityZone?: string;
};

export interface DesiredNetwork {
  /** What the entry calls the network; with `#2` for its second entry. */
  readonly label: string;
  readonly networkId: string;
  readonly fixedIP?: string;
}

export interface DesiredAttachment {
  readonly name: string;
  readonly volumeId: string;
  readonly device?: string;
  /** The volume's state and server, as far as known. */
  readonly status?: string;
  readonly attachedTo: readonly string[];
}

export interface DesiredInstance {
  readonly uid: string;
  readonly name: string;
  readonly flavor: Pick<Flavor, 'id' | 'name'>;
  /** As declared; `imageId` is known only while the server has to be made. */
  readonly image?: Selector;
  readonly imageId?: string;
  readonly bootVolumeId?: string;
  readonly networks?: readonly DesiredNetwork[];
  readonly securityGroups?: readonly { readonly name: string; readonly id: string }[];
  readonly keyName?: string;
  readonly volumes?: readonly DesiredAttachment[];
  readonly powerState?: PowerState;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly availabilityZone?: string;
}

/** What the cloud should hold for an instance. */
export function desireInstance(spec: InstanceSpec, resolve: Resolve<CloudHandle>): DesiredInstance {
  const { metadata, tags, availabilityZone, powerState, image, keyPairRef } = spec;
  const flavor = select(resolve, 'flavor', spec.flavor, 'spec.flavor');
  const bootVolumeId = spec.bootVolume && resolve.id('Volume', spec.bootVolume.volumeRef.name);
  const imageId = isMade(resolve, 'server') ? undefined : neededToCreate(spec, bootVolumeId, resolve);
  const networks = spec.networks && desiredNetworks(spec.networks, resolve);
  const keyName = keyPairRef && resolve.id('KeyPair', keyPairRef.name);
  return {
    uid: resolve.owner.uid,
    name: spec.name ?? resolve.owner.name,
    flavor: { id: flavor?.id ?? '', name: flavor?.name ?? '' },
    ...(image && { image }),
    ...(imageId !== undefined && { imageId }),
    ...(bootVolumeId !== undefined && { bootVolumeId }),
    ...(networks && { networks }),
    ...(spec.securityGroupRefs && {
      securityGroups: spec.securityGroupRefs.map(({ name }) => ({ name, id: resolve.id('SecurityGroup', name) })),
    }),
    ...(keyName !== undefined && { keyName }),
    ...(spec.volumes && { volumes: spec.volumes.map((entry) => desiredAttachment(entry, resolve)) }),
    ...(powerState && { powerState }),
    ...(metadata && { metadata }),
    ...(tags && { tags }),
    ...(availabilityZone !== undefined && { availabilityZone }),
  };
}

/** The image's id, and a wait until the boot volume can be booted from: Nova refuses one that is still being filled. */
function neededToCreate(spec: InstanceSpec, bootVolumeId: string | undefined, resolve: Resolve<CloudHandle>): string | undefined {
  const volume = bootVolumeId ? resolve.cloud.inventory.get('volume', bootVolumeId) : undefined;
  if (bootVolumeId && volume?.status !== 'available') {
    const message = `Waits until Volume ${spec.bootVolume?.volumeRef.name} can be booted from; it is ${volume?.status ?? 'not seen yet'}.`;
    resolve.need(undefined, { reason: 'BootVolumeNotReady', message }, { passes: true });
  }
  return spec.image && select(resolve, 'image', spec.image, 'spec.image')?.id;
}

function desiredNetworks(entries: readonly NetworkEntry[], resolve: Resolve<CloudHandle>): DesiredNetwork[] {
  const seen = new Map<string, number>();
  return entries.map(({ networkRef, network, fixedIP, subnetRef }, index) => {
    if (subnetRef) resolve.id('Subnet', subnetRef.name);
    const name = networkRef?.name ?? network?.name ?? network?.id ?? '';
    const networkId = networkRef
      ? resolve.id('Network', networkRef.name)
      : (select(resolve, 'network', network ?? {}, `spec.networks[${index}].network`)?.id ?? '');
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return { label: times === 1 ? name : `${name}#${times}`, networkId, ...(fixedIP !== undefined && { fixedIP }) };
  });
}

function desiredAttachment(entry: NonNullable<InstanceSpec['volumes']>[number], resolve: Resolve<CloudHandle>): DesiredAttachment {
  const { name } = entry.volumeRef;
  const volumeId = resolve.id('Volume', name);
  const volume = volumeId === '' ? undefined : resolve.cloud.inventory.get('volume', volumeId);
  return {
    name,
    volumeId,
    attachedTo: volume?.attachments.map((attachment) => attachment.server_id) ?? [],
    ...(volume && { status: volume.status }),
    ...(entry.device !== undefined && { device: entry.device }),
  };
}
