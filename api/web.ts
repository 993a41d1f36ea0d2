import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { page, text } from './http/page.ts';

const built = resolve(import.meta.dirname, '../web/dist');

/**
 * Gives out the web as `npm run build:web` made it: files by their names, and its one page at every other address, which are pages of the web.
 * MUST be added behind all other routes; it takes what none of them does.
 */
export async function addWeb(app: FastifyInstance, dir = built): Promise<void> {
  await app.register(fastifyStatic, { root: dir, serve: false, preCompressed: true, cacheControl: false });
  app.get('/*', async (request, reply) => {
    const [pathname = ''] = request.url.split('?', 1);
    if (isOfServer(pathname) || isNoPath(pathname)) return reply.callNotFound();
    const name = pathname.slice(1);
    // Their names change with their content.
    if (name.startsWith('assets/')) return reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(name);
    if (/^[\w-]+\.(?:js|svg)$/.test(name)) return reply.header('cache-control', 'no-cache').sendFile(name);
    if (!existsSync(resolve(dir, 'index.html'))) return reply.code(503).type('text/html; charset=utf-8').send(notBuilt());
    return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').sendFile('index.html');
  });
}

/** What programs ask is never answered with a page. */
function isOfServer(path: string): boolean {
  return /^\/(?:api|apis|openapi|problems|metrics|version|healthz|readyz|livez)(?:\/|$)/.test(path);
}

/** Whoever writes steps upwards, or what reads as another host, looks for something else than a page. */
function isNoPath(path: string): boolean {
  try {
    return path.startsWith('//') || /(?:^|[/\\])\.\.?(?:[/\\]|$)/.test(decodeURIComponent(path));
  } catch {
    return true;
  }
}

function notBuilt(): string {
  return page(
    'The web is not built',
    `<p>${text('Run "npm run build:web" in the directory of Stackwarden and load this page again.')}</p>`,
  );
}
