import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { checkIfMatch } from './etag.ts';

const asked = (ifMatch?: string) => ({ headers: { 'if-match': ifMatch } }) as unknown as FastifyRequest;

describe('If-Match', () => {
  it.each(['"v7"', '*', '"v1", "v7"', undefined])('lets a write through that was made for the version there is: %s', (given) => {
    expect(() => checkIfMatch(asked(given), 7)).not.toThrow();
  });

  it.each(['"v6"', 'W/"v7"', 'v7', '""', '"v6", "v8"'])('refuses one made for any other, and says what there is: %s', (given) => {
    expect(() => checkIfMatch(asked(given), 7)).toThrow(
      expect.objectContaining({ statusCode: 412, title: 'PreconditionFailed', more: { current: '"v7"' } }),
    );
  });

  it('is asked for where a write needs it', () => {
    expect(() => checkIfMatch(asked(), 7, 'needed')).toThrow(expect.objectContaining({ statusCode: 428, title: 'PreconditionRequired' }));
  });
});
