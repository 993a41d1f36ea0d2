import type { ResourceDefinition } from './definition.ts';

/** A kind of the tests' own that uses every schema feature the API supports; also installed as a CRD on a real API server to compare wording. */
export const widget: ResourceDefinition = {
  group: 'demo.stackwarden.io',
  version: 'v1alpha1',
  kind: 'Widget',
  plural: 'widgets',
  singular: 'widget',
  shortNames: ['wd'],
  categories: ['all'],
  namespaced: true,
  status: true,
  columns: [
    { name: 'Size', path: '.spec.sizeGiB', type: 'integer' },
    { name: 'Ready', path: '.status.conditions[?(@.type=="Ready")].status', type: 'string' },
    { name: 'Mode', path: '.spec.mode', type: 'string', priority: 1 },
    { name: 'Age', path: '.metadata.creationTimestamp', type: 'date' },
  ],
  schema: {
    type: 'object',
    description: 'Widget is a thing to try the API on.',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: {
        type: 'object',
        description: 'What is asked for.',
        required: ['sizeGiB'],
        properties: {
          sizeGiB: { type: 'integer', minimum: 1, maximum: 100, description: 'Size in GiB.' },
          mode: { type: 'string', enum: ['Fast', 'Slow'], default: 'Fast', description: 'How it works.' },
          code: { type: 'string', pattern: '^[a-z]+$', minLength: 2, maxLength: 5 },
          tags: { type: 'array', items: { type: 'string' }, maxItems: 3, 'x-kubernetes-list-type': 'set' },
          ports: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['port'],
              properties: { port: { type: 'integer', minimum: 1 }, protocol: { type: 'string', default: 'TCP' } },
            },
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['port'],
          },
          settings: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 2 },
          enabled: { type: 'boolean' },
          ratio: { type: 'number' },
          note: { type: 'string', nullable: true },
          at: { type: 'string', format: 'date-time' },
          source: {
            type: 'object',
            properties: { image: { type: 'string' }, volume: { type: 'string' } },
            oneOf: [{ required: ['image'] }, { required: ['volume'] }],
          },
        },
      },
      status: {
        type: 'object',
        properties: {
          phase: { type: 'string' },
          observedGeneration: { type: 'integer' },
          conditions: {
            type: 'array',
            items: {
              type: 'object',
              required: ['type', 'status'],
              properties: {
                type: { type: 'string' },
                status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
                reason: { type: 'string' },
                message: { type: 'string' },
                lastTransitionTime: { type: 'string', format: 'date-time' },
                observedGeneration: { type: 'integer' },
              },
            },
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['type'],
          },
        },
      },
    },
  },
};

/** The same as a CustomResourceDefinition. */
export function widgetCrd(): object {
  const { group, version, kind, plural, singular, shortNames, categories, schema, columns } = widget;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular, shortNames, categories },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: schema },
          additionalPrinterColumns: columns.map(({ path, ...column }) => ({ ...column, jsonPath: path })),
        },
      ],
    },
  };
}
