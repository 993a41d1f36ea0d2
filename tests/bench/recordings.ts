import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedKeys } from '#api/kube/key-file.ts';
import { createRecordings } from '#api/terminal/recording/recordings.ts';
import { createScreen } from '#api/terminal/recording/screen.ts';
import { openStore } from '#migrations/store.ts';
import { createLog, plantRecording, size } from './planted-recording.ts';

/** What recording costs, and how fast a recording of 100 MB begins and seeks. Prints figures, tests nothing. `npm run bench:recordings` */
const room = mkdtempSync(join(tmpdir(), 'stackwarden-bench-'));
const store = await openStore(`sqlite:${join(room, 'db')}`);
const clock = {
  now: Date.now,
  after(ms: number, call: () => void) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
const recordings = createRecordings({ store, keys: fixedKeys(['ab'.repeat(32)]), clock, log: () => undefined });
const say = (what: string, figure: number, unit: string) => console.log(`${what.padEnd(60)} ${figure.toFixed(1)} ${unit}`);

/** Ms for each MB. */
async function cpuOf(run: () => Promise<number>): Promise<number> {
  const before = process.cpuUsage();
  const megabytes = await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / megabytes;
}

const plant = (id: string, screen: ReturnType<typeof createScreen>, isDrawn: boolean) =>
  plantRecording({ store, recordings, id, screen, isDrawn });

const still = createScreen(size);
say('recording alone, CPU for each MB', await cpuOf(() => plant('alone', still, false)), 'ms');
still.close();
const drawn = createScreen(size);
say('recording and drawing, CPU for each MB', await cpuOf(() => plant('whole', drawn, true)), 'ms');
drawn.close();

const timed = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now();
  const result = await run();
  say(what, performance.now() - startedAt, 'ms');
  return result;
};
const id = 'whole';
const opened = await timed('first event of a recording', async () => {
  const found = await recordings.open(id);
  if (!found) throw new Error('unreachable');
  await recordings.describe(found);
  await recordings.output(found, { from: 0, limit: 1 }).next();
  return found;
});
const { chunks, keyframes, durationMs } = await recordings.describe(opened);
say('chunks', chunks.length, `and ${keyframes.length} keyframes`);
let worst = 0;
for (let step = 1; step < 40; step++) {
  const atMs = (durationMs * step) / 40;
  const startedAt = performance.now();
  const found = await recordings.open(id);
  const keyframe = keyframes.findLast((one) => one.atMs <= atMs);
  if (found && keyframe) await recordings.keyframe(found, keyframe.seq);
  const from = keyframe?.seq ?? 0;
  const limit = chunks.filter(({ seq, fromMs }) => seq > from && fromMs <= atMs).length;
  if (found) for await (const _ of recordings.output(found, { from, limit }));
  worst = Math.max(worst, performance.now() - startedAt);
}
say('the slowest of 39 seeks', worst, 'ms');
await timed('all of it looked through (verification)', () => recordings.verify(id));
await timed('a text that is nowhere searched for', () => recordings.search(opened, { text: 'nowhere at all', limit: 100 }));
await timed('all of it exported', async () => {
  for await (const _ of recordings.cast(opened));
});

globalThis.gc?.();
const heap = process.memoryUsage();
const screens = Array.from({ length: 100 }, () => createScreen(size));
const shown = createLog().piece().repeat(3);
for (const screen of screens) screen.write(shown);
await Promise.all(screens.map((screen) => screen.snapshot()));
globalThis.gc?.();
const now = process.memoryUsage();
say('memory of a screen with all its scrollback', (now.heapUsed + now.external - heap.heapUsed - heap.external) / 100 / 1024, 'KiB');
const startedAt = performance.now();
for (const screen of screens) await screen.snapshot({ scrollback: 100 });
say('a picture with 100 lines behind it', (performance.now() - startedAt) / 100, 'ms');
for (const screen of screens) screen.close();
await store.close();
rmSync(room, { recursive: true });
