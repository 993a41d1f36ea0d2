import { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { Audit } from '#controller/audit/audit.ts';
import type { Clock } from '#controller/engine/ports.ts';
import { sourceOf } from '../../auth/denials.ts';
import { forbid } from '../../auth/gate.ts';
import { problem } from '../../routes/problem.ts';
import { maySee, placeOf } from '../answers.ts';
import { answerUnrecorded, createReplayAudit, openFor, recordDeed, replayable } from './access.ts';
import { BrokenRecording } from './broken.ts';
import type { Opened } from './reader.ts';
import type { Recordings } from './recordings.ts';
import type { RecordingRetention, RetentionState } from './retention.ts';
import * as schema from './schema.ts';

export interface RecordingRoutesOptions {
  readonly recordings: Recordings;
  readonly retention: RecordingRetention;
  readonly audit: Audit;
  readonly clock: Pick<Clock, 'now'>;
}

type ById = { readonly Params: { readonly id: string } };

/** Each reads a recording as fast as its client takes it. */
const exportsAtOnce = 4;
const searchesAtOnce = 2;

/** `/api/v1/terminals/ID/recording`: replayed, searched, exported, checked, removed. MUST stand where the gate stands. */
export const recordingRoutes: FastifyPluginAsync<RecordingRoutesOptions> = async (app, options) => {
  schema.checkStrictly(app);
  await app.register(async (inner) => {
    inner.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof BrokenRecording)) throw error;
      const { seq, what } = error.problem;
      const detail = `The recording is not as it was stored, at chunk ${seq}: ${what}. Its verification looks through all of it.`;
      return problem(reply, 409, 'RecordingBroken', detail, { problem: { seq, what } });
    });
    await inner.register(replayRoutes, options);
    await inner.register(keepingRoutes, options);
  });
};

const config = { access: 'signed-in' } as const;
const base = '/api/v1/terminals/:id/recording';
const params = schema.terminalParams;
const querystring = schema.nothing;

const replayRoutes: FastifyPluginAsync<RecordingRoutesOptions> = async (app, { recordings, audit, clock }) => {
  const replayed = createReplayAudit(audit, () => clock.now());
  const count = { exports: 0, searches: 0 };

  app.get<ById>(base, { schema: { params, querystring, response: schema.recordingAnswer }, config }, async (request, reply) => {
    const opened = await openFor(recordings, request, reply);
    if (!opened) return reply;
    await replayed(request, opened.row);
    const { startedAt, ...manifest } = await recordings.describe(opened);
    const isSealed = opened.manifest !== undefined;
    return { ...manifest, startedAt: new Date(startedAt).toISOString(), isSealed, interrupted: isSealed && manifest.interrupted };
  });

  app.get<ById & { Querystring: { from: number; limit: number } }>(
    `${base}/chunks`,
    { exposeHeadRoute: false, schema: { params, querystring: schema.chunksQuery }, config },
    async (request, reply) => {
      const opened = await openFor(recordings, request, reply);
      if (!opened) return reply;
      await replayed(request, opened.row);
      const lines = eventLines(recordings, opened, request.query);
      // What is wrong with the first chunk is still told by a status.
      const first = await lines.next();
      reply.type('application/x-ndjson').header('cache-control', 'no-store');
      return reply.send(streamed(reply, first, lines));
    },
  );

  app.get<{ Params: { id: string; seq: number } }>(
    `${base}/keyframes/:seq`,
    { schema: { params: schema.keyframeParams, querystring, response: schema.keyframeAnswer }, config },
    async (request, reply) => {
      const opened = await openFor(recordings, request, reply);
      if (!opened) return reply;
      await replayed(request, opened.row);
      const keyframe = await recordings.keyframe(opened, request.params.seq);
      return keyframe ?? problem(reply, 404, 'NotFound', `Chunk ${request.params.seq} of the recording is no keyframe.`);
    },
  );

  app.get<ById>(`${base}/cast`, { exposeHeadRoute: false, schema: { params, querystring }, config }, async (request, reply) => {
    const opened = await openFor(recordings, request, reply);
    if (!opened) return reply;
    if (count.exports >= exportsAtOnce) {
      reply.header('retry-after', '10');
      return problem(reply, 429, 'TooManyExports', `${count.exports} recordings are being exported. Try again when one is done.`);
    }
    count.exports += 1;
    const pieces = exported(recordings.cast(opened), async (isWhole) => {
      count.exports -= 1;
      const what = isWhole ? 'exported' : 'exported a part of';
      await recordDeed(audit, request, opened.row, { type: 'RecordingExported', what, result: isWhole ? 'ok' : 'failed' });
    });
    const first = await pieces.next();
    reply.type('application/x-asciicast').header('cache-control', 'no-store');
    reply.header('content-disposition', `attachment; filename="terminal-${opened.row.id}.cast"`);
    return reply.send(streamed(reply, first, pieces));
  });

  app.get<ById & { Querystring: { text: string; limit: number } }>(
    `${base}/search`,
    { exposeHeadRoute: false, schema: { params, querystring: schema.searchQuery, response: schema.searchAnswer }, config },
    async (request, reply) => {
      const opened = await openFor(recordings, request, reply);
      if (!opened) return reply;
      if (count.searches >= searchesAtOnce) {
        reply.header('retry-after', '5');
        return problem(reply, 429, 'TooManyExports', `${count.searches} recordings are being searched. Try again when one is done.`);
      }
      count.searches += 1;
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      try {
        await replayed(request, opened.row);
        return await recordings.search(opened, { ...request.query, signal: gone.signal });
      } finally {
        count.searches -= 1;
      }
    },
  );

  app.get<ById>(
    `${base}/verification`,
    { exposeHeadRoute: false, schema: { params, querystring, response: schema.verificationAnswer }, config },
    async (request, reply) => {
      const row = await replayable(recordings, request, reply);
      return row ? ((await recordings.verify(row.id)) ?? answerUnrecorded(reply, row)) : reply;
    },
  );
};

