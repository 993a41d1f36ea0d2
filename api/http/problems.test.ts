import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApplication } from './application.fixture.ts';
import { problems, titleOf } from './problems.ts';

const api = resolve(import.meta.dirname, '..');
const sources = readdirSync(api, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(join(api, path), 'utf8') }));

/** `problem(reply…, 404, 'Title'`, `new HttpProblem(404, 'Title'` and every other error class that takes a status and a title. */
const used = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/(?:\bproblem\([^'"`;]*?|new (?!Status)\w+\()\s*\b[45]\d\d,\s*'(\w+)'/g)].map((match) => ({
    path,
    title: String(match[1]),
  })),
);

describe('the table of problems', () => {
  it('has every title that the code gives out', () => {
    expect(used.length).toBeGreaterThan(10);
    const missing = used.filter(({ title }) => !Object.hasOwn(problems, title)).map(({ path, title }) => `${title} of api/${path}`);
    expect(missing, 'give each a sentence in api/http/problems.ts').toEqual([]);
  });

  it('has a title for each status that is given out without one', () => {
    for (let status = 400; status < 600; status += 1) expect(problems).toHaveProperty(titleOf(status));
  });

  it('has a sentence for each, in CamelCase', () => {
    for (const [title, meaning] of Object.entries(problems)) {
      expect(title).toMatch(/^(?:[A-Z][a-z]+)+$/);
      expect(meaning).toMatch(/^[A-Z`].{15,220}\.$/s);
    }
  });

  it('is served to programs and, where the type of a problem leads, to people', async () => {
    const one = await openApplication();
    const { app } = one;
    const { items } = (await app.inject('/api/v1/problems')).json<{ items: { type: string; title: string }[] }>();
    expect(items.map(({ title }) => title)).toEqual(Object.keys(problems));
    const type = items[0]?.type ?? '';
    expect((await app.inject(type)).json()).toEqual(items[0]);
    const page = await app.inject({ url: type, headers: { accept: 'text/html,*/*' } });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.body).toContain(`<h1>${items[0]?.title}</h1>`);
    expect(page.body).not.toMatch(/<script|style=|https?:/);
    expect((await app.inject('/problems/Nothing')).json()).toMatchObject({ status: 404 });
    await one.close();
  });
});
