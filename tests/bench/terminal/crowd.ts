import { setTimeout as after } from 'node:timers/promises';
import { memoryOf, print, spread } from './figures.ts';
import { echoKeys, typeKeys } from './keys.ts';
import { run } from './shell.ts';
import type { TerminalWorld } from './world.ts';

/** Six screens, in colours as logs have them. */
const screens = String.raw`for n in $(seq 144); do printf '\033[32mnode-%d\033[0m unit[%d]: request took %d ms, answered by %s\n' $n $n $n "$HOSTNAME"; done`;

/** Many terminals at once: how long they take to open, what each costs, and how quick they are when everybody types. */
export async function measureCrowd(world: TerminalWorld, { terminals, seconds }: { terminals: number; seconds: number }): Promise<void> {
  const { pid } = world.stackwarden;
  const before = memoryOf(pid).now;
  const at = performance.now();
  const pages = await Promise.all(Array.from({ length: terminals }, async () => (await world.open()).page));
  print(`${terminals} terminals opened at once, until all have a prompt`, `${((performance.now() - at) / 1000).toFixed(1)} s`);
  await Promise.all(pages.map((page) => run(page, screens, 60_000)));
  // What is written behind it has to be written first.
  await after(3_000);
  const now = memoryOf(pid).now;
  const each = ((now - before) / terminals).toFixed(2);
  print('memory of the server (RSS), six screens in each', `${before} MiB before, ${now} with them: ${each} for each`);
  await Promise.all(pages.map(echoKeys));
  const typed = pages.map(async (page, n) => {
    await after((n * 1000) / terminals);
    return await typeKeys(page, { keys: seconds, everyMs: 1000 });
  });
  const took = (await Promise.all(typed)).flat();
  print(`echo while all type 1 key a second (${took.length} keys)`, spread(took));
  await Promise.all(pages.map((page) => page.close()));
}
