import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, screenshot, settled, type TestBrowser, visit, wear } from '#tests/parts/browser.ts';
import { allowTrouble } from '#tests/parts/browser-troubles.ts';
import { type BrowserWorld, fill, invite, type people, startBrowserWorld, until } from './world.ts';

const object = '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/instances/hello';

describe('the page of a resource', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let page: Page;
  let id = '';
  let credentialsOf: (name: keyof typeof people) => { username: string; password: string };

  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    credentialsOf = await invite(world.stackwarden);
    id = [...world.sandbox.store.servers.values()].find(({ name }) => name === 'hello')?.id ?? '';
    page = await browser.newPerson(world.stackwarden.url);
    await enter(page, world.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });
  beforeEach(async () => page.keyboard.press('Escape'));

  const ask = async <T>(path: string): Promise<T> => JSON.parse((await world.stackwarden.get(path)).text) as T;
  const address = (tab = '') => `/resources/server/main/${id}${tab === '' ? '' : `?tab=${tab}`}`;
  const server = () => world.sandbox.store.servers.get(id);
  const vmStateIs = (state: string) => until(`hello to be ${state}`, async () => server()?.vmState === state || undefined);
  const dialog = () => page.locator('sw-action-dialog');
  const confirm = () => dialog().locator('wa-button[data-submit]');
  /** Does it by the menu and the keyboard alone. */
  async function choose(action: string): Promise<void> {
    await page.locator('sw-detail-header sw-action-menu').getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.type(action);
    await page.keyboard.press('Enter');
  }

  it('tells what it is, what belongs to it and how it is declared', async () => {
    await visit(page, address());
    await page.getByRole('heading', { level: 1, name: 'hello' }).waitFor();
    const header = page.locator('sw-detail-header');
    await header.getByText('ACTIVE', { exact: true }).waitFor();
    await header.getByRole('link', { name: 'Instance default/hello' }).waitFor();
    await header.getByRole('link', { name: 'Drifted' }).waitFor();
    await page.getByRole('link', { name: 'hello-data' }).click();
    await page.waitForURL(/\/resources\/volume\/main\//);
    await page.getByRole('heading', { level: 1, name: 'hello-data' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'hello', exact: true }).waitFor();
  });

  it('tells what its security groups let in, and warns of what everybody may reach', async () => {
    await page.getByRole('link', { name: 'Network', exact: true }).click();
    await page.waitForURL(/tab=network/);
    const row = page.getByRole('row', { name: /TCP 22/ });
    await row.waitFor();
    expect(await row.innerText()).toContain('open to everybody');
  });

  it('stops only when the impact was shown and confirmed, and takes it back', async () => {
    await visit(page, address());
    await page.locator('[data-action="instance.stop"]').click();
    await dialog().getByText('This interrupts what runs on it.').waitFor();
    await dialog().getByText('The declaration of Instance default/hello is changed').waitFor();
    expect(server()?.vmState).toBe('active');
    await confirm().click();
    await vmStateIs('stopped');
    expect((await ask<{ spec: object }>(object)).spec).toMatchObject({ powerState: 'Stopped' });
    await page.getByText('Stop instance hello – done').waitFor();
    await page.locator('sw-detail-header').getByText('SHUTOFF').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await vmStateIs('active');
    await page.locator('sw-detail-header').getByText('ACTIVE', { exact: true }).waitFor();
  });

  it('says why something cannot be done, and does not do it', async () => {
    await visit(page, address());
    await choose('start instance');
    await page.getByText('It is ACTIVE, and can be started only when it is SHUTOFF').last().waitFor();
    expect(await dialog().count()).toBe(0);
    await page.keyboard.press('Escape');
  });

  it('deletes nothing before its name was typed', async () => {
    await visit(page, address());
    await choose('delete');
    await dialog().getByText('hello-data').waitFor();
    expect(await confirm().getAttribute('disabled')).not.toBeNull();
    await until('the field to be ready', async () => (await dialog().locator('[data-confirm]:focus-within').count()) > 0 || undefined);
    await page.keyboard.type('hello');
    await until('the button to be enabled', async () => (await confirm().getAttribute('disabled')) === null || undefined);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(server()?.vmState).toBe('active');
  });

  it('makes a form of what an action takes, and shows what would change before it does', async () => {
    await visit(page, address());
    await choose('resize instance');
    await dialog()
      .getByRole('textbox', { name: /Flavor/ })
      .click();
    await page.getByRole('option', { name: /m1.small/ }).click();
    await dialog().getByRole('cell', { name: 'm1.small' }).waitFor();
    await screenshot(page, 'resize-dialog');
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
  });

  it('shows a secret once, and keeps it nowhere', async () => {
    await visit(page, address());
    await choose('set password');
    await confirm().click();
    const secret = await dialog().locator('pre').innerText();
    expect(secret.length).toBeGreaterThan(15);
    await dialog().getByRole('button', { name: 'I have it' }).click();
    await dialog().waitFor({ state: 'detached' });
    const operations = (await world.stackwarden.get(`/api/v1/operations?target=${id}`)).text;
    expect(operations).toContain('instance.changePassword');
    expect(operations + (await world.stackwarden.get('/api/v1/audit?limit=200')).text).not.toContain(secret);
  });

  it('joins what we did with what the cloud says of it, by the id of the request', async () => {
    await visit(page, address('timeline'));
    const request = server()?.actions.find(({ action }) => action === 'stop')?.requestId ?? 'none';
    const entry = page.getByRole('listitem').filter({ hasText: request });
    await entry.getByText('Stackwarden and cloud').waitFor();
    await entry.getByText('What the cloud did').click();
    await entry.getByRole('cell', { name: 'compute_stop_instance' }).waitFor();
    expect(await entry.count()).toBe(1);
  });

  it('searches the console and follows it, which the audit tells once', async () => {
    await visit(page, `${address('console')}&find=another`);
    await page.getByText('1 of 1', { exact: true }).waitFor();
    await page.locator('mark.current', { hasText: 'ANOTHER' }).waitFor();
    await visit(page, `${address('console')}&find=o[tun]`);
    await page.getByText('Nothing found').waitFor();
    await page.locator('wa-switch', { hasText: 'Regular expression' }).click();
    await page.getByText(/^1 of [2-9]/).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText(/^2 of/).waitFor();
    await page.locator('wa-switch', { hasText: 'Follow' }).click();
    await page.getByText('New lines are fetched every 3 seconds.').waitFor();
    await page.waitForResponse(/console-log/);
    await page.waitForResponse(/console-log/);
    const { items } = await ask<{ items: object[] }>(`/api/v1/audit?type=ConsoleRead&cloudId=${id}`);
    expect(items).toHaveLength(1);
  });

  it('draws what the hypervisor counts', async () => {
    await visit(page, address('metrics'));
    await page.waitForResponse(/diagnostics/);
    await page.locator('sw-chart').nth(3).waitFor();
    await page.getByText(/^Running for/).waitFor();
  });

  it('changes the declaration as it was edited, after its effect was shown', async () => {
    await visit(page, address('raw'));
    await page.getByRole('button', { name: 'Edit' }).click();
    const editor = page.locator('sw-yaml-editor .cm-content');
    await editor.getByText('purpose').last().click();
    await page.keyboard.press('End');
    await page.keyboard.type('-edited');
    await page.getByRole('button', { name: 'See what changes' }).click();
    await page.locator('sw-diff').getByText('edited').first().waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await until('the declaration to be changed', async () => {
      const { spec } = await ask<{ spec: { metadata?: { purpose?: string } } }>(object);
      return spec.metadata?.purpose?.endsWith('-edited');
    });
  });

  it('lets a viewer see, tells them why they may do nothing, and hides the console', async () => {
    const viewer = await browser.newPerson(world.stackwarden.url);
    await enter(viewer, credentialsOf('viewer'));
    await visit(viewer, address());
    expect(await viewer.getByRole('link', { name: 'Console' }).count()).toBe(0);
    expect(await viewer.locator('[data-action]').count()).toBe(0);
    await viewer.locator('sw-detail-header sw-action-menu').getByRole('button').click();
    await viewer.getByRole('option', { name: /Stop instance/ }).hover();
    await viewer
      .getByText(/Your roles do not allow this/)
      .last()
      .waitFor();
    await visit(viewer, address('timeline'));
    await viewer.getByText('The audit log needs the permission audit.read').waitFor();
    await viewer
      .getByText(/^create$/)
      .first()
      .waitFor();
  });

  it('says that there is no such thing, or none one may see', async () => {
    allowTrouble(page, /GET \/api\/v1\/resources\/server\/main\/nothing answered 404/);
    await visit(page, '/resources/server/main/nothing');
    await page.getByRole('alert').getByText('holds no server nothing that you may see').waitFor();
  });

  it('is accessible in every part, dark and light, and fits a phone', async () => {
    const phone = await browser.newPerson(world.stackwarden.url, { width: 390, language: 'zh' });
    await enter(phone, world.admin);
    for (const [tab, theme] of [
      ['network', 'light'],
      ['timeline', 'dark'],
      ['raw', 'light'],
    ] as const) {
      await visit(phone, address(tab));
      expect(await overflow(phone), tab).toBe(0);
      expect(
        await phone.evaluate("document.querySelector('sw-app').shadowRoot.querySelector('main').scrollWidth"),
        tab,
      ).toBeLessThanOrEqual(390);
      await wear(phone, theme);
      await settled(phone);
      expect(await axe(phone), tab).toEqual([]);
      await screenshot(phone, `resource-${tab}-phone`);
    }
  });
});
