import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, type Page, screenshot, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type BrowserWorld, fill, startBrowserWorld, until } from './world.ts';

/** The sandbox draws bars of colour, the name of the instance, and what is typed in this light blue. */
const typedColour = [0x7d, 0xd3, 0xfc];

/** As much of a canvas as is read here. */
interface Drawn {
  getContext(kind: '2d'): { getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray } };
}

describe('consoles of an instance in the page', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let page: Page;
  let id = '';

  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    id = [...world.sandbox.store.servers.values()].find(({ name }) => name === 'hello')?.id ?? '';
    page = await browser.newPerson(world.stackwarden.url);
    await enter(page, world.admin);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  async function open(purpose: string): Promise<void> {
    await visit(page, `/terminals?cluster=main&server=${id}`);
    await page.getByRole('heading', { name: 'Connect to hello' }).waitFor();
    await page.getByText(purpose, { exact: true }).click();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
  }

  /** Dots of this colour in the part of the screen where what was typed stands. */
  const dots = (colour: readonly number[]) =>
    page.locator('sw-screen canvas').evaluate((canvas, [red, green, blue]) => {
      const { data } = (canvas as unknown as Drawn).getContext('2d').getImageData(0, 120, 640, 280);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) count += 1;
      return count;
    }, colour);

  it('draws the screen, and takes keys, combinations and what is pasted', async () => {
    await open('Screen (VNC)');
    const screen = page.locator('sw-screen');
    await screen.locator('canvas').waitFor();
    await screen.getByText('hello', { exact: true }).waitFor();
    await until('the screen to be drawn', async () => (await dots(typedColour)) > 0 || undefined);
    const before = await dots(typedColour);
    await page.keyboard.type('abc');
    await until('what was typed to be drawn', async () => (await dots(typedColour)) > before + 50 || undefined);
    const typed = await dots(typedColour);
    await screen.getByRole('button', { name: 'Send keys' }).click();
    await page.getByRole('menuitem', { name: 'Ctrl+Alt+Delete' }).click();
    await until('the combination to arrive', async () => (await dots(typedColour)) > typed + 50 || undefined);
    await screenshot(page, 'screen');
    expect(await axe(page)).toEqual([]);
  });

  it('types nothing while one only looks', async () => {
    const screen = page.locator('sw-screen');
    await screen.getByRole('button', { name: 'Only look' }).click();
    const before = await dots(typedColour);
    await screen.locator('canvas').click();
    await page.keyboard.type('xyz');
    await screen.getByRole('button', { name: 'Only look' }).click();
    await screen.locator('canvas').click();
    await page.keyboard.press('q');
    await until('the one key to be drawn', async () => (await dots(typedColour)) !== before || undefined);
    expect((await dots(typedColour)) - before).toBeLessThan(300);
  });

  it('is left by a key', async () => {
    await page.locator('sw-screen canvas').click();
    await page.keyboard.press('Control+Shift+L');
    const focused = await page.evaluate(`(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.tagName;
    })()`);
    expect(focused).toBe('BUTTON');
  });

  it('comes back to the screen after a reload', async () => {
    await page.reload();
    await page.locator('sw-screen canvas').waitFor();
    await until('the screen to be drawn', async () => (await dots(typedColour)) > 0 || undefined);
  });

  it('says that the instance was stopped, and offers to connect again', async () => {
    const server = world.sandbox.store.servers.get(id);
    await world.stackwarden.post(`/api/v1/resources/server/main/${id}/actions/instance.stop?wait=30`, {});
    await page.locator('sw-screen').getByText('closed the screen of hello', { exact: false }).waitFor();
    await page.locator('sw-screen').getByRole('button', { name: 'Connect again' }).waitFor();
    await screenshot(page, 'screen-ended');
    expect(server?.vmState).toBe('stopped');
  });
});
