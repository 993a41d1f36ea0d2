import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as fc from 'fast-check';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#tests/parts/random.ts';
import { generatePrivateKey, type PrivateKey, readPrivateKey } from './private-key.ts';

const passphrase = 'green tea at four';
const { generateKeyPairSync: sshKey, parseKey } = ssh2.utils;
const rsaPem = (bits: number, more: object = {}) =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .privateKey.export({ format: 'pem', type: 'pkcs1', ...more } as never)
    .toString();

/** Node's types know of it no more. */
function dsaPem(): string {
  const { privateKey } = (generateKeyPairSync as (type: string, options: object) => { privateKey: KeyObject })('dsa', {
    modulusLength: 2048,
  });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Reads a key that has to be taken, and signs with it as a terminal will. */
async function taken(text: string, secret?: string): Promise<PrivateKey> {
  const key = await readPrivateKey(text, secret);
  if ('field' in key) throw new Error(`${key.field}: ${key.flaw}`);
  const parsed = parseKey(key.pem);
  if (parsed instanceof Error) throw parsed;
  const shown = parseKey(key.publicKey);
  if (shown instanceof Error) throw shown;
  expect(shown.verify('words', parsed.sign('words'))).toBe(true);
  return key;
}
const flawIn = async (text: string, secret?: string) => {
  const key = await readPrivateKey(text, secret);
  return 'field' in key ? `${key.field}: ${key.flaw}` : 'none';
};

describe('a private key', () => {
  it('is taken as OpenSSH writes it, whatever its algorithm', async () => {
    for (const made of [sshKey('ed25519'), sshKey('ecdsa', { bits: 384 }), sshKey('rsa', { bits: 2048 })]) {
      const { algorithm, publicKey } = await taken(made.private);
      expect(publicKey).toBe(made.public.split(' ').slice(0, 2).join(' '));
      expect(publicKey.startsWith(`${algorithm} AAAA`)).toBe(true);
    }
  });

  it('is taken as PEM, with the line ends of any system', async () => {
    expect((await taken(rsaPem(2048).replaceAll('\n', '\r\n'))).algorithm).toBe('ssh-rsa');
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const [sec1, pkcs8] = (['sec1', 'pkcs8'] as const).map((type) => ec.export({ format: 'pem', type }).toString());
    expect((await taken(`${sec1}`)).fingerprint).toBe((await taken(`${pkcs8}`)).fingerprint);
    const ed = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect((await taken(`\n${ed}\n`)).algorithm).toBe('ssh-ed25519');
  });

  it('is opened with its passphrase, and kept without', async () => {
    const plain = sshKey('ed25519', { cipher: 'aes256-ctr', passphrase, rounds: 4 });
    const opened = await taken(plain.private, passphrase);
    expect(opened.publicKey).toBe(plain.public.split(' ').slice(0, 2).join(' '));
    expect(await flawIn(plain.private)).toContain('passphrase: the key is encrypted');
    expect(await flawIn(plain.private, 'wrong')).toContain('passphrase: the passphrase does not open');
    const pem = rsaPem(2048, { cipher: 'aes-128-cbc', passphrase });
    expect((await taken(pem, passphrase)).algorithm).toBe('ssh-rsa');
    expect(await flawIn(pem)).toContain('give its passphrase');
    expect(await flawIn(pem, 'wrong')).toContain('does not open');
  });

  it('does not hold others up while it is opened', async () => {
    const { private: text } = sshKey('ed25519', { cipher: 'aes256-ctr', passphrase, rounds: 16 });
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 5);
    await taken(text, passphrase);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it('is refused with the way out when it is not taken', async () => {
    const pkcs8 = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase });
    for (const [text, words] of [
      ['PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', 'puttygen'],
      [sshKey('ed25519').public, 'is a public key'],
      [rsaPem(1024), '1024 bits, which is too weak'],
      ['-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----', 'DSA'],
      [dsaPem(), 'DSA'],
      [pkcs8.toString(), 'ssh-keygen -p'],
      [generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ format: 'pem', type: 'sec1' }).toString(), 'not taken'],
      ['', 'from BEGIN to END'],
      ['hello', 'from BEGIN to END'],
      ['-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----', 'from BEGIN to END'],
    ] as const)
      expect(await flawIn(text, passphrase), text.slice(0, 40)).toContain(words);
  });

  it('that is made here is one of its own each time', async () => {
    const [one, other] = [generatePrivateKey(), generatePrivateKey()];
    expect(one.fingerprint).not.toBe(other.fingerprint);
    expect((await taken(one.pem)).publicKey).toBe(one.publicKey);
  });

  it('that is damaged is refused, and its flaw tells nothing of it', async () => {
    const { private: text } = sshKey('ed25519');
    const seed = Math.floor(seededRandom('damaged keys')() * 2 ** 31);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length), fc.nat(50), fc.string({ maxLength: 20 }), async (at, gone, put) => {
        const said = await flawIn(text.slice(0, at) + put + text.slice(at + gone));
        for (const line of text.split('\n').filter((one) => one.length > 30)) expect(said).not.toContain(line.slice(0, 30));
      }),
      { seed, numRuns: 300 },
    );
  });
});
