import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enter, openBrowser, type Page, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { takeTroubles } from '#tests/parts/browser-troubles.ts';
import { addressesOf, allRoutes, type Known, whatIsThere } from './addresses.ts';
import { type BrowserWorld, fill, invite, people, startBrowserWorld } from './world.ts';

const routes = await allRoutes();

describe('every page as', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  let known: Known;
  let credentialsOf: Awaited<ReturnType<typeof invite>>;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
    credentialsOf = await invite(world.stackwarden);
    known = await whatIsThere(world.stackwarden);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it.each(Object.keys(people) as (keyof typeof people)[])(
    '%s shows what they may see, and says what they may not, without an error',
    async (name) => {
      const page = await browser.newPerson(world.stackwarden.url);
      await enter(page, credentialsOf(name));
      const wrong: string[] = [];
      for (const route of routes.filter(({ isOpen }) => !isOpen))
        for (const { address } of addressesOf(route, known)) {
          await visit(page, address);
          wrong.push(...(await look(page)).map((one) => `${address}: ${one}`));
        }
      expect(wrong).toEqual([]);
    },
  );

  it.each(Object.keys(people) as (keyof typeof people)[])('%s leads nowhere they may not go', async (name) => {
    const page = await browser.newPerson(world.stackwarden.url);
    await enter(page, credentialsOf(name));
    await visit(page, '/');
    const hrefs = await page.locator('sw-navigation a').evaluateAll((links) => links.map((link) => (link as { href?: string }).href ?? ''));
    expect(hrefs.length).toBeGreaterThan(0);
    const locked: string[] = [];
    for (const href of new Set(hrefs)) {
      await visit(page, href);
      if ((await page.locator('main sw-empty[icon="lock"]').count()) > 0 && (await page.locator('main h1').count()) === 0)
        locked.push(href);
    }
    expect(locked).toEqual([]);
  });
});

/** A page that somebody may not see says so in words; that is no error, and nothing was asked that is refused. */
async function look(page: Page): Promise<string[]> {
  const problems = await page.locator('sw-problem').allInnerTexts();
  return [...takeTroubles(page), ...problems.map((text) => `it shows a problem: ${text}`)];
}
