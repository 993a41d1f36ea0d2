import { operationStates } from '#controller/operations/operation.ts';
import { parseMoment } from './audit-schema.ts';

export { parseMoment };

const text = (description: string, maxLength = 255) => ({ type: 'string', minLength: 1, maxLength, description }) as const;
const cluster = text('the name of a Cluster.', 253);
const id = {
  type: 'string',
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'the id of an operation, a UUID.',
} as const;
const resourceId = text('the id of a resource in its cloud; of a key pair its name.');
const type = { type: 'string', pattern: '^[a-z_]{1,40}$', description: 'a type of resource, such as server or volume.' } as const;
const actionName = {
  type: 'string',
  pattern: '^[a-zA-Z]{1,30}\\.[a-zA-Z]{1,40}$',
  description: 'the name of an action, such as instance.start.',
} as const;
const object = (properties: Record<string, object>, required: readonly string[] = Object.keys(properties)) =>
  ({ type: 'object', additionalProperties: false, required, properties }) as const;

const limit = { type: 'integer', minimum: 1, maximum: 500, default: 50, description: 'a whole number from 1 to 500.' } as const;
const cursor = { type: 'string', maxLength: 200, description: 'what the page before gave as next.' } as const;
const wait = { type: 'integer', minimum: 0, maximum: 60, description: 'how many seconds to wait for the end, 0 to 60.' } as const;
const dryRun = { type: 'boolean', default: false, description: 'true: say what would change, and change nothing.' } as const;
const input = { type: 'object', default: {}, description: 'a JSON object with what the action takes.' } as const;

export const operationParams = object({ id });
export const resourceParams = object({ type, cluster, id: resourceId });
export const actionParams = object({ type, cluster, id: resourceId, name: actionName });
export const clusterActionParams = object({ cluster, name: actionName });
export const performQuery = object({ dryRun, wait }, []);
export const waitQuery = object({ wait }, []);
export const pageQuery = object({ limit, cursor }, []);

export const listQuery = object(
  {
    state: { type: 'string', enum: operationStates, description: `one of ${operationStates.join(', ')}.` },
    action: text('the name of an action, such as instance.start, or bulk.', 60),
    actor: text('who asked for it.'),
    cluster,
    type,
    target: resourceId,
    since: { type: 'string', maxLength: 40, format: 'moment', description: 'a time as 2026-11-29T08:00:00Z.' },
    until: { type: 'string', maxLength: 40, format: 'moment', description: 'a time as 2026-11-29T08:00:00Z.' },
    limit,
    cursor,
  },
  [],
);

/** An action is checked against its own schema afterwards. */
export const performBody = {
  type: ['object', 'null'],
  additionalProperties: true,
  description: 'a JSON object with what the action takes.',
} as const;

export const mostTargets = 5000;

export const bulkBody = object(
  {
    action: actionName,
    input,
    targets: {
      type: 'array',
      minItems: 1,
      maxItems: mostTargets,
      description: `a list of 1 to ${mostTargets} targets, each with cluster and id.`,
      items: { ...object({ cluster, id: resourceId }), description: 'an object with cluster and id.' },
    },
    filter: {
      type: 'string',
      minLength: 1,
      maxLength: 2000,
      description: `a filter as lists take it, such as status:ERROR, instead of targets; at most ${mostTargets} resources may fit.`,
    },
  },
  ['action'],
);
