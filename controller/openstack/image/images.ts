import { requestBody, requestNothing } from '../calls.ts';
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
  /** Only hidden images; without it, only those that are not. */
  os_hidden?: true;
  limit?: number;
}

export interface ImageCreate {
  /** Ours to choose; one that was ever used is refused (409). */
  id?: string;
  name: string;
  disk_format: string;
  container_format: string;
  min_disk?: number;
  min_ram?: number;
  visibility?: Image['visibility'];
  protected?: boolean;
  os_hidden?: boolean;
  tags?: readonly string[];
  /** Custom properties stand beside the fields. */
  [property: string]: unknown;
}

/** One step of a JSON patch; `path` is `/` and a field or property, with `~` and `/` in it escaped (`pointer`). */
export type ImagePatch = { op: 'add' | 'replace'; path: string; value: unknown } | { op: 'remove'; path: string };

const base = (id: string) => `/images/${encodeURIComponent(id)}`;

/** Images this project may see. */
export function list(client: ServiceClient, query: ImageQuery = {}): AsyncIterable<Image[]> {
  // Without a limit Glance answers 25 rows a page.
  return pages<Image>(client, { path: '/images', query: { limit: 1000, ...query }, key: 'images' });
}

export function get(client: ServiceClient, id: string): Promise<Image> {
  return requestBody<Image>(client, { method: 'GET', path: base(id) });
}

/** Answers in `queued`: it waits for its data. */
export function create(client: ServiceClient, image: ImageCreate): Promise<Image> {
  return requestBody<Image>(client, { method: 'POST', path: '/images', body: image });
}

/** Carries out all steps or none; a property that is not there can be neither replaced nor removed (409). */
export function patch(client: ServiceClient, id: string, steps: readonly ImagePatch[]): Promise<Image> {
  const headers = { 'content-type': 'application/openstack-images-v2.1-json-patch' };
  return requestBody<Image>(client, { method: 'PATCH', path: base(id), body: steps, headers });
}

/** A field or property as JSON patch addresses it. */
export function pointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/**
 * Sends the data of a queued image and answers when it is `active`. `open` gives the data from its start; an error it ends with breaks
 * the upload off, and Glance puts the image back to `queued` (seen on 2025.1).
 */
export function upload(
  client: ServiceClient,
  id: string,
  open: () => AsyncIterable<Uint8Array>,
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' };
  return requestNothing(client, { method: 'PUT', path: `${base(id)}/file`, data: open, headers, ...options });
}

/** Gone with the answer; refused (403) while it is protected, (409) while something is made from it in a store that cares. */
export function remove(client: ServiceClient, id: string): Promise<void> {
  return requestNothing(client, { method: 'DELETE', path: base(id) });
}
