import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutput } from './output.ts';

describe('the output of a terminal', () => {
  it('comes out as valid UTF-8, wherever the far side cut it', () => {
    const output = createOutput();
    const bytes = Buffer.from('é漢💩');
    const pieces = [...bytes].map((byte) => output.take(Buffer.of(byte))?.text ?? '');
    expect(pieces.join('|')).toBe('|é|||漢||||💩');
    expect(output.at).toBe(bytes.length);
  });

  it('shows what is no UTF-8 as such, and half a character at the end', () => {
    const output = createOutput();
    expect(output.take(Buffer.of(0x61, 0xff, 0x62))?.text).toBe('a\ufffdb');
    expect(output.take(Buffer.of(0xe6, 0xbc))).toBeUndefined();
    expect(output.finish()?.text).toBe('\ufffd');
    expect(output.finish()).toBeUndefined();
  });

  it('keeps a byte order mark', () => {
    expect(createOutput().take(Buffer.from('\ufeffa'))?.text).toBe('\ufeffa');
  });

  it('gives again what followed a position, for as long as it is kept, and never anything else', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 60 }), fc.integer({ min: 1, max: 100 }), (pieces, keep) => {
        const output = createOutput(keep);
        let all = Buffer.alloc(0);
        for (const piece of pieces) {
          all = Buffer.concat([all, output.take(piece)?.bytes ?? Buffer.alloc(0)]);
          expect(output.at).toBe(all.length);
          for (let at = 0; at <= all.length; at += 1) {
            const found = output.since(at);
            if (found) expect(found.equals(all.subarray(at))).toBe(true);
            else expect(all.length - at).toBeGreaterThan(keep);
          }
        }
        expect(output.since(all.length + 1)).toBeUndefined();
      }),
    );
  });

  it('holds no more than it has to: small pieces by the thousand cost what they are long', () => {
    const output = createOutput(1000);
    for (let count = 0; count < 100_000; count += 1) output.take(Buffer.from('x'));
    expect(output.since(99_000)?.length).toBe(1000);
    expect(output.since(98_999)).toBeUndefined();
  });
});
