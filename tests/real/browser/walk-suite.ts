import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, enter, openBrowser, overflow, type Page, screenshot, type TestBrowser, visit, wear } from '#tests/parts/browser.ts';
import { takeTroubles } from '#tests/parts/browser-troubles.ts';
import { englishTexts, hearServer, textsOn } from '#tests/parts/web-texts.ts';
import { addressesOf, allRoutes, type Known, whatIsThere } from './addresses.ts';
import { type BrowserWorld, fill, invite, startBrowserWorld } from './world.ts';

const widths = [1440, 390] as const;
const themes = ['light', 'dark'] as const;
/** All other rules find the same in any theme. */
const ofColours = ['color-contrast', 'link-in-text-block'];

interface Heard {
  readonly page: Page;
  readonly server: ReturnType<typeof hearServer>;
}

/** Every page in a language: at a desk and on a phone, light and dark. Leaves a set of screenshots where STACKWARDEN_REPORTS says. */
export async function walkSuite(language: 'zh' | 'en'): Promise<void> {
  const routes = await allRoutes();
  describe(`every page in ${language}`, () => {
    let world: BrowserWorld;
    let browser: TestBrowser;
    /** Of somebody who may see everything, and of nobody known, for pages that are open. */
    let pages: readonly { readonly width: number; readonly known: Heard; readonly unknown: Heard }[];
    let there: Known;
    let english: ReadonlySet<string>;
    beforeAll(async () => {
      [world, browser, english] = await Promise.all([startBrowserWorld(), openBrowser(), englishTexts()]);
      await fill(world);
      const credentialsOf = await invite(world.stackwarden);
      there = await whatIsThere(world.stackwarden);
      const { url } = world.stackwarden;
      pages = await Promise.all(
        widths.map(async (width) => {
          const open = async () => {
            const page = await browser.newPerson(url, { language, width });
            return { page, server: hearServer(page) };
          };
          const [known, unknown] = [await open(), await open()];
          await enter(known.page, credentialsOf('super-admin'));
          return { width, known, unknown };
        }),
      );
    });
    afterAll(async () => {
      await browser?.close();
      await world?.close();
    });

    it.each(routes.map((route) => [route.path, route] as const))('%s', async (_, route) => {
      const wrong: string[] = [];
      for (const { address, name } of addressesOf(route, there))
        for (const { width, known, unknown } of pages) {
          const { page, server } = route.isOpen ? unknown : known;
          server.forget();
          const note = (found: readonly string[], of: string) =>
            wrong.push(...found.map((one) => `${address} at ${width} px, ${of}: ${one}`));
          await page.emulateMedia({ colorScheme: 'light' });
          await visit(page, address);
          note(await look(page), 'as it comes');
          if (language === 'zh') note(await leftInEnglish(page, english, await server.said()), 'left in English');
          for (const theme of themes) {
            await wear(page, theme);
            note(await axe(page, theme === 'light' ? undefined : ofColours), theme);
            await screenshot(page, `${name}-${language}-${theme}-${width}`);
          }
        }
      expect(wrong).toEqual([]);
    });
  });
}

/** Texts of the web that stand on a Chinese page in English; what the server calls so itself is no text of the web. */
async function leftInEnglish(page: Page, english: ReadonlySet<string>, said: string): Promise<string[]> {
  return (await textsOn(page)).filter((text) => english.has(text) && !said.includes(JSON.stringify(text)));
}

/** What of a page is wrong in any language and theme. */
async function look(page: Page): Promise<string[]> {
  const wide = await overflow(page);
  const problems = await page.locator('sw-problem').allInnerTexts();
  return [
    ...takeTroubles(page),
    ...(wide > 0 ? [`it is ${wide} px wider than the window`] : []),
    ...problems.map((text) => `it shows a problem: ${text}`),
    ...((await page.locator('h1').count()) === 1 ? [] : [`it has ${await page.locator('h1').count()} headings of the first order`]),
    ...((await page.title()) === '' ? ['it has no title'] : []),
  ];
}
