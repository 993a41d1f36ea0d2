import type { JsonSchema } from '#controller/engine/json.ts';
import type { ImportFilter } from '#controller/engine/kind.ts';
import { exactlyOne, reference } from './fields.ts';

/** Fields every kind with a cloud resource has in its spec. */
export type CommonSpec = {
  readonly clusterRef: { readonly name: string };
  readonly managementPolicy?: 'Manage' | 'Observe';
  readonly driftPolicy?: 'Correct' | 'Report';
  readonly deletionPolicy?: 'Delete' | 'Retain';
  readonly deletionProtection?: boolean;
  readonly replacePolicy?: 'Never' | 'Allow';
  readonly ignore?: readonly { readonly path: string; readonly reason: string; readonly until?: string }[];
  readonly import?: { readonly id?: string; readonly filter?: ImportFilter; readonly acceptChanges?: boolean };
};

/** What of a spec is the kind's own. */
export function ownFields<Spec extends CommonSpec>(spec: Spec): Omit<Spec, keyof CommonSpec> {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !Object.hasOwn(commonSpec, field))) as Omit<Spec, keyof CommonSpec>;
}

/** What differences of a settled object lead to; the Cluster's own default is the same choice. */
export const driftPolicy = (description: string): JsonSchema => ({ type: 'string', enum: ['Correct', 'Report'], description });

const time = (description: string): JsonSchema => ({ type: 'string', format: 'date-time', description });

/** Schemas of `CommonSpec`. */
export const commonSpec: Readonly<Record<string, JsonSchema>> = {
  clusterRef: reference('Cluster', 'The cloud this belongs to.'),
  driftPolicy: driftPolicy(
    'What to do when the cloud is changed behind our back: Correct puts it right, Report only shows it in status.drift. Default: the policy of the Cluster.',
  ),
  managementPolicy: {
    type: 'string',
    enum: ['Manage', 'Observe'],
    description: 'Manage drives the cloud resource to this spec; Observe only looks, writes nothing, and deletes nothing. Default: Manage.',
  },
  deletionPolicy: {
    type: 'string',
    enum: ['Delete', 'Retain'],
    description: 'What becomes of the cloud resource when this object is deleted. Default: Delete.',
  },
  deletionProtection: {
    type: 'boolean',
    description: 'True: the cloud resource is neither deleted, rebuilt nor replaced, whatever else is declared, until this is taken back.',
  },
  replacePolicy: {
    type: 'string',
    enum: ['Never', 'Allow'],
    description:
      'What to do about a change that OpenStack cannot make in place: Never stops and names the field, Allow rebuilds the resource, or deletes and creates it anew. Data is lost. Default: Never.',
  },
  ignore: {
    type: 'array',
    maxItems: 50,
    description: 'Fields left as the cloud has them: neither compared nor written once the resource is there.',
    items: {
      type: 'object',
      required: ['path', 'reason'],
      properties: {
        path: {
          type: 'string',
          minLength: 1,
          maxLength: 500,
          pattern: '^spec[.].+',
          description: 'The field as status.drift names it; everything below it is ignored too.',
        },
        reason: { type: 'string', minLength: 1, maxLength: 500, description: 'Why, for whoever reads it later.' },
        until: time('When it ends; never, unless given.'),
      },
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['path'],
  },
  import: {
    type: 'object',
    description: 'A cloud resource that exists already and that this object is to stand for, instead of making one.',
    properties: {
      id: { type: 'string', minLength: 1, maxLength: 255, description: 'Its id; of a key pair, its name.' },
      filter: {
        type: 'object',
        description: 'Picks it by what it is; refused when it fits none or several.',
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 255, description: 'Its name, exactly.' },
          tags: {
            type: 'array',
            maxItems: 50,
            items: { type: 'string', minLength: 1, maxLength: 255 },
            description: 'Tags it has, among others.',
            'x-kubernetes-list-type': 'set',
          },
          metadata: {
            type: 'object',
            maxProperties: 100,
            additionalProperties: { type: 'string', maxLength: 255 },
            description: 'Metadata it has, among other keys.',
          },
        },
      },
      acceptChanges: {
        type: 'boolean',
        description:
          'True: take it over even though it differs from this spec, and change it. Without it a difference stops the take-over.',
      },
    },
    ...exactlyOne('id', 'filter'),
  },
};
export const commonRequired: readonly string[] = ['clusterRef'];

/** A field's value as it is declared or observed: any JSON, null for absent. */
const fieldValue = (description: string): JsonSchema => ({
  description,
  nullable: true,
  'x-kubernetes-preserve-unknown-fields': true,
});

const difference = {
  path: { type: 'string', description: 'The field, as it stands in the spec; empty when the whole resource is missing.' },
  declared: fieldValue('What the spec says; null for nothing.'),
  observed: fieldValue('What the cloud holds; null for nothing.'),
} as const satisfies Record<string, JsonSchema>;

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
  settledSecrets: {
    type: 'string',
    description: 'Tells whether the Secrets it names are as they were then; says nothing about what is in them.',
  },
  conditions,
  drift: {
    type: 'array',
    description: 'What differs in the cloud although nobody changed the spec.',
    items: {
      type: 'object',
      required: ['path', 'since'],
      properties: {
        ...difference,
        since: time('When it was first seen.'),
      },
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['path'],
  },
  ignored: {
    type: 'array',
    description: 'What differs and is left alone, as spec.ignore says.',
    items: {
      type: 'object',
      required: ['path', 'reason'],
      properties: { ...difference, reason: { type: 'string', description: 'As spec.ignore gives it.' }, until: time('When it ends.') },
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['path'],
  },
  plan: {
    type: 'array',
    description: 'What managing the resource would change, while it is only observed.',
    items: {
      type: 'object',
      required: ['path'],
      properties: {
        ...difference,
        by: { type: 'string', enum: ['rebuild', 'replace'], description: 'It could only be changed so, and data would be lost.' },
      },
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['path'],
  },
  corrections: {
    type: 'array',
    description: 'How often drift of a field was put right within the hour; after five times it is contested and left.',
    items: {
      type: 'object',
      required: ['path', 'times', 'firstAt', 'lastAt', 'generation'],
      properties: {
        path: { type: 'string', description: 'The field.' },
        times: { type: 'integer' },
        firstAt: time('The first of them.'),
        lastAt: time('The last of them.'),
        generation: { type: 'integer', format: 'int64', description: 'A new generation begins to count anew.' },
      },
    },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['path'],
  },
  isOnlyObserved: {
    type: 'boolean',
    description: 'True: found by spec.import and not owned. False: taken over, and spec.import is history.',
  },
  replacing: {
    type: 'object',
    description: 'A replacement that has begun.',
    required: ['id', 'at'],
    properties: { id: { type: 'string', description: 'What goes.' }, at: time('When it began.') },
  },
  recovery: {
    type: 'object',
    description: 'What was done about the state ERROR.',
    required: ['attempts', 'lastAt'],
    properties: { attempts: { type: 'integer' }, lastAt: time('The last attempt.') },
  },
};
