import { requestNothing, requestOne } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { pages } from '../pages.ts';
import { VOLUME_MICROVERSION } from './volumes.ts';

/** A snapshot of a volume as `/snapshots/detail` shows it. */
export interface VolumeSnapshot {
  id: string;
  name: string | null;
  description: string | null;
  volume_id: string;
  /** creating, available, deleting, error, error_deleting, restoring, backing-up, ... */
  status: string;
  /** GiB. */
  size: number;
  metadata: Record<string, string>;
  /** >=3.41. */
  user_id?: string;
  'os-extended-snapshot-attributes:project_id'?: string;
  'os-extended-snapshot-attributes:progress'?: string;
  created_at: string;
  updated_at: string | null;
}

export interface VolumeSnapshotCreate {
  volume_id: string;
  name?: string;
  description?: string;
  metadata?: Record<string, string>;
}

const base = (id: string) => `/snapshots/${encodeURIComponent(id)}`;
const at = <T extends object>(options: T) => ({ ...options, microversion: VOLUME_MICROVERSION });

/** All snapshots with details, a page at a time. */
export function list(client: ServiceClient, query: { volume_id?: string; limit?: number } = {}): AsyncIterable<VolumeSnapshot[]> {
  return pages<VolumeSnapshot>(client, at({ path: '/snapshots/detail', query: { limit: 1000, ...query }, key: 'snapshots' }));
}

export function get(client: ServiceClient, id: string): Promise<VolumeSnapshot> {
  return requestOne<VolumeSnapshot>(client, at({ method: 'GET', path: base(id) }), 'snapshot');
}

/** Answers in `creating`; of a volume in use too (>=3.66). */
export function create(client: ServiceClient, snapshot: VolumeSnapshotCreate): Promise<VolumeSnapshot> {
  return requestOne<VolumeSnapshot>(client, at({ method: 'POST', path: '/snapshots', body: { snapshot } }), 'snapshot');
}

export function update(client: ServiceClient, id: string, snapshot: { name?: string; description?: string }): Promise<VolumeSnapshot> {
  return requestOne<VolumeSnapshot>(client, at({ method: 'PUT', path: base(id), body: { snapshot } }), 'snapshot');
}

/** Asks for deletion, even while a volume is being made from it, which fails then (seen on 2025.1). */
export function remove(client: ServiceClient, id: string): Promise<void> {
  return requestNothing(client, at({ method: 'DELETE', path: base(id) }));
}

/** Sets these keys and keeps the others. */
export function setMetadata(client: ServiceClient, id: string, metadata: Record<string, string>): Promise<void> {
  return requestNothing(client, at({ method: 'POST', path: `${base(id)}/metadata`, body: { metadata } }));
}

export function deleteMetadataKey(client: ServiceClient, id: string, key: string): Promise<void> {
  return requestNothing(client, at({ method: 'DELETE', path: `${base(id)}/metadata/${encodeURIComponent(key)}` }));
}