const keepingRoutes: FastifyPluginAsync<RecordingRoutesOptions> = async (app, { recordings, retention }) => {
  app.delete<ById>(base, { schema: { params, querystring }, config }, async (request, reply) => {
    const row = await recordings.terminal(request.params.id);
    if (!row || !maySee(request, row))
      return problem(reply, 404, 'TerminalNotFound', `There is no terminal ${request.params.id} that you may see.`);
    const decision = request.may('recording.retain', placeOf(row));
    if (!decision.allowed) return forbid(request, reply, decision);
    if (row.recording === 'none' || row.recording === 'removed') return answerUnrecorded(reply, row);
    const by = { actor: request.identity.user, source: sourceOf(request) };
    if (await retention.remove(row, by)) return reply.code(204).send();
    return problem(reply, 409, 'RecordingRunning', 'The terminal is still recorded. End it first.');
  });

  app.get(
    '/api/v1/terminal-retention',
    { schema: { querystring, response: schema.retentionAnswer }, config: { access: { permission: 'recording.read', at: 'everywhere' } } },
    async () => presentState(await retention.read()),
  );
  app.route<{ Body: { days: number } }>({
    method: 'PUT',
    url: '/api/v1/terminal-retention',
    schema: { querystring, body: schema.retentionBody, response: schema.retentionAnswer },
    config: { access: { permission: 'recording.retain', at: 'everywhere' } },
    handler: async (request) =>
      presentState(await retention.set(request.body.days, { actor: request.identity.user, source: sourceOf(request) })),
  });
};

/** Where the first event counts from, then the events; a last line tells of what broke off. */
async function* eventLines(recordings: Recordings, opened: Opened, range: { from: number; limit: number }): AsyncGenerator<string> {
  let isBegun = false;
  try {
    for await (const { fromMs, lines } of recordings.output(opened, range)) {
      if (!isBegun) yield `${JSON.stringify({ atMs: fromMs })}\n`;
      isBegun = true;
      yield lines;
    }
    if (!isBegun) yield `${JSON.stringify({ atMs: opened.row.durationMs })}\n`;
  } catch (error) {
    if (!isBegun || !(error instanceof BrokenRecording)) throw error;
    yield `${JSON.stringify({ problem: error.problem })}\n`;
  }
}

/** A piece is read when the client has taken the one before. `pieces` comes to its end whenever the client does. */
function streamed(reply: FastifyReply, first: IteratorResult<string>, pieces: AsyncGenerator<string>): Readable {
  reply.raw.once('close', () => void pieces.return(undefined));
  return Readable.from(beginning(first, pieces), { highWaterMark: 1 });
}

async function* beginning(first: IteratorResult<string>, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

/** However it ends, the audit says whether all of it was taken. */
async function* exported(pieces: AsyncGenerator<string>, done: (isWhole: boolean) => Promise<void>): AsyncGenerator<string> {
  let isWhole = false;
  try {
    yield* pieces;
    isWhole = true;
  } finally {
    await done(isWhole);
  }
}

function presentState({ days, setBy, setAt }: RetentionState) {
  return { days, ...(setBy !== undefined && { setBy }), ...(setAt !== undefined && { setAt: new Date(setAt).toISOString() }) };
}
