import { type Answer, malformed, Refusal } from './call.ts';
import { mistakeIn, type Schema } from './schema.ts';

/** Nova and Cinder wrap an error in a word for its status. */
const words: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
};

/** An error the way Nova and Cinder write it: `{"itemNotFound": {"code": 404, "message": ...}}`. */
export function faultAnswer(status: number, message: string): Answer {
  return {
    status,
    body: { [words[status] ?? 'computeFault']: { code: status, message } },
    headers: { 'content-type': 'application/json; charset=UTF-8' },
  };
}

export function refuse(status: number, message: string): never {
  throw new Refusal(faultAnswer(status, message));
}

/** The body of a request after Nova's or Cinder's own checks; refuses one that is malformed or breaks the schema. */
export function checkedBody(body: unknown, schema: Schema): Record<string, unknown> {
  if (body === malformed || body === undefined) refuse(400, 'Malformed request body');
  const mistake = mistakeIn(body, { type: 'object', ...schema });
  if (mistake) refuse(400, mistake);
  return body as Record<string, unknown>;
}
