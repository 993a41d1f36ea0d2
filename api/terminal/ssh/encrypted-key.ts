import ssh2, { type ParsedKey } from 'ssh2';
import { type OpenedKey, openInThread } from '../key-thread.ts';

/** Whether a key can only be read with a passphrase. */
export function isEncrypted(text: string): boolean {
  const parsed = ssh2.utils.parseKey(text);
  return parsed instanceof Error && parsed.message.includes('no passphrase given');
}

/** An encrypted private key, or undefined when the passphrase does not fit, or it takes too long to tell. */
export async function openEncryptedKey(text: string, passphrase: string, patienceMs?: number): Promise<ParsedKey | undefined> {
  const opened = await openInThread(text, passphrase, patienceMs);
  return typeof opened === 'string' ? undefined : keyOf(opened);
}

/** ssh2 has no other way to make a key of its parts than to read the public one and put the private one in. */
function keyOf({ type, publicKey, privateKey }: OpenedKey): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(`${type} ${Buffer.from(publicKey).toString('base64')}`);
  if (parsed instanceof Error) return undefined;
  const key = [parsed].flat()[0];
  const place = key && Object.getOwnPropertySymbols(key).find(({ description }) => description === 'Private key PEM');
  if (!key || !place) return undefined;
  (key as unknown as Record<symbol, unknown>)[place] = privateKey;
  return key;
}
