import { kinds } from '#controller/kinds/index.ts';

const kindNames = kinds.map(({ kind }) => kind);
const text = { type: 'string' } as const;

/** What `GET /api/v1/clusters/NAME/undeclared` takes; each description is what a person reads who got that field wrong. */
export const undeclaredQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    kind: { ...text, enum: kindNames, description: `one of ${kindNames.join(', ')}.` },
    name: { ...text, minLength: 1, maxLength: 255, description: 'the name in the cloud; * stands for any characters, ? for one.' },
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 50, description: 'a whole number from 1 to 500.' },
    cursor: { ...text, minLength: 1, maxLength: 2000, description: '"next" of the page before, unchanged.' },
  },
} as const;

/** By type, name and id; `next` is the cursor of the page behind, if there is one. */
export const undeclaredAnswer = {
  200: {
    type: 'object',
    required: ['items', 'unseen'],
    properties: {
      items: {
        type: 'array',
        items: {
          type: 'object',
          required: ['type', 'id', 'name'],
          properties: { type: text, kind: text, id: text, name: text, createdAt: text, ownerUid: text },
        },
      },
      unseen: { type: 'array', items: text, description: 'Types that could not be listed so far: nothing is known of them.' },
      next: text,
    },
  },
} as const;

/** What `POST /api/v1/clusters/NAME/export` takes. */
export const exportBody = {
  type: 'object',
  additionalProperties: false,
  description: 'a JSON object with namespace and select.',
  properties: {
    namespace: {
      ...text,
      default: 'default',
      maxLength: 63,
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
      description: 'the namespace the objects will be in: small letters, digits and hyphens, 63 at most.',
    },
    select: {
      type: 'array',
      default: [],
      maxItems: 200,
      items: { ...text, maxLength: 300, description: 'a selector such as kind=Volume, name=web-*, tag=prod or id=ID.' },
      description: 'a list of selectors, 200 at most: ["kind=Volume", "name=web-*"]; none means everything.',
    },
  },
} as const;
