/**
 * What a terminal by SSH costs that goes through Stackwarden: how long a key takes to come back, held against plain ssh; a flood and Ctrl-C in
 * it; files; a hundred at once. Stackwarden runs as people run it, with recordings, and the instance is an sshd of this machine. Prints figures,
 * tests nothing. `npm run bench:terminal`; with `-- --quick` small sizes, to see that it works.
 */
import { measureCrowd } from './terminal/crowd.ts';
import { print, quantile, spread } from './terminal/figures.ts';
import { measureFiles } from './terminal/files.ts';
import { measureFlood, measureInterrupts } from './terminal/flood.ts';
import { echoKeys, typeKeys } from './terminal/keys.ts';
import { startTerminalWorld, type TerminalWorld } from './terminal/world.ts';

const isQuick = process.argv.includes('--quick');
const sizes = isQuick
  ? { rounds: 2, keys: 25, mebibytes: 5, interrupts: 2, pieces: 3, terminals: 10, seconds: 3 }
  : { rounds: 5, keys: 100, mebibytes: 200, interrupts: 10, pieces: 128, terminals: 100, seconds: 20 };
const mostMs = 6 * 60_000;

await using ends = new AsyncDisposableStack();
const stopped = Promise.withResolvers<never>();
const timer = setTimeout(() => stopped.reject(new Error('It is not over within six minutes.')), mostMs);
ends.defer(() => clearTimeout(timer));
// What was started is ended then too.
process.once('SIGINT', () => stopped.reject(new Error('It was interrupted.')));
await Promise.race([measure(), stopped.promise]);

async function measure(): Promise<void> {
  const one = ends.use(new AsyncDisposableStack());
  const world = await startTerminalWorld(one, sizes.terminals);
  await measureKeys(world);
  await measureFlood(world, sizes.mebibytes);
  await measureInterrupts(world, sizes.interrupts);
  await measureFiles(world, sizes.pieces);
  await one.disposeAsync();
  // What the flood took and gave back would hide what terminals take.
  await measureCrowd(await startTerminalWorld(ends.use(new AsyncDisposableStack()), sizes.terminals), sizes);
}

/** In turns, so that whatever else the machine does befalls both. */
async function measureKeys(world: TerminalWorld): Promise<void> {
  const { page } = await world.open();
  const plain = await world.openPlain();
  const took = { plain: [] as number[], through: [] as number[] };
  await echoKeys(page);
  await echoKeys(plain);
  const typing = { keys: sizes.keys, everyMs: 20 };
  for (let round = 0; round < sizes.rounds; round += 1) {
    took.plain.push(...(await typeKeys(plain, typing)));
    took.through.push(...(await typeKeys(page, typing)));
  }
  await plain.close();
  await page.close();
  print(`echo of ${took.plain.length} keys, 20 ms apart: plain ssh`, spread(took.plain));
  print(`echo of ${took.through.length} keys, 20 ms apart: Stackwarden`, spread(took.through));
  const more = (share: number) => (quantile(took.through, share) - quantile(took.plain, share)).toFixed(1);
  print('what Stackwarden adds', `median ${more(0.5)}, 95 % ${more(0.95)} ms`);
}
