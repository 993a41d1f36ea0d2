import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import ssh2 from 'ssh2';
import { openInThread } from '../key-thread.ts';
import { fingerprintOf } from './host-key.ts';

/** A private key ready for use. Holds a secret. */
export interface PrivateKey {
  /** PEM or OpenSSH, without a passphrase, as ssh2 reads it. */
  readonly pem: string;
  /** `ssh-ed25519`, ... */
  readonly algorithm: string;
  readonly fingerprint: string;
  /** As authorized_keys takes it. */
  readonly publicKey: string;
}

/** What is wrong with a private key or its passphrase, in words that hold nothing of either. */
export interface PrivateKeyFlaw {
  readonly field: 'privateKey' | 'passphrase';
  readonly flaw: string;
}

const leastRsaBits = 2048;
const mostRsaBits = 16_384;
const curves = ['prime256v1', 'secp384r1', 'secp521r1'];
const flawed = (flaw: string, field: PrivateKeyFlaw['field'] = 'privateKey'): PrivateKeyFlaw => ({ field, flaw });
const rewrite = 'rewrite it with "ssh-keygen -p -f FILE", which leaves an OpenSSH key';
const noPassphrase = flawed('the key is encrypted: give its passphrase.', 'passphrase');
const wrongPassphrase = flawed('the passphrase does not open the key.', 'passphrase');
const unreadable = flawed('is no private key that can be read: give all of the file, from BEGIN to END.');

/** Reads a private key as people have it in a file (OpenSSH or PEM), opened with its passphrase. */
export async function readPrivateKey(text: string, passphrase?: string): Promise<PrivateKey | PrivateKeyFlaw> {
  const opened = await open(text.trim().replaceAll('\r\n', '\n'), passphrase === '' ? undefined : passphrase);
  return 'field' in opened ? opened : usable(opened);
}

/** A new key; nobody but us has ever seen it. */
export function generatePrivateKey(): PrivateKey {
  const made = usable(generateKeyPairSync('ed25519').privateKey);
  if ('field' in made) throw new Error('A key of our own making was not taken.');
  return made;
}

async function open(text: string, passphrase: string | undefined): Promise<KeyObject | PrivateKeyFlaw> {
  if (text.startsWith('PuTTY-User-Key-File-'))
    return flawed('is a key of PuTTY: turn it into an OpenSSH key with "puttygen KEY.ppk -O private-openssh-new -o KEY".');
  const [block, label] = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----\n[\s\S]+?\n-----END \1-----/.exec(text) ?? [];
  if (block === undefined) {
    const isPublic = /^(?:ssh-|ecdsa-|sk-)|BEGIN (?:RSA )?PUBLIC KEY|SSH2 PUBLIC KEY/.test(text);
    return isPublic ? flawed('is a public key: give the private one, from the file without .pub.') : unreadable;
  }
  if (label === 'OPENSSH PRIVATE KEY') return openSsh(block, passphrase);
  if (label === 'DSA PRIVATE KEY') return flawed('is a DSA key, which is too weak: make an ed25519 one.');
  // How long opening one takes is for the file to say, and cannot be cut short.
  if (label === 'ENCRYPTED PRIVATE KEY') return flawed(`is encrypted in the form PKCS #8, which is not opened here: ${rewrite}.`);
  const isEncrypted = /^Proc-Type: 4,ENCRYPTED$/m.test(block);
  if (isEncrypted && passphrase === undefined) return noPassphrase;
  try {
    return createPrivateKey({ key: block, ...(isEncrypted && { passphrase }) });
  } catch {
    return isEncrypted ? wrongPassphrase : unreadable;
  }
}

async function openSsh(block: string, passphrase: string | undefined): Promise<KeyObject | PrivateKeyFlaw> {
  const cipher = cipherOf(Buffer.from(block.replaceAll(/-----[^\n]*/g, ''), 'base64'));
  if (cipher !== 'none' && passphrase === undefined) return noPassphrase;
  const pem = cipher === 'none' ? pemOf(block) : await openInThread(block, passphrase ?? '');
  if (pem === 'busy') return flawed('many encrypted keys are being opened: try again in a moment.');
  if (pem === 'slow') return flawed(`takes too long to open, for the rounds it was encrypted with: ${rewrite}, and give -a 24.`);
  if (pem === 'shut') return wrongPassphrase;
  if (pem === undefined) return unreadable;
  try {
    return createPrivateKey(typeof pem === 'string' ? pem : pem.privateKey);
  } catch {
    return flawed('is of an algorithm that is not taken: make an ed25519 one.');
  }
}

/** The name behind the magic; 'none' for what is not encrypted, or is no such key at all. */
function cipherOf(data: Buffer): string {
  const magic = 'openssh-key-v1\0';
  if (data.subarray(0, magic.length).toString('latin1') !== magic || data.length < magic.length + 4) return 'none';
  const length = data.readUInt32BE(magic.length);
  return data.subarray(magic.length + 4, magic.length + 4 + length).toString('latin1');
}

function pemOf(block: string): string | undefined {
  try {
    const key = ssh2.utils.parseKey(block);
    return key instanceof Error ? undefined : key.getPrivatePEM();
  } catch {
    // Lengths in a damaged file lead it astray.
    return undefined;
  }
}

function usable(key: KeyObject): PrivateKey | PrivateKeyFlaw {
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength = 0, namedCurve = '' } = {} } = key;
  if (type === 'rsa' && modulusLength < leastRsaBits)
    return flawed(`is an RSA key of ${modulusLength} bits, which is too weak: make an ed25519 one, or RSA with ${leastRsaBits} or more.`);
  if (type === 'dsa') return flawed('is a DSA key, which is too weak: make an ed25519 one.');
  const isTaken = type === 'ed25519' || (type === 'rsa' && modulusLength <= mostRsaBits) || (type === 'ec' && curves.includes(namedCurve));
  if (!isTaken) return flawed('is of an algorithm that is not taken: make an ed25519 one.');
  const pem = type === 'ed25519' ? openSshForm(key) : key.export({ format: 'pem', type: type === 'rsa' ? 'pkcs1' : 'sec1' }).toString();
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) return unreadable;
  const blob = parsed.getPublicSSH();
  return { pem, algorithm: parsed.type, fingerprint: fingerprintOf(blob), publicKey: `${parsed.type} ${blob.toString('base64')}` };
}

/** The only form in which OpenSSH and ssh2 read ed25519 (openssh/PROTOCOL.key). */
function openSshForm(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const name = Buffer.from('ssh-ed25519');
  // Two equal numbers tell that it was opened with the right passphrase; any will do.
  const check = point.subarray(0, 4);
  const secret = Buffer.concat([check, check, string(name), string(point), string(Buffer.concat([seed, point])), string(Buffer.alloc(0))]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const data = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[Buffer.from('none'), Buffer.from('none'), Buffer.alloc(0)].map(string),
    Buffer.from([0, 0, 0, 1]),
    string(Buffer.concat([string(name), string(point)])),
    string(Buffer.concat([secret, padding])),
  ]);
  const lines = data.toString('base64').replaceAll(/(.{70})(?=.)/g, '$1\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function string(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
