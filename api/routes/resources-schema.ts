import { listedTypes } from '#controller/lists/noun.ts';

const text = { type: 'string' } as const;
const typeNames = ['instance', ...listedTypes];

const filter = {
  ...text,
  maxLength: 2000,
  default: '',
  description:
    'tokens such as status:ERROR cluster:bj-* age>7d -tag:test size>=100, and text to look for in name, id, IP and MAC; 2000 characters.',
} as const;
const fields = {
  ...text,
  minLength: 1,
  maxLength: 1000,
  description: 'names of columns with commas between: name,status,addresses.',
} as const;
const sort = {
  ...text,
  pattern: '^-?[A-Za-z]{1,40}$',
  default: 'name',
  description: 'the name of a column, with a - before it for descending: -created.',
} as const;

const type = { ...text, enum: typeNames, description: `one of ${typeNames.join(', ')}.` } as const;

export const typeParams = { type: 'object', required: ['type'], properties: { type } } as const;

export const resourceParams = {
  type: 'object',
  required: ['type', 'cluster', 'id'],
  properties: {
    type,
    cluster: { ...text, minLength: 1, maxLength: 253, description: 'the name of a Cluster.' },
    id: { ...text, minLength: 1, maxLength: 255, description: 'the id in the cloud; of a key pair its name.' },
  },
} as const;

export const pageQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    filter,
    sort,
    fields,
    limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100, description: 'a whole number from 1 to 1000.' },
    cursor: { ...text, minLength: 1, maxLength: 2000, description: '"next" of the page before, unchanged.' },
    offset: {
      type: 'integer',
      minimum: 0,
      maximum: 1_000_000,
      description: 'instead of a cursor: how many rows come before the page, a whole number from 0 to 1000000.',
    },
  },
} as const;

export const countsQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    clusters: {
      ...text,
      maxLength: 1900,
      pattern: '^[a-z0-9.-]+(?:,[a-z0-9.-]+)*$',
      description: 'names of Clusters with commas between, to count there only; 1900 characters.',
    },
  },
} as const;

export const countsAnswer = {
  200: {
    type: 'object',
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        description: 'Of each type that the person may see.',
        items: {
          type: 'object',
          properties: { type: text, count: { type: 'integer' }, exact: { type: 'boolean', description: 'False: estimated.' } },
        },
      },
    },
  },
} as const;

export const facetsQuery = {
  type: 'object',
  additionalProperties: false,
  required: ['column'],
  properties: {
    filter,
    column: { ...text, minLength: 1, maxLength: 40, description: 'the name of a column whose values are counted.' },
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 50, description: 'a whole number from 1 to 500.' },
  },
} as const;

export const exportQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    filter,
    sort,
    fields,
    format: { ...text, enum: ['csv', 'jsonl'], default: 'csv', description: 'csv or jsonl.' },
  },
} as const;

export const searchQuery = {
  type: 'object',
  additionalProperties: false,
  required: ['q'],
  properties: {
    q: { ...text, minLength: 1, maxLength: 255, description: 'a part of a name, id, IP or MAC; 255 characters.' },
    types: { ...text, minLength: 1, maxLength: 300, description: `types with commas between; known are ${typeNames.join(', ')}.` },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20, description: 'a whole number from 1 to 100.' },
  },
} as const;

const clouds = {
  type: 'array',
  description: 'How far the rows of each cluster can be trusted.',
  items: {
    type: 'object',
    required: ['cluster', 'state', 'reachable', 'listedAt', 'ageSeconds'],
    properties: {
      cluster: text,
      state: { ...text, enum: ['Fresh', 'Stale', 'Listing', 'Unreachable'] },
      reachable: { type: 'boolean', description: 'Whether the newest look worked.' },
      listedAt: { type: ['string', 'null'], description: 'RFC 3339; null when it was not listed since the start' },
      ageSeconds: { type: ['number', 'null'] },
      error: { type: 'object', properties: { reason: text, message: text } },
    },
  },
} as const;

/** Columns depend on the type. */
const row = { type: 'object', additionalProperties: true, required: ['cluster', 'type', 'id'], properties: {} } as const;

export const pageAnswer = {
  200: {
    type: 'object',
    required: ['items', 'total', 'clouds'],
    properties: {
      items: { type: 'array', items: row },
      next: { ...text, description: 'The cursor of the page behind, if there is one.' },
      total: {
        type: 'object',
        required: ['count', 'exact'],
        properties: { count: { type: 'integer' }, exact: { type: 'boolean', description: 'False: estimated.' } },
      },
      clouds,
    },
  },
} as const;

export const facetsAnswer = {
  200: {
    type: 'object',
    required: ['values', 'others'],
    properties: {
      // No type: a value is text, a number, true, false or null.
      values: { type: 'array', items: { type: 'object', properties: { value: {}, count: { type: 'integer' } } } },
      others: { type: 'integer', description: 'How many more values there are.' },
    },
  },
} as const;

export const searchAnswer = {
  200: { type: 'object', required: ['items', 'clouds'], properties: { items: { type: 'array', items: row }, clouds } },
} as const;

export const columnsAnswer = {
  200: {
    type: 'object',
    properties: {
      columns: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: text,
            kind: { ...text, enum: ['text', 'number', 'time', 'flag', 'list', 'addresses'] },
            says: text,
            operators: { type: 'array', items: text, description: 'What a filter takes between the name and a value.' },
            also: { type: 'array', items: text, description: 'Other names by which a filter knows it.' },
          },
        },
      },
    },
  },
} as const;

export const detailAnswer = {
  200: {
    type: 'object',
    required: ['row', 'body', 'object', 'related', 'cloud'],
    properties: {
      row,
      body: { description: "The service's own JSON, secrets as ***; null when it is not in the cloud." },
      object: { description: 'The object that stands for it, without its spec; null for none.' },
      related: {
        type: 'array',
        items: {
          type: 'object',
          properties: { relation: text, type: text, count: { type: 'integer' }, items: { type: 'array', items: row } },
        },
      },
      cloud: clouds.items,
    },
  },
} as const;
