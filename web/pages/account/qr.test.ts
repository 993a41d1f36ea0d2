import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { qrCode, qrPath } from './qr.ts';

const uri = 'otpauth://totp/Stackwarden:anna?issuer=Stackwarden&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30';

describe('a QR code', () => {
  it('grows with its text, up to what it can hold', () => {
    expect(qrCode('a')).toHaveLength(21);
    expect(qrCode('a'.repeat(14))).toHaveLength(21);
    expect(qrCode('a'.repeat(15))).toHaveLength(25);
    expect(qrCode(uri)).toHaveLength(49);
    expect(qrCode('a'.repeat(213))).toHaveLength(57);
    expect(() => qrCode('a'.repeat(214))).toThrow(RangeError);
  });

  it('has the three large squares that scanners look for, and the small ones', () => {
    const rows = qrCode(uri);
    const corner = (left: number, top: number) =>
      rows.slice(top, top + 7).map((row) =>
        row
          .slice(left, left + 7)
          .map((dark) => (dark ? '#' : '.'))
          .join(''),
      );
    const wanted = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
    expect([corner(0, 0), corner(42, 0), corner(0, 42)]).toEqual([wanted, wanted, wanted]);
    expect(
      rows.slice(40, 45).map((row) =>
        row
          .slice(40, 45)
          .map((dark) => (dark ? '#' : '.'))
          .join(''),
      ),
    ).toEqual(['#####', '#...#', '#.#.#', '#...#', '#####']);
  });

  it('is the one from which zbarimg read this text', () => {
    const path = qrPath(qrCode(uri));
    expect(createHash('sha256').update(path).digest('hex')).toBe('d34b676bb1487c27ce8a81fec84862f81cde0317b75f841e3f0c2190f8f312b0');
  });
});
