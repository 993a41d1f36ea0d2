const text = { type: 'string' } as const;
const count = { type: 'integer' } as const;
const figures = (description: string) => ({ type: 'array', items: { type: ['number', 'null'] }, description }) as const;

const overTime = <Figures extends Record<string, object>>(each: Figures) =>
  ({
    200: {
      type: 'object',
      required: ['step', 'at', 'clouds'],
      properties: {
        step: { ...count, description: 'Seconds' },
        at: { type: 'array', items: text, description: 'RFC 3339: when each step begins; the lists below have a figure for each, or null' },
        clouds: { type: 'array', items: { type: 'object', required: ['cluster'], properties: { cluster: text, ...each } } },
      },
    },
  }) as const;

export const healthAnswer = overTime({
  asked: figures('Minutes in which it was asked at all'),
  reachable: figures('Minutes in which it answered'),
  calls: figures('Calls to its services'),
  errors: figures('Of those, without an answer or answered with 500 and above'),
  p50: figures('ms, of calls that were answered'),
  p95: figures('ms, of the slowest service'),
});

const causes = {
  drifted: 'Objects with fields that differ',
  missing: 'Objects whose resource is gone',
  contested: 'Objects that somebody keeps changing back',
  undeclared: 'Resources that nobody declared',
  stalled: 'Objects that need a person; counted beside the others',
} as const;
const ofCauses = <Schema>(schema: (description: string) => Schema) =>
  Object.fromEntries(Object.entries(causes).map(([name, description]) => [name, schema(description)]));

export const driftAnswer = overTime({
  now: {
    type: ['object', 'null'],
    description: 'null: its cloud is not seen now',
    required: Object.keys(causes),
    properties: ofCauses((description) => ({ ...count, description })),
  },
  ...ofCauses((description) => figures(`${description}; the most in the step`)),
});

export const stalledQuery = {
  type: 'object',
  additionalProperties: false,
  properties: { limit: { type: 'integer', minimum: 1, maximum: 500, default: 20, description: 'a whole number from 1 to 500.' } },
} as const;

export const stalledAnswer = {
  200: {
    type: 'object',
    required: ['items', 'total'],
    properties: {
      total: count,
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            kind: text,
            namespace: { ...text, description: "'' for a Cluster" },
            name: text,
            cluster: text,
            id: { ...text, description: "In the cloud; '' for what was never made" },
            reason: text,
            message: text,
            since: { ...text, description: 'RFC 3339' },
          },
        },
      },
    },
  },
} as const;
