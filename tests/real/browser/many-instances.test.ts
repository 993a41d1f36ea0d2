import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ManyClouds, startManyClouds } from '#tests/bench/many-clouds.ts';
import { enter, openBrowser, type Page, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { countRows, rowsAfterClick, scroll } from '#tests/parts/list-in-page.ts';

/** How quick it is, `npm run bench:web` tells: a busy machine says nothing about that. */
describe('a list of 10,000 instances over 20 clouds', () => {
  let world: ManyClouds;
  let browser: TestBrowser;
  let page: Page;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startManyClouds(20, 500), openBrowser()]);
    page = await browser.newPerson(world.stackwarden.url);
    await enter(page, { username: 'admin', password: readFileSync(join(world.stackwarden.dataDir, 'admin-password'), 'utf8').trim() });
    await visit(page, '/');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('shows rows, and says how many there are, with at most 60 elements for them', async () => {
    await rowsAfterClick(page, '/resources/server');
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001');
    const { elements, filled } = await countRows(page);
    expect(filled).toBeGreaterThan(10);
    expect(elements).toBeLessThanOrEqual(60);
  });

  it('has no more of them while somebody scrolls, and fills those in view once they stop', async () => {
    const { rowElements, scrolledPx } = await scroll(page, { seconds: 2, pixelsAFrame: 500 });
    expect(scrolledPx).toBeGreaterThan(500);
    expect(rowElements).toBeLessThanOrEqual(60);
    await expect.poll(async () => (({ elements, filled }) => elements > 0 && filled === elements)(await countRows(page))).toBe(true);
  });

  it('shows a cloud that hangs as a banner, and all that was seen of it', async () => {
    world.ask('hang');
    await expect
      .poll(() => page.locator('sw-list-clouds').getByText('cloud-19').count(), { timeout: 200_000, interval: 1000 })
      .toBeGreaterThan(0);
    await visit(page, '/resources/server');
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001');
  }, 240_000);
});
