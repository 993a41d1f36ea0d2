import { requestBody, requestNothing, requestOne } from '../calls.ts';
import type { RequestOptions, ServiceClient } from '../cloud.ts';
import type { Link } from '../links.ts';
import { pages } from '../pages.ts';
import { completePages, completeServer } from './server-shape.ts';

/** The newest Nova microversion these calls understand (2.96 names the pinned zone). */
export const SERVER_MICROVERSION = '2.96';

/** A server as `/servers/detail` shows it at 2.96; fields some policies hide are optional. */
export interface Server {
  id: string;
  name: string;
  /** BUILD, ACTIVE, SHUTOFF, PAUSED, SUSPENDED, SHELVED_OFFLOADED, VERIFY_RESIZE, ERROR, DELETED, ... */
  status: string;
  tenant_id: string;
  user_id: string;
  created: string;
  updated: string;
  description?: string | null;
  metadata: Record<string, string>;
  /** >=2.26. */
  tags?: string[];
  /** '' for a server that boots from a volume. */
  image: { id: string; links?: Link[] } | '';
  /** Embedded since 2.47; for an older cloud completed from the flavor itself. */
  flavor: ServerFlavor;
  addresses: Record<string, ServerAddress[]>;
  accessIPv4?: string;
  accessIPv6?: string;
  key_name: string | null;
  config_drive?: string;
  hostId?: string;
  progress?: number;
  /** Only in ERROR, or DELETED after one. */
  fault?: { code: number; message: string; created: string; details?: string };
  /** By name, once per port; absent while the server has none. */
  security_groups?: { name: string }[];
  locked?: boolean;
  locked_reason?: string | null;
  server_groups?: string[];
  pinned_availability_zone?: string | null;
  'OS-EXT-STS:task_state': string | null;
  'OS-EXT-STS:vm_state': string;
  'OS-EXT-STS:power_state': number;
  'OS-EXT-AZ:availability_zone'?: string;
  'OS-DCF:diskConfig'?: string;
  'OS-SRV-USG:launched_at'?: string | null;
  'OS-SRV-USG:terminated_at'?: string | null;
  'OS-EXT-SRV-ATTR:host'?: string | null;
  'OS-EXT-SRV-ATTR:instance_name'?: string;
  'OS-EXT-SRV-ATTR:hostname'?: string;
  'OS-EXT-SRV-ATTR:root_device_name'?: string | null;
  'os-extended-volumes:volumes_attached': { id: string; delete_on_termination?: boolean }[];
}

export interface ServerFlavor {
  /** The flavor's name when the server was made or resized: a renamed flavor shows its old name. */
  original_name: string;
  vcpus: number;
  /** MiB. */
  ram: number;
  /** GiB. */
  disk: number;
  ephemeral: number;
  /** MiB. */
  swap: number;
  extra_specs?: Record<string, string>;
}

export interface ServerAddress {
  addr: string;
  version: 4 | 6;
  'OS-EXT-IPS:type'?: 'fixed' | 'floating';
  'OS-EXT-IPS-MAC:mac_addr'?: string;
}

export interface ServerQuery {
  /** ISO 8601. Also lists servers deleted since then: see `isDeleted`. Changes of metadata and tags may be missing. */
  'changes-since'?: string;
  /** A regular expression that matches anywhere in the name; never use it to find one server. */
  name?: string;
  status?: string;
  all_tenants?: boolean;
  project_id?: string;
  tags?: string;
  limit?: number;
}

export interface ServerCreate {
  name: string;
  flavorRef: string;
  /** Absent for a server that boots from a volume. */
  imageRef?: string;
  networks: 'auto' | 'none' | { uuid?: string; port?: string; fixed_ip?: string; tag?: string }[];
  block_device_mapping_v2?: BlockDevice[];
  key_name?: string;
  security_groups?: { name: string }[];
  metadata?: Record<string, string>;
  /** >=2.52. */
  tags?: string[];
  availability_zone?: string;
  description?: string;
  /** Base64. */
  user_data?: string;
  config_drive?: boolean;
}

/** What a rebuild changes beside the disk; what is absent stays as it is. */
export interface ServerRebuild {
  imageRef: string;
  /** >=2.54. */
  key_name?: string;
  /** Base64; >=2.57. */
  user_data?: string;
  /** The whole of it. */
  metadata?: Record<string, string>;
}

