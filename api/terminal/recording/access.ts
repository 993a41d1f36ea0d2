import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import { sourceOf } from '../../auth/denials.ts';
import { forbid } from '../../auth/gate.ts';
import { problem } from '../../routes/problem.ts';
import { maySee, placeOf } from '../answers.ts';
import { isOwn } from '../rows.ts';
import type { Opened } from './reader.ts';
import type { Recordings } from './recordings.ts';
import type { TerminalRow } from './rows.ts';

type ById = FastifyRequest<{ Params: { id: string } }>;

/** The terminal of the path, for whoever may replay it; undefined when the reply says why not. */
export async function replayable(recordings: Recordings, request: FastifyRequest, reply: FastifyReply): Promise<TerminalRow | undefined> {
  const { id } = (request as ById).params;
  const row = await recordings.terminal(id);
  if (!row || !maySee(request, row))
    return void problem(
      reply,
      404,
      'TerminalNotFound',
      `There is no terminal ${id} that you may see; GET /api/v1/terminals lists those there are.`,
    );
  const decision = request.may(isOwn(row, request.identity) ? 'recording.readOwn' : 'recording.read', placeOf(row));
  if (!decision.allowed) return void (await forbid(request, reply, decision));
  return row;
}

export function answerUnrecorded(reply: FastifyReply, { id, recording }: Pick<TerminalRow, 'id' | 'recording'>): FastifyReply {
  const why = recording === 'removed' ? 'was removed' : 'was never made';
  return problem(reply, 404, 'RecordingNotFound', `The recording of terminal ${id} ${why}.`);
}

/** Its recording, open to read; undefined when the reply says why there is none. */
export async function openFor(recordings: Recordings, request: FastifyRequest, reply: FastifyReply): Promise<Opened | undefined> {
  const row = await replayable(recordings, request, reply);
  if (!row) return undefined;
  const opened = await recordings.open(row.id);
  if (!opened) answerUnrecorded(reply, row);
  return opened;
}

const onceMs = 10 * 60_000;
const mostKept = 10_000;

/** Records that somebody looks at a recording: once in ten minutes, for a replay is many requests. MUST be waited for before anything is shown. */
export function createReplayAudit(audit: Audit, now: () => number): (request: FastifyRequest, row: TerminalRow) => Promise<void> {
  const seen = new Map<string, number>();
  return async (request, row) => {
    const key = `${request.identity.user}\n${request.identity.session ?? ''}\n${row.id}`;
    if ((seen.get(key) ?? -Infinity) + onceMs > now()) return;
    await recordDeed(audit, request, row, { type: 'RecordingReplayed', what: 'replayed' });
    seen.delete(key);
    seen.set(key, now());
    for (const oldest of seen.keys()) {
      if (seen.size <= mostKept) break;
      seen.delete(oldest);
    }
  };
}

export async function recordDeed(
  audit: Audit,
  request: FastifyRequest,
  row: TerminalRow,
  {
    type,
    what,
    result = 'ok',
  }: { readonly type: 'RecordingReplayed' | 'RecordingExported'; readonly what: string; readonly result?: 'ok' | 'failed' },
): Promise<void> {
  const { user } = request.identity;
  await audit.record({
    type,
    actor: user,
    cluster: row.cluster,
    cloudId: row.serverId,
    changes: [],
    result,
    message: `${user} ${what} what ${row.user} did at ${row.serverName} (terminal ${row.id}).`,
    requestIds: [],
    source: sourceOf(request),
  });
}
