import { checkStrictly, nothing, terminalParams } from '../schema.ts';

export { checkStrictly, nothing, terminalParams };

const text = { type: 'string' } as const;
const count = { type: 'integer' } as const;
const seq = { type: 'integer', minimum: 0, maximum: 1_000_000_000, description: 'the number of a chunk, from 0.' } as const;
const limit = (most: number, usual: number) => ({
  type: 'integer',
  minimum: 1,
  maximum: most,
  default: usual,
  description: `a whole number from 1 to ${most}.`,
});
const query = (properties: object, required: readonly string[] = []) =>
  ({ type: 'object', additionalProperties: false, required, properties, description: 'a query.' }) as const;

export const keyframeParams = {
  ...terminalParams,
  required: ['id', 'seq'],
  properties: { ...terminalParams.properties, seq },
} as const;

export const chunksQuery = query({ from: { ...seq, default: 0 }, limit: limit(64, 16) });

export const searchQuery = query(
  {
    text: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description: '1 to 200 characters that a line holds, upper and lower case alike.',
    },
    limit: limit(500, 100),
  },
  ['text'],
);

const list = (properties: Record<string, object>) =>
  ({ type: 'array', items: { type: 'object', required: Object.keys(properties), properties } }) as const;

export const recordingAnswer = {
  200: {
    type: 'object',
    required: ['durationMs', 'bytes', 'cols', 'rows', 'startedAt', 'isSealed', 'interrupted', 'chunks', 'keyframes', 'marks', 'resizes'],
    properties: {
      durationMs: count,
      bytes: { ...count, description: 'Of output, UTF-8' },
      cols: count,
      rows: count,
      title: text,
      startedAt: { ...text, description: 'RFC 3339, UTC' },
      isSealed: { type: 'boolean' },
      interrupted: { type: 'boolean', description: 'Its process ended before it did' },
      chunks: list({ seq: count, fromMs: count, untilMs: count, bytes: count }),
      keyframes: list({ seq: count, atMs: count }),
      marks: { ...list({ atMs: count, label: text }), description: 'Commands, as far as they could be seen' },
      resizes: list({ atMs: count, cols: count, rows: count }),
    },
  },
} as const;

export const keyframeAnswer = {
  200: {
    type: 'object',
    required: ['atMs', 'cols', 'rows', 'screen'],
    properties: { atMs: count, cols: count, rows: count, screen: { ...text, description: 'Draws the screen on a fresh terminal' } },
  },
} as const;

export const searchAnswer = {
  200: {
    type: 'object',
    required: ['items', 'isCut'],
    properties: { items: list({ atMs: count, line: text }), isCut: { type: 'boolean' } },
  },
} as const;

export const verificationAnswer = {
  200: {
    type: 'object',
    required: ['ok', 'chunks'],
    properties: {
      ok: { type: 'boolean' },
      chunks: { ...count, description: 'Chunks that are whole, from the first' },
      problem: {
        type: 'object',
        required: ['seq', 'what'],
        properties: {
          seq: count,
          what: { type: 'string', enum: ['altered', 'missing', 'moved', 'foreign', 'cut', 'added', 'manifest', 'key'] },
        },
      },
    },
  },
} as const;

export const retentionBody = {
  type: 'object',
  additionalProperties: false,
  required: ['days'],
  properties: {
    days: { type: 'integer', minimum: 1, maximum: 36_500, description: 'for how many days recordings are kept, 1 to 36500.' },
  },
} as const;

export const retentionAnswer = {
  200: { type: 'object', required: ['days'], properties: { days: count, setBy: text, setAt: { ...text, description: 'RFC 3339, UTC' } } },
} as const;
