import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, type Page, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { allowTrouble } from '#tests/parts/browser-troubles.ts';
import { type BrowserWorld, startBrowserWorld, until } from './world.ts';

describe('the frame around all pages', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let page: Page;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await makeVolume('tray-1');
    page = await browser.newPerson(world.stackwarden.url);
    await enter(page, world.admin);
    await visit(page, '/');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const pathOf = (one: Page) => new URL(one.url()).pathname + new URL(one.url()).search;
  const focused = (one: Page) =>
    one.evaluate<string>(`(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return at?.textContent.trim() ?? '';
    })()`);
  /** Has a volume made as the first person would have it made, and waits until the list shows it. */
  async function makeVolume(name: string): Promise<void> {
    const { stackwarden } = world;
    await until('the cloud to be connected', async () =>
      (await stackwarden.get('/api/v1/resources/volume')).text.includes('"Fresh"') ? true : undefined,
    );
    const ask = () => stackwarden.send('POST', '/api/v1/clusters/main/actions/volume.create', { name, sizeGiB: 1 });
    await until(`volume ${name} to be asked for`, async () => ((await ask()).status < 300 ? true : undefined));
    await until(`volume ${name}`, async () => ((await stackwarden.get('/api/v1/resources/volume')).text.includes(name) ? true : undefined));
  }

  it('finds a resource by its name and goes there, by keyboard alone', async () => {
    await page.keyboard.press('Control+k');
    const search = page.getByRole('combobox', { name: 'Search and commands' });
    await search.waitFor();
    await page.keyboard.type('tray-1');
    const found = page.getByRole('option', { name: /tray-1.*Volume · main/ });
    await found.waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await search.waitFor({ state: 'hidden' });
    expect(pathOf(page)).toMatch(/^\/resources\/volume\/main\/[0-9a-f-]{36}$/);
    await visit(page, '/');
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: /tray-1/ }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('does to the resource in view what the palette offers', async () => {
    await page.keyboard.press('Control+k');
    await page
      .getByRole('option', { name: /tray-1/ })
      .first()
      .click();
    await page.getByRole('heading', { name: 'tray-1' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Extend volume' }).waitFor();
    // Before a size is given, the look at what would change is refused.
    allowTrouble(page, /volume\.extend\?dryRun=true answered 409/);
    await page.keyboard.type('extend');
    await page.keyboard.press('Enter');
    await page.locator('wa-dialog[open]').getByText('Extend volume').first().waitFor();
    expect(pathOf(page)).not.toContain('action=');
    await page.keyboard.press('Escape');
  });

  it('finds what a request did by its id', async () => {
    const { text } = await world.stackwarden.get('/api/v1/audit?limit=100');
    const { items } = JSON.parse(text) as { items: { requestIds: string[] }[] };
    const id = items.flatMap(({ requestIds }) => requestIds)[0] ?? '';
    await page.keyboard.press('Control+k');
    await page.keyboard.insertText(id);
    await page.getByRole('option', { name: 'All entries of this request' }).click();
    expect(pathOf(page)).toBe(`/audit?requestId=${id}`);
  });

  it('obeys shortcuts, but not while somebody writes, and says which there are', async () => {
    await visit(page, '/');
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Operations', level: 1 }).waitFor();
    await expect.poll(() => focused(page)).toBe('Operations');
    await page.keyboard.press('?');
    const sheet = page.locator('sw-cheat-sheet wa-dialog');
    await sheet.getByText('Go to instances').waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'hidden' });
    await visit(page, '/account');
    await page.getByLabel('Name', { exact: true }).focus();
    await page.keyboard.type('gi?');
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('gi?');
    expect(pathOf(page)).toBe('/account');
  });

  it('takes other shortcuts, and keeps them', async () => {
    await visit(page, '/account?tab=shortcuts');
    await page.getByRole('button', { name: /Change the shortcut of Go to operations/ }).click();
    await page.keyboard.type('gv');
    await page.getByText('These keys belong to: Go to volumes.').waitFor();
    await page.keyboard.type('gx');
    await page.getByRole('button', { name: 'As it was: Go to operations' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Account' }).waitFor();
    await page.keyboard.type('gx');
    await page.getByRole('heading', { name: 'Operations', level: 1 }).waitFor();
    await visit(page, '/account?tab=shortcuts');
    await page.getByRole('button', { name: 'As it was: Go to operations' }).click();
  });

  it('looks at the clouds that were chosen, on every page and after a reload', async () => {
    await visit(page, '/');
    await page.getByRole('button', { name: 'Clouds in view: All clouds' }).click();
    await page.getByRole('button', { name: 'Only main' }).click();
    await page.keyboard.press('Escape');
    expect(pathOf(page)).toBe('/?clusters=main');
    await page.getByRole('link', { name: 'Operations', exact: true }).first().click();
    expect(pathOf(page)).toBe('/operations?clusters=main');
    await page.goto('/account');
    await page.getByRole('button', { name: 'Clouds in view: main' }).waitFor();
    await page.getByRole('button', { name: 'Clouds in view: main' }).click();
    await page.getByRole('dialog', { name: 'Clouds in view' }).getByRole('button', { name: 'All clouds' }).click();
    await page.keyboard.press('Escape');
    expect(pathOf(page)).toBe('/account');
  });

  it('tells of an operation as it goes, on all pages of a browser, by one stream', async () => {
    const own = await browser.newPerson(world.stackwarden.url);
    await enter(own, world.admin);
    const second = await own.context().newPage();
    const streams: string[] = [];
    for (const one of [own, second])
      one.on('request', (request) => void (request.url().includes('/api/v1/watch') && streams.push(request.url())));
    await visit(own, '/account');
    await visit(second, '/operations');
    await own.getByText('Live', { exact: true }).waitFor();
    const made = await own.evaluate<string>(`(async () => {
      const { csrf } = await (await fetch('/api/v1/session')).json();
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf };
      const body = JSON.stringify({ name: 'tray-2', sizeGiB: 1 });
      return (await (await fetch('/api/v1/clusters/main/actions/volume.create', { method: 'POST', headers, body })).json()).id;
    })()`);
    await second.locator(`a[href*="${made}"]`).first().waitFor({ state: 'attached' });
    await own.getByRole('button', { name: /^Operations:/ }).click();
    await own.getByRole('dialog', { name: 'Operations' }).getByText('Create volume').first().waitFor();
    await own.getByRole('dialog', { name: 'Operations' }).getByText('done').first().waitFor();
    expect(await axe(own)).toEqual([]);
    // The pages themselves open none: the worker they share does.
    expect(streams).toEqual([]);
    await own.context().close();
  });

  it('goes on, after the session ended, on the page as it was', async () => {
    const own = await browser.newPerson(world.stackwarden.url);
    await enter(own, world.admin);
    await visit(own, '/account');
    await own.getByLabel('Name', { exact: true }).fill('half a name');
    allowTrouble(own, /answered 401/);
    await own.context().clearCookies();
    await own.getByRole('button', { name: 'Save' }).click();
    const dialog = own.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    expect(await axe(own)).toEqual([]);
    await dialog.getByLabel('Password').fill(world.admin.password);
    await own.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await own.getByLabel('Name', { exact: true }).inputValue()).toBe('half a name');
    await own.getByRole('button', { name: 'Save' }).click();
    await own.getByText('Saved.').waitFor();
    await own.context().close();
  });

  it('says that the server is away, and that it is back', async () => {
    const own = await browser.newPerson(world.stackwarden.url);
    await enter(own, world.admin);
    await visit(own, '/operations');
    await own.context().setOffline(true);
    await own.getByRole('button', { name: 'Everybody’s' }).or(own.getByText('Everybody’s')).first().click();
    await own.getByText('No connection to the server').waitFor();
    await own.context().setOffline(false);
    await own.getByText('No connection to the server').waitFor({ state: 'detached' });
    allowTrouble(own, /ERR_INTERNET_DISCONNECTED/);
    await own.context().close();
  });

  it('changes language and theme at once, and in the next browser too', async () => {
    await visit(page, '/operations');
    await page.getByRole('button', { name: /^Your menu/ }).click();
    await page.getByText('简体中文').first().click();
    await page.getByRole('heading', { name: '操作记录', level: 1 }).waitFor();
    await page.getByText('深色').first().click();
    await page.locator('html.wa-dark').waitFor({ state: 'attached' });
    expect(await axe(page)).toEqual([]);
    const next = await browser.newPerson(world.stackwarden.url);
    await enter(next, world.admin);
    await next.goto('/operations');
    await next.getByRole('heading', { name: '操作记录', level: 1 }).waitFor();
    await next.locator('html.wa-dark').waitFor({ state: 'attached' });
    await next.context().close();
  });
});
