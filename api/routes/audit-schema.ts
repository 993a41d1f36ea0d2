const word = (description: string, maxLength = 255) => ({ type: 'string', minLength: 1, maxLength, description });
const moment = (description: string) => ({ type: 'string', format: 'moment', description });

const several = (description: string, maxLength: number) => ({
  type: 'array',
  minItems: 1,
  maxItems: 20,
  items: word(description, maxLength),
  description,
});

/** Which entries; each description is what a person reads who got that field wrong. */
const filter = {
  type: several('what happened, exactly: Created, Updated, Deleted, DriftDetected, ...; given several times, any of them.', 60),
  actor: word('who did it, exactly; "unknown" for changes made behind our back.'),
  cluster: several('the name of a Cluster; given several times, any of them.', 253),
  kind: several('the kind of the object: Instance, Volume, ...; given several times, any of them.', 63),
  namespace: word('the namespace of the object.', 63),
  name: word('the name of the object.', 253),
  object: {
    type: 'string',
    maxLength: 400,
    pattern: '^[^/]+(/[^/]+)?/[^/]+$',
    description: 'an object as KIND/NAMESPACE/NAME, or KIND/NAME, instead of kind, namespace and name.',
  },
  uid: word("the object's metadata.uid.", 36),
  cloudId: word('the id of the resource in the cloud.'),
  result: { type: 'string', enum: ['ok', 'failed', 'denied', 'observed'], description: 'one of ok, failed, denied, observed.' },
  requestId: word('an id that a cloud gave to a request, or we gave to the request of a person.'),
  address: word('the network address a person asked from.', 64),
  session: word('the id of the session or token a person asked with.', 36),
  origin: word('the database entries were imported from.'),
  imported: { type: 'boolean', description: 'true for imported entries only, false for those that are not.' },
  reconcileId: word('the id that ties the entries of one reconcile together.', 64),
  since: moment('a time such as 2026-11-23T09:30:00Z or a date; entries from then on.'),
  until: moment('a time such as 2026-11-23T09:30:00Z or a date; entries before then.'),
  path: word('the path of a change, or a path above it: spec.metadata finds spec.metadata.tier.'),
  text: word('1 to 200 characters that occur in the message, upper and lower case alike.', 200),
} as const;

const order = {
  type: 'string',
  enum: ['newest', 'oldest'],
  default: 'newest',
  description: 'what comes first: newest or oldest.',
} as const;

/** What `GET /api/v1/audit` takes. */
export const entriesQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...filter,
    order,
    limit: { type: 'integer', minimum: 1, maximum: 500, default: 50, description: 'a whole number from 1 to 500.' },
    cursor: word('"next" of the page before, unchanged.', 100),
  },
} as const;

/** What `GET /api/v1/audit/export` takes. */
export const exportQuery = {
  type: 'object',
  additionalProperties: false,
  required: ['format'],
  properties: { format: { type: 'string', enum: ['csv', 'jsonl'], description: 'csv, or jsonl (JSON lines).' }, ...filter, order },
} as const;

const place = (description: string) => ({ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

/** What `GET /api/v1/audit/stream` takes. */
export const streamQuery = {
  type: 'object',
  additionalProperties: false,
  properties: { ...filter, after: place('the number of an entry to go on behind; without it, and without Last-Event-ID, the newest.') },
} as const;

export const retentionBody = {
  type: 'object',
  additionalProperties: false,
  required: ['days'],
  properties: {
    days: {
      type: 'integer',
      nullable: true,
      minimum: 1,
      maximum: 36_500,
      description: 'for how many days entries are kept, 1 to 36500; null is for ever.',
    },
  },
} as const;

export const verifyQuery = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: {
      type: 'integer',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'the number of the first entry to check, from 1; the one before it is taken on trust.',
    },
    to: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'the number of the last entry to check, from 1.' },
  },
} as const;

const text = { type: 'string' } as const;
const count = { type: 'integer' } as const;

const entry = {
  type: 'object',
  required: ['seq', 'at', 'type', 'actor', 'changes', 'result', 'message', 'requestIds', 'hash'],
  properties: {
    seq: { ...count, description: 'Place in the log: 1, 2, 3, ...' },
    at: { ...text, description: 'RFC 3339, UTC' },
    type: text,
    actor: text,
    cluster: text,
    object: {
      type: 'object',
      required: ['kind', 'namespace', 'name', 'uid'],
      properties: { kind: text, namespace: text, name: text, uid: text },
    },
    cloudId: text,
    changes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'from', 'to'],
        // No type: any JSON value; null is absent, "***" a secret.
        properties: { path: text, from: {}, to: {} },
      },
    },
    result: text,
    message: text,
    requestIds: { type: 'array', items: text },
    reconcileId: text,
    source: {
      type: 'object',
      description: 'Whence a person asked',
      properties: { address: text, session: text, requestId: text },
    },
    origin: { ...text, description: 'The database it was imported from' },
    hash: { ...text, description: 'SHA-256 over this entry and the hash before it' },
  },
} as const;

/** `next` is the cursor of the page behind, if there is one. */
export const entriesAnswer = {
  200: { type: 'object', required: ['items'], properties: { items: { type: 'array', items: entry }, next: text } },
} as const;

export const entryParams = {
  type: 'object',
  required: ['seq'],
  properties: {
    seq: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'the number of an entry, from 1.' },
  },
} as const;

export const entryAnswer = { 200: entry } as const;

const checkpoint = {
  type: 'object',
  description: 'Entries up to "seq" were removed for their age, as the entry "entry" records; "hash" is the hash of the last of them.',
  required: ['seq', 'hash', 'since', 'until', 'at', 'entry'],
  properties: { seq: count, hash: text, since: text, until: text, at: text, entry: count },
} as const;

/** What `GET` and `PUT /api/v1/audit/retention` answer. */
export const retentionAnswer = {
  200: {
    type: 'object',
    required: ['days'],
    properties: { days: { type: 'integer', nullable: true, description: 'null: for ever' }, setBy: text, setAt: text, checkpoint },
  },
} as const;

export const verifyAnswer = {
  200: {
    type: 'object',
    required: ['ok', 'checked', 'head'],
    properties: {
      ok: { type: 'boolean' },
      checked: count,
      firstBroken: { type: 'object', properties: { seq: count, problem: text, message: text } },
      head: { type: 'object', properties: { seq: count, hash: text } },
      checkpoint,
    },
  },
} as const;

/** A date, or a time with its zone, as epoch ms. A `+` that a query string turned into a space counts as `+`. */
export function parseMoment(given: string): number | undefined {
  const text = given.replace(/ (?=\d\d:\d\d$)/, '+');
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/i.test(text)) return undefined;
  const at = Date.parse(text.toUpperCase());
  return Number.isNaN(at) ? undefined : at;
}
