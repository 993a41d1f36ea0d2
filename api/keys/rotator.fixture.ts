import { join } from 'node:path';
import { createAudit } from '#controller/audit/audit.ts';
import { openStore } from '#migrations/store.ts';
import { openKeyFile } from '../kube/key-file.ts';
import { createKeyRotation } from './rotation.ts';

/** Rotates the key of the installation in a directory, or goes on with a rotation that was cut off. To be killed in the middle. */
const room = process.argv[2] ?? '';
const store = await openStore(`sqlite:${join(room, 'db')}`);
const rotation = createKeyRotation({
  store,
  keys: openKeyFile(join(room, 'encryption.key'), { create: false }),
  audit: createAudit(store, { clock: { now: Date.now } }),
  log: () => undefined,
  settleMs: 100,
});
process.stdout.write('rotating\n');
await rotation.resume();
if ((await rotation.status()).rotation?.state !== 'running') await rotation.start({ user: 'anna' });
await rotation.idle();
await store.close();
