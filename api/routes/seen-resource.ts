import type { FastifyReply, FastifyRequest } from 'fastify';
import { RESOURCE_TYPES } from '#controller/inventory/tracked.ts';
import { createSight } from '../actions/world.ts';
import { type ActionContext, worldOf } from './action-request.ts';
import { problem } from './problem.ts';
import { readPermission } from './resource-access.ts';

/** What names a resource in a path. */
export interface ResourcePath {
  readonly type: string;
  readonly cluster: string;
  readonly id: string;
}

/** The resource of the path; undefined when the reply says why there is none to see. */
export async function findResource(context: ActionContext, request: FastifyRequest<{ Params: ResourcePath }>, reply: FastifyReply) {
  const { cluster, id } = request.params;
  const type = RESOURCE_TYPES.find((one) => one === request.params.type);
  const world = worldOf(context, reply);
  if (!world) return undefined;
  const seen = type && createSight(world)(cluster, type, id);
  if (seen && 'reason' in seen) return void problem(reply, 409, seen.reason, seen.message);
  if (!type || !seen || !request.may(readPermission(type), seen.place).allowed) {
    const list = `GET /api/v1/resources/${request.params.type} lists what there is`;
    return void problem(
      reply,
      404,
      'ResourceNotFound',
      `Cluster ${cluster} holds no ${request.params.type} ${id} that you may see; ${list}.`,
    );
  }
  return { seen, type, world };
}
