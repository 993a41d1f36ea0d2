import { type Answer, type Call, htmlPage, notFoundPage, type Service, tokenOf } from './call.ts';
import type { Image } from './store.ts';
import { toSeconds } from './world.ts';

/** Glance v2: images are read here, never made. Its errors are HTML pages, as the real one's are. */
export function createImageService(): Service {
  return { name: 'image', prefix: '/image', alsoComputeRequestId: false, answer };
}

const maxLimit = 1000;
const defaultLimit = 25;

function answer(call: Call): Answer {
  const path = call.path.replace(/\/$/, '');
  if (path === '' || path === '/versions') return { status: path === '' ? 300 : 200, body: { versions: versions(call) } };
  const token = tokenOf(call);
  if (!token) {
    const text =
      'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.';
    return { ...htmlPage(401, 'Unauthorized', text), headers: { 'www-authenticate': `Keystone uri="${call.world.origin}/identity"` } };
  }
  const visible = [...call.store.images.values()].filter((image) => image.visibility === 'public' || image.owner === token.projectId);
  if (path === '/v2/images' && call.method === 'GET') return listImages(call, visible);
  const id = /^\/v2\/images\/([^/]+)$/.exec(path)?.[1];
  if (id === undefined || call.method !== 'GET') return notFoundPage;
  const image = visible.find((row) => row.id === id);
  return image ? { status: 200, body: imageDocument(image) } : htmlPage(404, 'Not Found', `No image found with ID ${id}`);
}

function versions(call: Call): object[] {
  const links = [{ rel: 'self', href: `${call.world.origin}/image/v2/` }];
  const supported = [
    'v2.15',
    'v2.13',
    'v2.12',
    'v2.11',
    'v2.10',
    'v2.9',
    'v2.8',
    'v2.7',
    'v2.6',
    'v2.5',
    'v2.4',
    'v2.3',
    'v2.2',
    'v2.1',
    'v2.0',
  ];
  return [{ id: 'v2.17', status: 'CURRENT', links }, ...supported.map((id) => ({ id, status: 'SUPPORTED', links }))];
}

function listImages(call: Call, visible: readonly Image[]): Answer {
  const limitText = call.query.get('limit');
  const limit = Math.min(limitText === null ? defaultLimit : Number(limitText), maxLimit);
  if (Number.isNaN(limit)) return htmlPage(400, 'Bad Request', 'limit param must be an integer');
  if (limit < 0) return htmlPage(400, 'Bad Request', 'limit param must be positive');
  const rows = visible
    .filter((image) => matches(image, call.query))
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  const marker = call.query.get('marker');
  const markerAt = marker === null ? -1 : rows.findIndex((image) => image.id === marker);
  if (marker !== null && markerAt < 0) return htmlPage(400, 'Bad Request', `No image found with ID ${marker}`);
  const page = rows.slice(markerAt + 1, markerAt + 1 + limit);
  const query = new URLSearchParams(call.query);
  query.delete('marker');
  const first = query.size === 0 ? '/v2/images' : `/v2/images?${query.toString()}`;
  const body: Record<string, unknown> = { images: page.map(imageDocument), first, schema: '/v2/schemas/images' };
  // Glance offers a next page whenever this one is full, even when nothing follows.
  const last = page.at(-1);
  if (last && page.length === limit) {
    query.set('marker', last.id);
    body.next = `/v2/images?${query.toString()}`;
  }
  return { status: 200, body };
}

function matches(image: Image, query: URLSearchParams): boolean {
  const wanted: Record<string, string> = {
    name: image.name,
    id: image.id,
    visibility: image.visibility,
    status: image.status,
    owner: image.owner,
  };
  const since = /^gte?:(.*)$/.exec(query.get('updated_at') ?? '')?.[1];
  if (since && image.updatedAt < Date.parse(since)) return false;
  return Object.entries(wanted).every(([key, value]) => query.get(key) === null || query.get(key) === value);
}

function imageDocument(image: Image): object {
  return {
    ...image.properties,
    name: image.name,
    disk_format: 'raw',
    container_format: 'bare',
    visibility: image.visibility,
    size: image.size,
    virtual_size: image.size,
    status: image.status,
    checksum: image.checksum,
    protected: false,
    min_ram: image.minRam,
    min_disk: image.minDisk,
    owner: image.owner,
    os_hidden: false,
    os_hash_algo: 'sha512',
    os_hash_value: image.hash,
    id: image.id,
    created_at: toSeconds(image.createdAt),
    updated_at: toSeconds(image.updatedAt),
    tags: image.tags,
    self: `/v2/images/${image.id}`,
    file: `/v2/images/${image.id}/file`,
    schema: '/v2/schemas/image',
    stores: 'fs',
  };
}
