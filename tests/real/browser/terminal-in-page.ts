import type { Page } from '#tests/parts/browser.ts';
import { until } from './world.ts';

interface Buffer {
  readonly length: number;
  readonly baseY: number;
  getLine(at: number): { translateToString(trim: boolean): string } | undefined;
}

interface Shown {
  readonly view: { readonly terminal: { readonly rows: number; readonly buffer: { readonly active: Buffer } } } | undefined;
}

/** What a terminal of the page holds, scrollback and screen, as lines; the newest terminal unless told. */
export async function linesOf(page: Page, at = -1): Promise<string[]> {
  return page
    .locator('sw-terminal')
    .nth(at)
    .evaluate((element) => {
      // It may only be about to be brought.
      const buffer = (element as unknown as Shown).view?.terminal.buffer.active;
      return Array.from({ length: buffer?.length ?? 0 }, (_, line) => buffer?.getLine(line)?.translateToString(true) ?? '');
    });
}

/** Waits until a line of the terminal fits; returns it. */
export async function line(page: Page, fits: RegExp, at = -1): Promise<string> {
  return until(`a line like ${fits} in the terminal`, async () => (await linesOf(page, at)).findLast((one) => fits.test(one)));
}

/** Types a command and Enter. */
export async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.type(command);
  await page.keyboard.press('Enter');
}

/** What is to be seen of a terminal now, as the player of recordings gives it out. */
export async function screenOf(page: Page): Promise<string> {
  const { rows, from } = await page
    .locator('sw-terminal')
    .last()
    .evaluate((element) => {
      const terminal = (element as unknown as Shown).view?.terminal;
      return { rows: terminal?.rows ?? 0, from: terminal?.buffer.active.baseY ?? 0 };
    });
  return `${(await linesOf(page))
    .slice(from, from + rows)
    .join('\n')
    .trimEnd()}\n`;
}
