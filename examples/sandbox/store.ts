/** What the simulated cloud holds. Plain data only, so that a snapshot is a `structuredClone`; tests may read all of it. */
export interface Store {
  readonly projects: Map<string, Project>;
  readonly users: Map<string, User>;
  readonly applicationCredentials: Map<string, ApplicationCredential>;
  readonly tokens: Map<string, Token>;
  readonly flavors: Map<string, Flavor>;
  readonly images: Map<string, Image>;
  readonly servers: Map<string, Server>;
  readonly serverGroups: Map<string, ServerGroup>;
  /** Ids of images that are gone; Glance takes none a second time. */
  readonly usedImageIds: Set<string>;
  /** By `userId/name`. */
  readonly keypairs: Map<string, KeyPair>;
  readonly volumeTypes: Map<string, VolumeType>;
  readonly volumes: Map<string, Volume>;
  readonly snapshots: Map<string, Snapshot>;
  readonly networks: Map<string, Network>;
  readonly subnets: Map<string, Subnet>;
  readonly ports: Map<string, Port>;
  readonly securityGroups: Map<string, SecurityGroup>;
  readonly securityGroupRules: Map<string, SecurityGroupRule>;
  readonly routers: Map<string, Router>;
  readonly floatingIps: Map<string, FloatingIp>;
  /** Limits that differ from the default of -1, by `projectId/service/resource`. */
  readonly quotas: Map<string, number>;
  readonly consoleTokens: Map<string, ConsoleToken>;
}

export function emptyStore(): Store {
  return {
    projects: new Map(),
    users: new Map(),
    applicationCredentials: new Map(),
    tokens: new Map(),
    flavors: new Map(),
    images: new Map(),
    servers: new Map(),
    serverGroups: new Map(),
    usedImageIds: new Set(),
    keypairs: new Map(),
    volumeTypes: new Map(),
    volumes: new Map(),
    snapshots: new Map(),
    networks: new Map(),
    subnets: new Map(),
    ports: new Map(),
    securityGroups: new Map(),
    securityGroupRules: new Map(),
    routers: new Map(),
    floatingIps: new Map(),
    quotas: new Map(),
    consoleTokens: new Map(),
  };
}

export interface Project {
  readonly id: string;
  readonly name: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  password: string;
  /** Role names by project id. */
  readonly roles: Record<string, readonly string[] | undefined>;
  readonly defaultProjectId: string;
}

export interface ApplicationCredential {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly secret: string;
  readonly userId: string;
  readonly projectId: string;
  readonly roles: readonly string[];
  readonly expiresAt: string | null;
  readonly unrestricted: boolean | null;
}

export interface Token {
  readonly id: string;
  readonly userId: string;
  /** Undefined for an unscoped token. */
  readonly projectId?: string;
  readonly roles: readonly string[];
  readonly methods: readonly string[];
  readonly auditIds: readonly string[];
  readonly issuedAt: number;
  expiresAt: number;
}

/** Lets whoever has it to the console of one server, as often as they like until it runs out. */
export interface ConsoleToken {
  readonly serverId: string;
  readonly type: 'serial' | 'novnc';
  /** What the address given out began with. */
  readonly baseUrl: string;
  readonly expiresAt: number;
}

export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly ram: number;
  readonly disk: number;
  readonly vcpus: number;
}

export interface Image {
  readonly id: string;
  name: string | null;
  readonly owner: string;
  visibility: 'public' | 'private' | 'shared' | 'community';
  status: 'active' | 'queued' | 'saving';
  diskFormat: string | null;
  containerFormat: string | null;
  /** Null until there is data. */
  size: number | null;
  minDisk: number;
  minRam: number;
  checksum: string | null;
  hash: string | null;
  isProtected: boolean;
  isHidden: boolean;
  properties: Readonly<Record<string, string>>;
  tags: readonly string[];
  readonly createdAt: number;
  updatedAt: number;
}

/** A group of servers. */
export interface ServerGroup {
  readonly id: string;
  readonly name: string;
  readonly policy: string;
  readonly maxServersPerHost: number | null;
  readonly projectId: string;
  readonly userId: string;
}

export type VmState =
  | 'building'
  | 'active'
  | 'stopped'
  | 'paused'
  | 'suspended'
  | 'rescued'
  | 'resized'
  | 'shelved'
  | 'shelved_offloaded'
  | 'error'
  | 'deleted';

/** Who asked for what, as Nova's log of actions has it. */
export interface InstanceAction {
  readonly action: string;
  readonly requestId: string;
  readonly userId: string;
  readonly projectId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Epoch ms; null while it is under way. */
  finishedAt: number | null;
}

