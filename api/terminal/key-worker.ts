import { parentPort, workerData } from 'node:worker_threads';
import ssh2 from 'ssh2';

/** Decrypts one private key, away from everybody else's work: see key-thread.ts. */
const { text, passphrase } = workerData as { readonly text: string; readonly passphrase: string };
const parsed = ssh2.utils.parseKey(text, passphrase);
const key = parsed instanceof Error ? undefined : [parsed].flat()[0];
parentPort?.postMessage(key && { type: key.type, publicKey: key.getPublicSSH(), privateKey: key.getPrivatePEM() }, []);
