import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatedAudit, gatedAudit } from './audit.fixture.ts';

describe('the retention of the audit log', () => {
  let log: GatedAudit;
  beforeEach(async () => {
    log = await gatedAudit();
  });
  afterEach(() => log.close());
  const url = '/api/v1/audit/retention';
  const put = (payload: unknown, role = 'super_admin') =>
    log.app.inject({ method: 'PUT', url, headers: { authorization: role }, payload: payload as object });
  const get = () => log.app.inject({ url, headers: { authorization: 'admin' } });

  it('is for ever until a super admin decides otherwise', async () => {
    expect((await get()).json()).toEqual({ days: null });
    expect((await put({ days: 365 })).json()).toEqual({ days: 365, setBy: 'anna', setAt: '2026-11-29T10:00:00.000Z' });
    expect((await get()).json()).toMatchObject({ days: 365 });
    expect((await put({ days: null })).json()).toMatchObject({ days: null, setBy: 'anna' });
    const [, first] = (await log.audit.list({ type: 'RetentionChanged' })).items;
    expect(first).toMatchObject({ actor: 'anna', source: { session: 's-1' }, changes: [{ path: 'audit.days', from: null, to: 365 }] });
  });

  it('is not for an admin to decide', async () => {
    expect((await put({ days: 1 }, 'admin')).statusCode).toBe(403);
    expect((await get()).json()).toEqual({ days: null });
  });

  it.each([[{ days: 0 }], [{ days: '30' }], [{ days: 36_501 }], [{ days: 1.5 }], [{}], [{ days: 3, force: true }], [[]]])(
    'refuses %j with the field that is wrong',
    async (body) => {
      const answer = await put(body);
      expect([answer.statusCode, answer.json<{ errors: unknown[] }>().errors.length]).toEqual([400, 1]);
    },
  );
});
