import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, linkSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';

/** Wraps the data keys of records. Whoever holds it can read everything that was encrypted under it. */
export interface KeyProvider {
  /** Names the key and its version; stored with what it wrapped, so that another key is noticed and not tried. */
  readonly id: string;
  wrap(dataKey: Buffer): Promise<Buffer>;
  /** Throws when this key did not wrap it. */
  unwrap(wrapped: Buffer): Promise<Buffer>;
}

/** An encrypted record; JSON-safe. */
export interface Sealed {
  readonly kek: string;
  /** The wrapped data key, nonce, and ciphertext with tag, base64. */
  readonly key: string;
  readonly nonce: string;
  readonly data: string;
}

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** A data key ready to seal one record with; got before a transaction, as wrapping may be slow. */
export interface DataKey {
  /** AES-256-GCM; `context` is authenticated and MUST be given again to open it. */
  seal(plain: string, context: string): Sealed;
}

/** A fresh data key, used for one record. */
export async function newDataKey(keys: KeyProvider): Promise<DataKey> {
  const key = randomBytes(keyBytes);
  const wrapped = (await keys.wrap(key)).toString('base64');
  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceBytes);
      return {
        kek: keys.id,
        key: wrapped,
        nonce: nonce.toString('base64'),
        data: encrypt(key, nonce, Buffer.from(plain), context).toString('base64'),
      };
    },
  };
}

/** Decrypts a record; throws an Error when the key, the context or a byte is another one. */
export async function open(keys: KeyProvider, sealed: Sealed, context: string): Promise<string> {
  if (sealed.kek !== keys.id)
    throw new Error(`it was encrypted under key ${sealed.kek}, and key ${keys.id} is in use: restore the key file it was made with`);
  const key = await keys.unwrap(Buffer.from(sealed.key, 'base64'));
  try {
    return decrypt(key, Buffer.from(sealed.nonce, 'base64'), Buffer.from(sealed.data, 'base64'), context).toString('utf8');
  } finally {
    key.fill(0);
  }
}

/**
 * A key-encryption key in a file: 32 random bytes, hex, mode 0600; made when it is missing and `create` is set.
 * Throws an Error that says what to do when the file is missing, malformed or open to others.
 */
export function createFileKeyProvider(path: string, { create = true }: { create?: boolean } = {}): KeyProvider {
  const key = readKey(path) ?? (create ? makeKey(path) : undefined);
  if (!key) throw new Error(`the key file ${path} is missing: restore it from a backup; secrets cannot be read without it`);
  const id = `file:${createHash('sha256').update('stackwarden key id').update(key).digest('hex').slice(0, 16)}`;
  return {
    id,
    async wrap(dataKey) {
      const nonce = randomBytes(nonceBytes);
      return Buffer.concat([nonce, encrypt(key, nonce, dataKey, id)]);
    },
    async unwrap(wrapped) {
      return decrypt(key, wrapped.subarray(0, nonceBytes), wrapped.subarray(nonceBytes), id);
    },
  };
}

function readKey(path: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if ((statSync(path).mode & 0o077) !== 0)
    throw new Error(`the key file ${path} can be read by others: chmod 600 it, and consider its key known`);
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`the key file ${path} does not hold 64 hex digits: restore it from a backup`);
  return Buffer.from(text, 'hex');
}

/** Written beside and linked into place: never half a key, and never a second one when two processes start at once. */
function makeKey(path: string): Buffer | undefined {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(keyBytes).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(draft, 0o600);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readKey(path);
}

function encrypt(key: Buffer, nonce: Buffer, plain: Buffer, context: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, nonce: Buffer, data: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  decipher.setAuthTag(data.subarray(data.length - tagBytes));
  return Buffer.concat([decipher.update(data.subarray(0, data.length - tagBytes)), decipher.final()]);
}
