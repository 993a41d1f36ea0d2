import { Ajv, type ErrorObject } from 'ajv';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { utf8Text } from '../http/json-body.ts';
import { KubeUnavailable } from '../plan/kube.ts';
import { BadManifests, type Problem, sentence } from '../plan/problem.ts';
import type { Source } from '../plan/sources.ts';
import { problem } from './problem.ts';

export const manifestBodyLimit = 3 * 1024 * 1024;
const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'];

/** Has routes take manifests as YAML, which becomes `{manifests}`, or as JSON, and say everything that is wrong with them at once. */
export function takeManifests(app: FastifyInstance): void {
  const query = new Ajv({ allErrors: true, verbose: true, strict: false, coerceTypes: true });
  const body = new Ajv({ allErrors: true, verbose: true, strict: false });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? body : query).compile(schema as object));
  app.addContentTypeParser(
    yamlTypes,
    { parseAs: 'buffer', bodyLimit: manifestBodyLimit },
    async (_request: FastifyRequest, sent: Buffer) => ({
      manifests: utf8Text(sent),
    }),
  );
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    if (error instanceof BadManifests) return refuse(reply, error.problems);
    if (error instanceof KubeUnavailable) return problem(reply, 503, 'KubernetesUnavailable', error.message);
    if (!error.validation) throw error;
    return refuse(reply, (error.validation as ErrorObject[]).map(explain));
  });
}

export function sourcesOf(manifests: string | readonly Source[]): readonly Source[] {
  return typeof manifests === 'string' ? [{ file: 'body', text: manifests }] : manifests;
}

/** RFC 9457, with one entry in `errors` for everything that is wrong. */
function refuse(reply: FastifyReply, problems: readonly Problem[]): FastifyReply {
  return problem(reply, 400, 'BadManifests', problems.map(sentence).join('\n'), { errors: problems.map(presentProblem) });
}

/** One thing wrong, with file, document and line where it has a place. */
export function presentProblem({ place, object, path, message }: Problem) {
  return { ...place, ...(object && { object }), path, message };
}

function explain({ instancePath, keyword, params, parentSchema }: ErrorObject): Problem {
  const { description = '', properties = {} } = parentSchema as { description?: string; properties?: object };
  const field = (params.additionalProperty ?? params.missingProperty) as string | undefined;
  const path = [...instancePath.split('/').slice(1), ...(field === undefined ? [] : [field])].join('.');
  if (keyword !== 'additionalProperties') return { path, message: `Allowed: ${description}` };
  return { path, message: `There is no such field; known are ${Object.keys(properties).join(', ')}.` };
}
