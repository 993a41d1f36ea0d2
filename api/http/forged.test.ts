import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { annaInBrowser, openApplication } from './application.fixture.ts';

/** There will be more routes than today, and slower machines. */
const patience = { timeout: 180_000 };
const limits = { known: 10_000_000, unknown: 10_000_000 };
const clusters = () => ({
  names: () => ['main'],
  of: () => ({ reason: 'ClusterNotReady', message: 'It is not connected.', passes: false }),
});

describe('a token', () => {
  it('that is over, or was replaced, is one nobody was given', async () => {
    const one = await openApplication({ limits });
    const expired = `sw-${'x'.repeat(43)}`;
    const hash = createHash('sha256').update(expired).digest('hex');
    await one.store.db
      .insert(one.store.tables.apiTokens)
      .values({ id: randomUUID(), name: 'old', user: 'anna', hash, createdAt: 1, expiresAt: 2 });
    const ask = async (token: string) =>
      (await one.app.inject({ url: '/api/v1/audit', headers: { authorization: `Bearer ${token}` } })).statusCode;
    expect(await ask(expired)).toBe(401);
    expect(await ask(one.token)).toBe(200);
    for (const altered of [one.token.slice(0, -1), `${one.token}x`, one.token.toUpperCase(), ` ${one.token}`, `${one.token} ${one.token}`])
      expect([altered, await ask(altered)]).toEqual([altered, 401]);
    await one.store.db.delete(one.store.tables.apiTokens);
    expect(await ask(one.token)).toBe(401);
    await one.close();
  });
});

describe('a page of another site', patience, () => {
  it('can write through no route with the cookies of this one, and each attempt is in the audit', async () => {
    const one = await openApplication({ limits, clusters, ofCookie: annaInBrowser });
    const writes = one.app.platformRoutes.filter(({ method }) => !['GET', 'HEAD'].includes(method));
    const pages = [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'SAME-ORIGIN ' },
      { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:80' },
      ...['null', 'https://evil.example', 'http://localhost.evil.example', 'http://evil.example/http://localhost:80', 'file://', ''].map(
        (origin) => ({ origin }),
      ),
    ];
    let attempts = 0;
    for (const { method, url } of writes)
      for (const headers of pages) {
        const path = url.replaceAll(/:revision\b/g, '1').replaceAll(/:\w+/g, 'none');
        const answer = await one.app.inject({
          method: method as 'POST',
          url: path,
          headers: { 'content-type': 'application/json', ...headers },
          payload: '{}',
        });
        expect([url, headers, answer.json<{ title: string }>().title]).toEqual([url, headers, 'CrossSite']);
        attempts += 1;
      }
    const { items } = await one.audit.list({ result: 'denied' }, { limit: 500 });
    expect(items.filter(({ actor, message }) => actor === 'anna' && message.includes('another site'))).toHaveLength(attempts);
    await one.close();
  });
});
