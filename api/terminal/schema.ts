import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance } from 'fastify';
import { parseMoment } from '../routes/audit-schema.ts';
import { badRequest, explain } from '../routes/problem.ts';
import { BadTerminalCursor } from './rows.ts';

const text = (description: string, maxLength = 255) => ({ type: 'string', minLength: 1, maxLength, description }) as const;
const cluster = text('the name of a Cluster.', 253);
const server = text('the id of an instance in its cloud.');
const purpose = { type: 'string', enum: ['ssh', 'serial', 'vnc'], description: 'ssh, serial or vnc.' } as const;
const id = {
  type: 'string',
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'the id of a terminal, a UUID.',
} as const;
const object = (properties: Record<string, object>, required: readonly string[] = Object.keys(properties)) =>
  ({ type: 'object', additionalProperties: false, required, properties, description: 'a JSON object.' }) as const;
const moment = { type: 'string', maxLength: 40, format: 'moment', description: 'a time as 2026-11-29T08:00:00Z.' } as const;
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values, description: `one of ${values.join(', ')}.` }) as const;

export const terminalParams = object({ id });
export const nothing = object({}, []);

/** How one signs in is told in the first frame of the stream, which is in no log. */
export const makeBody = object(
  {
    cluster,
    server,
    purpose,
    profile: text('the id of a profile of GET /terminal-targets.', 36),
    user: text('the name to sign in by, without blanks.', 64),
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'a port, 1 to 65535.' },
    address: text('one of the addresses of the instance.', 64),
  },
  ['cluster', 'server', 'purpose'],
);

export const ticketBody = object({ purpose: oneOf('attach', 'watch') });

export const endQuery = object({ reason: text('1 to 500 characters for whoever works in it.', 500) }, []);

export const listQuery = object(
  {
    state: oneOf('live', 'ended', 'all'),
    user: text('whose terminals.'),
    cluster,
    server,
    purpose,
    recording: oneOf('none', 'running', 'sealed', 'interrupted', 'failed', 'removed'),
    from: moment,
    until: moment,
    q: text('1 to 100 characters of the name of an instance, of an address or of a person.', 100),
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 50, description: 'a whole number from 1 to 500.' },
    cursor: { type: 'string', minLength: 1, maxLength: 200, description: 'what the page before gave as next.' },
  },
  [],
);

/** Strict on purpose: a misspelt field that was dropped would do something else than what was asked for. */
export function checkStrictly(app: FastifyInstance): void {
  const query = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true });
  query.addFormat('moment', (given) => parseMoment(given) !== undefined);
  const body = new Ajv({ useDefaults: true, allErrors: true, verbose: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? body : query).compile(schema as object));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadTerminalCursor) return badRequest(reply, [{ field: 'cursor', message: error.message }]);
    if (!error.validation) throw error;
    return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
  });
}
