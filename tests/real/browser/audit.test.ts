import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, screenshot, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type BrowserWorld, fill, invite, startBrowserWorld } from './world.ts';

const volume = '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/volumes/hello-data';

describe('the audit browser', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    const person = await invite(world.stackwarden);
    const viewer = await browser.newPerson(world.stackwarden.url);
    await enter(viewer, person('viewer'));
    await viewer.request.get('/api/v1/audit');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const open = async (path = '/audit', look: Parameters<TestBrowser['newPerson']>[1] = {}): Promise<Page> => {
    const page = await browser.newPerson(world.stackwarden.url, look);
    await enter(page, world.admin);
    await visit(page, path);
    return page;
  };
  const entries = async (query: string) =>
    (JSON.parse((await world.stackwarden.get(`/api/v1/audit?${query}`)).text) as { items: { seq: number; type: string }[] }).items;
  const rows = (page: Page) => page.getByRole('row').filter({ has: page.getByRole('gridcell') });

  it('shows who was refused what', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Refused', exact: true }).click();
    expect(page.url()).toContain('result=denied');
    await page
      .getByText(/^GET \/api\/v1\/audit: the-viewer/)
      .first()
      .waitFor();
    expect(await rows(page).filter({ hasNotText: 'Refused' }).count()).toBe(0);
  });

  it('opens an entry by keyboard, with what changed, whose it is, and the object as it was then', async () => {
    const page = await open('/audit?type=DriftDetected');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: /^Entry / });
    await panel.getByText('changed behind the back').waitFor();
    expect(await panel.getByRole('link', { name: 'as it was then' }).getAttribute('href')).toMatch(
      /^\/history\/Instance\/default\/hello\?at=/,
    );
    const shared = page.url();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    const other = await open(shared);
    await other
      .getByRole('complementary', { name: /^Entry / })
      .getByText('changed behind the back')
      .waitFor();
  });

  it('leads from an entry to those of the same request', async () => {
    const page = await open('/audit?type=Created&object=Volume/default/hello-data');
    await rows(page).first().dblclick();
    const panel = page.getByRole('complementary', { name: /^Entry / });
    await panel.locator('a[href*="requestId=req-"]').first().click();
    await expect.poll(() => page.url()).toMatch(/requestId=req-/);
    expect(page.url()).not.toContain('type=');
    await page.getByText('Created Volume default/hello-data', { exact: false }).first().waitFor();
  });

  it('shows new entries as they are stored', async () => {
    const page = await open('/audit?type=SpecChanged');
    const before = await rows(page).count();
    const changed = { spec: { metadata: { tier: 'gold' } } };
    await world.stackwarden.send('PATCH', volume, changed, 'application/merge-patch+json');
    await page.getByText('admin changed the declaration of Volume default/hello-data.').first().waitFor();
    expect(await rows(page).count()).toBe(before + 1);
  });

  it('says of a filter that finds nothing that it is the filter, and clears it', async () => {
    const page = await open('/audit?actor=nobody-of-this-name');
    await page.getByText('No entry fits').waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await rows(page).first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('exports exactly what is filtered', async () => {
    const page = await open('/audit?type=Created&kind=Volume');
    const wanted = await entries('type=Created&kind=Volume&limit=500');
    await page.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'As JSON lines' }).click()]);
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(wanted.map(({ seq }) => seq));
  });

  it('verifies the chain', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Verify chain' }).click();
    await page.getByText(/The chain is unbroken: \d+ entries checked/).waitFor();
  });

  it('has the retention set, which is recorded', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Kept for ever' }).click();
    // What stands in a dialog of the library is no child of it in the tree that locators walk.
    await page.getByText('Keep for ever', { exact: true }).click();
    await page.getByRole('spinbutton', { name: 'Days' }).fill('30');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByRole('button', { name: 'Kept for 30 days' }).waitFor();
    expect(JSON.parse((await world.stackwarden.get('/api/v1/audit/retention')).text)).toMatchObject({ days: 30 });
    expect(await entries('type=RetentionChanged')).toHaveLength(1);
  });

  it('is right at a desk in the dark, and on a phone', async () => {
    const [{ seq } = { seq: 1 }] = await entries('type=DriftDetected');
    for (const look of [{ theme: 'dark' }, { width: 390, language: 'zh' }] as const) {
      const page = await open(`/audit?entry=${seq}`, look);
      await page.getByRole('complementary').last().getByText('changed behind the back').waitFor();
      expect(await overflow(page)).toBe(0);
      if ('theme' in look) expect(await axe(page)).toEqual([]);
      await screenshot(page, `audit-${Object.values(look).join('-')}`);
    }
  });
});
