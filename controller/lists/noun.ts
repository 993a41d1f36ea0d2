import type { ResourceType } from '../inventory/inventory.ts';

/** What a list needs to know of a resource type beside its columns. */
export interface Noun {
  /** Name of a row of the policy table. */
  readonly permission: string;
  /** Kinds of objects that stand for its rows. */
  readonly kinds: readonly string[];
  /** For messages: `instances`. */
  readonly plural: string;
}

export const nouns: Readonly<Record<ResourceType, Noun>> = {
  server: { permission: 'instance.read', kinds: ['Instance'], plural: 'instances' },
  volume: { permission: 'volume.read', kinds: ['Volume'], plural: 'volumes' },
  volume_snapshot: { permission: 'snapshot.read', kinds: ['VolumeSnapshot'], plural: 'volume snapshots' },
  image: { permission: 'image.read', kinds: ['Image', 'InstanceSnapshot'], plural: 'images' },
  network: { permission: 'network.read', kinds: ['Network'], plural: 'networks' },
  subnet: { permission: 'network.read', kinds: ['Subnet'], plural: 'subnets' },
  router: { permission: 'network.read', kinds: ['Router'], plural: 'routers' },
  port: { permission: 'network.read', kinds: ['Port'], plural: 'ports' },
  floatingip: { permission: 'network.read', kinds: ['FloatingIP'], plural: 'floating IPs' },
  security_group: { permission: 'securityGroup.read', kinds: ['SecurityGroup'], plural: 'security groups' },
  keypair: { permission: 'keyPair.read', kinds: ['KeyPair'], plural: 'key pairs' },
  flavor: { permission: 'catalog.read', kinds: [], plural: 'flavors' },
  volume_type: { permission: 'catalog.read', kinds: [], plural: 'volume types' },
  server_group: { permission: 'serverGroup.read', kinds: ['ServerGroup'], plural: 'server groups' },
};

export const listedTypes = Object.keys(nouns) as readonly ResourceType[];

/** Every kind that stands for a resource, with the type of what it stands for. */
export const typeOfKind: ReadonlyMap<string, ResourceType> = new Map(
  listedTypes.flatMap((type) => nouns[type].kinds.map((kind) => [kind, type] as const)),
);