export interface BlockDevice {
  boot_index: number;
  uuid?: string;
  source_type: 'volume' | 'image' | 'snapshot' | 'blank';
  destination_type: 'volume' | 'local';
  /** GiB. */
  volume_size?: number;
  volume_type?: string;
  delete_on_termination?: boolean;
  tag?: string;
}

export interface ServerInterface {
  port_id: string;
  net_id: string;
  mac_addr: string;
  port_state: string;
  fixed_ips: { subnet_id: string; ip_address: string }[];
  tag?: string | null;
}

export interface VolumeAttachment {
  serverId: string;
  volumeId: string;
  device: string | null;
  tag?: string | null;
  delete_on_termination?: boolean;
  /** >=2.89. */
  attachment_id?: string;
}

const base = (id: string) => `/servers/${encodeURIComponent(id)}`;
const at = <T extends object>(options: T) => ({ ...options, microversion: SERVER_MICROVERSION });
const call = (client: ServiceClient, options: RequestOptions) => requestNothing(client, at(options));

/** True for a row that `changes-since` lists because the server is gone. */
export function isDeleted(server: Server): boolean {
  return server.status === 'DELETED' || server.status === 'SOFT_DELETED';
}

/** All servers with details, a page at a time. Throws after the last page when a cell was down, so the list never counts as complete. */
export function list(client: ServiceClient, query: ServerQuery = {}): AsyncIterable<Server[]> {
  const asked = { limit: 1000, ...query };
  return completePages(client, pages<Server>(client, at({ path: '/servers/detail', query: asked, key: 'servers' })));
}

export async function get(client: ServiceClient, id: string): Promise<Server> {
  return completeServer(client, await requestOne<Server>(client, at({ method: 'GET', path: base(id) }), 'server'));
}

/** Answers as soon as the request is accepted; the admin password Nova returns is dropped. `group` is the id of a server group. */
export async function create(client: ServiceClient, server: ServerCreate, hints?: { readonly group: string }): Promise<{ id: string }> {
  const body = { server, ...(hints && { 'os:scheduler_hints': hints }) };
  const { id } = await requestOne<{ id: string }>(client, at({ method: 'POST', path: '/servers', body }), 'server');
  return { id };
}

export async function update(client: ServiceClient, id: string, server: { name?: string; description?: string }): Promise<Server> {
  return completeServer(client, await requestOne<Server>(client, at({ method: 'PUT', path: base(id), body: { server } }), 'server'));
}

/** Asks for deletion; the server is gone only when `get` says 404. */
export function remove(client: ServiceClient, id: string): Promise<void> {
  return call(client, { method: 'DELETE', path: base(id) });
}

/** Sets the whole metadata; refused (409) while the server builds. */
export function replaceMetadata(client: ServiceClient, id: string, metadata: Record<string, string>): Promise<void> {
  return call(client, { method: 'PUT', path: `${base(id)}/metadata`, body: { metadata } });
}

/** Sets these keys and keeps the others. */
export function setMetadata(client: ServiceClient, id: string, metadata: Record<string, string>): Promise<void> {
  return call(client, { method: 'POST', path: `${base(id)}/metadata`, body: { metadata } });
}

export function deleteMetadataKey(client: ServiceClient, id: string, key: string): Promise<void> {
  return call(client, { method: 'DELETE', path: `${base(id)}/metadata/${encodeURIComponent(key)}` });
}

/** Sets the whole tag list (>=2.26). */
export function replaceTags(client: ServiceClient, id: string, tags: readonly string[]): Promise<void> {
  return call(client, { method: 'PUT', path: `${base(id)}/tags`, body: { tags } });
}

function act(client: ServiceClient, id: string, action: Record<string, unknown>): Promise<void> {
  return call(client, { method: 'POST', path: `${base(id)}/action`, body: action });
}

