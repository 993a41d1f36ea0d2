import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { causes } from '../drift/found.ts';

const word = (description: string, maxLength: number) => ({ type: 'string', minLength: 1, maxLength, description });
const kindNames = resourceDefinitions()
  .map(({ kind }) => kind)
  .filter((kind) => kind !== 'Cluster');

/** What `GET /api/v1/drift` takes. */
export const surveyQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    cause: {
      type: 'string',
      maxLength: 100,
      pattern: `^(?:${causes.join('|')})(?:,(?:${causes.join('|')}))*$`,
      description: `one of ${causes.join(', ')}, or several with commas between.`,
    },
    cluster: word('names of Clusters, with commas between.', 5000),
    namespace: word('the namespace of the objects; leaves out what is undeclared.', 63),
    kind: { type: 'string', enum: kindNames, description: `one of ${kindNames.join(', ')}.` },
    text: word('a part of the name or id, 1 to 200 characters.', 200),
    group: word('"key" of a group.', 40),
    sort: { type: 'string', enum: ['newest', 'oldest', 'name'], default: 'newest', description: 'one of newest, oldest, name.' },
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 100, description: 'a whole number from 1 to 500.' },
    cursor: word('"next" of the page before, unchanged.', 3000),
  },
} as const;

export const objectParams = {
  type: 'object',
  properties: {
    kind: { type: 'string', enum: kindNames, description: `one of ${kindNames.join(', ')}.` },
    namespace: word('a namespace.', 63),
    name: word('the name of an object.', 253),
  },
} as const;

const paths = {
  type: 'array',
  maxItems: 200,
  uniqueItems: true,
  default: [],
  items: { type: 'string', maxLength: 500 },
  description: 'fields as drift names them, at most 200; "" is the whole resource; without any, all that differ.',
} as const;
const dryRun = { type: 'boolean', default: false, description: 'true: say what would change, and change nothing.' } as const;

export const settleBody = { type: 'object', additionalProperties: false, properties: { paths, dryRun } } as const;

export const ignoreBody = {
  type: 'object',
  additionalProperties: false,
  required: ['reason'],
  properties: {
    paths,
    dryRun,
    reason: word('why, in 1 to 500 characters, for whoever reads it later.', 500),
    until: { type: 'string', format: 'moment', description: 'a time to come, as 2026-12-24T18:00:00Z; without it, for ever.' },
  },
} as const;
