import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPermission } from '../auth/permissions.ts';
import { type Application, openApplication } from './application.fixture.ts';
import { summaries } from './summaries.ts';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly operationId?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly description?: string; readonly content?: Readonly<Record<string, { schema: object }>> }>
  >;
  readonly 'x-permission'?: string;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>>; readonly securitySchemes: object };
}

describe('the description of the API', () => {
  let one: Application;
  let document: Document;
  /** `GET /api/v1/audit` */
  let routes: readonly string[];
  beforeAll(async () => {
    one = await openApplication();
    routes = one.app.platformRoutes.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    document = (await one.app.inject('/api/v1/openapi.json')).json<Document>();
  });
  afterAll(() => one.close());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, path, operation })),
    );

  it('is OpenAPI 3.1 with every route of the platform in it, and no other', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Stackwarden', version: 'v1' } });
    expect(routes.length).toBeGreaterThan(12);
    const inPath = (route: string) => route.replaceAll(/:(\w+)/g, '{$1}');
    expect(
      operations()
        .map(({ route }) => route)
        .toSorted(),
    ).toEqual(routes.map(inPath).toSorted());
  });

  it('has for every route a summary and a tag: in its schema, or in api/http/summaries.ts', () => {
    const lacking = operations().filter(({ operation }) => !operation.summary || !operation.tags?.length);
    expect(
      lacking.map(({ route }) => route),
      'routes without a summary',
    ).toEqual([]);
    for (const { operation } of operations()) expect(operation.summary).toMatch(/^[A-Z].{5,120}[^.]$/);
  });

  it('has no summary of a route that is not there', () => {
    expect(Object.keys(summaries).filter((route) => !routes.includes(route))).toEqual([]);
  });

  it('says for every route what it needs, and asks nothing of those that are open', () => {
    for (const { route, operation } of operations()) {
      const needed = operation['x-permission'] ?? '';
      expect(['open', 'signed-in'].includes(needed) || isPermission(needed), route).toBe(true);
      expect(operation.security, route).toEqual(needed === 'open' ? [] : undefined);
    }
  });

  it('gives each operation an id of its own, all parameters of its path, answers and problems', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { route, path, operation } of operations()) {
      expect(operation.operationId).toMatch(/^[a-z][A-Za-z0-9]+$/);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]));
      const given = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(given.map(({ name }) => name).toSorted(), route).toEqual(named.toSorted());
      expect(
        given.every(({ required }) => required),
        route,
      ).toBe(true);
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        route,
      ).toBe(true);
      expect(operation.responses['default']?.content, route).toHaveProperty(['application/problem+json']);
      for (const answer of Object.values(operation.responses)) expect(answer.description, route).toMatch(/\S/);
    }
  });

  it('holds nothing but JSON schemas that are valid, and references that lead somewhere', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
    ajv.addSchema({ $id: 'document', ...document });
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => String(match[1]));
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of new Set(refs)) {
      expect(ref).toMatch(/^#\//);
      const target = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
      expect(target, ref).toBeTypeOf('object');
    }
    for (const { route, operation } of operations()) {
      const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((each) => Object.values(each?.content ?? {}));
      const schemas = [...(operation.parameters ?? []), ...contents].map(({ schema = {} }) => schema);
      for (const schema of schemas) {
        const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')) as object;
        expect(() => ajv.compile(absolute), route).not.toThrow();
      }
    }
    for (const schema of Object.values(document.components.schemas)) expect(() => ajv.compile({ ...schema, $id: '' })).not.toThrow();
  });

  it('can be read as a page that runs nothing inline and takes nothing from outside', async () => {
    const page = await one.app.inject({ url: '/api/docs/', headers: { accept: 'text/html' } });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    const scripts = [...page.body.matchAll(/<script([^>]*)>([^<]*)</g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes, inline] of scripts) expect([attributes?.includes('src="'), inline?.trim()]).toEqual([true, '']);
    expect(page.body).not.toMatch(/<style|\son\w+=|style=|(?:src|href)="(?:https?:)?\/\//);
    for (const [, path] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const part = await one.app.inject(new URL(String(path), 'http://x/api/docs/').pathname);
      expect([path, part.statusCode]).toEqual([path, 200]);
    }
    const start = await one.app.inject('/api/docs/static/swagger-initializer.js');
    expect(start.body).toContain('"validatorUrl":null');
  });
});
