import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isOpenStackError, type OpenStackError } from '#controller/openstack/errors.ts';
import { outageOf } from '#migrations/store-error.ts';
import type { Log } from '../log.ts';
import { badRequest, problem } from '../routes/problem.ts';
import { HttpProblem } from './http-problem.ts';
import { problems, titleOf } from './problems.ts';

/** Answers whatever a route threw as RFC 9457. What is not meant for people is logged under the request's id and not shown. */
export function answerError(log: Log, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof HttpProblem) return problem(reply, error.statusCode, error.title, error.message, error.more);
  if (isOpenStackError(error)) return answerCloud(error, reply);
  const { statusCode: status = 500, code = '', message, validation } = error as Partial<FastifyError>;
  if (validation)
    return badRequest(
      reply,
      validation.map((one) => ({ field: one.instancePath.slice(1) || 'body', message: `${one.message}.` })),
    );
  if (status >= 400 && status < 500) return problem(reply, status, titleOf(status), detailOf(status, code, message));
  log('error', 'request failed', { method: request.method, path: pathOf(request), requestId: request.id, error });
  const outage = outageOf(error);
  if (outage) return problem(reply.header('retry-after', 5), 503, 'DatabaseUnavailable', outage.message);
  return problem(reply, 500, 'InternalError', 'Something went wrong here; the server log has the details under this requestId. Try again.');
}

/** Fastify's own messages quote what was sent; ours say what to do. */
function detailOf(status: number, code: string, message = ''): string {
  if (code === 'FST_ERR_BAD_URL') return 'The path is not well-formed: after % come two hexadecimal digits, and together they are UTF-8.';
  if (!code.startsWith('FST_') || status === 400) return message;
  return problems[titleOf(status)] ?? message;
}

function answerCloud(error: OpenStackError, reply: FastifyReply): FastifyReply {
  const { cloud, service, kind, detail, status, requestId, retryAfterMs } = error;
  const upstream = { cloud, service, ...(status !== undefined && { status }), ...(requestId !== undefined && { requestId }) };
  const said = `Cloud ${cloud} (${service}): ${detail}`;
  if (retryAfterMs) reply.header('retry-after', Math.min(600, Math.ceil(retryAfterMs / 1000)));
  if (kind === 'auth' || kind === 'catalog') return problem(reply, 502, 'CloudNotSignedIn', said, { upstream });
  if (kind === 'http' && status !== undefined && status < 500 && status !== 429)
    return problem(reply, 409, 'CloudRefused', said, { upstream });
  return problem(reply, 503, 'CloudUnavailable', said, { upstream });
}

/** Without the query: it may hold what people searched for. */
export function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}

const ofParser: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'HeadersTooLarge'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large', 'BodyTooLarge'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'RequestTimeout'],
};

/** Answers what is no HTTP, before there is a request, and hangs up: what follows on the connection cannot be trusted. */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, phrase, title] = ofParser[error.code ?? ''] ?? [400, 'Bad Request', 'MalformedRequest'];
  const body = JSON.stringify({ type: `/problems/${title}`, status, title, detail: problems[title] });
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    'content-type: application/problem+json; charset=utf-8',
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
