import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, type Page, screenshot, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { allowTrouble } from '#tests/parts/browser-troubles.ts';
import { type Cutter, cutterTo } from '#tests/parts/cutter.ts';
import { makeProfile, type SshWorld, startSshWorld } from './ssh-access.ts';
import { line, run } from './terminal-in-page.ts';

const MiB = 1024 * 1024;
const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('files in the page', () => {
  let world: SshWorld;
  let browser: TestBrowser;
  let cutter: Cutter;
  let page: Page;
  const large = randomBytes(36 * MiB);
  /** The computer of whoever works in the page. */
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-files-'));
  const home = (name: string) => join(world.guest.home, name);

  beforeAll(async () => {
    writeFileSync(join(room, 'large.bin'), large);
    [world, browser] = await Promise.all([startSshWorld(), openBrowser()]);
    await makeProfile(world);
    cutter = await cutterTo('127.0.0.1', Number(new URL(world.stackwarden.url).port));
    page = await browser.newPerson(`https://127.0.0.1:${cutter.port}`);
    await enter(page, world.admin);
    await visit(page, `/terminals?cluster=main&server=${world.server}`);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await line(page, /\$ *$/);
    // By a shell, so that they are the guest's.
    await page.locator('.xterm-helper-textarea').last().focus();
    await run(page, 'mkdir -p docs/old && echo hello > docs/read.me && echo secret > .hidden && echo made it');
    await line(page, /^made it$/);
  });
  afterAll(async () => {
    await browser?.close();
    await cutter?.close();
    await world?.close();
    rmSync(room, { recursive: true });
  });

  const files = () => page.locator('sw-files');
  const list = () => files().getByRole('grid');
  const row = (name: string) => list().getByText(name, { exact: true });
  const button = (name: string) => files().getByRole('button', { name, exact: true });
  /** Only this one is selected then. */
  const select = async (name: string) => {
    await button('Read again').click();
    await row(name).click();
    await list().focus();
    await page.keyboard.press('x');
  };
  const partial = (name: string) => readdirSync(world.guest.home).find((one) => one.includes(`${name}.part-`));

  it('are browsed by mouse and by keys', async () => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Files' }).click();
    await row('docs').waitFor();
    expect(await row('.hidden').count()).toBe(0);
    await files().getByText('Hidden files').click();
    await row('.hidden').waitFor();
    await row('docs').dblclick();
    await row('read.me').waitFor();
    expect(await files().getByRole('navigation', { name: 'Folder' }).locator('[aria-current]').innerText()).toBe('docs');
    await screenshot(page, 'files-of-an-instance');
    expect(await axe(page)).toEqual([]);
    await list().focus();
    await page.keyboard.press('Backspace');
    await row('docs').waitFor();
  });

  it('that go up are whole though the connection was lost in the middle', async () => {
    // The browser sends the piece that was broken off once more by itself, and is told that half of it is there.
    allowTrouble(page, /^console: WebSocket connection to/, /^answer: PUT .*offset=16777216&.* answered 409$/);
    const offsets: number[] = [];
    const third = new Promise<void>((done) => {
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (request.method() !== 'PUT' || !url.pathname.endsWith('/files/content')) return;
        offsets.push(Number(url.searchParams.get('offset')));
        if (offsets.length === 3) done();
      });
    });
    await files().locator('input[type="file"]').setInputFiles(join(room, 'large.bin'));
    await third;
    await page.context().setOffline(true);
    cutter.cut();
    await files().getByText('no connection; goes on by itself').waitFor();
    await screenshot(page, 'files-away');
    expect(existsSync(home('large.bin'))).toBe(false);
    expect(partial('large.bin')).toBeDefined();
    await page.context().setOffline(false);
    await files().getByText('done', { exact: false }).first().waitFor({ timeout: 60_000 });
    expect(sum(readFileSync(home('large.bin')))).toBe(sum(large));
    expect(partial('large.bin')).toBeUndefined();
    console.log(`pieces began at ${offsets.map((one) => `${(one / MiB).toFixed(1)} MiB`).join(', ')}`);
    expect(offsets.filter((one) => one === 0)).toHaveLength(1);
    expect(offsets[3]).toBeGreaterThanOrEqual(16 * MiB);
    await row('large.bin').waitFor();
  });

  it('come down as they are', async () => {
    await select('large.bin');
    const coming = page.waitForEvent('download');
    await files().getByText('Download', { exact: true }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('large.bin');
    expect(sum(readFileSync(await download.path()))).toBe(sum(large));
  });

  it('are renamed, and folders are made', async () => {
    await select('large.bin');
    await page.keyboard.press('F2');
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('a/b');
    await page.getByRole('button', { name: 'Rename', exact: true }).last().click();
    await page.getByText('A name without a slash.').waitFor();
    await name.fill('renamed 中文.bin');
    await page.getByRole('button', { name: 'Rename', exact: true }).last().click();
    await row('renamed 中文.bin').waitFor();
    expect([existsSync(home('large.bin')), existsSync(home('renamed 中文.bin'))]).toEqual([false, true]);
    await button('New folder').click();
    await name.fill('fresh');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await row('fresh').waitFor();
    expect(readdirSync(home('fresh'))).toEqual([]);
  });

  it('are deleted once that was confirmed, and folders only when they are empty', async () => {
    await select('renamed 中文.bin');
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete renamed 中文.bin?' });
    await dialog.waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(existsSync(home('renamed 中文.bin'))).toBe(true);
    await select('renamed 中文.bin');
    await page.keyboard.press('Delete');
    await dialog.waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).last().click();
    await row('renamed 中文.bin').waitFor({ state: 'detached' });
    expect(existsSync(home('renamed 中文.bin'))).toBe(false);
    allowTrouble(page, /^answer: DELETE .*files/);
    await select('docs');
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Delete', exact: true }).last().click();
    await page.getByText(/which has to be empty/).waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    expect(readdirSync(home('docs')).toSorted()).toEqual(['old', 'read.me']);
  });

  it('and who did what with them is in the audit log', async () => {
    const { text } = await world.stackwarden.get('/api/v1/audit?limit=100');
    for (const type of ['FileUploaded', 'FileDownloaded', 'FileChanged']) expect(text).toContain(type);
    expect(text).toContain('large.bin');
  });
});
