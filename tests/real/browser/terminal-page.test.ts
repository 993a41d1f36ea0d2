import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, screenshot, type TestBrowser, visit, wear } from '#tests/parts/browser.ts';
import { type FakeTerminal, fakeTerminals } from './fake-terminals.ts';
import { line } from './terminal-in-page.ts';
import { type BrowserWorld, fill, startBrowserWorld, until } from './world.ts';

const fingerprint = (letter: string) => `SHA256:${letter.repeat(43)}`;
const colours = '\x1b[31mred\x1b[0m \x1b[38;2;20;200;120mtrue colour\x1b[0m \x1b[48;2;80;0;90mback\x1b[0m 中文 https://example.org/x\r\n$ ';

const withoutWebgl = `{
  const get = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind === 'webgl2' ? null : get.call(this, kind, ...rest);
  };
}`;

/** Runs in the page, whose types this program does not have. */
function colourOf(element: unknown): string {
  const page = globalThis as unknown as { getComputedStyle(of: unknown): { readonly color: string } };
  return page.getComputedStyle(element).color;
}

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

  const newest = () => terminals.at(-1) as FakeTerminal;
  const typed = (text: string) => until(`${JSON.stringify(text)} to be typed`, async () => newest().typed.includes(text) || undefined);
  const connect = () => page.getByRole('button', { name: 'Connect', exact: true }).click();
  const keyboardAt = () => page.locator('.xterm-helper-textarea').last().focus();

  const copied = (text: string) => page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);

  it('connects to an instance from its menu, and what is typed goes there', async () => {
    await visit(page, `/resources/server/main/${target.server}`);
    await page.locator('sw-detail-header sw-action-menu').getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.type('open terminal');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect to hello' }).waitFor();
    await page.getByText('Screens cannot be recorded.').waitFor();
    await page.getByRole('textbox', { name: 'User' }).fill('ubuntu');
    expect(await axe(page)).toEqual([]);
    await connect();
    await line(page, /Welcome/);
    await page.keyboard.type('echo hi');
    await page.keyboard.press('Enter');
    await typed('echo hi\r');
    await page.getByText('ubuntu@203.0.113.7:22').waitFor();
    newest().write(colours);
    await line(page, /true colour/);
    await screenshot(page, 'terminal');
    expect(await axe(page)).toEqual([]);
  });

  it('keeps its keys for the other side, and is left by keyboard', async () => {
    await keyboardAt();
    await page.keyboard.press('Control+k');
    await page.keyboard.press('/');
    await typed('\x0b/');
    expect(await page.locator('sw-palette dialog[open]').count()).toBe(0);
    await page.keyboard.press('Control+Shift+L');
    const focused = page.locator('sw-terminal-banner button:focus');
    await focused.waitFor();
    expect(await focused.getAttribute('aria-label')).toBe('More');
  });

  it('asks before it pastes lines, and pastes no control characters', async () => {
    await keyboardAt();
    await copied('one\ntwo\x1b[201~\nthree');
    await page.keyboard.press('Control+Shift+V');
    const dialog = page.getByRole('dialog', { name: 'Paste several lines?' });
    await dialog.waitFor();
    await page.locator('sw-terminal-confirm').getByText('3 lines.').waitFor();
    await screenshot(page, 'terminal-paste');
    expect(newest().typed).not.toContain('one');
    await page.getByRole('button', { name: 'Paste', exact: true }).click();
    await typed('one\rtwo[201~\rthree');
    await dialog.waitFor({ state: 'hidden' });
    await keyboardAt();
    newest().write('\x1b[?2004h');
    await copied('in brackets');
    await until('a paste in brackets', async () => {
      await page.keyboard.press('Control+Shift+V');
      return newest().typed.includes('\x1b[200~in brackets\x1b[201~') || undefined;
    });
    newest().write('\x1b[?2004l');
  });

  it('finds what was shown', async () => {
    newest().write('\r\nneedle 1\r\nneedle 2\r\nneedle 3\r\n');
    await line(page, /needle 3/);
    await keyboardAt();
    await page.keyboard.press('Control+Shift+F');
    await page.keyboard.type('needle');
    await page.locator('sw-terminal-search').getByText('3 of 3').waitFor();
    await page.getByRole('button', { name: 'Previous' }).click();
    await page.locator('sw-terminal-search').getByText('2 of 3').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('sw-terminal-search').waitFor({ state: 'detached' });
  });

  it('opens no address before somebody saw the whole of it', async () => {
    newest().write('\x1b[2J\x1b[Hhttps://example.org/looks?like=this');
    await line(page, /^https:/);
    const box = await page.locator('.xterm-screen').boundingBox();
    if (!box) throw new Error('the terminal has no size');
    const dialog = page.getByRole('dialog', { name: 'Open this address?' });
    await until('the question', async () => {
      await page.mouse.move(box.x + 40, box.y + 60);
      await page.mouse.move(box.x + 60, box.y + 8, { steps: 4 });
      await page.mouse.click(box.x + 60, box.y + 8);
      return (await dialog.isVisible()) || undefined;
    });
    await page.locator('sw-terminal-confirm').getByText('https://example.org/looks?like=this').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(page.context().pages()).toHaveLength(1);
  });

  it('splits, moves the border by keyboard, and tells the other side the new size', async () => {
    await page.getByRole('button', { name: 'Split to the right' }).click();
    await connect();
    await until('the second terminal', async () => terminals.length === 2 || undefined);
    await line(page, /Welcome/);
    const colsOf = (at: number) => {
      const sizes = terminals[at]?.heard.filter((frame) => frame.type === 'resize' || frame.type === 'attach') ?? [];
      return (sizes.at(-1) as { readonly cols: number }).cols;
    };
    const before = colsOf(0);
    await page.getByRole('separator').focus();
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowLeft');
    await until('the first to be told', async () => colsOf(0) < before || undefined);
    expect(await page.getByRole('separator').getAttribute('aria-valuenow')).toBe('40');
    await screenshot(page, 'terminal-split');
    expect(await axe(page)).toEqual([]);
  });

  it('is the same after a reload: panes, terminals and what they showed', async () => {
    await page.reload();
    await until('both to come back', async () => terminals.every(({ attachments }) => attachments === 2) || undefined);
    await line(page, /^https:/, 0);
    await line(page, /Welcome/, 1);
    expect(terminals).toHaveLength(2);
    expect(await page.getByRole('separator').getAttribute('aria-valuenow')).toBe('40');
  });

  it('comes back by itself when the connection is lost, and goes on where it was', async () => {
    const { attachments } = newest();
    newest().write('\r\nbefore');
    await line(page, /^before/);
    await newest().cut();
    await page.getByText('Connection lost.').first().waitFor();
    newest().write(' and meanwhile');
    await until('it to come back', async () => newest().attachments > attachments || undefined);
    await line(page, /^before and meanwhile$/);
    expect(newest().heard.findLast(({ type }) => type === 'attach')).toMatchObject({ since: expect.any(Number) });
  });

  it('says that it is about to end, who looks on, and how it ended', async () => {
    newest().say({ type: 'people', people: [{ user: 'ann', role: 'watches', since: 1 }] });
    await page.getByText('Watched by ann').waitFor();
    newest().say({ type: 'warning', reason: 'idle', endsAt: Date.now() + 60_000 });
    await page.getByRole('button', { name: 'I am still here' }).click();
    await until('that somebody stays', async () => newest().heard.some(({ type }) => type === 'stay') || undefined);
    const hostKey = { found: { fingerprint: fingerprint('a'), algorithm: 'ssh-ed25519' }, wasRebuilt: false };
    const pinned = [{ fingerprint: fingerprint('b'), algorithm: 'ssh-ed25519' }];
    newest().say({ type: 'ended', reason: 'host-key-changed', detail: 'It is another one.', hostKey: { ...hostKey, pinned } });
    await page.getByRole('heading', { name: 'The key of the host has changed' }).waitFor();
    for (const text of [fingerprint('a'), fingerprint('b'), 'Take this for an attack']) await page.getByText(text).waitFor();
    await screenshot(page, 'terminal-key-changed');
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'Connect again' }).click();
    await until('another terminal', async () => terminals.length === 3 || undefined);
    await line(page, /Welcome/);
  });

  it('asks what the host asks, and whether its key is the right one', async () => {
    const other = await browser.newPerson(world.stackwarden.url, { theme: 'dark', width: 390 });
    // A machine without a graphics card: what is drawn by elements keeps to the policy, too.
    await other.addInitScript(withoutWebgl);
    await enter(other, world.admin);
    const asked = await fakeTerminals(other, {
      target,
      opened(terminal) {
        terminal.say({ type: 'host-key', mayAccept: true, fingerprint: fingerprint('c'), algorithm: 'ssh-ed25519' });
      },
    });
    await visit(other, `/resources/server/main/${target.server}?tab=terminal`);
    await other.getByRole('button', { name: 'Connect', exact: true }).click();
    await other.getByText(fingerprint('c')).waitFor();
    await other.getByText('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub').waitFor();
    expect(await overflow(other)).toBe(0);
    expect(await axe(other)).toEqual([]);
    await screenshot(other, 'terminal-host-key-dark-390');
    await other.getByText('I have compared the fingerprints').click();
    await other.getByRole('button', { name: 'It is the same: accept and go on' }).click();
    const far = asked[0] as FakeTerminal;
    await until('the key to be accepted', async () => far.heard.some(({ type }) => type === 'accept-host-key') || undefined);
    far.say({ type: 'ask', id: 7, title: 'Signing in', instructions: '', prompts: [{ text: 'Password: ', isSecret: true }] });
    await other.getByRole('textbox', { name: 'Password' }).waitFor();
    await other.keyboard.type('green tea');
    await other.keyboard.press('Enter');
    await until(
      'the answer',
      async () => far.heard.some((frame) => frame.type === 'answer' && frame.answers?.[0] === 'green tea') || undefined,
    );
    far.say({ type: 'state', state: 'open' });
    far.write(colours);
    await line(other, /true colour/);
    const word = other.locator('.xterm-rows span', { hasText: 'true' }).first();
    expect(await word.evaluate(colourOf)).toBe('rgb(20, 200, 120)');
    await wear(other, 'light');
    expect(await axe(other)).toEqual([]);
    await wear(other, 'dark');
    await screenshot(other, 'terminal-dark-390');
    expect(await overflow(other)).toBe(0);
    await other.close();
  });
});
