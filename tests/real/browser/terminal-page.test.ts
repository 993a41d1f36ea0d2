import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, screenshot, type TestBrowser, visit, wear } from '#tests/parts/browser.ts';
import { type FakeTerminal, fakeTerminals } from './fake-terminals.ts';
import { type BrowserWorld, declare, fill, startBrowserWorld, until } from './world.ts';

describe('the page of terminals', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let page: Page;
  let target: { cluster: string; server: string; name: string };
  let terminals: readonly FakeTerminal[];

  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    const server = [...world.sandbox.store.servers.values()].find(({ name }) => name === 'hello')?.id ?? '';
    target = { cluster: 'main', server, name: 'hello' };
    page = await browser.newPerson(world.stackwarden.url);
    await enter(page, world.admin);
    terminals = await fakeTerminals(page, { target });
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('connects', async () => {
    await visit(page, `/terminals?cluster=main&server=${target.server}`);
    await page.getByRole('heading', { name: 'Connect to hello' }).waitFor();
    await screenshot(page, 'terminal-connect');
    console.log(await axe(page), await overflow(page));
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.locator('.xterm-screen').waitFor();
    await page.keyboard.type('echo hi');
    await page.keyboard.press('Enter');
    await until('typed', async () => terminals[0]?.typed.includes('hi\r'));
    terminals[0]?.write(
      '\x1b[31mred\x1b[0m \x1b[1;38;2;20;200;120mtrue colour\x1b[0m 中文宽字符 https://example.org/x \x1b[7mreverse\x1b[0m\r\n$ ',
    );
    await new Promise((done) => setTimeout(done, 500));
    console.log(await page.locator('sw-terminal').evaluate((one) => (one as unknown as { renderer: string }).renderer));
    await screenshot(page, 'terminal-open');
    console.log(await axe(page), await overflow(page));
  });
});
