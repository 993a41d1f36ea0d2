import type { FastifyPluginAsync } from 'fastify';
import { honourIdempotencyKeys, type IdempotencyOptions } from '../idempotency.ts';
import type { ActionContext } from './action-request.ts';
import { actionRoutes } from './actions.ts';
import { instanceInsightRoutes } from './instance-insight.ts';
import { operationRoutes } from './operations.ts';

export type ActingOptions = ActionContext & IdempotencyOptions;

/** All routes by which people do things to what clouds hold. MUST stand where the gate stands. */
export const actingRoutes: FastifyPluginAsync<ActingOptions> = async (app, options) => {
  honourIdempotencyKeys(app, options);
  await app.register(actionRoutes, options);
  await app.register(instanceInsightRoutes, options);
  await app.register(operationRoutes, options);
};
