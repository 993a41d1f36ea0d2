import type { FastifyPluginAsync } from 'fastify';
import { hostKeyRoutes } from './host-key-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { profileRoutes } from './profile-routes.ts';
import { type TargetRoutesOptions, targetRoutes } from './target-routes.ts';

/** Routes about the hosts that terminals lead to. MUST stand where the gate stands. */
export function hostRoutes(options: TargetRoutesOptions): FastifyPluginAsync {
  return async (app) => {
    await app.register(targetRoutes, options);
    await app.register(profileRoutes, options);
    await app.register(keyRoutes, options);
    await app.register(hostKeyRoutes, options);
  };
}
