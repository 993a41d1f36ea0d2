import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, screenshot, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type BrowserWorld, fill, invite, startBrowserWorld, until } from './world.ts';

describe('the overview', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let person: Awaited<ReturnType<typeof invite>>;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    person = await invite(world.stackwarden);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const open = async (path = '/', look: Parameters<TestBrowser['newPerson']>[1] = {}): Promise<Page> => {
    const page = await browser.newPerson(world.stackwarden.url, look);
    await enter(page, world.admin);
    await visit(page, path);
    return page;
  };
  const answer = async <T>(path: string) => JSON.parse((await world.stackwarden.get(path)).text) as T;

  it('leads from each figure to what it counts', async () => {
    const page = await open();
    await page.getByRole('link', { name: 'Drifted: 1' }).click();
    expect(page.url()).toContain('/drift?cause=drifted');
    await page.goBack();
    await page.getByRole('link', { name: 'ERROR' }).click();
    await page.getByText('broken', { exact: true }).first().waitFor();
    expect(decodeURIComponent(page.url())).toContain('/resources/server?filter=status:ERROR');
    await page.goBack();
    const segments = page.getByRole('img', { name: /^Chart: Instances by state/ });
    const { width = 0, height = 0 } = (await segments.boundingBox()) ?? {};
    await segments.click({ position: { x: width * 0.91, y: height / 2 } });
    await expect.poll(() => decodeURIComponent(page.url())).toContain('/resources/server?filter=status:ACTIVE');
  });

  it('says which cloud does not answer, and that nobody knows what has drifted there', async () => {
    const page = await open();
    await page.getByText('1 of 2 up').waitFor();
    await page.getByText('Not known of dead').waitFor();
  });

  it('counts anew by itself when something changes', async () => {
    const page = await open();
    const undeclared = page.getByRole('link', { name: /^Undeclared: / });
    const before = Number(await undeclared.innerText());
    const [server] = [...world.sandbox.store.servers.values()];
    if (!server) throw new Error('the sandbox holds no server');
    const copy = { ...structuredClone(server), id: crypto.randomUUID(), name: 'another', metadata: {}, interfaces: [], volumes: [] };
    world.sandbox.store.servers.set(copy.id, copy);
    await expect.poll(async () => Number(await undeclared.innerText()), { timeout: 40_000 }).toBe(before + 1);
  });

  it('shows each chart as a table with the same figures', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Show as a table: Instances by state' }).click();
    const row = page.getByRole('row', { name: /^ACTIVE/ });
    const { values } = await answer<{ values: { value: string; count: number }[] }>('/api/v1/resources/server/facets?column=status');
    const active = values.find(({ value }) => value === 'ACTIVE')?.count;
    expect(await row.getByRole('cell').first().innerText()).toBe(String(active));
    await page.keyboard.press('Enter');
    await page.getByRole('img', { name: /^Chart: Instances by state/ }).waitFor();
  });

  it('draws health once it was sampled, for the time that the address says', async () => {
    await until('a sample of health', async () => {
      const { clouds } = await answer<{ clouds: { cluster: string; calls: (number | null)[] }[] }>('/api/v1/overview/health');
      return clouds.find(({ cluster, calls }) => cluster === 'main' && calls.some((one) => one !== null));
    });
    const page = await open('/', { theme: 'dark' });
    await page.getByRole('link', { name: '1 hour', exact: true }).click();
    expect(page.url()).toContain('?range=1h');
    const canvas = page.getByRole('img', { name: /^Chart: API latency/ });
    await canvas.waitFor();
    await expect
      .poll(() =>
        canvas.evaluate(
          (one: { width: number; height: number; getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8Array } } }) =>
            one
              .getContext('2d')
              .getImageData(0, 0, one.width, one.height)
              .data.some((value) => value > 0),
        ),
      )
      .toBe(true);
    await page.goBack();
    expect(page.url()).not.toContain('range');
  });

  it('shows somebody of one namespace what they may see, and says that it is a part', async () => {
    const page = await browser.newPerson(world.stackwarden.url);
    await enter(page, person('limited'));
    await visit(page, '/');
    await page.getByText('You see part of the whole').waitFor();
    await page.getByText('Last operations').waitFor();
  });

  it('is right on a phone in the dark, in Chinese', async () => {
    const page = await open('/', { language: 'zh', theme: 'dark', width: 390 });
    await page.getByText('当前漂移').waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await axe(page)).toEqual([]);
    await screenshot(page, 'overview-phone');
  });
});
