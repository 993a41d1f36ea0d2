import type { FastifyPluginAsync } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { AuditOrder } from '#controller/audit/list.ts';
import type { Retention } from '#controller/audit/retention.ts';
import type { Verification } from '#controller/audit/verify.ts';
import { present } from './audit-answer.ts';
import { auditExport } from './audit-export.ts';
import { checkAuditRequests, type FilterQuery, filterOf } from './audit-filter.ts';
import { auditRetention, presentCheckpoint } from './audit-retention.ts';
import { entriesAnswer, entriesQuery, entryAnswer, entryParams, verifyAnswer, verifyQuery } from './audit-schema.ts';
import { auditStream } from './audit-stream.ts';
import { problem } from './problem.ts';

export interface AuditRoutesOptions {
  readonly audit: Audit;
  /** Undefined in tests of other parts. */
  readonly retention?: Retention;
}

interface EntriesQuery extends FilterQuery {
  readonly order: AuditOrder;
  readonly limit: number;
  readonly cursor?: string;
}

interface VerifyQuery {
  readonly from?: number;
  readonly to?: number;
}

/**
 * `/api/v1/audit` and what lies below: entries, verify, export, stream, retention. Who may call them is settled before: the plugin MUST be
 * registered where every request has been authenticated.
 */
export const auditRoutes: FastifyPluginAsync<AuditRoutesOptions> = async (app, { audit, retention }) => {
  checkAuditRequests(app);

  app.get<{ Querystring: EntriesQuery }>(
    '/api/v1/audit',
    { schema: { querystring: entriesQuery, response: entriesAnswer }, config: { access: { permission: 'audit.read', at: 'everywhere' } } },
    async ({ query }) => {
      const { order, limit, cursor, ...filter } = query;
      const { items, next } = await audit.list(filterOf(filter), { order, limit, ...(cursor === undefined ? {} : { cursor }) });
      return { items: items.map(present), ...(next === undefined ? {} : { next }) };
    },
  );

  app.get<{ Params: { seq: number } }>(
    '/api/v1/audit/entries/:seq',
    { schema: { params: entryParams, response: entryAnswer }, config: { access: { permission: 'audit.read', at: 'everywhere' } } },
    async ({ params: { seq } }, reply) => {
      const [entry] = await audit.between({ above: seq - 1, below: seq + 1 }, { order: 'oldest', limit: 1 });
      if (entry) return present(entry);
      return problem(reply, 404, 'EntryNotFound', `The audit log has no entry ${seq}: it never had, or it was removed for its age.`);
    },
  );

  const running = new Map<string, Promise<Verification>>();
  app.get<{ Querystring: VerifyQuery }>(
    '/api/v1/audit/verify',
    { schema: { querystring: verifyQuery, response: verifyAnswer }, config: { access: { permission: 'audit.verify', at: 'everywhere' } } },
    async ({ query }) => {
      const key = `${query.from ?? ''}-${query.to ?? ''}`;
      // A full check reads the whole log: whoever asks the same meanwhile gets the same answer.
      const check = running.get(key) ?? audit.verify(query).finally(() => running.delete(key));
      running.set(key, check);
      const { checkpoint, ...found } = await check;
      return { ...found, ...(checkpoint && { checkpoint: presentCheckpoint(checkpoint) }) };
    },
  );

  await app.register(auditExport, { audit });
  await app.register(auditStream, { audit });
  if (retention) await app.register(auditRetention, { retention });
};
