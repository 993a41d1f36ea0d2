import type { Page } from '#tests/parts/browser.ts';
import { until } from './world.ts';

interface Buffer {
  readonly length: number;
  readonly baseY: number;
  readonly cursorY: number;
  getLine(at: number): { translateToString(trim: boolean): string } | undefined;
}

interface Emulator {
  readonly rows: number;
  readonly buffer: { readonly active: Buffer };
  onWriteParsed(call: () => void): void;
  onLineFeed(call: () => void): void;
  readonly textarea: { addEventListener(name: 'keydown', call: (event: { readonly key: string }) => void, options: object): void };
}

interface Shown {
  readonly view: { readonly terminal: Emulator } | undefined;
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

interface Stood {
  readonly promptMs: number;
  readonly lines: number;
}

/**
 * Begins to watch for the moment when the cursor stands behind a prompt after the next `c` is pressed; what is returned waits for it, and tells
 * how long that took and how many lines came meanwhile, as measured in the page itself.
 */
export async function watchPrompt(page: Page, prompt: string): Promise<() => Promise<Stood>> {
  const shown = page.locator('sw-terminal').last();
  await shown.evaluate((element, wanted) => {
    const terminal = (element as unknown as Shown).view?.terminal;
    if (!terminal) throw new Error('no terminal is shown');
    let pressedAt: number | undefined;
    let lines = 0;
    const isPressed = ({ key }: { readonly key: string }) => {
      if (key.toLowerCase() === 'c') pressedAt ??= performance.now();
    };
    terminal.textarea.addEventListener('keydown', isPressed, { capture: true });
    terminal.onLineFeed(() => {
      if (pressedAt !== undefined) lines += 1;
    });
    const stood = new Promise<Stood>((done) => {
      terminal.onWriteParsed(() => {
        const { active } = terminal.buffer;
        const text = active.getLine(active.baseY + active.cursorY)?.translateToString(true) ?? '';
        if (pressedAt !== undefined && text.trimEnd().endsWith(wanted))
          done({ promptMs: Math.round(performance.now() - pressedAt), lines });
      });
    });
    Object.assign(element, { stood });
  }, prompt);
  return () => shown.evaluate((element) => (element as unknown as { readonly stood: Promise<Stood> }).stood);
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
