import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { BrokenRecording } from './broken.ts';

/** `h`: what it is of, the first. `o`: what happened, as lines of an asciicast. `k`: a keyframe, the screen between two of these. */
export type ChunkKind = 'h' | 'o' | 'k';

/** What is known of a chunk without its key; all of it is authenticated. */
export interface ChunkMeta {
  readonly seq: number;
  readonly kind: ChunkKind;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Of output shown, UTF-8. */
  readonly bytes: number;
}

/** A row of `terminal_chunks`. */
export interface ChunkRow extends Omit<ChunkMeta, 'kind'> {
  readonly hash: string;
  /** `KIND|RECORDING|SEQ|BASE64`: a chunk says where it belongs, so that one that was moved is told from one that was altered. */
  readonly data: string;
}

const nonceBytes = 12;
const tagBytes = 16;
/** Far more than a recorder puts in one. */
const mostPlainBytes = 64 * 1024 * 1024;
const compress = promisify(gzip);
const expand = promisify(gunzip);

/** What the first chunk of a recording follows. */
export function genesisOf(recording: string): string {
  return createHash('sha256').update(`recording|${recording}`).digest('hex');
}

/** gzip, at the price of a fast one, in a thread of its own. */
export function pack(text: string): Promise<Buffer> {
  return compress(text, { level: 1 });
}

export async function unpack(data: Buffer): Promise<string> {
  return (await expand(data, { maxOutputLength: mostPlainBytes })).toString('utf8');
}

/** Encrypts what `pack` made, bound to its recording, its place and all before it. */
export function sealChunk(
  key: Buffer,
  recording: string,
  meta: ChunkMeta,
  { previous, packed }: { previous: string; packed: Buffer },
): ChunkRow {
  const context = contextOf(recording, meta, previous);
  const sealed = encrypt(key, packed, context);
  const { kind, ...row } = meta;
  return { ...row, hash: hashOf(context, sealed), data: `${kind}|${recording}|${meta.seq}|${sealed.toString('base64')}` };
}

/** The packed content of a chunk that stands where it belongs; throws BrokenRecording when it was altered or moved. */
export function openChunk(
  key: Buffer,
  recording: string,
  row: ChunkRow,
  previous: string,
): { readonly kind: ChunkKind; readonly packed: Buffer } {
  const [kind = '', of, seq, base64 = ''] = row.data.split('|');
  if (of !== undefined && of !== recording) throw new BrokenRecording({ seq: row.seq, what: 'foreign' });
  if (seq !== undefined && seq !== String(row.seq)) throw new BrokenRecording({ seq: row.seq, what: 'moved' });
  const context = contextOf(recording, { ...row, kind: kind as ChunkKind }, previous);
  const sealed = Buffer.from(base64, 'base64');
  try {
    if (hashOf(context, sealed) !== row.hash) throw new Error('the hash is another one');
    return { kind: kind as ChunkKind, packed: decrypt(key, sealed, context) };
  } catch {
    throw new BrokenRecording({ seq: row.seq, what: 'altered' });
  }
}

function contextOf(recording: string, { seq, kind, fromMs, untilMs, bytes }: ChunkMeta, previous: string): string {
  return ['chunk', recording, seq, kind, fromMs, untilMs, bytes, previous].join('|');
}

function hashOf(context: string, sealed: Buffer): string {
  return createHash('sha256').update(context).update('\n').update(sealed).digest('hex');
}

/** AES-256-GCM: nonce, ciphertext, tag. A key sees far fewer than 2^32 of them. */
export function encrypt(key: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function decrypt(key: Buffer, sealed: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
}
