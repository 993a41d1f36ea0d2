import type { VolumeSnapshot } from '#controller/openstack/block-storage/snapshots.ts';
import type { VolumeType } from '#controller/openstack/block-storage/volume-types.ts';
import type { Volume } from '#controller/openstack/block-storage/volumes.ts';
import type { Flavor } from '#controller/openstack/compute/flavors.ts';
import type { KeyPair } from '#controller/openstack/compute/keypairs.ts';
import type { ServerGroup } from '#controller/openstack/compute/server-groups.ts';
import type { Server } from '#controller/openstack/compute/servers.ts';
import type { Image } from '#controller/openstack/image/images.ts';
import type { FloatingIP } from '#controller/openstack/network/floating-ips.ts';
import type { Network } from '#controller/openstack/network/networks.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import type { Router } from '#controller/openstack/network/routers.ts';
import type { SecurityGroup } from '#controller/openstack/network/security-groups.ts';
import type { Subnet } from '#controller/openstack/network/subnets.ts';

/** What each resource type's rows hold: the service's own JSON, the newest the cloud showed us. */
export interface Resources {
  network: Network;
  subnet: Subnet;
  port: Port;
  router: Router;
  floatingip: FloatingIP;
  /** With its rules, from the group's own `security_group_rules`. */
  security_group: SecurityGroup;
  keypair: KeyPair;
  volume: Volume;
  volume_snapshot: VolumeSnapshot;
  volume_type: VolumeType;
  flavor: Flavor;
  image: Image;
  server_group: ServerGroup;
  server: Server;
}
export type ResourceType = keyof Resources;

/** What one cloud holds, as far as we have seen: the one source of observed state. Reads are synchronous and cost no call. */
export interface CloudInventory {
  /** The project whose rows are ours; undefined until it was first asked for, which is before the first list. */
  readonly projectId: string | undefined;
  /** Id of a key pair is its name. */
  get<T extends ResourceType>(type: T, id: string): Resources[T] | undefined;
  all<T extends ResourceType>(type: T): Iterable<Resources[T]>;
  /** A floating IP goes by its address, a key pair by its name. */
  byName<T extends ResourceType>(type: T, name: string): readonly Resources[T][];
  /** Rows that carry the stamp of the object with this uid. */
  byOwner<T extends ResourceType>(type: T, uid: string): readonly Resources[T][];
  /**
   * Ports by server, router or network id, subnets by network id, volumes by the server they are attached to, snapshots by their volume,
   * floating IPs by the port they lead to and by the router on the way.
   */
  byParent<T extends ResourceType>(type: T, parentId: string): readonly Resources[T][];
  /** Epoch ms at which the newest complete LIST of this type was asked for; 0 when there was none since start. */
  listedAt(type: ResourceType): number;
  /**
   * Takes the body a read or write answered with. `askedAt` is when that request was sent (epoch ms): a row is never replaced by
   * one that was asked for before our own last write to it.
   */
  record<T extends ResourceType>(type: T, resource: Resources[T], askedAt: number, options?: { ownWrite?: boolean }): void;
  /** A GET answered 404, or a delete was confirmed. */
  forget(type: ResourceType, id: string): void;
  /** Marks that a write to this row was just sent: anything asked for before now no longer counts. */
  wrote(type: ResourceType, id: string): void;
  /** Reads one row anew (404 forgets it). Calls for many rows of a type at about the same time become one LIST. */
  reread<T extends ResourceType>(type: T, id: string): Promise<Resources[T] | undefined>;
  /** Lists the children of a row anew: ports of a server, volumes attached to it. */
  rereadChildren(type: ResourceType, parentId: string): Promise<void>;
}

/** One row that appeared, changed or went. `ids` names every cloud id (own, parent's) and owner uid that may care. */
export interface InventoryEvent {
  readonly cluster: string;
  readonly type: ResourceType;
  readonly id: string;
  readonly change: 'appeared' | 'changed' | 'gone';
  readonly ids: readonly string[];
}
