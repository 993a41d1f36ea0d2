import type { JsonSchema } from '#controller/engine/json.ts';
import { reference } from './fields.ts';

/** Fields every kind with a cloud resource has in its spec. */
export type CommonSpec = {
  readonly clusterRef: { readonly name: string };
  readonly driftPolicy?: 'Correct' | 'Report';
  readonly deletionPolicy?: 'Delete' | 'Retain';
};

/** What differences of a settled object lead to; the Cluster's own default is the same choice. */
export const driftPolicy = (description: string): JsonSchema => ({ type: 'string', enum: ['Correct', 'Report'], description });

/** Schemas of `CommonSpec`. */
export const commonSpec: Readonly<Record<string, JsonSchema>> = {
  clusterRef: reference('Cluster', 'The cloud this belongs to.'),
  driftPolicy: driftPolicy(
    'What to do when the cloud is changed behind our back: Correct puts it right, Report only shows it in status.drift. Default: the policy of the Cluster.',
  ),
  deletionPolicy: {
    type: 'string',
    enum: ['Delete', 'Retain'],
    description: 'What becomes of the cloud resource when this object is deleted. Default: Delete.',
  },
};
export const commonRequired: readonly string[] = ['clusterRef'];

/** A field's value as it is declared or observed: any JSON, null for absent. */
const fieldValue = (description: string): JsonSchema => ({
  description,
  nullable: true,
  'x-kubernetes-preserve-unknown-fields': true,
});

const time = (description: string): JsonSchema => ({ type: 'string', format: 'date-time', description });

const condition: JsonSchema = {
  type: 'object',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  properties: {
    type: { type: 'string', description: 'Ready, Reconciling, Stalled, Drifted, or one of the kind.' },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    reason: { type: 'string', description: 'Why, in CamelCase, for machines.' },
    message: { type: 'string', description: 'Why, and the next step, for people.' },
    lastTransitionTime: time('When status, reason or message last changed.'),
    observedGeneration: { type: 'integer', format: 'int64', description: 'The generation of the spec this speaks about.' },
  },
};

const conditions: JsonSchema = {
  type: 'array',
  description: 'Ready, Reconciling and Stalled as kstatus reads them; Drifted tells whether the cloud was changed behind our back.',
  items: condition,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
};

const observedGeneration: JsonSchema = {
  type: 'integer',
  format: 'int64',
  description: 'The generation of the spec this status speaks about.',
};

/** Status of an object without a cloud resource. */
export const plainStatus: Readonly<Record<string, JsonSchema>> = { observedGeneration, conditions };

/** Status fields every kind with a cloud resource has. */
export const commonStatus: Readonly<Record<string, JsonSchema>> = {
  observedGeneration,
  id: { type: 'string', description: 'Id of the cloud resource.' },
  intent: {
    type: 'object',
    description: 'A create that was sent and not yet confirmed.',
    required: ['attempt', 'at'],
    properties: { attempt: { type: 'integer' }, at: time('When it was sent.') },
  },
  settledGeneration: {
    type: 'integer',
    format: 'int64',
    description: 'The newest generation carried out in full; differences at that generation are drift.',
  },
  conditions,
  drift: {
    type: 'array',
    description: 'What differs in the cloud although nobody changed the spec.',
    items: {
      type: 'object',
      required: ['path', 'since'],
      properties: {
        path: { type: 'string', description: 'The field, as it stands in the spec; empty when the whole resource is missing.' },
        declared: fieldValue('What the spec says; null for nothing.'),
        observed: fieldValue('What the cloud holds; null for nothing.'),
        since: time('When it was first seen.'),
      },
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['path'],
  },
};
