import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#tests/parts/random.ts';
import { consoleKeys, isAmong } from './console-keys.ts';
import { cirros, debian12, oldCloudInit, printed, ubuntu2404 } from './console-logs.fixture.ts';
import { readPublicKey } from './host-key.ts';

type Printed = Readonly<Record<string, { readonly fingerprint: string; readonly line: string }>>;
const blobOf = (line: string): Buffer => {
  const key = readPublicKey(line);
  if ('flaw' in key) throw new Error(key.flaw);
  return key.blob;
};
const fingerprintsIn = (log: string) => (consoleKeys(log)?.keys ?? []).map(({ fingerprint }) => fingerprint).toSorted();
const fingerprintsOf = (keys: Printed) =>
  Object.values(keys)
    .map(({ fingerprint }) => fingerprint)
    .toSorted();
const block = (kind: 'FINGERPRINTS' | 'KEYS', ...lines: readonly string[]) =>
  [`-----BEGIN SSH HOST KEY ${kind}-----`, ...lines, `-----END SSH HOST KEY ${kind}-----`].join('\n');
const own = printed.deb.ed25519;
const strange = printed.ubu.ed25519;

describe('host keys in a console log', () => {
  it.each([
    ['Debian 12', debian12, printed.deb],
    ['Ubuntu 24.04', ubuntu2404, printed.ubu],
    ['CirrOS', cirros, printed.cirros],
  ])('are all those that %s prints, each once and whole', (_, log, keys) => {
    const found = consoleKeys(log);
    expect(fingerprintsIn(log)).toEqual(fingerprintsOf(keys));
    for (const { line, fingerprint } of Object.values(keys as Printed)) {
      expect(found?.keys.find((one) => one.fingerprint === fingerprint)).toMatchObject({
        blob: blobOf(line),
        algorithm: line.split(' ')[0],
      });
      expect(found && isAmong(found, blobOf(line))).toBe(true);
    }
    expect(found && isAmong(found, blobOf(printed.old.ed25519.line))).toBe(false);
  });

  it('of old guests can be told from others, though their MD5 names no key', () => {
    const found = consoleKeys(oldCloudInit);
    expect([found?.keys, found?.md5.length]).toEqual([[], 3]);
    for (const { line } of Object.values(printed.old)) expect(found && isAmong(found, blobOf(line))).toBe(true);
    expect(found && isAmong(found, blobOf(own.line))).toBe(false);
  });

  it('are told by fingerprint where keys are not printed, with the algorithm', () => {
    const log = debian12.slice(0, debian12.indexOf('-----BEGIN SSH HOST KEY KEYS'));
    expect(consoleKeys(log)?.keys).toEqual([
      { fingerprint: printed.deb.ecdsa.fingerprint, algorithm: 'ecdsa-sha2-nistp256' },
      { fingerprint: own.fingerprint, algorithm: 'ssh-ed25519' },
      { fingerprint: printed.deb.rsa.fingerprint, algorithm: 'ssh-rsa' },
    ]);
  });

  it('are those of the last boot that printed any', () => {
    expect(fingerprintsIn(`${debian12}${ubuntu2404}`)).toEqual(fingerprintsOf(printed.ubu));
    expect(fingerprintsIn(`${debian12}\n[    0.000000] Linux version 6.1.0\nubu login: `)).toEqual(fingerprintsOf(printed.deb));
    expect(fingerprintsIn(`${debian12}${block('KEYS', strange.line)}`), 'keys without fingerprints are of a boot of their own').toEqual([
      strange.fingerprint,
    ]);
  });

  it('have whatever syslog puts before a line', () => {
    const prefixes = [
      'ec2: ',
      '<14>Nov  3 03:06:21 ec2: ',
      'Aug  9 04:57:16 web-1.example ec2: ',
      'Apr 07 20:24:09 unique-filly ec2[1215]: ',
      'May 10 22:18:34 localhost cloud-init[1522]: <14>May 10 22:18:34 cloud-init: ',
      '[   21.560423] cloud-init[1010]: ',
      '2026-11-30T03:06:21.123456+00:00 web cloud-init[77]: ',
    ];
    for (const prefix of prefixes) {
      const log = block('KEYS', own.line)
        .split('\n')
        .map((line) => prefix + line)
        .join('\r\n');
      expect(fingerprintsIn(log), prefix).toEqual([own.fingerprint]);
    }
  });

  it('are none of what only looks like them', () => {
    const damaged = own.line.replace('AAAAC3', 'AAAAC4');
    for (const [why, log] of [
      ['keys people sign in with', `ci-info: | ssh-ed25519 | 7c:b8:05:ac |\n${own.line}`],
      ['a fingerprint outside of a block', `256 ${own.fingerprint} root@deb (ED25519)`],
      ['a block that is not over yet', `-----BEGIN SSH HOST KEY KEYS-----\n${own.line}\n`],
      ['a block whose begin scrolled away', `${own.line}\n-----END SSH HOST KEY KEYS-----`],
      ['a block that ends as another', `-----BEGIN SSH HOST KEY KEYS-----\n${own.line}\n-----END SSH HOST KEY FINGERPRINTS-----`],
      ['an empty block', block('FINGERPRINTS')],
      ['a mark within a line', `sshd: invalid user -----BEGIN SSH HOST KEY KEYS-----\n${own.line}\n-----END SSH HOST KEY KEYS-----`],
      ['a damaged key', block('KEYS', damaged)],
      ['a key behind other words', block('KEYS', `sshd: ${own.line}`)],
      ['a key that says another algorithm', block('KEYS', own.line.replace('ssh-ed25519 ', 'ssh-rsa '))],
      ['a DSA key', block('FINGERPRINTS', `1024 ${own.fingerprint} root@deb (DSA)`)],
      ['a fingerprint of no 32 bytes', block('FINGERPRINTS', `256 SHA256:${'A'.repeat(42)}B root@deb (ED25519)`)],
      ['a line beyond all bounds', block('KEYS', `${own.line} ${'x'.repeat(7000)}`)],
    ] as const)
      expect(consoleKeys(log), why).toBeUndefined();
  });

  it('are bounded in number, and a log without end costs no time', () => {
    const many = Array.from({ length: 500 }, (_, index) => {
      const blob = blobOf(own.line);
      const other = Buffer.from(blob);
      other.writeUInt32BE(index, blob.length - 4);
      return `ssh-ed25519 ${other.toString('base64')}`;
    });
    expect(consoleKeys(block('KEYS', ...many))?.keys.length).toBe(16);
    const startedAt = performance.now();
    for (const piece of [
      '[ 1.1] ',
      'ec2: ',
      '<14>',
      'Nov 30 03:06:21 x ',
      '-----BEGIN SSH HOST KEY KEYS-----\n',
      'a',
      '256 SHA256:',
      'aa:',
    ])
      consoleKeys(piece.repeat(400_000));
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  const seed = Math.floor(seededRandom('console logs')() * 2 ** 31);

  it('are never found in garbage, which never does harm', () => {
    const pieces = fc.constantFrom(
      '-----BEGIN SSH HOST KEY FINGERPRINTS-----',
      '-----END SSH HOST KEY FINGERPRINTS-----',
      '-----BEGIN SSH HOST KEY KEYS-----',
      '-----END SSH HOST KEY KEYS-----',
      'ec2: ',
      '<14>Nov 30 03:06:21 cloud-init: ',
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI',
      '256 SHA256:',
      ' root@deb (ED25519)',
      '\n',
      '\r\n',
    );
    const garbage = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 60 }).map((all) => all.join(''));
    fc.assert(
      fc.property(garbage, (log) => {
        expect(consoleKeys(log)).toBeUndefined();
      }),
      { seed, numRuns: 2000 },
    );
  });

  it('are none but those that were printed, however the log was damaged', () => {
    const known = new Set(fingerprintsOf(printed.deb));
    fc.assert(
      fc.property(fc.nat(debian12.length), fc.nat(200), fc.string({ unit: 'binary', maxLength: 40 }), (at, gone, put) => {
        const damaged = debian12.slice(0, at) + put + debian12.slice(at + gone);
        // A fingerprint is a claim that a host has to meet with a key: a damaged one is met by none.
        const whole = (consoleKeys(damaged)?.keys ?? []).filter(({ blob }) => blob !== undefined);
        const strangers = whole.filter(({ fingerprint }) => !known.has(fingerprint));
        expect(strangers.filter(({ blob }) => isNear(blob as Buffer))).toEqual(strangers);
      }),
      { seed, numRuns: 2000 },
    );
  });

  /** Bytes changed within a key make another key of the same form, which no checksum tells. */
  function isNear(blob: Buffer): boolean {
    return Object.values(printed.deb).some(({ line }) => blobOf(line).subarray(0, 15).equals(blob.subarray(0, 15)));
  }
});
