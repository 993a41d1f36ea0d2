import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, screenshot, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type MadeUp, serveRecording, terminalId } from '#tests/parts/recorded.ts';
import { type BrowserWorld, invite, startBrowserWorld } from './world.ts';

const small: MadeUp = {
  seconds: 60,
  bytesPerSecond: 400,
  marks: [
    { atMs: 10_000, label: 'ls -l' },
    { atMs: 30_500, label: 'tail -f /var/log/syslog' },
  ],
};
/** 400 pieces of 256 KiB. */
const large: MadeUp = { seconds: 400, bytesPerSecond: 256 * 1024 };
const path = `/recordings/${terminalId}`;

describe('recordings of terminals', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld({ isEmpty: true }), openBrowser()]);
    await invite(world.stackwarden);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const newPage = async (look: Parameters<TestBrowser['newPerson']>[1] = {}): Promise<Page> => {
    const page = await browser.newPerson(world.stackwarden.url, look);
    await enter(page, world.admin);
    return page;
  };
  const open = async (made: MadeUp, at = path, look: Parameters<TestBrowser['newPerson']>[1] = {}) => {
    const page = await newPage(look);
    const { asked } = await serveRecording(page, made);
    await visit(page, at);
    return { page, asked };
  };
  const screen = async (page: Page): Promise<string> => {
    await page.getByRole('button', { name: 'Copy text' }).click();
    return page.evaluate<string>('navigator.clipboard.readText()');
  };

  it('are listed, and opened from there', async () => {
    const { page } = await open(small, '/recordings');
    await page.getByRole('grid').getByText('the-operator').waitFor();
    await screenshot(page, 'recordings-list');
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname, { timeout: 10_000 }).toBe(path);
    await page.getByRole('region', { name: 'What the terminal showed' }).waitFor();
  });

  it('begin where the address says, and say what is known of them', async () => {
    const { page } = await open(small, `${path}?t=31.5`);
    await page.getByText('Sealed, 60 pieces whole').waitFor();
    await expect.poll(() => screen(page), { timeout: 10_000 }).toContain('second 31');
    expect(await screen(page)).not.toContain('second 32');
    await screenshot(page, 'recording');
    expect(await axe(page)).toEqual([]);
  });

  it('of 100 MB show their first picture, and any moment, within a second, from a few pieces', async () => {
    const page = await newPage();
    const { asked } = await serveRecording(page, large);
    const begin = performance.now();
    await page.goto(`${path}?t=0.5`, { waitUntil: 'domcontentloaded' });
    await page.getByRole('button', { name: 'Copy text' }).waitFor();
    await expect.poll(() => screen(page), { interval: 50, timeout: 10_000 }).toContain('xxxx');
    console.log(`page and first picture: ${Math.round(performance.now() - begin)} ms`);
    for (const tenth of [9, 3, 7]) {
      const before = asked.length;
      const from = performance.now();
      await page.getByRole('region', { name: 'What the terminal showed' }).focus();
      await page.keyboard.press(String(tenth));
      await expect.poll(() => new URL(page.url()).searchParams.get('t'), { interval: 20, timeout: 10_000 }).toBe(String(tenth * 40));
      console.log(`to ${tenth * 10} %: ${Math.round(performance.now() - from)} ms, asked ${asked.slice(before).join(', ')}`);
      expect(asked.slice(before).length).toBeLessThanOrEqual(6);
    }
  });
});
