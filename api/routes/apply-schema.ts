import { planBody } from './plan-schema.ts';

const { manifests, namespace } = planBody.properties;
const force = { type: 'boolean', default: false, description: 'true to overwrite fields that others wrote.' };
const dryRun = { type: 'boolean', default: false, description: 'true to be told what would come of it; nothing is written.' };

export const applyQuery = { type: 'object', additionalProperties: false, properties: { namespace, force, dryRun } };

/** Of a JSON request; a YAML one becomes `{manifests}`. */
export const applyBody = {
  type: 'object',
  additionalProperties: false,
  required: ['manifests'],
  description: 'YAML, or an object with manifests, namespace, force, dryRun and seen.',
  properties: {
    manifests,
    namespace,
    force,
    dryRun,
    seen: {
      type: 'object',
      maxProperties: 2000,
      description: 'what the manifests were made from, by Kind/namespace/name: {uid, generation}.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['uid', 'generation'],
        description: '{uid, generation} of metadata.',
        properties: {
          uid: { type: 'string', minLength: 1, maxLength: 36, description: 'metadata.uid.' },
          generation: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'metadata.generation.' },
        },
      },
    },
  },
};

const text = { type: 'string' } as const;
const any = { description: 'any JSON; null for nothing.' } as const;
const change = { type: 'object', properties: { path: text, from: any, to: any } } as const;

export const applyAnswer = {
  200: {
    type: 'object',
    required: ['objects'],
    properties: {
      objects: {
        type: 'array',
        description: 'What came of each manifest, in their order.',
        items: {
          type: 'object',
          required: ['apiVersion', 'kind', 'namespace', 'name', 'outcome', 'changes', 'conflicts', 'problems'],
          properties: {
            apiVersion: text,
            kind: text,
            namespace: { ...text, description: 'empty for what is in none' },
            name: text,
            file: text,
            document: { type: 'integer' },
            line: { type: 'integer' },
            outcome: {
              ...text,
              enum: ['created', 'changed', 'unchanged', 'conflict', 'refused'],
              description: 'conflict and refused: nothing was written of it',
            },
            uid: text,
            generation: { type: 'integer', description: 'of metadata; a status with this observedGeneration speaks of it' },
            changes: { type: 'array', items: change, description: 'of the spec; of a new object none' },
            conflicts: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  ...change.properties,
                  manager: { ...text, description: 'what wrote the field: kubectl, Flux (Kustomization apps/shop), ...' },
                  pipeline: { type: 'boolean', description: 'a pipeline, which will write it again' },
                  actor: { ...text, description: 'who, for those who may see the history' },
                  at: { ...text, description: 'RFC 3339' },
                  revision: { type: 'integer' },
                },
              },
            },
            problems: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  file: text,
                  document: { type: 'integer' },
                  line: { type: 'integer' },
                  object: text,
                  path: text,
                  message: text,
                },
              },
            },
          },
        },
      },
    },
  },
};
