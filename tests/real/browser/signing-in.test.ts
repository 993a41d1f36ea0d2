import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, screenshot, signIn, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { allowTrouble } from '#tests/parts/browser-troubles.ts';
import { type BrowserWorld, startBrowserWorld } from './world.ts';

describe('signing in', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld({ isEmpty: true }), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('leads back to the page that was asked for', async () => {
    const page = await browser.newPerson(world.stackwarden.url);
    await visit(page, '/operations?state=failed');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await screenshot(page, 'signing-in');
    await signIn(page, world.admin);
    expect(page.url()).toBe(`${world.stackwarden.url}/operations?state=failed`);
  });

  it('says that the password is wrong, and nothing about whether there is such a person', async () => {
    const page = await browser.newPerson(world.stackwarden.url);
    allowTrouble(page, /POST \/api\/v1\/session answered 401/);
    await visit(page, '/sign-in');
    const said: string[] = [];
    for (const username of ['admin', 'nobody-of-this-name']) {
      await page.locator('input[autocomplete~="username"]').fill(username);
      await page.locator('input[autocomplete="current-password"]').fill('not this one at all');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      said.push(await page.getByRole('alert').innerText());
      await page.reload();
    }
    expect(said[0]).not.toBe('');
    expect(said[1]).toBe(said[0]);
  });

  it('leads nowhere else than into this web', async () => {
    const page = await browser.newPerson(world.stackwarden.url);
    await page.goto(`/sign-in?back=${encodeURIComponent('https://203.0.113.7/')}`);
    await signIn(page, world.admin);
    expect(new URL(page.url()).origin).toBe(world.stackwarden.url);
  });
});
