import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance } from 'fastify';
import { type AuditFilter, BadCursor } from '#controller/audit/list.ts';
import { parseMoment } from './audit-schema.ts';
import { badRequest, explain, type FieldProblem } from './problem.ts';

/** The filter of a request, as its schema lets it through. */
export interface FilterQuery extends Omit<AuditFilter, 'since' | 'until'> {
  readonly since?: string;
  readonly until?: string;
  /** `KIND/NAMESPACE/NAME` or `KIND/NAME`. */
  readonly object?: string;
}

/** Two parameters that say the same, and may not agree. */
class Ambiguous extends Error {}

/** Makes the validation of `app` strict: a misspelt filter that was dropped would answer with everything. */
export function checkAuditRequests(app: FastifyInstance): void {
  const ajv = new Ajv({ coerceTypes: 'array', useDefaults: true, allErrors: true, verbose: true });
  ajv.addFormat('moment', (text) => parseMoment(text) !== undefined);
  // A number in text is another value than the number: what is in a body is taken as it is.
  const exact = new Ajv({ allErrors: true, verbose: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? exact : ajv).compile(schema as object));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadCursor) return badRequest(reply, [{ field: 'cursor', message: error.message }]);
    if (error instanceof Ambiguous) return badRequest(reply, [{ field: 'object', message: error.message }]);
    if (!error.validation) throw error;
    return badRequest(reply, (error.validation as ErrorObject[]).map(named));
  });
}

/** One of several values is wrong: the field is that of all. */
function named(error: ErrorObject): FieldProblem {
  const { field, message } = explain(error);
  return { field: field.replace(/\/\d+$/, ''), message };
}

/** Throws what the error handler of `checkAuditRequests` words. */
export function filterOf({ since, until, object, ...same }: FilterQuery): AuditFilter {
  return { ...same, ...placeOf(object, same), ...moment('since', since), ...moment('until', until) };
}

function placeOf(object: string | undefined, { kind, namespace, name }: AuditFilter): AuditFilter {
  if (object === undefined) return {};
  if (kind !== undefined || namespace !== undefined || name !== undefined)
    throw new Ambiguous('Give either object, or kind, namespace and name.');
  const parts = object.split('/');
  const [first = '', second = '', third] = parts;
  return third === undefined ? { kind: first, name: second } : { kind: first, namespace: second, name: third };
}

function moment(field: 'since' | 'until', text: string | undefined): { since?: number; until?: number } {
  const at = text === undefined ? undefined : parseMoment(text);
  return at === undefined ? {} : { [field]: at };
}
