import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enter, openBrowser, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { textsOn } from '#tests/parts/web-texts.ts';
import { type BrowserWorld, fill, startBrowserWorld } from './world.ts';

describe('what changes in a cloud', () => {
  let world: BrowserWorld;
  let browser: TestBrowser;
  beforeAll(async () => {
    [world, browser] = await Promise.all([startBrowserWorld(), openBrowser()]);
    await fill(world);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  it('shows on every page that is open, without anybody asking for it', async () => {
    const first = await browser.newPerson(world.stackwarden.url);
    await enter(first, world.admin);
    const second = await browser.sameAs(first);
    for (const page of [first, second]) await visit(page, '/resources/server');
    for (const page of [first, second]) await expect.poll(() => textsOn(page), { timeout: 20_000 }).toContain('Live');
    const server = [...world.sandbox.store.servers.values()].find(({ name }) => name === 'nobodys');
    Object.assign(server ?? {}, { name: 'somebodys', updatedAt: Date.now() });
    for (const page of [first, second]) await expect.poll(() => textsOn(page), { timeout: 20_000 }).toContain('somebodys');
  });
});
