/**
 * Times a recording of 100 MB, an hour of a log, as a person replays it: Stackwarden as a process of its own, a Chromium. How long from opening its
 * address to the first picture, and from a click on the seek bar to the picture of that moment. `npm run bench:replay`. It prints figures and
 * tests nothing. STACKWARDEN_SEED chooses the moments.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openKeys } from '#api/keys/key-source.ts';
import { createRecordings } from '#api/terminal/recording/recordings.ts';
import { createTestClock } from '#controller/inventory/clock.fixture.ts';
import { openStore } from '#migrations/store.ts';
import { enter, openBrowser } from '#tests/parts/browser.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { newDataDir, startStackwarden } from '#tests/parts/stackwarden.ts';
import { createLog, plantRecording } from './planted-recording.ts';
import { followLink, openRecording, type Picture, seekBy, type Took } from './replay-in-page.ts';

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
  // A browser keeps nothing of a server whose certificate it does not know: at each whole load all of the web is brought anew.
  report('opened by its address, from its beginning', await several(5, () => openRecording(page, path, pictures)));
  const durationS = (pictures.at(-1)?.atMs ?? 0) / 1000;
  report(
    'opened by its address, at a moment',
    await several(5, () => openRecording(page, `${path}?t=${Math.round(random() * durationS)}`, pictures)),
  );
  report('opened by a link of another page', await several(5, () => followLink(page, path, pictures)));
  report('a click on the seek bar', await several(10, () => seekBy(page, random(), pictures)));
} finally {
  await browser.close();
  await stackwarden.stop();
  rmSync(dirname(dataDir), { recursive: true });
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
  const sorted = took.toSorted((a, b) => a.ms - b.ms);
  const [first, middle, last] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (!first || !middle || !last) return;
  const kib = ({ bytes }: Took) => `${Math.round(bytes / 1024)} KiB`;
  print(
    what,
    `least ${Math.round(first.ms)}, median ${Math.round(middle.ms)} ms (${kib(middle)} in ${middle.answers} answers), most ${Math.round(last.ms)} ms (${kib(last)})`,
  );
  print('', `the middle one asked ${middle.steps}`);
}
