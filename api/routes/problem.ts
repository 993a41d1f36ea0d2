import type { ErrorObject } from 'ajv';
import type { FastifyReply } from 'fastify';

/** A field of a request that is wrong, and what it takes. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** RFC 9457. */
export function problem(reply: FastifyReply, status: number, title: string, detail: string): FastifyReply {
  return reply.code(status).type('application/problem+json').send({ type: 'about:blank', status, title, detail });
}

/** RFC 9457, with one entry in `errors` for every field that is wrong. */
export function badRequest(reply: FastifyReply, errors: readonly FieldProblem[]): FastifyReply {
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join(' ');
  return reply.code(400).type('application/problem+json').send({ type: 'about:blank', status: 400, title: 'BadRequest', detail, errors });
}

/** What a validator refused, by the description of the field in its schema; the validator MUST be `verbose`. */
export function explain({ instancePath, keyword, params, parentSchema }: ErrorObject): FieldProblem {
  if (keyword === 'additionalProperties') {
    const known = Object.keys((parentSchema as { properties: object }).properties);
    return { field: String(params.additionalProperty), message: `There is no such parameter; known are ${known.join(', ')}.` };
  }
  const description = (parentSchema as { description?: string }).description ?? '';
  return { field: instancePath.slice(1) || 'body', message: `Allowed: ${description}` };
}
