import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyPluginAsync } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import { type AuditFilter, BadCursor } from '#controller/audit/list.ts';
import type { AuditRecord } from '#controller/audit/row.ts';
import type { Verification } from '#controller/audit/verify.ts';
import { entriesAnswer, entriesQuery, parseMoment, verifyAnswer, verifyQuery } from './audit-schema.ts';
import { badRequest, explain } from './problem.ts';

export interface AuditRoutesOptions {
  readonly audit: Audit;
}

interface EntriesQuery extends Omit<AuditFilter, 'since' | 'until'> {
  readonly since?: string;
  readonly until?: string;
  readonly limit: number;
  readonly cursor?: string;
}

interface VerifyQuery {
  readonly from?: number;
  readonly to?: number;
}

/**
 * `GET /api/v1/audit` and `GET /api/v1/audit/verify`. Who may call them is settled before: the plugin MUST be registered where every
 * request has been authenticated.
 */
export const auditRoutes: FastifyPluginAsync<AuditRoutesOptions> = async (app, { audit }) => {
  // Strict on purpose: a misspelt filter that was dropped would answer with everything.
  const ajv = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true });
  ajv.addFormat('moment', (text) => parseMoment(text) !== undefined);
  app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadCursor) return badRequest(reply, [{ field: 'cursor', message: error.message }]);
    if (!error.validation) throw error;
    return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
  });

  app.get<{ Querystring: EntriesQuery }>(
    '/api/v1/audit',
    { schema: { querystring: entriesQuery, response: entriesAnswer }, config: { access: { permission: 'audit.read', at: 'everywhere' } } },
    async ({ query }) => {
      const { since, until, limit, cursor, ...same } = query;
      const filter = { ...same, ...moment('since', since), ...moment('until', until) };
      const { items, next } = await audit.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
      return { items: items.map(present), ...(next === undefined ? {} : { next }) };
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
      return check;
    },
  );
};

function moment(field: 'since' | 'until', text: string | undefined): { since?: number; until?: number } {
  const at = text === undefined ? undefined : parseMoment(text);
  return at === undefined ? {} : { [field]: at };
}

function present({ at, ...entry }: AuditRecord) {
  return { ...entry, at: new Date(at).toISOString(), changes: entry.changes.map(({ path, from, to }) => ({ path, from, to })) };
}
