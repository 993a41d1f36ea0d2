import { requestBody } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { pages } from '../pages.ts';

/** A Glance image; custom properties stand beside the fields, as text. */
export interface Image {
  id: string;
  name: string | null;
  /** queued, saving, importing, active, deactivated, killed, deleted, pending_delete. */
  status: string;
  visibility: 'public' | 'private' | 'shared' | 'community';
  owner: string | null;
  protected: boolean;
  os_hidden?: boolean;
  disk_format: string | null;
  container_format: string | null;
  /** GiB a root disk needs at least. */
  min_disk: number;
  /** MiB. */
  min_ram: number;
  /** Bytes; null until data is there. */
  size: number | null;
  virtual_size?: number | null;
  checksum?: string | null;
  os_hash_algo?: string | null;
  os_hash_value?: string | null;
  tags: string[];
  created_at: string;
  updated_at: string;
  [property: string]: unknown;
}

export interface ImageQuery {
  /** As `gte:2026-01-31T00:00:00Z`. */
  updated_at?: string;
  name?: string;
  status?: string;
  visibility?: string;
  owner?: string;
  limit?: number;
}

/** Images this project may see. */
export function list(client: ServiceClient, query: ImageQuery = {}): AsyncIterable<Image[]> {
  // Without a limit Glance answers 25 rows a page.
  return pages<Image>(client, { path: '/images', query: { limit: 1000, ...query }, key: 'images' });
}

export function get(client: ServiceClient, id: string): Promise<Image> {
  return requestBody<Image>(client, { method: 'GET', path: `/images/${encodeURIComponent(id)}` });
}
