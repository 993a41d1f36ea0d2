import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enter, openBrowser, type Page, screenshot, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { type BrowserWorld, fill, startBrowserWorld } from './world.ts';

describe('somebody without a mouse', () => {
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

  it('creates an instance, from the overview until it is ready', async () => {
    await visit(page, '/');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Declare');
    await page
      .getByRole('option', { name: /Declare/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Declare', level: 1 }).waitFor();
    await reach(page, /^(?:Create an i|I)nstance/);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/declare/instance');

    await at('Where');
    await reach(page, /^Cluster\b/);
    await page.keyboard.press('Space');
    await page.getByRole('option', { name: 'main', exact: true }).waitFor();
    await page.keyboard.type('main');
    await page.keyboard.press('Enter');
    await reach(page, /^Name\b(?!s)/);
    await page.keyboard.type('by-hand');
    await go(page, 'Next');
    await at('Image');
    await reach(page, /cirros/);
    await page.keyboard.press('Space');
    await go(page, 'Next');
    await at('Flavor');
    await reach(page, /m1\./);
    await page.keyboard.press('Space');
    await go(page, 'Next');
    await at('Network');
    await reach(page, /hello/);
    await page.keyboard.press('Space');
    for (const step of ['Security', 'Storage', 'Access', 'Review']) {
      await go(page, 'Next');
      await at(step);
    }
    await page.getByRole('button', { name: 'Apply', exact: true, disabled: false }).waitFor();
    await go(page, 'Apply');
    await page.getByText('Everything is ready.').waitFor({ timeout: 60_000 });
    await screenshot(page, 'by-keyboard');
    expect([...world.sandbox.store.servers.values()].map(({ name }) => name)).toContain('by-hand');
  });

  async function at(step: string): Promise<void> {
    await page.getByRole('heading', { name: new RegExp(`^${step} Step`) }).waitFor();
  }
});

/** Tabs until what has the focus is called so, as a screen reader would say; the way there has to be shorter than most people's patience. */
async function reach(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let press = 0; press < 80; press += 1) {
    const here = await focused(page);
    if (name.test(here)) return;
    passed.push(here);
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${name}; it passed ${passed.join(', ')}`);
}

/** Presses a button by its name. */
async function go(page: Page, name: string): Promise<void> {
  await reach(page, new RegExp(`^${name}$`));
  await page.keyboard.press('Enter');
}

/** What the element with the focus is called, in whatever shadow root it is. */
async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    let at = document.activeElement;
    const hosts = [];
    while (at?.shadowRoot?.activeElement) {
      hosts.unshift(at);
      at = at.shadowRoot.activeElement;
    }
    if (!at) return '';
    const labels = [...(at.labels ?? [])].map((label) => label.textContent);
    const row = at.matches('input[type=radio], input[type=checkbox]') ? at.closest('tr')?.innerText : '';
    const names = [at.getAttribute('aria-label'), ...labels, row, at.innerText, hosts[0]?.getAttribute('label'), hosts[0]?.innerText];
    return (names.find((one) => one && one.trim() !== '') ?? at.localName).replaceAll(/\\s+/g, ' ').trim();
  })()`);
}
