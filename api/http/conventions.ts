import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { badRequest, problem } from '../routes/problem.ts';
import { answerError, pathOf } from './errors.ts';
import { addETags } from './etag.ts';
import { addSecurityHeaders } from './headers.ts';
import { HttpProblem } from './http-problem.ts';
import { parseJsonBody } from './json-body.ts';
import { addRateLimits, type Count, defaultRateLimits, type RateLimits } from './limits.ts';

export interface ConventionOptions {
  readonly log: Log;
  readonly limits?: RateLimits;
  /** Where several processes count requests together. */
  readonly redis?: Redis;
}

/** What all of the application keeps to: headers, limits and the form of every refusal. Before any route. Returns what counts requests. */
export async function addConventions(app: FastifyInstance, { log, limits = defaultRateLimits, redis }: ConventionOptions): Promise<Count> {
  app.setErrorHandler((error, request, reply) => answerError(log, error, request, reply));
  app.setNotFoundHandler((request, reply) => problem(reply, 404, 'NotFound', `There is nothing at ${request.method} ${pathOf(request)}.`));
  app.addHook('onSend', async (request, reply, payload) => {
    addSecurityHeaders(request, reply);
    return payload;
  });
  app.addHook('onRequest', async (request) => refuseControls(request, /%00/));
  return await addRateLimits(app, limits, redis);
}

/** What the platform API keeps to beside; the Kubernetes API has rules of its own. Before its routes, behind the gate. */
export function addPlatformConventions(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => refuseControls(request, /%(?:[01][0-9a-f]|7f)/i));
  app.addHook('onRequest', async ({ headers }) => {
    if ((headers['content-encoding'] ?? 'identity') === 'identity') return;
    throw new HttpProblem(415, 'UnsupportedMediaType', 'Send the body as it is, without Content-Encoding.');
  });
  // Ajv makes a number of "Infinity" and "1e400" where it converts texts, and holds it against no bound.
  app.addHook('preHandler', async (request, reply) => {
    const given = Object.entries({ ...(request.query as object), ...(request.params as object) });
    const endless = given.filter(([, value]) => typeof value === 'number' && !Number.isFinite(value));
    if (endless.length === 0) return undefined;
    return badRequest(
      reply,
      endless.map(([field]) => ({ field, message: 'This is no number that can be reached.' })),
    );
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      if (!isUtf8(request)) throw new HttpProblem(415, 'UnsupportedMediaType', 'Send JSON in UTF-8.');
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  addETags(app);
}

function isUtf8({ headers }: FastifyRequest): boolean {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset);
}

function refuseControls({ url }: FastifyRequest, controls: RegExp): void {
  if (controls.test(url)) throw new HttpProblem(400, 'BadRequest', 'The path or query holds control characters, which nothing here takes.');
}
