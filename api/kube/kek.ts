import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** One key-encryption key: wraps the data keys of records. Whoever holds it can read everything that was encrypted under it. */
export interface Kek {
  /** Names the key and its version; stored with what it wrapped, so that another key is noticed and not tried. */
  readonly id: string;
  wrap(dataKey: Buffer): Promise<Buffer>;
  /** Throws when this key did not wrap it. */
  unwrap(wrapped: Buffer): Promise<Buffer>;
}

export const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;

/** A key of 64 hex digits; `file:` and a part of its hash is its name, wherever it is kept. */
export function kekOf(hex: string): Kek {
  const key = Buffer.from(hex, 'hex');
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

export function newKey(): string {
  return randomBytes(keyBytes).toString('hex');
}

/** AES-256-GCM; `context` is authenticated. */
export function encrypt(key: Buffer, nonce: Buffer, plain: Buffer, context: string): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function decrypt(key: Buffer, nonce: Buffer, data: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  decipher.setAuthTag(data.subarray(data.length - tagBytes));
  return Buffer.concat([decipher.update(data.subarray(0, data.length - tagBytes)), decipher.final()]);
}
