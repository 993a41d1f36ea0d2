import { ask } from './http.ts';

/** JSON Schema as the Kubernetes API publishes it; references are resolved. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly { readonly message?: string }[];
}

/** By `apiVersion/Kind`: `openstack.stackwarden.io/v1alpha1/Instance`, `v1/Namespace`. */
export type Schemas = ReadonlyMap<string, Schema>;

type Published = Schema & {
  readonly $ref?: string;
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
};

interface OpenApiDocument {
  readonly components: { readonly schemas: Readonly<Record<string, Published>> };
}

export const stackwardenApi = 'openstack.stackwarden.io/v1alpha1';
const paths = [`/openapi/v3/apis/${stackwardenApi}`, '/openapi/v3/api/v1'];
/** Of the core group only what people declare here. */
const coreKinds = new Set(['Namespace', 'Secret', 'ConfigMap']);

let loading: Promise<Schemas> | undefined;

/** The schemas of every kind one can declare; asked for once. Throws Problem. */
export function loadSchemas(): Promise<Schemas> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Schemas> {
  const documents = await Promise.all(paths.map((path) => ask<OpenApiDocument>(path)));
  return new Map(documents.flatMap(schemasIn));
}

/** Every kind of a document; lists of them are left out. */
export function schemasIn({ components: { schemas } }: OpenApiDocument): (readonly [string, Schema])[] {
  return Object.values(schemas).flatMap((schema) => {
    const [mark] = schema['x-kubernetes-group-version-kind'] ?? [];
    if (!mark || mark.kind.endsWith('List') || !schema.properties?.['metadata']) return [];
    if (mark.group === '' && !coreKinds.has(mark.kind)) return [];
    const apiVersion = mark.group === '' ? mark.version : `${mark.group}/${mark.version}`;
    return [[`${apiVersion}/${mark.kind}`, resolve(schema, schemas, 0)] as const];
  });
}

const deepest = 24;

/** Puts what references point at in their place. */
function resolve(schema: Published, schemas: Readonly<Record<string, Published>>, depth: number): Schema {
  if (depth > deepest) return {};
  const next = (one: Published) => resolve(one, schemas, depth + 1);
  const { $ref, allOf, properties, items, additionalProperties, ...own } = schema;
  const target = $ref === undefined ? {} : next(schemas[$ref.replace('#/components/schemas/', '')] ?? {});
  const merged = Object.assign({}, target, ...(allOf ?? []).map(next)) as Schema;
  return {
    ...merged,
    ...own,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, next(one)])) }),
    ...(items && { items: next(items) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: typeof additionalProperties === 'object' ? next(additionalProperties) : additionalProperties,
    }),
  };
}
