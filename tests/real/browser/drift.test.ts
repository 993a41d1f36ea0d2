import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, screenshot, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type BrowserWorld, fill, invite, startBrowserWorld, until } from './world.ts';

const instance = '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/instances/hello';

describe('drift', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let credentialsOf: Awaited<ReturnType<typeof invite>>;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    credentialsOf = await invite(world.stackwarden);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const server = () => {
    const found = [...world.sandbox.store.servers.values()].find(({ name }) => name === 'hello');
    if (!found) throw new Error('the sandbox does not hold the instance hello');
    return found;
  };
  /** Changes the instance in the cloud, as somebody with other tools does. */
  const change = (metadata: Record<string, string>) => {
    const own = Object.entries(server().metadata).filter(([key]) => key.startsWith('stackwarden'));
    Object.assign(server(), { metadata: { ...Object.fromEntries(own), ...metadata }, updatedAt: Date.now() });
  };
  const object = async () =>
    JSON.parse((await world.stackwarden.get(instance)).text) as { spec: Record<string, unknown>; status: { drift?: unknown[] } };
  const isAsDeclared = () => until('hello to be as declared', async () => ((await object()).status.drift ?? []).length === 0 || undefined);
  const open = async (path: string, who = world.admin, look = {}): Promise<Page> => {
    const page = await browser.newPerson(world.stackwarden.url, look);
    await enter(page, who);
    await visit(page, path);
    return page;
  };
  const item = (page: Page) => page.locator('sw-drift-item').filter({ hasText: 'hello' });

  it('shows what differs field by field, and puts it right once', async () => {
    const page = await open('/drift');
    await item(page).getByText('changed behind the back').waitFor();
    expect(await item(page).locator('sw-diff table').innerText()).toMatch(/spec\s*metadata\s*purpose/);
    await item(page).getByRole('button', { name: 'Revert' }).click();
    const dialog = page.locator('wa-dialog');
    await dialog.getByText('change it in place').waitFor();
    await screenshot(page, 'drift-revert');
    await dialog.getByRole('button', { name: /^Revert \d+ field/ }).click();
    await isAsDeclared();
    expect(server().metadata['purpose']).toBe('quickstart');
    // The page hears of it by itself.
    await item(page).waitFor({ state: 'detached' });
  });

  it('appears by itself, and is declared when it is accepted', async () => {
    const page = await open('/drift?cause=drifted');
    change({ purpose: 'quickstart', owner: 'bob' });
    await item(page).getByText('bob').waitFor();
    await item(page).getByRole('button', { name: 'Accept' }).click();
    const dialog = page.locator('wa-dialog');
    await dialog.getByText('owner: bob').waitFor();
    await dialog.getByRole('button', { name: 'Accept 1 field' }).click();
    await isAsDeclared();
    expect((await object()).spec['metadata']).toEqual({ purpose: 'quickstart', owner: 'bob' });
  });

  it('is ignored only for a reason, and by keyboard alone', async () => {
    change({ purpose: 'a trial', owner: 'bob' });
    const page = await open('/drift');
    await item(page).getByText('a trial').waitFor();
    await item(page).getByRole('button', { name: 'Ignore' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.locator('wa-dialog');
    const confirm = dialog.getByRole('button', { name: 'Ignore 1 field' });
    await confirm.waitFor();
    await until('the change to be checked', async () => (await confirm.isEnabled()) || undefined);
    await confirm.focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('A reason is needed.').waitFor();
    await dialog.getByLabel('Reason').focus();
    await page.keyboard.type('until the migration is over');
    await confirm.focus();
    await page.keyboard.press('Enter');
    await isAsDeclared();
    expect((await object()).spec['ignore']).toMatchObject([{ path: 'spec.metadata.purpose', reason: 'until the migration is over' }]);
  });

  it('leads what nobody declared to being adopted', async () => {
    const page = await open('/drift?cause=undeclared');
    await page.getByLabel('Select Instance nobodys').check();
    await page.getByRole('button', { name: 'Adopt' }).click();
    await page.waitForURL(/\/declare\/adopt\?cluster=main.*step=look/);
    // What was chosen is not in the address any longer: it is what the manifests are made of.
    await page.locator('sw-yaml-editor').getByText('nobodys').first().waitFor();
  });

  it('keeps what one looks at in the address, and Back goes back', async () => {
    const page = await open('/drift');
    await page.getByRole('link', { name: 'Undeclared' }).click();
    expect(page.url()).toContain('cause=undeclared');
    await page.getByText('nobodys').waitFor();
    await page.getByLabel('Name or ID').fill('broken');
    await page.waitForURL(/q=broken/);
    await page.getByText('nobodys').waitFor({ state: 'detached' });
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes('cause'));
  });

  it('tells who may not change anything why, and asks the server for nothing it refuses', async () => {
    change({ purpose: 'a trial', owner: 'eve' });
    const page = await open('/drift', credentialsOf('viewer'));
    await item(page).getByRole('cell', { name: 'eve' }).waitFor();
    for (const name of ['Accept', 'Revert', 'Ignore']) expect(await item(page).getByRole('button', { name }).isDisabled()).toBe(true);
    expect(await item(page).getByText('Your role does not allow changing it here.').count()).toBeGreaterThan(0);
  });

  it.each([
    ['en', 'light', 1440],
    ['zh', 'dark', 390],
  ] as const)('asks in a way everybody can read, in %s, %s, %d wide', async (language, theme, width) => {
    const page = await open('/drift', world.admin, { language, theme, width });
    await item(page).waitFor();
    await item(page).locator('wa-button.ignore').click();
    await page.locator('wa-dialog sw-diff').waitFor();
    expect([await overflow(page), await axe(page)]).toEqual([0, []]);
    await screenshot(page, `drift-ignore-${language}-${theme}-${width}`);
  });
});

