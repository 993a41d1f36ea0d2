import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axe, openBrowser, overflow, type TestBrowser, visit } from '#tests/parts/browser.ts';
import { allowTrouble, takeTroubles } from '#tests/parts/browser-troubles.ts';

const pages: Readonly<Record<string, string>> = {
  '/good': '<h1>Good</h1><p>Nothing wrong here.</p>',
  '/styled': '<h1>Styled</h1><p style="color: red">Red.</p>',
  '/leaking': '<h1>Leaking</h1><img alt="A logo" src="http://203.0.113.7/logo.png">',
  '/failing': '<h1>Failing</h1><script src="/failing.js"></script>',
  '/wide': '<h1>Wide</h1><pre>' + 'wide'.repeat(400) + '</pre>',
  '/unlabelled': '<h1>Unlabelled</h1><input><button></button>',
};

describe('the browser of the tests', () => {
  let server: Server;
  let browser: TestBrowser;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const content = pages[pathname];
      response.setHeader('content-security-policy', "default-src 'self'; img-src * data:; style-src 'self'");
      if (pathname === '/failing.js')
        response.setHeader('content-type', 'text/javascript').end("fetch('/nothing'); throw new Error('oh');");
      else if (content === undefined) response.writeHead(404).end();
      else
        response
          .setHeader('content-type', 'text/html')
          .end(`<!doctype html><html lang="en"><title>Test</title><link rel="icon" href="data:,"><main>${content}</main></html>`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  it('finds nothing wrong where nothing is', async () => {
    const page = await browser.newPerson(url);
    await visit(page, '/good');
    expect(takeTroubles(page)).toEqual([]);
    expect(await axe(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  it('sees what the content security policy refused, what was asked of others, and what failed', async () => {
    const page = await browser.newPerson(url);
    await visit(page, '/styled');
    expect(takeTroubles(page)).toEqual([expect.stringMatching(/^console: .*inline style.*Content Security Policy/)]);
    await visit(page, '/leaking');
    expect(takeTroubles(page)).toEqual(['request to outside: GET http://203.0.113.7/logo.png']);
    await visit(page, '/failing');
    await page.waitForLoadState('networkidle');
    expect(takeTroubles(page).toSorted()).toEqual(['answer: GET /nothing answered 404', expect.stringMatching(/^exception: Error: oh/)]);
  });

  it('lets pass what a test says it provokes', async () => {
    const page = await browser.newPerson(url);
    allowTrouble(page, /GET \/nothing answered 404/, /exception: Error: oh/);
    await visit(page, '/failing');
    await page.waitForLoadState('networkidle');
    expect(takeTroubles(page)).toEqual([]);
  });

  it('sees a page that is wider than the window, and what axe finds serious', async () => {
    const page = await browser.newPerson(url, { width: 390 });
    await visit(page, '/wide');
    expect(await overflow(page)).toBeGreaterThan(100);
    await visit(page, '/unlabelled');
    const found = await axe(page);
    expect(found).toEqual([expect.stringContaining('button'), expect.stringContaining('input')]);
  });

  it('has the language, the theme and the width that were asked for', async () => {
    const page = await browser.newPerson(url, { language: 'zh', theme: 'dark', width: 390 });
    await visit(page, '/good');
    expect(await page.evaluate('[navigator.language, matchMedia("(prefers-color-scheme: dark)").matches, innerWidth]')).toEqual([
      'zh-CN',
      true,
      390,
    ]);
  });
});
