import type { JsonSchema } from '#controller/engine/json.ts';
import type { Column } from '#controller/engine/kind.ts';
import { cluster } from './cluster.ts';
import { apiGroup, apiVersion, kinds } from './index.ts';
import { commonRequired, commonSpec, commonStatus, plainStatus } from './policies.ts';

/** A kind as Kubernetes takes it in: what a CustomResourceDefinition says, as data. */
export interface ResourceDefinition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** All have the status subresource. */
  readonly status: true;
  /** Of the whole object; marks that are our own (`x-ref`) are gone. */
  readonly schema: JsonSchema;
  /** Columns after `Name`. */
  readonly columns: readonly Column[];
}

type Declaration = Pick<(typeof kinds)[number], 'kind' | 'plural' | 'shortNames' | 'description' | 'spec' | 'status' | 'columns'>;

/** Every kind people can declare; the CRDs and the built-in API are made from these. */
export function resourceDefinitions(): ResourceDefinition[] {
  const plain = define(cluster, { namespaced: false, spec: cluster.spec, status: { ...plainStatus, ...cluster.status } });
  return [
    plain,
    ...kinds.map((kind) => define(kind, { namespaced: true, spec: withCommon(kind.spec), status: { ...commonStatus, ...kind.status } })),
  ];
}

function define(
  kind: Declaration,
  { namespaced, spec, status }: { namespaced: boolean; spec: JsonSchema; status: Record<string, JsonSchema> },
): ResourceDefinition {
  return {
    group: apiGroup,
    version: apiVersion,
    kind: kind.kind,
    plural: kind.plural,
    singular: kind.kind.toLowerCase(),
    shortNames: kind.shortNames,
    categories: ['openstack'],
    namespaced,
    status: true,
    columns: [...kind.columns, ...(namespaced ? cloudColumns : []), ...commonColumns],
    schema: {
      type: 'object',
      description: kind.description,
      required: ['spec'],
      properties: {
        apiVersion: { type: 'string', description: `${apiGroup}/${apiVersion}` },
        kind: { type: 'string', description: kind.kind },
        metadata: { type: 'object' },
        spec: { description: 'What is asked for. A field that is not declared is not managed.', ...withoutMarks(spec) },
        status: { type: 'object', description: 'What was seen.', properties: status },
      },
    },
  };
}

function withCommon(spec: JsonSchema): JsonSchema {
  return { ...spec, required: [...commonRequired, ...(spec.required ?? [])], properties: { ...commonSpec, ...spec.properties } };
}

const condition = (type: string, field: string): string => `.status.conditions[?(@.type=="${type}")].${field}`;

const cloudColumns: readonly Column[] = [
  { name: 'Cluster', path: '.spec.clusterRef.name', type: 'string', priority: 1 },
  { name: 'Id', path: '.status.id', type: 'string', priority: 1 },
  { name: 'Drifted', path: condition('Drifted', 'status'), type: 'string', description: 'Whether the cloud was changed behind our back.' },
];

const commonColumns: readonly Column[] = [
  { name: 'Ready', path: condition('Ready', 'status'), type: 'string' },
  { name: 'Reason', path: condition('Ready', 'reason'), type: 'string' },
  { name: 'Message', path: condition('Ready', 'message'), type: 'string', priority: 1 },
  { name: 'Age', path: '.metadata.creationTimestamp', type: 'date' },
];

/** The schema without marks that only the engine understands. */
function withoutMarks({ 'x-ref': _mark, ...schema }: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, withoutMarks(field)])) }),
    ...(items && { items: withoutMarks(items) }),
    ...(additionalProperties && { additionalProperties: withoutMarks(additionalProperties) }),
  };
}
