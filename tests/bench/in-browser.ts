/**
 * Times the list of instances as a person meets it: 50,000 of them over 20 sandbox clouds, in a Chromium. How long until the first rows are
 * there, how many elements stand for rows, frames a second while scrolling; with all clouds up, with one that hangs, and while 200 instances a
 * second change. `npm run bench:web`; CLOUDS and INSTANCES of each can follow (20, 2500). It prints figures and tests nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter, openBrowser, type Page, screenshot, visit } from '#tests/parts/browser.ts';
import { changesInView, countRows, rowsAfterClick, rowsAfterLoad, scroll } from '#tests/parts/list-in-page.ts';
import { startManyClouds } from './many-clouds.ts';

const clouds = Number(process.argv[2] ?? 20);
const instances = Number(process.argv[3] ?? 2500);
const rounds = 10;
const list = '/resources/server';
const print = (what: string, value: string) => process.stdout.write(`${what.padEnd(60)} ${value}\n`);

const world = await startManyClouds(clouds, instances);
const browser = await openBrowser();
try {
  const { stackwarden } = world;
  print(`${clouds * instances} instances over ${clouds} clouds listed after`, `${Math.round(world.listedAfterMs)} ms`);
  const page = await browser.newPerson(stackwarden.url);
  await enter(page, { username: 'admin', password: readFileSync(join(stackwarden.dataDir, 'admin-password'), 'utf8').trim() });
  await measure(page, 'all clouds up');
  world.ask('hang');
  await new Promise((done) => setTimeout(done, 20_000));
  await measure(page, 'one cloud hangs');
  await screenshot(page, 'bench-one-cloud-hangs');
  world.ask('go on');
  world.ask({ changesASecond: 200 });
  await new Promise((done) => setTimeout(done, 10_000));
  await measure(page, '200 changes a second');
  const { changes, framesASecond } = await changesInView(page, 20);
  print(
    '200 changes a second: rows in view that changed',
    `${(changes / 20).toFixed(1)} a second, ${framesASecond.toFixed(0)} frames a second`,
  );
} finally {
  await browser.close();
  await world.close();
}

async function measure(page: Page, when: string): Promise<void> {
  const loads = await timed(() => rowsAfterLoad(page, list));
  print(`${when}: from a whole load to the first rows`, loads);
  const clicks = await timed(async () => {
    await visit(page, '/');
    return rowsAfterClick(page, list);
  });
  print(`${when}: from a click to the first rows`, clicks);
  const { elements } = await countRows(page);
  print(`${when}: elements that stand for rows`, String(elements));
  for (const pixelsAFrame of [40, 400, 4000]) {
    const { framesASecond, longestMs, emptyShare, rowElements } = await scroll(page, { seconds: 5, pixelsAFrame });
    print(
      `${when}: scrolling ${pixelsAFrame} px a frame`,
      `${framesASecond.toFixed(1)} frames a second, longest ${longestMs.toFixed(0)} ms, rows empty ${(emptyShare * 100).toFixed(0)} % of the time, at most ${rowElements} row elements`,
    );
  }
}

async function timed(run: () => Promise<number>): Promise<string> {
  // The first one fills the caches of the browser.
  await run();
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) took.push(await run());
  took.sort((a, b) => a - b);
  const at = (share: number) => Math.round(took[Math.min(rounds - 1, Math.floor(rounds * share))] ?? 0);
  return `median ${at(0.5)}, most ${at(1)} ms`;
}
