import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { Access } from '../auth/gate.ts';
import { permissions } from '../auth/permissions.ts';
import { summaries } from './summaries.ts';

/** The problem of RFC 9457 that every refusal is. */
const problemSchema = {
  $id: 'Problem',
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'requestId'],
  properties: {
    type: { type: 'string', description: 'Path of the page about it: /problems/TITLE.' },
    title: { type: 'string', description: 'Stable; scripts may go by it. /api/v1/problems lists all.' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong and the next step, for people.' },
    requestId: { type: 'string', description: 'What the log and the audit know the request by.' },
    permission: { type: 'string', description: 'The permission that was lacking.' },
    errors: {
      type: 'array',
      description: 'Every field that is wrong.',
      items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } },
    },
    upstream: {
      type: 'object',
      description: 'The call to OpenStack that failed.',
      properties: {
        cloud: { type: 'string' },
        service: { type: 'string' },
        status: { type: 'integer' },
        requestId: { type: 'string', description: "The cloud's own id of its request." },
      },
    },
  },
};

const description = `Everything people do with Stackwarden beside kubectl. Every answer has X-Request-Id; every refusal is a problem (RFC 9457).
Lists are paged: \`next\` of a page is the \`cursor\` of the page behind it. GET answers have an ETag and take If-None-Match.`;

/** Describes the platform API from the schemas of its routes. Before any route. */
export async function addOpenApi(app: FastifyInstance): Promise<void> {
  app.addSchema(problemSchema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Stackwarden', version: 'v1', description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'Authorization: Bearer TOKEN' },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-stackwarden', description: 'The cookie of somebody who signed in.' },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => (typeof json.$id === 'string' ? json.$id : `def-${index}`) },
    transform: ({ schema, url, route }) => {
      const { access } = route.config ?? {};
      if (!access) return { schema: { ...schema, hide: true }, url };
      const method = [route.method].flat()[0] ?? '';
      return { schema: described(schema, `${method} ${url}`, access), url };
    },
    transformObject: (document) => withResponses(document),
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    // Nothing from outside, such as the badge of a validator.
    uiConfig: { validatorUrl: null, deepLinking: true, docExpansion: 'none' },
    theme: { title: 'Stackwarden API' },
  });
}

/** `GET /api/v1/openapi.json`. */
export async function openApiRoutes(app: FastifyInstance): Promise<void> {
  app.get('/api/v1/openapi.json', { config: { access: 'open' } }, async () => app.swagger());
}

function described(given: FastifySchema | undefined, route: string, access: Access): FastifySchema {
  const schema = structuredClone(given ?? {});
  const known = summaries[route];
  return {
    ...schema,
    operationId: operationIdOf(route),
    ...(isRecord(schema.params) && { params: ofPath(schema.params, route) }),
    ...(known && { summary: known.summary, tags: [known.tag], ...(known.consumes && { consumes: [...known.consumes] }) }),
    ...(schema.summary !== undefined && { summary: schema.summary }),
    ...(schema.tags && { tags: schema.tags }),
    ...(access === 'open' && { security: [] }),
    ...permissionOf(access),
  };
}

/** Of parameters that routes share, those this path has. */
function ofPath(params: Record<string, unknown>, route: string): Record<string, unknown> {
  const properties = isRecord(params['properties']) ? params['properties'] : {};
  const own = Object.entries(properties).filter(([name]) => route.split(/[ /]/).includes(`:${name}`));
  return { ...params, properties: Object.fromEntries(own) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The permission a route needs, or `open` or `signed-in`. */
function permissionOf(access: Access): object {
  if (typeof access === 'string') return { 'x-permission': access };
  const where = typeof access.at === 'string' ? access.at : 'at the place in the path';
  return {
    'x-permission': access.permission,
    'x-permission-at': where,
    description: `Needs ${access.permission}: ${permissions[access.permission]}.`,
  };
}

/** `GET /api/v1/objects/:kind` is `getObjectsByKind`. */
function operationIdOf(route: string): string {
  const [method = '', path = ''] = route.split(' ');
  const parts = path
    .replace(/^\/api\/v1/, '')
    .split(/[/.]/)
    .filter((part) => part !== '');
  return `${method.toLowerCase()}${parts.map((part) => (part.startsWith(':') ? `By${capital(part.slice(1))}` : capital(part))).join('')}`;
}

function capital(word: string): string {
  return word.replace(/(?:^|[^a-z0-9]+)([a-z])?/gi, (_, letter: string | undefined) => (letter ?? '').toUpperCase());
}

type Document = ReturnType<SwaggerTransformObject>;

/** Every operation can be refused, and says what it answers where its schema did not. */
function withResponses(document: Parameters<SwaggerTransformObject>[0]): Document {
  if (!('openapiObject' in document)) return document.swaggerObject;
  const { openapiObject } = document;
  const refused = {
    description: 'A problem: what is wrong and the next step.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const path of Object.values(openapiObject.paths ?? {}))
    for (const operation of [path?.get, path?.post, path?.put, path?.patch, path?.delete]) {
      if (!operation) continue;
      const { responses, requestBody } = operation;
      for (const answer of Object.values(responses))
        if (answer && 'description' in answer && answer.description === 'Default Response') answer.description = 'What was asked for.';
      if (requestBody && 'content' in requestBody && requestBody.content['application/yaml'])
        requestBody.content['application/yaml'] = { schema: { type: 'string', description: 'YAML, any number of documents.' } };
      operation.responses = { ...responses, default: refused };
    }
  return openapiObject;
}
