import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, type Kek, keyBytes, nonceBytes } from './kek.ts';
import { openKeyFile } from './key-file.ts';

/** The key-encryption keys there are: one wraps, those before it only open. A KMS can fill this. */
export interface KeyProvider {
  /** Of the key that wraps now. */
  readonly id: string;
  /** The key that wraps now. */
  current(): Kek;
  /** A key by its id, old ones included; undefined when it is not here. */
  find(id: string): Kek | undefined;
}

/** An encrypted record; JSON-safe. */
export interface Sealed {
  readonly kek: string;
  /** The wrapped data key, nonce, and ciphertext with tag, base64. */
  readonly key: string;
  readonly nonce: string;
  readonly data: string;
}

/** A data key ready to seal one record with; got before a transaction, as wrapping may be slow. */
export interface DataKey {
  /** AES-256-GCM; `context` is authenticated and MUST be given again to open it. */
  seal(plain: string, context: string): Sealed;
}

/** A fresh data key, used for one record. */
export async function newDataKey(keys: KeyProvider): Promise<DataKey> {
  const key = randomBytes(keyBytes);
  const kek = keys.current();
  const wrapped = (await kek.wrap(key)).toString('base64');
  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceBytes);
      return {
        kek: kek.id,
        key: wrapped,
        nonce: nonce.toString('base64'),
        data: encrypt(key, nonce, Buffer.from(plain), context).toString('base64'),
      };
    },
  };
}

/** Decrypts a record; throws an Error when the key, the context or a byte is another one. */
export async function open(keys: KeyProvider, sealed: Sealed, context: string): Promise<string> {
  const key = await unwrapped(keys, sealed);
  try {
    return decrypt(key, Buffer.from(sealed.nonce, 'base64'), Buffer.from(sealed.data, 'base64'), context).toString('utf8');
  } finally {
    key.fill(0);
  }
}

/**
 * The same record with its data key wrapped by the key that wraps now; undefined when it is already. What it holds is not touched, so its
 * context is not needed. Throws an Error when its key is not here.
 */
export async function rewrap(keys: KeyProvider, sealed: Sealed): Promise<Sealed | undefined> {
  const kek = keys.current();
  if (sealed.kek === kek.id) return undefined;
  const key = await unwrapped(keys, sealed);
  try {
    return { ...sealed, kek: kek.id, key: (await kek.wrap(key)).toString('base64') };
  } finally {
    key.fill(0);
  }
}

async function unwrapped(keys: KeyProvider, { kek, key }: Sealed): Promise<Buffer> {
  const own = keys.find(kek);
  if (!own) throw new Error(`it was encrypted under key ${kek}, and key ${keys.id} is in use: restore the key file it was made with`);
  return own.unwrap(Buffer.from(key, 'base64'));
}

/**
 * Keys in a file of mode 0600, made with one key when it is missing and `create` is set. Throws an Error that says what to do when the file is
 * missing, malformed or open to others.
 */
export function createFileKeyProvider(path: string, { create = true }: { create?: boolean } = {}): KeyProvider {
  return openKeyFile(path, { create });
}