describe('history', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    for (const sizeGiB of [2, 3]) {
      const { status } = await world.stackwarden.send('PATCH', volume, { spec: { sizeGiB } }, 'application/merge-patch+json');
      expect(status).toBe(200);
    }
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const volume = '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/volumes/data-1';
  const path = '/history/Volume/default/data-1';
  const open = async (address: string, look = {}): Promise<Page> => {
    const page = await browser.newPerson(world.stackwarden.url, look);
    await enter(page, world.admin);
    await visit(page, address);
    return page;
  };
  const spec = async () => (JSON.parse((await world.stackwarden.get(volume)).text) as { spec: { sizeGiB: number } }).spec;
  const metadata = async () => {
    const patch = { spec: { metadata: { tier: 'gold' } } };
    await world.stackwarden.send('PATCH', volume, patch, 'application/merge-patch+json');
  };

  it('compares any two revisions', async () => {
    const page = await open(path);
    await page.getByRole('heading', { name: 'Revision 2 compared with 3' }).waitFor();
    await page.getByLabel('Compare from revision 1').check();
    await page.getByRole('heading', { name: 'Revision 1 compared with 3' }).waitFor();
    expect(page.url()).toContain('from=1&to=3');
    expect(await page.locator('sw-diff table').innerText()).toMatch(/sizeGiB: 1[\s\S]*sizeGiB: 3/);
  });

  it('goes back to a revision after its plan was shown', async () => {
    await metadata();
    const page = await open(path);
    await page.locator('sw-revision-list').getByRole('button', { name: 'Roll back' }).first().click();
    const dialog = page.locator('wa-dialog');
    await dialog.getByText('tier').waitFor();
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await page.getByText('Rolled back to revision 3.').waitFor();
    expect(await spec()).not.toHaveProperty('metadata.tier');
  });

  it('shows an object as of a time, says so, and lets nothing be done', async () => {
    const page = await open(path);
    await page.getByRole('button', { name: 'To the change before' }).click();
    await page.waitForURL(/at=/);
    await page.getByText(/^As of/).waitFor();
    expect(await page.locator('sw-object-then pre').first().innerText()).toContain('sizeGiB');
    for (const button of await page.getByRole('button', { name: 'Roll back' }).all()) expect(await button.isDisabled()).toBe(true);
    await page.getByRole('link', { name: 'Back to now' }).click();
    await page.waitForURL((url) => !url.search.includes('at='));
  });

  it('lists what was declared and what a cloud held, as of a time', async () => {
    const page = await open('/history?kind=Volume');
    await page.getByRole('link', { name: 'data-1' }).waitFor();
    await page.getByRole('link', { name: 'What clouds held' }).click();
    await page.getByRole('grid').waitFor();
    await page.goto(`/history?at=2020-01-01T00:00:00Z`);
    await page.getByText('Nothing was recorded yet').waitFor();
  });

  it('can be read on a phone, as of a time', async () => {
    const address = `${path}?at=${new Date(Date.now() - 1000).toISOString()}`;
    const page = await open(address, { language: 'zh', theme: 'dark', width: 390 });
    await page.getByText(/^截至/).waitFor();
    expect([await overflow(page), await axe(page)]).toEqual([0, []]);
    await screenshot(page, 'history-as-of-zh-dark-390');
  });
});
