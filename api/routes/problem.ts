import type { ErrorObject } from 'ajv';
import type { FastifyReply } from 'fastify';

/** One field that is wrong, and what is allowed. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** RFC 9457, with one entry in `errors` for every field that is wrong. */
export function badRequest(reply: FastifyReply, errors: readonly FieldProblem[]): FastifyReply {
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join(' ');
  return problem(reply, 400, 'BadRequest', detail, { errors });
}

/** RFC 9457; `title` is one of the table in http/problems.ts, where `type` leads. */
export function problem(reply: FastifyReply, status: number, title: string, detail: string, more: object = {}): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `/problems/${title}`, status, title, detail, requestId: reply.request.id, ...more });
}

/** What a person is told who got a field wrong: its description, which says what is allowed. The validator MUST be `verbose`. */
export function explain({ instancePath, keyword, params, parentSchema }: ErrorObject): FieldProblem {
  if (keyword === 'additionalProperties') {
    const known = Object.keys((parentSchema as { properties: object }).properties);
    const message = known.length === 0 ? 'Nothing is taken here.' : `There is no such parameter; known are ${known.join(', ')}.`;
    return { field: String(params.additionalProperty), message };
  }
  if (keyword === 'required') {
    const { properties = {} } = parentSchema as { properties?: Record<string, { description?: string }> };
    const field = String(params.missingProperty);
    return { field, message: `Has to be given: ${properties[field]?.description ?? ''}` };
  }
  const description = (parentSchema as { description?: string }).description ?? '';
  return { field: instancePath.slice(1) || 'body', message: `Allowed: ${description}` };
}
