import { type Answer, type Call, htmlPage, notFoundPage, type ScopedCall, type Service, tokenOf } from '../call.ts';
import { createRouter } from '../routes.ts';
import type { Image } from '../store.ts';
import { imageDocument } from './document.ts';
import { createImage, deleteImage, patchImage, uploadData } from './writes.ts';

/** Glance v2. Its errors are HTML pages, as the real one's are. */
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
  const route = router.find(call.method, path);
  if (!route) return notFoundPage;
  return route.handler({ ...call, token, params: route.params, minor: 0 });
}

const router = createRouter({
  'GET /v2/images': (call) => listImages(call, visibleImages(call)),
  'POST /v2/images': createImage,
  'GET /v2/images/:id': (call) => withImage(call, (image) => ({ status: 200, body: imageDocument(image) })),
  'PATCH /v2/images/:id': (call) => withImage(call, (image) => patchImage(call, image)),
  'PUT /v2/images/:id/file': (call) => withImage(call, (image) => uploadData(call, image)),
  'DELETE /v2/images/:id': (call) =>
    withImage(call, (image) => deleteImage(call, image), `Failed to find image ${call.params.id} to delete`),
});

function visibleImages(call: ScopedCall): Image[] {
  const isVisible = (image: Image) => image.visibility === 'public' || image.owner === call.token.projectId;
  return [...call.store.images.values()].filter(isVisible);
}

function withImage(call: ScopedCall, act: (image: Image) => Answer, otherwise = `No image found with ID ${call.params.id}`): Answer {
  const image = visibleImages(call).find((row) => row.id === call.params.id);
  return image ? act(image) : htmlPage(404, 'Not Found', otherwise);
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
    name: image.name ?? '',
    id: image.id,
    visibility: image.visibility,
    status: image.status,
    owner: image.owner,
  };
  if (image.isHidden !== (query.get('os_hidden')?.toLowerCase() === 'true')) return false;
  const since = /^gte?:(.*)$/.exec(query.get('updated_at') ?? '')?.[1];
  if (since && image.updatedAt < Date.parse(since)) return false;
  return Object.entries(wanted).every(([key, value]) => query.get(key) === null || query.get(key) === value);
}
