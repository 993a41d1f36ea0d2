import { Worker } from 'node:worker_threads';

/** A private key that was encrypted. Holds a secret. */
export interface OpenedKey {
  /** `ssh-ed25519`, ... */
  readonly type: string;
  /** As it goes over the wire. */
  readonly publicKey: Uint8Array;
  /** PEM or OpenSSH, without a passphrase. */
  readonly privateKey: string;
}

/** `shut`: the passphrase does not fit, or it is no key; `slow`: trying it takes too long; `busy`: too many wait for their turn. */
export type Unopened = 'shut' | 'slow' | 'busy';

/** A key says itself how many rounds a try takes: OpenSSH's usual ones take a second here, and it is not tried for longer than this. */
const patienceMs = 15_000;
const mostWaiting = 16;

let waiting = 0;
let turn: Promise<unknown> = Promise.resolve();

/**
 * Opens an encrypted private key, one at a time. Deriving a key from a passphrase is slow on purpose and ssh2 does it in JavaScript: in a thread
 * of its own, which can be ended, or nobody else would be served meanwhile.
 */
export async function openInThread(text: string, passphrase: string, most = patienceMs): Promise<OpenedKey | Unopened> {
  if (waiting >= mostWaiting) return 'busy';
  waiting += 1;
  const result = turn.then(() => tried(text, passphrase, most));
  turn = result;
  return result.finally(() => {
    waiting -= 1;
  });
}

/** Never rejects. */
async function tried(text: string, passphrase: string, most: number): Promise<OpenedKey | Unopened> {
  const worker = new Worker(new URL('./key-worker.ts', import.meta.url), {
    workerData: { text, passphrase },
    // Ours may not hold for a file.
    execArgv: [],
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  const { promise, resolve } = Promise.withResolvers<OpenedKey | Unopened>();
  const timer = setTimeout(() => resolve('slow'), most);
  worker
    .once('message', (key: OpenedKey | undefined) => resolve(key ?? 'shut'))
    .once('error', () => resolve('shut'))
    .once('exit', () => resolve('shut'));
  const opened = await promise;
  clearTimeout(timer);
  await worker.terminate();
  return opened;
}
