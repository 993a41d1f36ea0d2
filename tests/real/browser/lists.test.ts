import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, type Page, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type BrowserWorld, fill, startBrowserWorld } from './world.ts';

/** Texts of a column of the list, from the top. */
const column = (page: Page, index: number) =>
  page.locator(`sw-table [role="row"] [role="gridcell"][aria-colindex="${index}"]`).allInnerTexts();
const names = (page: Page) => column(page, 2);
const filterBox = (page: Page) => page.getByRole('combobox', { name: 'Filter', exact: true });
/** A machine with two cores has more to do than this. */
const patience = { timeout: 15_000 };
const query = (page: Page) => new URL(page.url()).searchParams;

describe('a list', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let page: Page;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    page = await browser.newPerson(world.stackwarden.url);
    await enter(page, world.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });
  beforeEach(async () => {
    await visit(page, '/resources/server');
    await expect.poll(() => names(page), patience).toContain('hello');
  });

  it('is filtered by tokens that are completed with how often each value occurs', async () => {
    await filterBox(page).click();
    await page.keyboard.type('status:');
    const error = page.getByRole('option', { name: /status:ERROR 1 rows/ });
    await error.waitFor();
    await page.keyboard.type('ERR');
    await expect.poll(() => page.getByRole('option').count(), patience).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => names(page), patience).toEqual(['broken']);
    expect(query(page).get('filter')).toBe('status:ERROR');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove all filters' }).first().click();
    await expect.poll(() => names(page), patience).toContain('hello');
  });

  it('says at the token what is wrong with it, and asks nothing', async () => {
    await filterBox(page).click();
    await page.keyboard.type('colour:red ');
    await page.getByText('There is no column colour.').waitFor();
    await page.getByRole('button', { name: 'Remove colour:red' }).click();
    await expect.poll(() => names(page), patience).toContain('hello');
  });

  it('is sorted by the heading, and the address says so', async () => {
    const before = (await names(page)).toSorted();
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await expect.poll(() => query(page).get('sort'), patience).toBe('-name');
    await expect.poll(() => names(page), patience).toEqual(before.toReversed());
    await expect
      .poll(() => page.getByRole('columnheader', { name: 'Name', exact: true }).getAttribute('aria-sort'), patience)
      .toBe('descending');
  });

  it('is walked by keys alone: down, selected, opened', async () => {
    const [first = '', second = ''] = await names(page);
    await page.getByRole('grid').focus();
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('2 selected').waitFor();
    for (const name of [first, second])
      expect(await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).isChecked()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByText('2 selected').waitFor({ state: 'detached' });
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname, patience).toMatch(/^\/resources\/server\/main\/.+/);
    await page.goBack();
    await expect.poll(() => names(page), patience).toContain('hello');
  });

  it('shows what changes in the cloud at its place, and waits with what would move while somebody points at it', async () => {
    const server = [...world.sandbox.store.servers.values()].find(({ name }) => name === 'nobodys');
    await page.locator('sw-table').hover();
    const copy = { ...structuredClone(server), id: crypto.randomUUID(), name: 'another' };
    world.sandbox.store.servers.set(copy.id, copy as NonNullable<typeof server>);
    const bar = page.getByRole('button', { name: /1 new · Show/ });
    await bar.waitFor();
    expect(await names(page)).not.toContain('another');
    await bar.click();
    await expect.poll(() => names(page), patience).toContain('another');
    world.sandbox.store.servers.delete(copy.id);
    await page.mouse.move(0, 0);
    await expect.poll(() => names(page), { timeout: 20_000 }).not.toContain('another');
  });

  it('shows the columns somebody chose, in every browser of theirs', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Show vCPU' }).click();
    await page.getByRole('button', { name: 'Hide Flavor' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('columnheader', { name: 'vCPU', exact: true }).waitFor();
    const elsewhere = await browser.newPerson(world.stackwarden.url);
    await enter(elsewhere, world.admin);
    await visit(elsewhere, '/resources/server');
    await elsewhere.getByRole('columnheader', { name: 'vCPU', exact: true }).waitFor();
    expect(await elsewhere.getByRole('columnheader', { name: 'Flavor', exact: true }).count()).toBe(0);
    await elsewhere.context().close();
  });

  it('keeps a view under a name, and shows it again', async () => {
    await visit(page, '/resources/server?filter=status:ERROR&sort=-name');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'Save this view …' }).click();
    await page.getByLabel('Name', { exact: true }).fill('What is broken');
    await page.keyboard.press('Enter');
    await visit(page, '/resources/server');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: 'What is broken' }).click();
    await expect.poll(() => names(page), patience).toEqual(['broken']);
    expect(query(page).get('sort')).toBe('-name');
  });

  it('is brought as a file: what is filtered, with the columns shown', async () => {
    await visit(page, '/resources/server?filter=status:ERROR&columns=status,cluster');
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^CSV/ }).click()]);
    expect(readFileSync(await download.path(), 'utf8')).toBe('\uFEFF"name","status","cluster"\r\n"broken","ERROR","main"\r\n');
  });

  it('tells of a cloud that cannot be reached, and shows the others', async () => {
    const banner = page.locator('sw-list-clouds');
    await banner.getByText('dead cannot be reached').waitFor();
    expect(await names(page)).toContain('hello');
  });

  it('does one thing to all that fit, once it was confirmed by how many', async () => {
    await visit(page, '/resources/server?filter=name:nobodys,broken');
    await page.getByRole('checkbox', { name: 'Select all' }).click();
    await page.getByText('All 2 that fit are selected').waitFor();
    await page.locator('sw-bulk-bar').getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete instance' }).click();
    const dialog = page.locator('sw-bulk-dialog');
    await dialog.getByText('2 of 2 can take it.').waitFor();
    const begin = dialog.getByRole('button', { name: 'Delete instance: 2' });
    expect(await begin.isDisabled()).toBe(true);
    await dialog.getByLabel('Type 2 to confirm').fill('2');
    await begin.click();
    await expect.poll(() => dialog.getByText('done', { exact: true }).count(), { timeout: 30_000 }).toBe(2);
    const left = async () => (await world.stackwarden.get('/api/v1/resources/server?filter=name:nobodys,broken&fields=name')).text;
    await expect.poll(left, patience).toContain('"items":[]');
  });

  it('of hypervisors says which clouds do not show theirs', async () => {
    await visit(page, '/hypervisors');
    await page.getByText('main does not show its hypervisors to our account.').waitFor();
  });

  it.each(['light', 'dark'] as const)('hides nothing from anybody in the %s theme', async (theme) => {
    await page.emulateMedia({ colorScheme: theme });
    await visit(page, '/resources/server?filter=colour:red');
    expect(await axe(page)).toEqual([]);
    await visit(page, '/resources/server');
    await page.getByRole('grid').focus();
    await page.keyboard.press('x');
    expect(await axe(page)).toEqual([]);
  });
});
