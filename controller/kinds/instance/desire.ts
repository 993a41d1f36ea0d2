import type { Resolve } from '#controller/engine/kind.ts';
import type { CloudInventory } from '#controller/inventory/inventory.ts';
import type { Flavor } from '#controller/openstack/compute/flavors.ts';
import type { Ref, Selector } from '../fields.ts';
import type { CloudHandle } from '../handle.ts';
import { isMade } from '../ownership.ts';
import type { CommonSpec } from '../policies.ts';
import { select } from '../selectors.ts';
import type { OnError } from './on-error.ts';
import type { PowerState } from './power.ts';
import { MAX_USER_DATA_BYTES, type UserData } from './user-data.ts';

export type NetworkEntry = {
  readonly networkRef?: Ref;
  readonly network?: Selector;
  readonly portRef?: Ref;
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
  readonly userData?: string;
  readonly userDataSecretRef?: { readonly name: string; readonly key: string };
  readonly volumes?: readonly { readonly volumeRef: Ref; readonly device?: string }[];
  readonly powerState?: PowerState;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly availabilityZone?: string;
  readonly serverGroupRef?: Ref;
  readonly onError?: OnError;
};

/** `label` is what the entry calls its network or port; with `#2` for the second entry of that name. */
export type DesiredNetwork = { readonly label: string } & (
  | { readonly networkId: string; readonly fixedIP?: string; readonly portId?: never; readonly pluggedInto?: never }
  /** `pluggedInto`: the device that has the port, as far as known. */
  | { readonly portId: string; readonly pluggedInto?: string; readonly networkId?: never; readonly fixedIP?: never }
);

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
  /** As declared; for a server that is there `imageId` is undefined when the cloud has no such image, or several. */
  readonly image?: Selector;
  readonly imageId?: string;
  readonly bootVolumeId?: string;
  readonly networks?: readonly DesiredNetwork[];
  readonly securityGroups?: readonly { readonly name: string; readonly id: string }[];
  readonly keyName?: string;
  readonly userData?: UserData;
  readonly volumes?: readonly DesiredAttachment[];
  readonly powerState?: PowerState;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly availabilityZone?: string;
  /** Known only while the server has to be made. */
  readonly serverGroupId?: string;
  readonly onError?: OnError;
}

/** What the cloud should hold for an instance. */
export function desireInstance(spec: InstanceSpec, resolve: Resolve<CloudHandle>): DesiredInstance {
  const { metadata, tags, availabilityZone, powerState, image, keyPairRef, onError } = spec;
  const flavor = select(resolve, 'flavor', spec.flavor, 'spec.flavor');
  const bootVolumeId = spec.bootVolume && resolve.id('Volume', spec.bootVolume.volumeRef.name);
  const made = isMade(resolve, 'server');
  const imageId = made ? offered(resolve.cloud.inventory, image) : neededToCreate(spec, bootVolumeId, resolve);
  const serverGroupId = made ? undefined : spec.serverGroupRef && resolve.id('ServerGroup', spec.serverGroupRef.name);
  const networks = spec.networks && desiredNetworks(spec.networks, resolve);
  if (!made) waitForPorts(networks ?? [], resolve);
  const keyName = keyPairRef && resolve.id('KeyPair', keyPairRef.name);
  const userData = desiredUserData(spec, resolve);
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
    ...(userData && { userData }),
    ...(spec.volumes && { volumes: spec.volumes.map((entry) => desiredAttachment(entry, resolve)) }),
    ...(powerState && { powerState }),
    ...(metadata && { metadata }),
    ...(tags && { tags }),
    ...(availabilityZone !== undefined && { availabilityZone }),
    ...(serverGroupId !== undefined && { serverGroupId }),
    ...(onError && { onError }),
  };
}

/** The schema counts characters and sees no Secret, Nova counts bytes. */
function desiredUserData({ userData, userDataSecretRef }: InstanceSpec, resolve: Resolve<CloudHandle>): UserData | undefined {
  const path = userDataSecretRef ? 'spec.userDataSecretRef' : 'spec.userData';
  const text = userData === undefined ? undefined : Buffer.from(userData);
  const bytes = userDataSecretRef ? resolve.secret(userDataSecretRef.name, userDataSecretRef.key) : text;
  if (bytes && bytes.byteLength > MAX_USER_DATA_BYTES) {
    const message = `${path} is ${bytes.byteLength} bytes long, and Nova takes ${MAX_USER_DATA_BYTES}; have it fetch the rest at boot.`;
    resolve.need(undefined, { reason: 'UserDataTooLong', message });
  }
  return bytes && { path, bytes };
}

/** The image a server that is there would be rebuilt from; nothing waits for it otherwise. */
function offered(inventory: CloudInventory, image: Selector | undefined): string | undefined {
  if (image?.id !== undefined) return inventory.get('image', image.id)?.id;
  const found = image?.name === undefined ? [] : inventory.byName('image', image.name);
  return found.length === 1 ? found[0]?.id : undefined;
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
  return entries.map(({ networkRef, network, portRef, fixedIP, subnetRef }, index) => {
    if (subnetRef) resolve.id('Subnet', subnetRef.name);
    const name = portRef?.name ?? networkRef?.name ?? network?.name ?? network?.id ?? '';
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const label = times === 1 ? name : `${name}#${times}`;
    if (portRef) return { label, ...desiredPort(portRef, resolve) };
    const networkId = networkRef
      ? resolve.id('Network', networkRef.name)
      : (select(resolve, 'network', network ?? {}, `spec.networks[${index}].network`)?.id ?? '');
    return { label, networkId, ...(fixedIP !== undefined && { fixedIP }) };
  });
}

/** Nova refuses a port that is in use, and whoever has it may let go of it. */
function waitForPorts(networks: readonly DesiredNetwork[], resolve: Resolve<CloudHandle>): void {
  const taken = networks.flatMap(({ label, pluggedInto }) =>
    pluggedInto === undefined ? [] : [`${label} is plugged into ${pluggedInto}`],
  );
  if (taken.length === 0) return;
  resolve.need(undefined, { reason: 'PortInUse', message: `Waits until its ports are free: ${taken.join(', ')}.` }, { passes: true });
}

function desiredPort({ name }: Ref, resolve: Resolve<CloudHandle>): { portId: string; pluggedInto?: string } {
  const portId = resolve.id('Port', name);
  const device = portId === '' ? undefined : resolve.cloud.inventory.get('port', portId)?.device_id;
  return { portId, ...(device && { pluggedInto: device }) };
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
