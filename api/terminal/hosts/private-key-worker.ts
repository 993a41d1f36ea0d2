import { parentPort, workerData } from 'node:worker_threads';
import ssh2 from 'ssh2';

/** Opens an encrypted OpenSSH key beside the main thread: its passphrase is stretched in JavaScript, for as long as the key asks for. */
const { text, passphrase } = workerData as { readonly text: string; readonly passphrase: string };
const key = ssh2.utils.parseKey(text, passphrase);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- no window: a port between threads
parentPort?.postMessage(key instanceof Error ? undefined : key.getPrivatePEM());
