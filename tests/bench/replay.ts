/**
 * Times a recording of 100 MB, an hour of a log, as a person replays it: Stackwarden as a process of its own, a Chromium. How long from opening its
 * address to the first picture, and from a click on the seek bar to the picture of that moment. `npm run bench:replay`. It prints figures and
 * tests nothing. STACKWARDEN_SEED chooses the moments.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openKeys } from '#api/keys/key-source.ts';
import { createRecordings } from '#api/terminal/recording/recordings.ts';
import { createTestClock } from '#controller/inventory/clock.fixture.ts';
import { openStore } from '#migrations/store.ts';
import { enter, openBrowser } from '#tests/parts/browser.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { newDataDir, startStackwarden } from '#tests/parts/stackwarden.ts';
import { createLog, plantRecording } from './planted-recording.ts';
import { openRecording, type Picture, seekBy, type Took } from './replay-in-page.ts';

const id = crypto.randomUUID();
const pieceMs = 1152;
const print = (what: string, value: string) => process.stdout.write(`${what.padEnd(60)} ${value}\n`);

const dataDir = newDataDir();
const pictures = await plant();
const stackwarden = await startStackwarden({ dataDir, args: ['--no-sandbox'] });
const browser = await openBrowser();
try {
  const random = seededRandom('replay', 20261130);
  const page = await browser.newPerson(stackwarden.url);
  await enter(page, { username: 'admin', password: readFileSync(join(dataDir, 'admin-password'), 'utf8').trim() });
  const path = `/recordings/${id}`;
  // A browser keeps nothing of a server whose certificate it does not know: all of the page is brought each time, and read anew.
  const opened = await several(5, () => openRecording(page, path, pictures));
  report('opened from its beginning', opened);
  print('the quickest of them', opened.toSorted((a, b) => a.ms - b.ms)[0]?.steps ?? '');
  const durationS = (pictures.at(-1)?.atMs ?? 0) / 1000;
  report('opened at a moment', await several(5, () => openRecording(page, `${path}?t=${Math.round(random() * durationS)}`, pictures)));
  report('a click on the seek bar', await several(10, () => seekBy(page, random(), pictures)));
} finally {
  await browser.close();
  await stackwarden.stop();
}

/** In the database of a Stackwarden that has yet to start; returns what is seen from when on. */
async function plant(): Promise<Picture[]> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const store = await openStore(`sqlite:${join(dataDir, 'stackwarden.db')}`);
  const clock = createTestClock(Date.now() - 3_700_000);
  const startedAt = clock.now();
  const recordings = createRecordings({ store, keys: openKeys({}, join(dataDir, 'encryption.key')), clock, log: () => undefined });
  const log = createLog();
  const seen: Picture[] = [];
  const between = async () => {
    seen.push({ atMs: clock.now() - startedAt, line: log.lines() });
    await clock.advance(pieceMs);
  };
  await plantRecording({ store, recordings, id, log, between });
  await store.close();
  return seen;
}

async function several<T>(count: number, run: () => Promise<T>): Promise<T[]> {
  const took: T[] = [];
  while (took.length < count) took.push(await run());
  return took;
}

function report(what: string, took: readonly Took[]): void {
  const of = (figure: 'ms' | 'bytes' | 'answers', share: number) => {
    const sorted = took.map((one) => one[figure]).toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  };
  const kib = (share: number) => Math.round(of('bytes', share) / 1024);
  print(
    what,
    `median ${Math.round(of('ms', 0.5))}, most ${Math.round(of('ms', 1))} ms; ${kib(0.5)} KiB in ${of('answers', 0.5)} answers until then, most ${kib(1)} KiB`,
  );
}
