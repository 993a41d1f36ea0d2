import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance } from 'fastify';
import { BadQuery } from '#controller/lists/bad-query.ts';
import { badRequest, explain } from './problem.ts';

/** Checks queries and paths strictly, for routes without a body: a misspelt parameter that was dropped would answer with everything. */
export function checkQueries(app: FastifyInstance): void {
  const ajv = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true, verbose: true });
  app.setValidatorCompiler(({ schema }) => ajv.compile(schema as object));
  app.setErrorHandler((error: FastifyError | BadQuery, _request, reply) => {
    if (error instanceof BadQuery) return badRequest(reply, [{ field: error.field, message: error.message }]);
    if (!error.validation) throw error;
    return badRequest(reply, (error.validation as ErrorObject[]).map(explain));
  });
}
