import { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { AuditFilter, AuditOrder } from '#controller/audit/list.ts';
import { sourceOf } from '../auth/denials.ts';
import { csvHead, csvLines, jsonLines } from './audit-answer.ts';
import { checkAuditRequests, type FilterQuery, filterOf } from './audit-filter.ts';
import { exportQuery } from './audit-schema.ts';
import { problem } from './problem.ts';

const pageRows = 500;
/** Each reads the log as fast as its client takes it. */
const exportsAtOnce = 4;

const formats = {
  csv: { type: 'text/csv; charset=utf-8', head: csvHead, lines: csvLines },
  jsonl: { type: 'application/jsonl; charset=utf-8', head: () => '', lines: jsonLines },
} as const;

interface ExportQuery extends FilterQuery {
  readonly format: keyof typeof formats;
  readonly order: AuditOrder;
}

/** `GET /api/v1/audit/export`: every entry a filter holds for, up to now, as a file that is written while it is read. */
export const auditExport: FastifyPluginAsync<{ readonly audit: Audit }> = async (app, { audit }) => {
  checkAuditRequests(app);
  let running = 0;
  app.get<{ Querystring: ExportQuery }>(
    '/api/v1/audit/export',
    { exposeHeadRoute: false, schema: { querystring: exportQuery }, config: { access: { permission: 'audit.read', at: 'everywhere' } } },
    async (request, reply) => {
      const { format, order, ...query } = request.query;
      const filter = filterOf(query);
      if (running >= exportsAtOnce) {
        reply.header('retry-after', '10');
        return problem(reply, 429, 'TooManyExports', `${running} exports of the audit log are running. Try again when one has ended.`);
      }
      running += 1;
      const end = { done: () => void (running -= 1) };
      const chunks = exported(audit, request, { format, order, filter, asked: query }, end);
      const name = `audit-${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}Z.${format}`;
      reply.type(formats[format].type).header('content-disposition', `attachment; filename="${name}"`).header('cache-control', 'no-store');
      return reply.send(Readable.from(chunks, { highWaterMark: 1 }));
    },
  );
};

interface Wanted {
  readonly format: keyof typeof formats;
  readonly order: AuditOrder;
  readonly filter: AuditFilter;
  readonly asked: FilterQuery;
}

/** A page is read when the client has taken the one before. However it ends, the log says who took how much of it. */
async function* exported(
  audit: Audit,
  request: FastifyRequest,
  { format, order, filter, asked }: Wanted,
  end: { done(): void },
): AsyncGenerator<string> {
  const { head, lines } = formats[format];
  let count = 0;
  let isWhole = false;
  try {
    let below = (await audit.newest()) + 1;
    let above = 0;
    yield head();
    for (;;) {
      const entries = await audit.between({ above, below }, { filter, order, limit: pageRows });
      const last = entries.at(-1);
      if (last === undefined) break;
      yield lines(entries);
      count += entries.length;
      if (order === 'newest') below = last.seq;
      else above = last.seq;
      if (entries.length < pageRows) break;
    }
    isWhole = true;
  } finally {
    end.done();
    await audit.record({
      type: 'Exported',
      actor: request.identity.user,
      changes: [{ path: 'audit.export', from: null, to: { format, order, filter: { ...asked }, count } }],
      result: isWhole ? 'ok' : 'failed',
      message: `${request.identity.user} exported ${count} audit entries as ${format}${isWhole ? '.' : '; the export was broken off.'}`,
      requestIds: [],
      source: sourceOf(request),
    });
  }
}
