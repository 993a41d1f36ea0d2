import { describe, expect, it } from 'vitest';
import type { RequestOptions, ServiceClient } from './cloud.ts';
import { pages } from './pages.ts';

const ROWS = Array.from({ length: 7 }, (_, index) => ({ id: `r${index}` }));

/** A service that holds ROWS; `link` writes the address of the page after `marker`, as the service under test would. */
function service(link: (marker: string, rows: typeof ROWS) => Record<string, unknown>) {
  const asked: RequestOptions[] = [];
  const client: ServiceClient = {
    service: 'compute',
    cloud: 'c1',
    microversions: () => Promise.resolve(undefined),
    request: (options) => {
      asked.push(options);
      const { marker, limit } = options.query ?? {};
      const from = ROWS.findIndex((row) => row.id === marker) + 1;
      const rows = ROWS.slice(from, from + Number(limit));
      const last = from + rows.length < ROWS.length ? rows.at(-1) : undefined;
      return Promise.resolve({ status: 200, headers: {}, body: { rows, ...(last ? link(last.id, rows) : {}) } as never });
    },
  };
  return { client, asked };
}

async function ids(client: ServiceClient, query: RequestOptions['query'] = { limit: 3 }): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages<{ id: string }>(client, { path: '/rows', query, key: 'rows' })) found.push(...page.map((row) => row.id));
  return found;
}

const ALL = ROWS.map((row) => row.id);

describe('pages', () => {
  it.each([
    [
      'links beside the rows (Nova, Neutron, Cinder)',
      (marker: string) => ({ rows_links: [{ rel: 'next', href: `http://k/rows?limit=3&marker=${marker}` }] }),
    ],
    [
      'links named in the singular (volume types)',
      (marker: string) => ({ row_links: [{ rel: 'next', href: `http://k/rows?limit=3&marker=${marker}` }] }),
    ],
    ['a path without host (Glance)', (marker: string) => ({ first: '/v2/rows', next: `/v2/rows?limit=3&marker=${marker}` })],
    ['no links, only full pages', () => ({})],
  ])('reads every row of a service that gives %s', async (_name, link) => {
    expect(await ids(service(link).client)).toEqual(ALL);
  });

  it('takes only the query of a link, wherever its host and path point', async () => {
    const { client, asked } = service((marker) => ({
      rows_links: [{ rel: 'next', href: `https://evil.example/other?limit=3&marker=${marker}` }],
    }));
    expect(await ids(client)).toEqual(ALL);
    expect(asked.every((options) => options.path === '/rows')).toBe(true);
  });

  it('keeps the filters a link has lost, and repeated ones it has kept', async () => {
    const { client, asked } = service((marker) => ({ next: `/rows?limit=3&tag=a&tag=b&marker=${marker}` }));
    await ids(client, { limit: 3, project_id: 'p', tag: ['a', 'b'] });
    expect(asked.at(-1)?.query).toEqual({ limit: '3', project_id: 'p', tag: ['a', 'b'], marker: 'r5' });
  });

  it('stops with an error at a page it has read before', async () => {
    const { client, asked } = service(() => ({ next: '/rows?limit=3&marker=r2' }));
    await expect(ids(client)).rejects.toMatchObject({ kind: 'invalid-response', detail: expect.stringMatching(/read already/) as unknown });
    expect(asked).toHaveLength(2);
  });

  it('does not take the pages of a service that ignores markers for ever', async () => {
    const client = service(() => ({})).client;
    const deaf: ServiceClient = { ...client, request: (options) => client.request({ ...options, query: { limit: 3 } }) };
    await expect(ids(deaf)).rejects.toMatchObject({ kind: 'invalid-response' });
  });

  it('refuses an answer without the list', async () => {
    const client: ServiceClient = {
      ...service(() => ({})).client,
      request: () => Promise.resolve({ status: 200, headers: {}, body: { rows: {} } as never }),
    };
    await expect(ids(client)).rejects.toMatchObject({ kind: 'invalid-response' });
  });
});
