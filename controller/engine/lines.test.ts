import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from './lines.ts';

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

describe('reading lines', () => {
  it('gives the same lines however the bytes are cut, also within a character', async () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== '' && !text.includes('\n'));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 7 }), async (lines, step) => {
        const bytes = new TextEncoder().encode(lines.map((one) => `${one}\n`).join(''));
        const parts = Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => bytes.slice(index * step, (index + 1) * step));
        const seen: string[] = [];
        await readLines(chunks(...parts), (one) => seen.push(one));
        expect(seen).toEqual(lines.map((one) => one.trim()));
      }),
    );
  });

  it('rejects a stream that breaks off within a line', async () => {
    await expect(readLines(chunks(new TextEncoder().encode('{"a":1}\n{"b":')), () => undefined)).rejects.toThrow('broke off');
  });

  it('rejects when the taker does', async () => {
    const taking = readLines(chunks(new TextEncoder().encode('garbage\n')), () => {
      throw new Error('no JSON');
    });
    await expect(taking).rejects.toThrow('no JSON');
  });
});
