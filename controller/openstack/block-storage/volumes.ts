import { requestNothing, requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { pages } from '../pages.ts';

/** The newest Cinder microversion these calls understand. */
export const VOLUME_MICROVERSION = '3.70';

/** A volume as `/volumes/detail` shows it. */
export interface Volume {
  id: string;
  /** Null on clouds that were given none. */
  name: string | null;
  description: string | null;
  /** GiB. */
  size: number;
  /** creating, available, reserved, attaching, in-use, detaching, extending, retyping, deleting, error, error_*, ... */
  status: string;
  /** Name of the type. */
  volume_type: string | null;
  /** >=3.63. */
  volume_type_id?: string | null;
  /** Text, not a boolean. */
  bootable: 'true' | 'false';
  encrypted: boolean;
  multiattach: boolean;
  /** Cinder adds `readonly: 'True'` here after `setReadonly`. */
  metadata: Record<string, string>;
  availability_zone: string | null;
  snapshot_id: string | null;
  source_volid: string | null;
  attachments: {
    id: string;
    attachment_id: string;
    volume_id: string;
    server_id: string;
    device: string | null;
    host_name?: string | null;
  }[];
  volume_image_metadata?: Record<string, string>;
  replication_status?: string | null;
  migration_status?: string | null;
  group_id?: string | null;
  user_id: string;
  'os-vol-tenant-attr:tenant_id'?: string;
  'os-vol-host-attr:host'?: string | null;
  created_at: string;
  updated_at: string | null;
}

export interface VolumeQuery {
  /** >=3.60, as `gte:2026-01-31T00:00:00`. Changes of metadata and attachments may be missing. */
  updated_at?: string;
  status?: string;
  name?: string;
  all_tenants?: boolean;
  project_id?: string;
  limit?: number;
}

export interface VolumeCreate {
  name?: string;
  description?: string;
  /** GiB; may be left out for a copy of a volume or snapshot. */
  size?: number;
  volume_type?: string;
  imageRef?: string;
  snapshot_id?: string;
  source_volid?: string;
  availability_zone?: string;
  metadata?: Record<string, string>;
}

const base = (id: string) => `/volumes/${encodeURIComponent(id)}`;
const at = <T extends object>(options: T) => ({ ...options, microversion: VOLUME_MICROVERSION });

/** All volumes with details, a page at a time. */
export function list(client: ServiceClient, query: VolumeQuery = {}): AsyncIterable<Volume[]> {
  return pages<Volume>(client, at({ path: '/volumes/detail', query: { limit: 1000, ...query }, key: 'volumes' }));
}

export function get(client: ServiceClient, id: string): Promise<Volume> {
  return requestOne<Volume>(client, at({ method: 'GET', path: base(id) }), 'volume');
}

/** Answers in `creating`. */
export function create(client: ServiceClient, volume: VolumeCreate): Promise<Volume> {
  return requestOne<Volume>(client, at({ method: 'POST', path: '/volumes', body: { volume } }), 'volume');
}

export function update(client: ServiceClient, id: string, volume: { name?: string; description?: string }): Promise<Volume> {
  return requestOne<Volume>(client, at({ method: 'PUT', path: base(id), body: { volume } }), 'volume');
}

/** Asks for deletion; refused (400) while it is attached, busy, or has snapshots. */
export function remove(client: ServiceClient, id: string): Promise<void> {
  return requestNothing(client, at({ method: 'DELETE', path: base(id) }));
}

/** Sets the whole metadata. */
export function replaceMetadata(client: ServiceClient, id: string, metadata: Record<string, string>): Promise<void> {
  return requestNothing(client, at({ method: 'PUT', path: `${base(id)}/metadata`, body: { metadata } }));
}

/** Sets these keys and keeps the others. */
export function setMetadata(client: ServiceClient, id: string, metadata: Record<string, string>): Promise<void> {
  return requestNothing(client, at({ method: 'POST', path: `${base(id)}/metadata`, body: { metadata } }));
}

export function deleteMetadataKey(client: ServiceClient, id: string, key: string): Promise<void> {
  return requestNothing(client, at({ method: 'DELETE', path: `${base(id)}/metadata/${encodeURIComponent(key)}` }));
}

function act(client: ServiceClient, id: string, action: Record<string, unknown>): Promise<void> {
  return requestNothing(client, at({ method: 'POST', path: `${base(id)}/action`, body: action }));
}

/** Grows the volume to `sizeGiB`; while it is attached only >=3.42. */
export const extend = (client: ServiceClient, id: string, sizeGiB: number) => act(client, id, { 'os-extend': { new_size: sizeGiB } });
export const setBootable = (client: ServiceClient, id: string, bootable: boolean) => act(client, id, { 'os-set_bootable': { bootable } });
/** Only while `available`. */
export const setReadonly = (client: ServiceClient, id: string, readonly: boolean) =>
  act(client, id, { 'os-update_readonly_flag': { readonly } });
/** `on-demand` moves the data if the type needs another backend; `never` refuses then. */
export const retype = (client: ServiceClient, id: string, type: string, migration: 'never' | 'on-demand' = 'never') =>
  act(client, id, { 'os-retype': { new_type: type, migration_policy: migration } });
/** Back to what a snapshot holds (>=3.40): its newest one, of its size, while it is `available`. All written since is lost. */
export const revert = (client: ServiceClient, id: string, snapshotId: string) => act(client, id, { revert: { snapshot_id: snapshotId } });

export interface VolumeImage {
  image_name: string;
  disk_format: string;
  container_format: string;
  visibility?: 'private' | 'shared';
  /** Also of a volume in use: of what is on the disk at that moment. */
  force?: boolean;
}

/** Makes an image of it; the volume is `uploading` until the image is there. Answers with the image's id. */
export async function uploadToImage(client: ServiceClient, id: string, image: VolumeImage): Promise<{ image_id: string }> {
  const action = 'os-volume_upload_image';
  const body = { [action]: image };
  return requestOne<{ image_id: string }>(client, at({ method: 'POST', path: `${base(id)}/action`, body }), action);
}
