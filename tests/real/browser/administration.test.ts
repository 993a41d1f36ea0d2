import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enter, openBrowser, type Page, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { allowTrouble } from '#tests/parts/browser-troubles.ts';
import { type BrowserWorld, startBrowserWorld } from './world.ts';

const password = 'green tea at four';

describe('administration', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld({ isEmpty: true }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  /** A page of somebody who is signed in. */
  const pageOf = async (person = world.admin): Promise<Page> => {
    const page = await browser.newPerson(world.stackwarden.url);
    await enter(page, person);
    return page;
  };
  const ask = async (path: string): Promise<Record<string, unknown>> => JSON.parse((await world.stackwarden.get(path)).text);
  const settle = async (username: string, role: string) => {
    await world.stackwarden.send('POST', '/api/v1/users', { username, password, bindings: [{ role }] });
    return { username, password };
  };

  it('connects a cloud out of a pasted clouds.yaml, after a test of each step', async () => {
    const page = await pageOf();
    await visit(page, '/clusters');
    await page.getByRole('link', { name: 'Add a cloud' }).first().click();
    await page.getByLabel('clouds.yaml').fill(world.sandbox.cloudsYaml('lab'));
    const entry = page.getByRole('region', { name: 'lab' });
    await entry.getByRole('button', { name: 'Test the connection' }).click();
    for (const step of ['Name', 'Connection', 'Sign-in', 'Catalog', 'Block storage', 'Network', 'Image'])
      await entry.getByRole('listitem').filter({ hasText: step }).first().waitFor();
    await entry.getByText('The connection works.').waitFor();
    await page.getByRole('button', { name: 'Add the cloud' }).click();
    await page.getByRole('heading', { level: 1, name: 'lab' }).waitFor();
    await page.getByText('Connected', { exact: true }).first().waitFor();
    expect(page.url()).toBe(`${world.stackwarden.url}/clusters/lab`);
    expect(await ask('/api/v1/clusters/lab')).toMatchObject({ phase: 'Ready' });
  });

  it('says what is wrong with a clouds.yaml while it is typed, and with an address that nobody is at', async () => {
    const page = await pageOf();
    allowTrouble(page, /import answered 400/);
    await visit(page, '/add-cloud');
    const text = page.getByLabel('clouds.yaml');
    await text.fill('clouds: [');
    await page.getByText(/line 1/).waitFor();
    await text.fill('clouds: {}');
    await page.getByText('It has no entry under "clouds".').waitFor();
    const auth =
      '{auth_url: "http://127.0.0.1:9/v3", username: u, password: hunter2, project_name: p, user_domain_name: d, project_domain_name: d}';
    await text.fill(`clouds: {nowhere: {auth: ${auth}}}`);
    const entry = page.getByRole('region', { name: 'nowhere' });
    await entry.getByRole('button', { name: 'Test the connection' }).click();
    await entry.getByText('The connection does not work.').waitFor();
    await entry.getByText('Check that Keystone runs there', { exact: false }).waitFor();
    expect(await entry.innerText()).not.toContain('hunter2');
    await page.getByRole('button', { name: 'Add without a passed test' }).waitFor();
  });

  it('treats a cloud as it is told: maintenance windows, limits, and another opinion is not written over', async () => {
    const page = await pageOf();
    await visit(page, '/clusters/lab?tab=settings');
    await page.getByLabel('Requests at once').fill('7');
    await page.getByRole('button', { name: 'Add a window' }).click();
    await page.getByLabel('Opens at').fill('03:30');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    const spec = { limits: { concurrency: 7 }, maintenanceWindows: [{ start: '03:30', duration: '2h', timeZone: 'Asia/Shanghai' }] };
    expect(await ask('/api/v1/clusters/lab')).toMatchObject({ spec });

    allowTrouble(page, /clusters\/lab answered 412/);
    await page.getByLabel('Requests at once').fill('9');
    const patch = { spec: { limits: { concurrency: 8 } } };
    await world.stackwarden.send('PATCH', '/apis/openstack.stackwarden.io/v1alpha1/clusters/lab', patch, 'application/merge-patch+json');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('was changed since it was read', { exact: false }).waitFor();
    expect(await ask('/api/v1/clusters/lab')).toMatchObject({ spec: { limits: { concurrency: 8 } } });
  });

  it('lets people in by a link that is shown once', async () => {
    const page = await pageOf();
    await visit(page, '/admin/users');
    await page.getByRole('button', { name: 'Invite' }).click();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const link = await page.getByLabel('Link of the invitation').inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Take back' }).waitFor();
    expect(await page.content()).not.toContain(link.split('#')[1]);

    const invited = { token: link.split('#')[1], username: 'newcomer', password };
    const stranger = await browser.newPerson(world.stackwarden.url);
    expect((await stranger.request.post('/api/v1/invitations/acceptance', { data: invited })).status()).toBe(201);
    await visit(page, '/admin/users?text=newcomer');
    await page.getByRole('link', { name: 'newcomer' }).click();
    await page.getByText('viewer').first().waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.locator('wa-dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByText('newcomer is disabled.').waitFor();
    expect(await ask('/api/v1/users?text=newcomer')).toMatchObject({ items: [{ state: 'disabled' }] });
  });

  it('makes a role of one’s own and shows it in the matrix', async () => {
    const page = await pageOf();
    await visit(page, '/admin/roles');
    await page.getByRole('button', { name: 'New role' }).click();
    await page.getByLabel('Name', { exact: false }).last().fill('night-shift');
    await page.getByText('See instances').last().click();
    await page.getByText('Start, stop and otherwise work instances', { exact: false }).last().click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('columnheader', { name: 'night-shift' }).waitFor();
    const row = page.getByRole('row').filter({ hasText: 'instance.operate' });
    await row.getByRole('img', { name: 'night-shift may', exact: true }).waitFor();
    expect(await ask('/api/v1/roles/night-shift')).toMatchObject({ permissions: ['instance.read', 'instance.operate'] });
  });

  it('rotates the key and says when it is done', async () => {
    const page = await pageOf();
    await visit(page, '/admin/keys');
    const before = await page.getByRole('rowheader').first().innerText();
    await page.getByRole('button', { name: 'Rotate the key' }).click();
    await page.locator('wa-dialog').getByRole('button', { name: 'Rotate the key' }).click();
    await page.getByText('Done', { exact: true }).waitFor();
    await expect.poll(() => page.getByRole('rowheader').first().innerText()).not.toBe(before);
  });

  it('shows who may less only what they may, and why the rest is not for them', async () => {
    const admin = await pageOf(await settle('adam', 'admin'));
    await visit(admin, '/admin/roles');
    expect(await admin.getByRole('button', { name: 'New role' }).isDisabled()).toBe(true);
    await admin.getByRole('note').focus();
    const why = admin.locator('wa-tooltip[open]').filter({ hasText: 'Your role does not allow changing roles' });
    await why.waitFor({ state: 'attached' });
    await visit(admin, '/admin/keys');
    await admin.getByText('You may not see this').waitFor();

    const viewer = await pageOf(await settle('vera', 'viewer'));
    await visit(viewer, '/clusters/lab?tab=settings');
    await viewer.locator('wa-callout').filter({ hasText: 'Your role does not allow changing this cluster.' }).waitFor();
    expect(await viewer.getByLabel('Requests at once').isDisabled()).toBe(true);
    expect(await viewer.getByRole('link', { name: 'Users' }).count()).toBe(0);
  });

  it('removes a cloud only once its name was typed, and nothing while objects use it', async () => {
    const groups = '/apis/openstack.stackwarden.io/v1alpha1/namespaces/default/securitygroups';
    const group = {
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'SecurityGroup',
      metadata: { name: 'used' },
      spec: { clusterRef: { name: 'lab' } },
    };
    expect((await world.stackwarden.send('POST', groups, group)).status).toBe(201);
    const page = await pageOf();
    await visit(page, '/clusters/lab');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('SecurityGroup default/used', { exact: false }).waitFor();
    await page.locator('wa-dialog').getByRole('button', { name: 'Cancel' }).click();

    await world.stackwarden.send('DELETE', `${groups}/used`);
    await expect.poll(async () => (await world.stackwarden.get(`${groups}/used`)).status, { timeout: 20_000 }).toBe(404);
    await page.getByRole('button', { name: 'Remove' }).click();
    const dialog = page.locator('wa-dialog');
    const remove = dialog.getByRole('button', { name: 'Remove' });
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByLabel('Type lab to confirm').fill('lab');
    await remove.click();
    await page.getByRole('heading', { level: 1, name: 'Clusters' }).waitFor();
    await expect.poll(async () => (await world.stackwarden.get('/api/v1/clusters/lab')).status, { timeout: 20_000 }).toBe(404);
  });
});
