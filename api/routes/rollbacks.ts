import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import {
  checkStrictly,
  type HistoryContext,
  ofNamespace,
  Refused,
  type RevisionRoute,
  revisionOf,
  revisionUrl,
} from './history-request.ts';
import { applyBody, revisionParams, uidQuery } from './history-schema.ts';
import { applyRollback, type KindPath, planRollback, type RollbackDeps, type RollbackRequest } from './rollback.ts';

export type RollbackRoutesOptions = HistoryContext & RollbackDeps;

const schema = { params: revisionParams, querystring: uidQuery };

/** `POST .../revisions/N/plan` and `.../apply`: the way back to an earlier revision. MUST be registered where requests are authenticated. */
export const rollbackRoutes: FastifyPluginAsync<RollbackRoutesOptions> = async (app, options) => {
  checkStrictly(app, options.clock);

  app.post<RevisionRoute>(`${revisionUrl}/plan`, { schema, config: { access: ofNamespace } }, async (request) => {
    const rollback = await rollbackOf(options, request);
    return { ...rollback.place, revision: rollback.revision, ...(await planRollback(options, rollback)) };
  });

  app.post<RevisionRoute & { Body: { generation: number; uid?: string } }>(
    `${revisionUrl}/apply`,
    { schema: { ...schema, body: applyBody }, config: { access: ofNamespace } },
    async (request) => {
      const rollback = await rollbackOf(options, request);
      return { ...rollback.place, revision: rollback.revision, ...(await applyRollback(options, rollback, request.body)) };
    },
  );
};

async function rollbackOf(context: HistoryContext, request: FastifyRequest<RevisionRoute>): Promise<RollbackRequest> {
  const { place, revision } = await revisionOf(context, request);
  const { spec } = revision;
  if (!spec)
    throw new Refused(409, 'Conflict', `Revision ${revision.revision} is a deletion: go back to an earlier one, or delete the object.`);
  const path = context.kinds.find(({ kind }) => kind === place.kind) as KindPath;
  const caller = { ...request.headers, address: request.ip };
  return { place, path, revision: revision.revision, spec, caller, user: request.identity.user };
}