export const start = (client: ServiceClient, id: string) => act(client, id, { 'os-start': null });
export const stop = (client: ServiceClient, id: string) => act(client, id, { 'os-stop': null });
export const pause = (client: ServiceClient, id: string) => act(client, id, { pause: null });
export const unpause = (client: ServiceClient, id: string) => act(client, id, { unpause: null });
export const suspend = (client: ServiceClient, id: string) => act(client, id, { suspend: null });
export const resume = (client: ServiceClient, id: string) => act(client, id, { resume: null });
export const shelve = (client: ServiceClient, id: string) => act(client, id, { shelve: null });
export const unshelve = (client: ServiceClient, id: string) => act(client, id, { unshelve: null });
export const unrescue = (client: ServiceClient, id: string) => act(client, id, { unrescue: null });
export const reboot = (client: ServiceClient, id: string, type: 'SOFT' | 'HARD' = 'SOFT') => act(client, id, { reboot: { type } });
/** Leads to VERIFY_RESIZE, where `confirmResize` or `revertResize` ends it. */
export const resize = (client: ServiceClient, id: string, flavorRef: string) => act(client, id, { resize: { flavorRef } });
export const confirmResize = (client: ServiceClient, id: string) => act(client, id, { confirmResize: null });
export const revertResize = (client: ServiceClient, id: string) => act(client, id, { revertResize: null });
/**
 * Makes the disk anew; all that was on it is lost. At the microversion we speak that goes for a volume the server boots from, too
 * (2.93 began it).
 */
export const rebuild = (client: ServiceClient, id: string, server: ServerRebuild) => act(client, id, { rebuild: server });
/** `name` may be an id; adds the group to every port of the server. */
export const addSecurityGroup = (client: ServiceClient, id: string, name: string) => act(client, id, { addSecurityGroup: { name } });
export const removeSecurityGroup = (client: ServiceClient, id: string, name: string) => act(client, id, { removeSecurityGroup: { name } });

/**
 * Makes an image of the server (>=2.45 names it in the answer), with these properties beside those of the image it was booted from.
 * Boots from a volume: the image is empty and names Cinder snapshots made along with it.
 */
export async function createImage(
  client: ServiceClient,
  id: string,
  image: { name: string; metadata?: Record<string, string> },
): Promise<{ id: string }> {
  const options = at({ method: 'POST' as const, path: `${base(id)}/action`, body: { createImage: image } });
  const { image_id } = await requestBody<{ image_id: string }>(client, options);
  return { id: image_id };
}

/** Ports of a server, read by Nova from Neutron: one call per server, so prefer Neutron's own list for many. */
export async function listInterfaces(client: ServiceClient, id: string): Promise<ServerInterface[]> {
  const options = at({ method: 'GET' as const, path: `${base(id)}/os-interface` });
  return requestOne<ServerInterface[]>(client, options, 'interfaceAttachments', 'list');
}

/** Plugs a port in, or has Nova create one on a network; answers when it is plugged. */
export async function attachInterface(
  client: ServiceClient,
  id: string,
  plug: { port_id: string } | { net_id: string; fixed_ips?: { ip_address: string }[] },
): Promise<ServerInterface> {
  const options = at({ method: 'POST' as const, path: `${base(id)}/os-interface`, body: { interfaceAttachment: plug } });
  return requestOne<ServerInterface>(client, options, 'interfaceAttachment');
}

/** Unplugs a port; Nova also deletes it if Nova made it. */
export function detachInterface(client: ServiceClient, id: string, portId: string): Promise<void> {
  return call(client, { method: 'DELETE', path: `${base(id)}/os-interface/${encodeURIComponent(portId)}` });
}

export async function listVolumeAttachments(client: ServiceClient, id: string): Promise<VolumeAttachment[]> {
  const options = at({ method: 'GET' as const, path: `${base(id)}/os-volume_attachments` });
  return requestOne<VolumeAttachment[]>(client, options, 'volumeAttachments', 'list');
}

/** The volume turns `in-use` some time after the answer. */
export async function attachVolume(
  client: ServiceClient,
  id: string,
  attachment: { volumeId: string; device?: string; tag?: string; delete_on_termination?: boolean },
): Promise<VolumeAttachment> {
  const options = at({ method: 'POST' as const, path: `${base(id)}/os-volume_attachments`, body: { volumeAttachment: attachment } });
  return requestOne<VolumeAttachment>(client, options, 'volumeAttachment');
}

/** Asks to detach; the volume turns `available` some time after the answer. Never possible for the root volume. */
export function detachVolume(client: ServiceClient, id: string, volumeId: string): Promise<void> {
  return call(client, { method: 'DELETE', path: `${base(id)}/os-volume_attachments/${encodeURIComponent(volumeId)}` });
}
