import type { Page } from '#tests/parts/browser.ts';
import { until } from './world.ts';

interface Buffers {
  readonly active: { readonly length: number; getLine(at: number): { translateToString(trim: boolean): string } | undefined };
}

/** What a terminal of the page holds, scrollback and screen, as lines; the newest terminal unless told. */
export async function linesOf(page: Page, at = -1): Promise<string[]> {
  return page
    .locator('sw-terminal')
    .nth(at)
    .evaluate((element) => {
      const { buffer } = (element as unknown as { readonly view: { readonly terminal: { readonly buffer: Buffers } } }).view.terminal;
      return Array.from({ length: buffer.active.length }, (_, line) => buffer.active.getLine(line)?.translateToString(true) ?? '');
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
