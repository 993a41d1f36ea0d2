import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { allowTrouble } from '#tests/parts/browser-troubles.ts';
import { type BrowserWorld, startBrowserWorld, until } from './world.ts';

const mergePatch = 'application/merge-patch+json';
const api = '/apis/openstack.stackwarden.io/v1alpha1/namespaces';

describe('somebody who declares', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let page: Page;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    page = await browser.newPerson(world.stackwarden.url);
    await enter(page, world.admin);
    await world.stackwarden.send('PATCH', `${api.replace('/namespaces', '')}/clusters/main`, { spec: { sweepInterval: '2s' } }, mergePatch);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const object = async (path: string) =>
    JSON.parse((await world.stackwarden.get(`${api}/${path}`)).text) as { kind: string; spec: Record<string, unknown> };
  /** As people bring a text from elsewhere. */
  const paste = async (text: string) => {
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Control+a');
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await page.keyboard.press('Control+v');
  };
  const notes = (size: string) =>
    `apiVersion: openstack.stackwarden.io/v1alpha1\nkind: Volume\nmetadata:\n  name: notes\n  namespace: shop\nspec:\n  clusterRef: { name: main }\n  ${size}\n`;
  const next = () => page.getByRole('button', { name: 'Next' }).click();
  const apply = async () => {
    await page.locator('sw-plan-view').waitFor();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByText('Everything is ready.').waitFor({ timeout: 60_000 });
  };

  it('makes a network with a subnet, and sees it ready', async () => {
    await visit(page, '/declare');
    await page.getByRole('link', { name: 'Create a network' }).click();
    await page.locator('wa-input[name=name] input').fill('office');
    await next();
    await page.locator('wa-input[name=cidr] input').fill('10.5.0.0/24');
    await next();
    await apply();
    expect(await object('default/subnets/office')).toMatchObject({
      kind: 'Subnet',
      spec: { cidr: '10.5.0.0/24', networkRef: { name: 'office' } },
    });
  });

  it('is told at the field what is wrong with it, and at the step', async () => {
    await visit(page, '/declare/security-group');
    await page.locator('wa-input[name=name] input').fill('Web Servers');
    await next();
    await page.getByRole('link', { name: 'Where (to be put right)' }).click();
    await page.getByText('begins and ends with a letter or digit').waitFor();
    await page.locator('wa-input[name=name] input').fill('web-servers');
    await page.getByText('begins and ends with a letter or digit').waitFor({ state: 'detached' });
    await next();
    await page.getByRole('button', { name: 'SSH' }).click();
    await page.getByText('Everybody (IPv4) can reach TCP port 22 (SSH).').first().waitFor();
    await page.getByText('SSH should seldom be open to everybody.').first().waitFor();
    await next();
    await apply();
  });

  it('makes an instance step by step, by keyboard alone, and a reload on the way loses nothing', async () => {
    await visit(page, '/declare/instance');
    await page.locator('wa-input[name=name] input').focus();
    await page.keyboard.type('web');
    await page.keyboard.press('Enter');
    const pick = async (row: string) => {
      await page.locator('sw-choice-table').getByLabel(row, { exact: true }).focus();
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Next' }).focus();
      await page.keyboard.press('Enter');
    };
    await pick('cirros');
    await page.reload();
    await pick('m1.tiny');
    await pick('office');
    await pick('web-servers');
    await page.getByRole('heading', { name: 'Storage Step' }).waitFor();
    await page.getByRole('button', { name: 'Add a new volume' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Access Step' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('sw-plan-view').getByText('Instance default/web').waitFor();
    await page.getByRole('button', { name: 'Apply', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Everything is ready.').waitFor({ timeout: 60_000 });
    expect(await object('default/instances/web')).toMatchObject({
      spec: {
        flavor: { name: 'm1.tiny' },
        image: { name: 'cirros' },
        networks: [{ networkRef: { name: 'office' } }],
        securityGroupRefs: [{ name: 'web-servers' }],
        volumes: [{ volumeRef: { name: 'web-data-1' } }],
      },
    });
    const servers = JSON.parse((await world.stackwarden.get('/api/v1/resources/server?fields=name,status')).text) as {
      items: { name: string; status: string }[];
    };
    expect(servers.items).toContainEqual(expect.objectContaining({ name: 'web', status: 'ACTIVE' }));
  });

  it('writes YAML that is checked as it is typed, and mends it where the server sees more', async () => {
    await visit(page, '/declare/editor');
    await page.getByRole('textbox', { name: 'Manifests (YAML)' }).waitFor();
    await paste(notes('sizeGB: 2'));
    await page.getByText('things are wrong with the manifests.').waitFor();
    await paste(notes('sizeGiB: 2'));
    await page.getByText('Make a plan first.').waitFor();
    allowTrouble(page, /POST \/api\/v1\/(?:plan|apply) answered 400/);
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByRole('button', { name: 'Add namespace shop' }).click();
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await apply();
    expect(await object('shop/volumes/notes')).toMatchObject({ spec: { sizeGiB: 2 } });
  });

  it('is told who owns a field before overwriting it, and overwrites it when they say so', async () => {
    await world.stackwarden.send('PATCH', `${api}/shop/volumes/notes?fieldManager=night-job`, { spec: { sizeGiB: 3 } }, mergePatch);
    await visit(page, '/declare/editor?object=Volume/shop/notes');
    await page.locator('.cm-content').getByText('sizeGiB').waitFor();
    await paste(notes('sizeGiB: 5'));
    await page.getByRole('button', { name: 'Plan', exact: true }).click();
    await page.getByText('written by night-job').waitFor();
    await page.getByText('I want to overwrite what others wrote').click();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByText('Everything is ready.').waitFor({ timeout: 60_000 });
    expect(await object('shop/volumes/notes')).toMatchObject({ spec: { sizeGiB: 5 } });
  });

  it('adopts what exists: sees the empty plan, observes it, and takes it over', async () => {
    await makeNobodys(world);
    const before = JSON.stringify(nobodys(world));
    await visit(page, '/declare/adopt');
    await page.getByRole('checkbox', { name: 'nobodys' }).check();
    await page.getByRole('button', { name: 'Generate manifests' }).click();
    await page.getByText('Nothing to do: everything is as declared.').waitFor();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByRole('button', { name: 'Take over' }).click({ timeout: 60_000 });
    expect(await object('default/volumes/nobodys')).toMatchObject({ spec: { managementPolicy: 'Observe' } });
    expect(JSON.stringify(nobodys(world))).toBe(before);
    await page.getByText('take over', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.getByText('Everything is ready.').waitFor({ timeout: 60_000 });
    expect(await object('default/volumes/nobodys')).toMatchObject({ spec: { managementPolicy: 'Manage' } });
    expect(nobodys(world)?.metadata).toHaveProperty(['stackwarden.uid']);
  });

  it('exports what is declared, to be downloaded', async () => {
    await visit(page, '/declare/export?what=declared&kinds=Volume&name=no*&made=1');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()]);
    expect(download.suggestedFilename()).toBe('main.yaml');
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/kind: Volume\nmetadata:\n {2}name: nobodys/);
  });

  it('leaves the editor by Escape and Tab', async () => {
    await visit(page, '/declare/editor');
    await page.locator('.cm-content').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.locator('.cm-content:focus').count()).toBe(0);
  });

  it.each(['/declare/instance?step=flavor', '/declare/security-group?step=rules'])(
    'finds nothing in the way of anybody: %s',
    async (path) => {
      await visit(page, path);
      expect(await axe(page)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await overflow(page)).toBe(0);
      expect(await axe(page)).toEqual([]);
      await page.setViewportSize({ width: 1440, height: 900 });
    },
  );
});

/** A volume that somebody made past us, like one that is there. */
async function makeNobodys({ stackwarden, sandbox }: BrowserWorld): Promise<void> {
  const [like] = sandbox.store.volumes.values();
  if (!like) throw new Error('the sandbox has no volume');
  const id = crypto.randomUUID();
  sandbox.store.volumes.set(id, { ...structuredClone(like), id, name: 'nobodys', metadata: {}, attachments: [], status: 'available' });
  await until('the volume nobodys to be seen', async () => {
    const { items } = JSON.parse((await stackwarden.get('/api/v1/clusters/main/undeclared?kind=Volume')).text) as {
      items: { name: string }[];
    };
    return items.find(({ name }) => name === 'nobodys');
  });
}

function nobodys({ sandbox }: BrowserWorld) {
  return [...sandbox.store.volumes.values()].find(({ name }) => name === 'nobodys');
}
