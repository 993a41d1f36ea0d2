import { Worker } from 'node:worker_threads';
import ssh2, { type ParsedKey } from 'ssh2';

/** A key says itself how slow it is to try a passphrase on (OpenSSH's usual rounds take a second here); it is not tried for longer. */
const usualPatienceMs = 10_000;

interface Opened {
  readonly type: string;
  readonly publicKey: Uint8Array;
  readonly privateKey: string;
}

/** Whether a key can only be read with a passphrase. */
export function isEncrypted(text: string): boolean {
  const parsed = ssh2.utils.parseKey(text);
  return parsed instanceof Error && parsed.message.includes('no passphrase given');
}

/**
 * An encrypted private key, or undefined when the passphrase does not fit, or it takes too long. Deriving a key from a passphrase is slow on
 * purpose and ssh2 does it in JavaScript: in a thread of its own, or nobody else would be served meanwhile.
 */
export async function openEncryptedKey(text: string, passphrase: string, patienceMs = usualPatienceMs): Promise<ParsedKey | undefined> {
  const worker = new Worker(new URL('./key-worker.ts', import.meta.url), {
    workerData: { text, passphrase },
    // Ours may not hold for a file.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Opened | undefined>();
  const timer = setTimeout(() => resolve(undefined), patienceMs);
  worker.once('message', resolve).once('error', reject);
  try {
    const opened = await promise;
    return opened && keyOf(opened);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** ssh2 has no other way to make a key of its parts than to read the public one and put the private one in. */
function keyOf({ type, publicKey, privateKey }: Opened): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(`${type} ${Buffer.from(publicKey).toString('base64')}`);
  if (parsed instanceof Error) return undefined;
  const key = [parsed].flat()[0];
  const place = key && Object.getOwnPropertySymbols(key).find(({ description }) => description === 'Private key PEM');
  if (!key || !place) return undefined;
  (key as unknown as Record<symbol, unknown>)[place] = privateKey;
  return key;
}
