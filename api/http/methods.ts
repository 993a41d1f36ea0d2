import type { FastifyInstance } from 'fastify';
import type { Access } from '../auth/gate.ts';
import { problem } from '../routes/problem.ts';

export interface PlatformRoute {
  readonly method: string;
  /** With parameters as they are registered: `/api/v1/clusters/:cluster`. */
  readonly url: string;
  readonly access: Access;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the platform API, for what is said or tried of all of them. */
    platformRoutes: readonly PlatformRoute[];
  }
  interface FastifyContextConfig {
    /** Only says which other methods there are: nobody has to be let in. */
    isMethodMissing?: true;
  }
}

/** Learns the routes of the platform API; to be called before they are added. */
export function collectRoutes(app: FastifyInstance): void {
  const found: PlatformRoute[] = [];
  app.decorate('platformRoutes', found);
  app.addHook('onRoute', ({ method, url, config }) => {
    const access = config?.access;
    if (access) found.push(...[method].flat().map((each) => ({ method: each.toUpperCase(), url, access })));
  });
}

/** Answers 405 with `Allow` at each path of the platform API for the methods it lacks, and `OPTIONS` with what there is. */
export function answerOtherMethods(app: FastifyInstance): void {
  for (const [url, routes] of Map.groupBy(app.platformRoutes, (route) => route.url)) {
    // The router's star would take what is meant for a more special path.
    if (url.includes('*')) continue;
    const methods = new Set(routes.map(({ method }) => method));
    const allow = [...methods.add('OPTIONS')].toSorted().join(', ');
    app.route({
      method: app.supportedMethods.filter((method) => method === 'OPTIONS' || !methods.has(method)),
      url,
      config: { isMethodMissing: true },
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
