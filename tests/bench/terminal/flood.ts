import { setTimeout as after } from 'node:timers/promises';
import { answersMeanwhile } from './answers.ts';
import { forgetPeak, memoryOf, print, quantile, rate, spread } from './figures.ts';
import type { TerminalPage } from './page.ts';
import { prompt, run, type Shell } from './shell.ts';
import type { TerminalWorld } from './world.ts';

const drawnASecond = 5_000_000;

/** What `yes` costs that writes so many MiB, and how much of it is the way; the line discipline makes 3 bytes of 2. */
export async function measureFlood(world: TerminalWorld, mebibytes: number): Promise<void> {
  const { stackwarden } = world;
  const { pid } = stackwarden;
  const what = `yes | head -c ${mebibytes}M`;
  const plain = await world.openPlain();
  print(`${what}: plain ssh`, await flood(plain, what));
  await plain.close();
  const { took: idle } = await answersMeanwhile(stackwarden, () => after(3_000));
  const { page } = await world.open();
  const before = memoryOf(pid).now;
  forgetPeak(pid);
  const { result, took } = await answersMeanwhile(stackwarden, () => flood(page, what));
  const { most } = memoryOf(pid);
  await after(3_000);
  print(`${what}: Stackwarden`, result);
  print('memory of the server (RSS)', `before ${before}, most ${most}, 3 s after ${memoryOf(pid).now} MiB`);
  print('GET /healthz every 100 ms: with nothing to do', spread(idle));
  print('GET /healthz every 100 ms: meanwhile', spread(took));
  await page.close();
}

async function flood(shell: Shell, what: string): Promise<string> {
  const { bytes } = shell.shown;
  const at = performance.now();
  await run(shell, what, 120_000);
  return rate(shell.shown.bytes - bytes, performance.now() - at);
}

/** How long until the prompt is drawn, when Ctrl-C is pressed in the midst of `yes` at a page that draws 5 MB/s. */
export async function measureInterrupts(world: TerminalWorld, rounds: number): Promise<void> {
  const { page } = await world.open();
  const stop = page.slow(drawnASecond);
  const took: number[] = [];
  // Not always at the same place in the windows on the way.
  for (let round = 0; round < rounds; round += 1) took.push(await interrupt(page, 4_000_000 + round * 77_777));
  stop();
  const figures = `median ${quantile(took, 0.5).toFixed(0)}, worst ${quantile(took, 1).toFixed(0)} ms of ${rounds}`;
  print('Ctrl-C in yes, page draws 5 MB/s: until the prompt is drawn', figures);
  await page.close();
}

async function interrupt({ shown, type }: TerminalPage, afterBytes: number): Promise<number> {
  const { bytes } = shown;
  type('yes\r');
  await shown.until(() => shown.bytes - bytes >= afterBytes, { what: `a flood of ${afterBytes} bytes` });
  const at = performance.now();
  const ended = shown.endsIn(prompt);
  type('\x03');
  await ended;
  return performance.now() - at;
}
