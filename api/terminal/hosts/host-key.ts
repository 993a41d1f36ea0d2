import { createHash } from 'node:crypto';
import type { HostKeyFound } from '../protocol.ts';

/** A host key that was read and is whole. */
export interface HostKey extends HostKeyFound {
  /** As it comes over the wire (RFC 4253, 6.6). */
  readonly blob: Buffer;
}

/** Algorithms whose keys hosts are known by. DSA is broken, and keys in hardware stand in no host. */
export type HostKeyAlgorithm = 'ssh-ed25519' | 'ssh-rsa' | `ecdsa-sha2-nistp${256 | 384 | 521}`;

const curves: Readonly<Record<string, number>> = {
  'ecdsa-sha2-nistp256': 65,
  'ecdsa-sha2-nistp384': 97,
  'ecdsa-sha2-nistp521': 133,
};
const leastRsaBits = 1024;
const mostRsaBits = 16_384;

/** Words for why something is no key that a host can be known by. */
export interface Flaw {
  readonly flaw: string;
}

/** The key in a blob that came over the wire. */
export function readHostKey(blob: Buffer): HostKey | Flaw {
  const parts = stringsIn(blob);
  const algorithm = parts?.[0]?.toString('latin1') ?? '';
  if (!parts || !/^[a-z0-9@.-]{1,64}$/.test(algorithm)) return { flaw: 'it is no SSH public key' };
  if (algorithm.includes('-cert-v')) {
    return {
      flaw: `it is a certificate (${algorithm}), which is not checked here; have the host offer a plain key as well, such as ssh-ed25519`,
    };
  }
  if (algorithm === 'ssh-dss') return { flaw: 'it is a DSA key, which is too weak; have the host offer another one, such as ssh-ed25519' };
  if (!isWhole(algorithm, parts)) return { flaw: `it is no whole key of an algorithm known here (${algorithm})` };
  return { blob, algorithm, fingerprint: fingerprintOf(blob) };
}

/** The key in a line as a .pub file has it: algorithm, base64 and perhaps a comment. */
export function readPublicKey(line: string): HostKey | Flaw {
  const [, algorithm, base64 = ''] = /^([a-z0-9@.-]{1,64}) ([A-Za-z0-9+/]{1,4000}={0,2})(?: [^\r\n]*)?$/.exec(line.trim()) ?? [];
  if (algorithm === undefined) return { flaw: 'it is not of the form "ssh-ed25519 AAAA..."' };
  const blob = Buffer.from(base64, 'base64');
  // Another text for the same bytes was damaged on the way.
  if (blob.toString('base64') !== base64) return { flaw: 'its base64 is damaged' };
  const key = readHostKey(blob);
  if ('flaw' in key || key.algorithm === algorithm) return key;
  return { flaw: `it says ${algorithm} and holds ${key.algorithm}` };
}

/** As `ssh-keygen -l` shows it. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** As OpenSSH showed it before 6.8: hexadecimal with colons. */
export function md5Of(blob: Buffer): string {
  return createHash('md5')
    .update(blob)
    .digest('hex')
    .replaceAll(/(..)(?=.)/g, '$1:');
}

/** Whether a text is a fingerprint that 32 bytes can have. */
export function isFingerprint(text: string): boolean {
  const base64 = /^SHA256:([A-Za-z0-9+/]{43})$/.exec(text)?.[1];
  return base64 !== undefined && Buffer.from(base64, 'base64').toString('base64') === `${base64}=`;
}

/** The strings a blob is made of; undefined when its lengths do not add up. */
function stringsIn(blob: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    if (at + 4 > blob.length || parts.length >= 12) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    parts.push(blob.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

function isWhole(algorithm: string, parts: readonly Buffer[]): algorithm is HostKeyAlgorithm {
  const [, first, second] = parts;
  if (algorithm === 'ssh-ed25519') return parts.length === 2 && first?.length === 32;
  const point = curves[algorithm];
  if (point !== undefined)
    return parts.length === 3 && first?.toString() === algorithm.slice(-8) && second?.length === point && second[0] === 4;
  if (algorithm !== 'ssh-rsa' || parts.length !== 3) return false;
  const bits = (second?.length ?? 0) * 8;
  return (first?.length ?? 0) > 0 && (first?.length ?? 0) <= 8 && bits >= leastRsaBits && bits <= mostRsaBits + 8;
}
