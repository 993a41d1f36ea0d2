import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { JsonObject, JsonSchema } from '#controller/engine/json.ts';
import { resourceDefinitions } from './definitions.ts';
import { commonSpec } from './policies.ts';

const definitions = new Map(resourceDefinitions().map((definition) => [definition.kind, definition]));
const examples = resolve(import.meta.dirname, '../../examples');
const kindOf = (kind: string) => definitions.get(kind) ?? fail(kind);

function fail(kind: string): never {
  throw new Error(`no kind ${kind}`);
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: JsonObject;
}

const stacks = ['', 'quickstart', 'shop', 'policies', 'admin'].map((dir) => join(examples, dir));
const documents = stacks.flatMap((dir) =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseAllDocuments(readFileSync(join(dir, name), 'utf8')).map((document) => document.toJS() as Manifest))
    .filter((object) => object.kind !== 'Secret'),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

it.each(documents.map((object) => [`${object.kind} ${object.metadata.name}`, object] as const))(
  'the example %s is valid',
  (_name, object) => {
    const validate = ajv.compile(kindOf(object.kind).schema.properties?.['spec'] ?? {});
    expect(validate(object.spec) ? [] : validate.errors).toEqual([]);
  },
);

describe('every field of a spec', () => {
  it.each([...definitions.values()].map((definition) => [definition.kind, definition.schema] as const))(
    'of %s stands in an example',
    (kind, schema) => {
      const used = new Set(documents.filter((object) => object.kind === kind).flatMap((object) => pathsOf(object.spec, 'spec')));
      const known = fieldsOf(schema.properties?.['spec'] as JsonSchema, 'spec');
      // What every kind has is shown once.
      const common = kind === 'Cluster' ? [] : fieldsOf({ properties: commonSpec }, 'spec');
      // Ids and sources of one's own cloud cannot stand in an example that works on every cloud.
      const own = /\.(id|network|network\.name)$|^spec\.caBundle$|^spec\.source\.url$|^spec\.credentialsSecretRef\.key$/;
      expect(known.filter((path) => !used.has(path) && !common.includes(path) && !own.test(path))).toEqual([]);
    },
  );

  it('that every kind has stands in an example of some kind', () => {
    const used = new Set(documents.filter((object) => object.kind !== 'Cluster').flatMap((object) => pathsOf(object.spec, 'spec')));
    expect(fieldsOf({ properties: commonSpec }, 'spec').filter((path) => !used.has(path) && !path.endsWith('.id'))).toEqual([]);
  });

  it.each([...definitions.values()].map((definition) => [definition.kind, definition.schema] as const))(
    'of %s is explained',
    (_kind, schema) => {
      const silent = fieldsOf(schema.properties?.['spec'] as JsonSchema, 'spec', (field) => field.description === undefined);
      expect(silent.filter((path) => !/\.(namespace|name)$/.test(path))).toEqual([]);
    },
  );
});

it('carries no mark that only the engine understands', () => {
  expect(JSON.stringify([...definitions.values()])).not.toContain('x-ref');
});

it('ends every list of columns with Ready, Reason and Age', () => {
  for (const { columns } of definitions.values()) {
    expect(
      columns
        .filter((column) => column.priority !== 1)
        .slice(-3)
        .map((column) => column.name),
    ).toEqual(['Ready', 'Reason', 'Age']);
  }
});

function fieldsOf(schema: JsonSchema, path: string, fits: (field: JsonSchema) => boolean = () => true): string[] {
  const inner = schema.items ? fieldsOf(schema.items, path, fits) : [];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = `${path}.${name}`;
    return [...(fits(field) ? [at] : []), ...fieldsOf(field, at, fits)];
  });
  return [...inner, ...own];
}

function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, path));
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, field]) => pathsOf(field, `${path}.${name}`))];
}
