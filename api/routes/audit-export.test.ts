import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatedAudit, gatedAudit } from './audit.fixture.ts';

describe('the export of the audit log', () => {
  let log: GatedAudit;
  beforeEach(async () => {
    log = await gatedAudit();
  });
  afterEach(() => log.close());
  const get = (query: string, role = 'admin') => log.app.inject({ url: `/api/v1/audit/export${query}`, headers: { authorization: role } });
  const exports = async () => (await log.audit.list({ type: 'Exported' })).items;

  it('gives every entry the filter holds for as JSON lines, and records who took how many', async () => {
    await log.fill(1200);
    await log.fill(3, { type: 'Failed' });
    const answer = await get('?format=jsonl&type=Updated&order=oldest');
    expect(answer.headers['content-type']).toBe('application/jsonl; charset=utf-8');
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="audit-[\dTZ-]+\.jsonl"$/);
    const lines = answer.body.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1));
    expect((await exports())[0]).toMatchObject({
      actor: 'anna',
      result: 'ok',
      source: { address: '127.0.0.1', session: 's-1' },
      changes: [{ to: { format: 'jsonl', order: 'oldest', filter: { type: ['Updated'] }, count: 1200 } }],
    });
  });

  it('gives CSV that a spreadsheet reads as text, whatever somebody named their things', async () => {
    const object = { kind: 'Volume', namespace: 'shop', name: '=HYPERLINK("http://evil")', uid: '-u' };
    const changes = [{ path: 'spec.sizeGiB', from: 1, to: 2 }];
    await log.fill(1, { actor: '@anna', message: '+1 "quoted"\r\nsecond line', object, changes, source: { address: '192.0.2.1' } });
    const { body } = await get('?format=csv');
    expect(body.startsWith('\ufeff"seq","at","type","actor","result"')).toBe(true);
    expect(body).toContain(`"'@anna"`);
    expect(body).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(body).toContain(`"'-u"`);
    expect(body).toContain(`"'+1 ""quoted""\r\nsecond line"`);
    expect(body).toContain(`"spec.sizeGiB","{""spec.sizeGiB"":1}","{""spec.sizeGiB"":2}"`);
    expect(body).toContain('"192.0.2.1"');
  });

  it('is a head alone when nothing is found, and needs the right to read the log', async () => {
    expect((await get('?format=csv&actor=nobody')).body.split('\r\n')).toHaveLength(2);
    expect((await get('?format=jsonl&actor=nobody')).body).toBe('');
    const refused = await get('?format=csv', 'operator');
    expect(refused.statusCode).toBe(403);
    expect((await log.audit.list({ result: 'denied' })).items[0]).toMatchObject({ type: 'Denied', actor: 'anna' });
    expect(await exports()).toHaveLength(2);
  });

  it('reads no further than its client takes it, and records how much that was when the client goes away', async () => {
    await log.fill(1500, { message: 'x'.repeat(20_000) });
    const url = await log.app.listen({ host: '127.0.0.1', port: 0 });
    const { body } = await request(`${url}/api/v1/audit/export?format=jsonl`, { headers: { authorization: 'admin' } });
    for await (const _ of body) break;
    body.destroy();
    await expect
      .poll(exports, { timeout: 15_000 })
      .toMatchObject([{ result: 'failed', message: expect.stringContaining('was broken off') }]);
    const count = /exported (\d+) /.exec((await exports())[0]?.message ?? '')?.[1];
    expect(Number(count)).toBeLessThan(1500);
  });

  it('is not run for a question about its head alone', async () => {
    const answer = await log.app.inject({ method: 'HEAD', url: '/api/v1/audit/export?format=csv', headers: { authorization: 'admin' } });
    expect(answer.statusCode).toBe(404);
    expect(await exports()).toEqual([]);
  });

  it('gives the same entries newest first', async () => {
    await log.fill(3);
    const { body } = await get('?format=jsonl');
    expect(
      body
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { seq: number }).seq),
    ).toEqual([3, 2, 1]);
  });
});
