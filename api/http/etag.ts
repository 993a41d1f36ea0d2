import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from './http-problem.ts';

/** Gives each JSON answer to GET an ETag, and answers 304 without a body to whoever has it already (`If-None-Match`). */
export function addETags(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    if (!String(reply.getHeader('content-type') ?? '').startsWith('application/json')) return payload;
    // Weak: it stands for the same content, written perhaps in other bytes.
    if (!reply.hasHeader('etag')) reply.header('etag', `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`);
    if (!isNamed(request.headers['if-none-match'], String(reply.getHeader('etag')), weakly)) return payload;
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    return '';
  });
}

/** Says which version of an object an answer holds, so that a write can say which one it was made for. */
export function tagVersion(reply: FastifyReply, version: number | string): FastifyReply {
  return reply.header('etag', versionTag(version));
}

/**
 * Throws 412 when `If-Match` names another version than the current one: somebody changed the object since it was read. Without `If-Match` it
 * throws 428 if the write `needs` it, and lets the rest through. `*` stands for any version.
 */
export function checkIfMatch(request: FastifyRequest, current: number | string, needs: 'needed' | 'optional' = 'optional'): void {
  const given = request.headers['if-match'];
  if (given === undefined) {
    if (needs === 'optional') return;
    throw new HttpProblem(428, 'PreconditionRequired', 'Send If-Match with the ETag of the object as you read it.');
  }
  if (isNamed(given, versionTag(current), strongly)) return;
  throw new HttpProblem(
    412,
    'PreconditionFailed',
    'Somebody changed the object since you read it. Read it again, look, and send the change again.',
    {
      current: versionTag(current),
    },
  );
}

function versionTag(version: number | string): string {
  return `"v${version}"`;
}

type Same = (one: string, other: string) => boolean;
const strongly: Same = (one, other) => one === other && !one.startsWith('W/');
const weakly: Same = (one, other) => one.replace(/^W\//, '') === other.replace(/^W\//, '');

function isNamed(header: string | undefined, tag: string, same: Same): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((each) => same(each.trim(), tag));
}
