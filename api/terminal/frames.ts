import { Ajv } from 'ajv';
import type { ClientFrame } from './protocol.ts';

/** Bytes of one frame, of text or of input. */
export const FRAME_BYTES = 64 * 1024;

const position = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const size = { cols: { type: 'integer', minimum: 2, maximum: 1000 }, rows: { type: 'integer', minimum: 1, maximum: 500 } } as const;
const secret = { type: 'string', maxLength: 32 * 1024 } as const;
const frame = (type: ClientFrame['type'], properties: Record<string, object> = {}, optional: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: ['type', ...Object.keys(properties).filter((name) => !optional.includes(name))],
  properties: { type: { const: type }, ...properties },
});
const credentials = {
  type: 'object',
  additionalProperties: false,
  properties: { password: secret, privateKey: secret, passphrase: secret },
} as const;

const isFrame = new Ajv().compile<ClientFrame>({
  anyOf: [
    frame('attach', { ...size, since: position, credentials }, ['since', 'credentials']),
    frame('resize', size),
    frame('ack', { at: position }),
    frame('answer', { id: position, answers: { type: 'array', maxItems: 20, items: { type: 'string', maxLength: 4096 } } }, ['answers']),
    frame('accept-host-key', { fingerprint: { type: 'string', minLength: 1, maxLength: 200 } }),
    frame('stay'),
    frame('end'),
  ],
});

/** What a page sent as text; undefined when it is none of the frames there are. */
export function readFrame(text: string): ClientFrame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFrame(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
