import { join } from 'node:path';
import { openStore } from '#migrations/store.ts';
import { openKeyFile } from '../../kube/key-file.ts';
import { addTerminal } from './recording.fixture.ts';
import { createRecordings } from './recordings.ts';

/** Records a line every 50 ms, and says so, until it is killed. */
const room = process.argv[2] ?? '';
const store = await openStore(`sqlite:${join(room, 'db')}`);
const keys = openKeyFile(join(room, 'key'), { create: true });
const clock = {
  now: Date.now,
  after(ms: number, call: () => void) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
const recordings = createRecordings({ store, keys, clock, log: () => undefined });
await addTerminal(store, 'killed');
const recorder = await recordings.start({ id: 'killed', cols: 80, rows: 24, title: 'killed' });
let count = 0;
setInterval(() => {
  count += 1;
  recorder.output(`line ${count} 中文\r\n`);
  process.stdout.write(`line ${count} 中文\n`);
}, 50);
