import type { FastifyInstance } from 'fastify';
import { problem } from '../routes/problem.ts';

/** Learns which methods each path of the platform API has; to be called before its routes are added. */
export function collectMethods(app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.access) return;
    const methods = found.get(url) ?? new Set<string>();
    for (const each of [method].flat()) methods.add(each.toUpperCase());
    found.set(url, methods);
  });
  return found;
}

/** Answers 405 with `Allow` at each collected path for the methods it lacks, and `OPTIONS` with what there is. */
export function answerOtherMethods(app: FastifyInstance, collected: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, methods] of collected) {
    // The router's star would take what is meant for a more special path.
    if (url.includes('*')) continue;
    const allow = [...methods, 'OPTIONS'].toSorted().join(', ');
    const missing = app.supportedMethods.filter((method) => !methods.has(method));
    app.route({
      method: missing,
      url,
      // Ahead of the body, which need not be read for this.
      onRequest: async (request, reply) => {
        reply.header('allow', allow);
        if (request.method === 'OPTIONS') return reply.code(204).send();
        return problem(reply, 405, 'MethodNotAllowed', `${request.method} is not possible here; possible are ${allow}.`);
      },
      handler: async () => undefined,
    });
  }
}
