import { RESOURCE_TYPES } from '#controller/inventory/tracked.ts';
import { parseMoment } from './audit-schema.ts';

const word = (description: string, maxLength: number) => ({ type: 'string', minLength: 1, maxLength, description });
const at = { type: 'string', format: 'time', description: 'a time such as 2026-11-25T09:30:00Z (RFC 3339) that is past; without it, now.' };
const uid = word('the metadata.uid of the object, when several had this name one after the other; without it, the newest.', 36);
const page = {
  limit: { type: 'integer', minimum: 1, maximum: 500, default: 100, description: 'a whole number from 1 to 500.' },
  cursor: word('"next" of the page before, unchanged.', 2000),
} as const;
const strict = { type: 'object', additionalProperties: false } as const;

const placeParams = {
  kind: word('the kind of an object: Instance, Volume, ...', 63),
  namespace: word('the namespace of the object; "-" for a Cluster, which is in none.', 63),
  name: word('the name of the object.', 253),
};
export const objectParams = { ...strict, properties: placeParams } as const;
export const revisionParams = {
  ...strict,
  properties: {
    ...placeParams,
    revision: {
      type: 'integer',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'the number of a revision: the metadata.generation it had.',
    },
  },
} as const;
export const clusterParams = { ...strict, properties: { cluster: word('the name of a Cluster.', 253) } } as const;

export const atQuery = { ...strict, properties: { at } } as const;
export const uidQuery = { ...strict, properties: { uid } } as const;
export const revisionsQuery = { ...strict, properties: { uid, ...page } } as const;
export const objectsQuery = {
  ...strict,
  properties: {
    kind: word('a kind: Instance, Volume, ...; without it, all.', 63),
    namespace: word('the name of a namespace; without it, all.', 63),
    cluster: word('the name of a Cluster; without it, all.', 253),
    at,
    ...page,
  },
} as const;
export const inventoryQuery = {
  ...strict,
  properties: {
    type: { type: 'string', enum: RESOURCE_TYPES, description: `one of ${RESOURCE_TYPES.join(', ')}; without it, all.` },
    at,
    ...page,
  },
} as const;

export const applyBody = {
  ...strict,
  required: ['generation'],
  properties: {
    generation: {
      type: 'integer',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'the generation the plan was made at, as the plan gives it; 0 when there was no object.',
    },
    uid: word('the uid the plan was made for, as the plan gives it.', 36),
  },
} as const;

/** RFC 3339 with seconds and zone, as epoch ms. */
export function parseTime(text: string): number | undefined {
  return /T\d\d:\d\d:\d\d/i.test(text) ? parseMoment(text) : undefined;
}