export interface Server {
  readonly id: string;
  name: string;
  readonly projectId: string;
  readonly userId: string;
  description: string | null;
  readonly hostname: string;
  metadata: Record<string, string>;
  tags: string[];
  keyName: string | null;
  /** Base64, as it was given. */
  userData: string | null;
  /** The server group it was asked into. */
  readonly groupId: string | null;
  /** Newest first. */
  readonly actions: InstanceAction[];
  flavor: Flavor;
  /** Empty for a server that boots from a volume. */
  imageId: string;
  /** Those of what it was booted from; images made of it inherit them. */
  readonly imageProperties: Readonly<Record<string, string>>;
  readonly availabilityZone: string;
  readonly pinnedAvailabilityZone: string | null;
  readonly configDrive: string;
  readonly diskConfig: string;
  accessIPv4: string;
  accessIPv6: string;
  host: string;
  vmState: VmState;
  taskState: string | null;
  powerState: number;
  fault?: { readonly code: number; readonly message: string; readonly created: number };
  locked: boolean;
  lockedReason: string | null;
  interfaces: Interface[];
  volumes: VolumeMapping[];
  /** A live migration under way. */
  migration?: { readonly id: number; readonly to: string };
  /** What the server had before a resize, until that is confirmed or reverted. */
  resize?: { readonly flavor: Flavor; readonly vmState: VmState; readonly host: string };
  readonly createdAt: number;
  updatedAt: number;
  launchedAt: number | null;
  terminatedAt: number | null;
}

export interface Interface {
  readonly portId: string;
  /** A port Nova made goes with the server; one given to it stays. */
  readonly isMadeByNova: boolean;
  readonly tag: string | null;
}

export interface VolumeMapping {
  readonly volumeId: string;
  readonly attachmentId: string;
  readonly bdmId: string;
  readonly device: string;
  deleteOnTermination: boolean;
  readonly isRoot: boolean;
  readonly tag: string | null;
}

export interface KeyPair {
  readonly number: number;
  readonly name: string;
  readonly userId: string;
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly type: string;
  readonly createdAt: number;
}

export interface VolumeType {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
}

export interface Volume {
  readonly id: string;
  name: string | null;
  description: string | null;
  readonly projectId: string;
  readonly userId: string;
  size: number;
  status: string;
  typeId: string;
  readonly availabilityZone: string;
  metadata: Record<string, string>;
  isBootable: boolean;
  readonly snapshotId: string | null;
  readonly sourceVolumeId: string | null;
  imageMetadata?: Record<string, string>;
  attachments: VolumeAttachment[];
  isReadOnly: boolean;
  serviceId: string | null;
  readonly createdAt: number;
  updatedAt: number | null;
}

export interface VolumeAttachment {
  readonly attachmentId: string;
  readonly serverId: string;
  readonly device: string;
  readonly attachedAt: number;
}

export interface Snapshot {
  readonly id: string;
  name: string | null;
  description: string | null;
  readonly projectId: string;
  readonly userId: string;
  readonly volumeId: string;
  readonly size: number;
  status: string;
  metadata: Record<string, string>;
  readonly createdAt: number;
  updatedAt: number | null;
}

/** What every Neutron resource has. */
export interface Standard {
  readonly id: string;
  name: string;
  readonly projectId: string;
  description: string;
  tags: string[];
  revision: number;
  readonly createdAt: number;
  updatedAt: number;
}

export interface Network extends Standard {
  isUp: boolean;
  mtu: number;
  isShared: boolean;
  isExternal: boolean;
  portSecurity: boolean;
  dnsDomain: string;
  readonly segmentationId: number;
}

export interface AddressRange {
  readonly start: string;
  readonly end: string;
}

export interface Subnet extends Standard {
  readonly networkId: string;
  readonly ipVersion: 4 | 6;
  readonly cidr: string;
  gatewayIp: string | null;
  allocationPools: AddressRange[];
  dnsNameservers: string[];
  hostRoutes: { readonly destination: string; readonly nexthop: string }[];
  enableDhcp: boolean;
  readonly ipv6RaMode: string | null;
  readonly ipv6AddressMode: string | null;
}

export interface FixedIp {
  readonly subnetId: string;
  readonly ipAddress: string;
}

export interface Port extends Standard {
  readonly networkId: string;
  macAddress: string;
  isUp: boolean;
  status: 'ACTIVE' | 'DOWN';
  deviceId: string;
  deviceOwner: string;
  hostId: string;
  fixedIps: FixedIp[];
  securityGroupIds: string[];
  portSecurity: boolean;
  allowedAddressPairs: { readonly ipAddress: string; readonly macAddress: string }[];
  dnsName: string;
  vnicType: string;
}

export interface SecurityGroup extends Standard {
  isStateful: boolean;
}

export interface SecurityGroupRule {
  readonly id: string;
  readonly projectId: string;
  readonly securityGroupId: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  readonly protocol: string | null;
  readonly portRangeMin: number | null;
  readonly portRangeMax: number | null;
  readonly remoteIpPrefix: string | null;
  readonly remoteGroupId: string | null;
  readonly description: string | null;
  readonly createdAt: number;
}

export interface Router extends Standard {
  isUp: boolean;
  gateway: { readonly networkId: string; readonly portId: string; enableSnat: boolean } | null;
  routes: { readonly destination: string; readonly nexthop: string }[];
}

export interface FloatingIp extends Standard {
  readonly networkId: string;
  readonly address: string;
  /** The port on the external network that holds the address. */
  readonly holderPortId: string;
  portId: string | null;
  fixedIpAddress: string | null;
  routerId: string | null;
}
