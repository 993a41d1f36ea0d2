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

  it('of 100 MB show any moment from a keyframe and the few pieces behind it', async () => {
    const page = await newPage();
    const { asked } = await serveRecording(page, large);
    const player = page.locator('sw-player[data-at]');
    await page.goto(`${path}?t=0.5`, { waitUntil: 'domcontentloaded' });
    await player.waitFor();
    const times: number[] = [];
    for (const tenth of [9, 3, 7]) {
      const before = asked.length;
      await page.getByRole('region', { name: 'What the terminal showed' }).focus();
      const from = performance.now();
      await page.keyboard.press(String(tenth));
      await page.locator(`sw-player[data-at="${tenth * 40_000}"]`).waitFor();
      times.push(Math.round(performance.now() - from));
      expect(asked.slice(before).length).toBeLessThanOrEqual(6);
    }
    console.log(`100 MB: jumps took ${times.join(', ')} ms; asked ${asked.join(', ')}`);
    expect(await screen(page)).toContain('xxxx');
  });

  it('play, pause and step by keys, and are found again where they stood', async () => {
    const { page } = await open(small, `${path}?t=10`);
    await page.locator('sw-player[data-at="10000"]').waitFor();
    const region = page.getByRole('region', { name: 'What the terminal showed' });
    await region.focus();
    for (const [key, at] of [
      ['.', 11],
      [',', 10],
      ['ArrowRight', 15],
      [']', 30.5],
      ['5', 30],
    ] as const) {
      await page.keyboard.press(key);
      await page.locator(`sw-player[data-at="${at * 1000}"]`).waitFor();
      expect(new URL(page.url()).searchParams.get('t')).toBe(String(at));
    }
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await region.focus();
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await expect.poll(() => Number(new URL(page.url()).searchParams.get('t')), { timeout: 10_000 }).toBeGreaterThan(30);
  });

  it('are searched, and jumped to by a hit or a command', async () => {
    const { page } = await open(small, `${path}?t=1`);
    await page.getByRole('grid', { name: 'Commands' }).getByText('ls -l').click();
    await page.locator('sw-player[data-at="10000"]').waitFor();
    await page.getByRole('searchbox', { name: 'Search what was shown' }).fill('second 42');
    await page.getByText('1 found').waitFor();
    await page.getByRole('grid', { name: 'Search what was shown' }).getByText('second 42').click();
    await page.locator('sw-player[data-at="42000"]').waitFor();
    expect(await screen(page)).toContain('second 42');
  });

  it('say where they are broken, that they were interrupted, and who may not see them', async () => {
    const broken = await open({ ...small, interrupted: true, problem: { seq: 7, what: 'altered' } });
    await broken.page.getByText('Broken at piece 7: it was altered').waitFor();
    await broken.page.getByText('This recording was interrupted').waitFor();
    const own = await open({ ...small, terminal: { isMine: true, mayReplay: false } });
    await own.page.getByText('needs the permission recording.readOwn').waitFor();
    const others = await open({ ...small, terminal: { mayReplay: false } });
    await others.page.getByText('needs the permission recording.read.').waitFor();
  });

  it('and live terminals, profiles and keys are shown as the server has them', async () => {
    const made = await world.stackwarden.post('/api/v1/terminal-keys', { name: 'for all', cluster: '*', generate: true });
    expect(made.status, made.text).toBe(201);
    const page = await newPage();
    for (const [at, text] of [
      ['/recordings?purpose=ssh&recording=sealed&range=7d&q=web', 'No terminal fits'],
      ['/recordings', 'Nothing was recorded yet'],
      ['/admin/terminals', 'No terminal is open'],
      ['/admin/terminals/profiles', 'No profile yet'],
      ['/admin/terminals/profiles?tab=hosts', 'No host is known yet'],
      ['/admin/terminals/profiles?tab=keys', 'for all'],
    ] as const) {
      await visit(page, at);
      await page.getByText(text, { exact: true }).first().waitFor();
      expect(await axe(page)).toEqual([]);
      await screenshot(page, `real${at.replaceAll(/\W+/g, '-')}`);
    }
    await page.getByRole('button', { name: 'Copy public key' }).click();
    await page.getByText('The public key was copied.').waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toMatch(/^ssh-ed25519 /);
  });

  it('are right in the dark, on a phone, and in Chinese', async () => {
    for (const look of [{ theme: 'dark' }, { width: 390, language: 'zh' }] as const)
      for (const [name, at] of [
        ['recordings', '/recordings'],
        ['recording', `${path}?t=31.5`],
      ] as const) {
        const { page } = await open(small, at, look);
        if (name === 'recording') await page.locator('sw-player[data-at="31500"]').waitFor();
        expect(await overflow(page)).toBe(0);
        expect(await axe(page)).toEqual([]);
        await screenshot(page, `${name}-${Object.values(look).join('-')}`);
      }
  });
});
