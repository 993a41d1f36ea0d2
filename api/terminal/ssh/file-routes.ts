import { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { sourceOf } from '../../auth/denials.ts';
import { forbid } from '../../auth/gate.ts';
import { HttpProblem } from '../../http/http-problem.ts';
import { problem } from '../../routes/problem.ts';
import { placeOf } from '../answers.ts';
import type { Terminals } from '../parts.ts';
import type { Files } from '../ports.ts';
import { recordDeed, type TerminalDeed } from '../record.ts';
import { liveFor } from '../routes.ts';
import { isOwn } from '../rows.ts';
import { nothing, terminalParams } from '../schema.ts';
import type { Terminal } from '../terminal.ts';
import { attachment, isStill, rangeOf, tagOf } from './byte-range.ts';
import { FileRefused, type FileTrouble } from './file-refused.ts';
import { directoryBody, type PieceQuery, pathQuery, pieceQuery, renameBody, statQuery } from './file-request.ts';
import { createTransfers, createUploads, partialOf, statOrNothing } from './file-transfers.ts';

type ById = { readonly id: string };
type ByPath = { readonly path: string };

/** Files of the far side of a terminal, for whoever works in it. MUST stand where the routes of terminals stand. */
export function fileRoutes(terminalsOf: () => Terminals): FastifyPluginAsync {
  return async (app) => {
    const terminals = terminalsOf();
    const transfers = createTransfers();
    const uploads = createUploads();
    const config = { access: 'signed-in' } as const;
    // As it comes: nothing of a piece is held here. Only in these routes.
    app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));

    const deed = (request: FastifyRequest, { facts }: Terminal, type: TerminalDeed, what: string) => {
      const { user } = request.identity;
      const message = `${user} ${what} on ${facts.target.name} (terminal ${facts.id})`;
      return recordDeed(terminals.audit, { type, actor: user, target: facts.target, message, source: sourceOf(request) });
    };

    app.get<{ Params: ById; Querystring: ByPath }>(
      '/api/v1/terminals/:id/files',
      { schema: { params: terminalParams, querystring: pathQuery }, config },
      async (request, reply) => {
        const found = await filesFor(terminals, request, reply);
        return found ? await inWords(() => found.files.list(request.query.path)) : reply;
      },
    );

    app.get<{ Params: ById; Querystring: ByPath & { total?: number } }>(
      '/api/v1/terminals/:id/files/stat',
      { schema: { params: terminalParams, querystring: statQuery }, config },
      async (request, reply) => {
        const { path, total } = request.query;
        const found = await filesFor(terminals, request, reply);
        if (!found) return reply;
        return await inWords(async () => {
          const entry = await statOrNothing(found.files, path);
          const partial = total === undefined ? undefined : await statOrNothing(found.files, partialOf(path, total));
          return { path, ...(entry && { entry }), ...(partial && { partialBytes: partial.sizeBytes }) };
        });
      },
    );

    app.get<{ Params: ById; Querystring: ByPath }>(
      '/api/v1/terminals/:id/files/content',
      { exposeHeadRoute: false, schema: { params: terminalParams, querystring: pathQuery }, config },
      async (request, reply) => {
        const found = await filesFor(terminals, request, reply);
        if (!found) return reply;
        const { files, terminal } = found;
        const { path } = request.query;
        const entry = await inWords(() => files.stat(path));
        if (entry.kind === 'directory') return problem(reply, 409, 'FileRefused', `${path} is a directory. Choose a file.`);
        const tag = tagOf(entry);
        reply.headers({ etag: tag, 'accept-ranges': 'bytes', 'content-disposition': attachment(path.slice(path.lastIndexOf('/') + 1)) });
        if (request.headers['if-none-match'] === tag) return reply.code(304).send();
        const size = entry.sizeBytes;
        const asked = isStill(request.headers['if-range'], tag) ? rangeOf(request.headers.range, size) : 'whole';
        if (asked === 'unsatisfiable') {
          reply.removeHeader('content-disposition').header('content-range', `bytes */${size}`);
          return problem(reply, 416, 'RangeNotSatisfiable', `${path} has ${size} bytes, and none of those that were asked for.`);
        }
        const { start, end } = asked === 'whole' ? { start: 0, end: size } : asked;
        const over = transfers.begin(terminal.facts.id);
        const bytes = await inWords(() => files.read(path, { start, end })).catch((error: unknown) => {
          over();
          throw error;
        });
        if (asked !== 'whole') reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`);
        reply.type('application/octet-stream').header('content-length', end - start);
        const ended = (count: number) => {
          over();
          return deed(request, terminal, 'FileDownloaded', `downloaded ${count} of ${size} bytes of ${path}`);
        };
        return await reply.send(
          Readable.from(
            told(bytes, () => terminal.touch(), ended),
            { objectMode: false },
          ),
        );
      },
    );

    app.put<{ Params: ById; Querystring: PieceQuery }>(
      '/api/v1/terminals/:id/files/content',
      {
        schema: { params: terminalParams, querystring: pieceQuery },
        config,
        preValidation: async ({ body }) => {
          if (!(body instanceof Readable))
            throw new HttpProblem(415, 'UnsupportedMediaType', 'Send the piece as it is, as application/octet-stream.');
        },
      },
      async (request, reply) => {
        const found = await filesFor(terminals, request, reply);
        if (!found) return reply;
        const { files, terminal } = found;
        const { path, offset, total } = request.query;
        if (offset > total) return problem(reply, 400, 'BadRequest', `A piece at ${offset} is behind the end of a file of ${total} bytes.`);
        const over = transfers.begin(terminal.facts.id);
        try {
          const piece = { ...request.query, body: request.body as Readable, onBytes: () => terminal.touch() };
          const sizeBytes = await inWords(() => uploads.write(terminal.facts.id, files, piece));
          if (sizeBytes === total) await deed(request, terminal, 'FileUploaded', `uploaded ${path}, ${total} bytes,`);
          return { sizeBytes };
        } catch (error) {
          // Nobody is there to read an answer, and nothing went wrong here.
          if (request.raw.destroyed && !request.raw.complete) throw new HttpProblem(400, 'MalformedBody', 'The piece was broken off.');
          throw error;
        } finally {
          over();
        }
      },
    );

    app.post<{ Params: ById; Body: ByPath }>(
      '/api/v1/terminals/:id/files/directories',
      { schema: { params: terminalParams, body: directoryBody, querystring: nothing }, config },
      async (request, reply) => {
        const found = await filesFor(terminals, request, reply);
        if (!found) return reply;
        const { path } = request.body;
        await inWords(() => found.files.makeDirectory(path));
        await deed(request, found.terminal, 'FileChanged', `made the directory ${path}`);
        return reply.code(201).send({ path });
      },
    );

    app.post<{ Params: ById; Body: { from: string; to: string } }>(
      '/api/v1/terminals/:id/files/rename',
      { schema: { params: terminalParams, body: renameBody, querystring: nothing }, config },
      async (request, reply) => {
        const found = await filesFor(terminals, request, reply);
        if (!found) return reply;
        const { from, to } = request.body;
        await inWords(async () => {
          if (await statOrNothing(found.files, to)) throw new FileRefused('exists', `${to} is there already. Choose another name.`);
          await found.files.rename(from, to);
        });
        await deed(request, found.terminal, 'FileChanged', `renamed ${from} to ${to}`);
        return { path: to };
      },
    );

    app.delete<{ Params: ById; Querystring: ByPath }>(
      '/api/v1/terminals/:id/files',
      { schema: { params: terminalParams, querystring: pathQuery }, config },
      async (request, reply) => {
        const found = await filesFor(terminals, request, reply);
        if (!found) return reply;
        const { path } = request.query;
        await inWords(() => found.files.remove(path));
        await deed(request, found.terminal, 'FileChanged', `removed ${path}`);
        return reply.code(204).send();
      },
    );
  };
}

/** The files of a terminal that whoever asks works in; undefined when the reply says why not. Asking for them is being there. */
async function filesFor(
  terminals: Terminals,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<{ readonly terminal: Terminal; readonly files: Files } | undefined> {
  const found = await liveFor(terminals, request, reply);
  if (!found) return undefined;
  const { row, terminal } = found;
  if (!isOwn(row, request.identity)) {
    const reason = `Only ${row.user}, who works in this terminal, may see its files.`;
    await request.server.denied(request, { reason });
    return void problem(reply, 403, 'Forbidden', reason);
  }
  const decision = request.may('instance.terminal', placeOf(row));
  if (!decision.allowed) return void (await forbid(request, reply, decision));
  const files = terminal.files();
  if (!files) return void problem(reply, 409, 'FilesNotOffered', 'Files are there with SSH alone, once the terminal is open.');
  terminal.touch();
  return { terminal, files: await inWords(() => files) };
}

const answers: Readonly<Record<FileTrouble, readonly [status: number, title: string]>> = {
  'not-found': [404, 'FileNotFound'],
  forbidden: [409, 'FileRefused'],
  exists: [409, 'FileExists'],
  changed: [409, 'FileChanged'],
  'no-files': [409, 'FilesNotOffered'],
  lost: [503, 'FilesLost'],
  failed: [409, 'FileRefused'],
};

/** What the far side refuses is no fault of ours. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const [status, title] = answers[error.trouble];
    throw new HttpProblem(status, title, error.message);
  }
}

/** The same bytes; says that they move, and how many there were, however it ends. */
async function* told(
  bytes: AsyncIterable<Buffer | string>,
  onBytes: () => void,
  ended: (count: number) => Promise<void>,
): AsyncGenerator<Buffer | string> {
  let count = 0;
  try {
    for await (const part of bytes) {
      count += part.length;
      onBytes();
      yield part;
    }
  } finally {
    await ended(count);
  }
}
