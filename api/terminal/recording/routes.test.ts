import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Audit, createAudit } from '#controller/audit/audit.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { auditDenial } from '../../auth/denials.ts';
import { addGate } from '../../auth/gate.ts';
import { everywhereAs } from '../../auth/identity.ts';
import type { BuiltInRole } from '../../auth/permissions.ts';
import { addTerminal, recordingsOver } from './recording.fixture.ts';
import { createRecordingRetention, type RecordingRetention } from './retention.ts';
import { recordingRoutes } from './routes.ts';

const id = '5e0f8a52-95c8-4b34-9d2c-2c3a1f6f0001';
const base = `/api/v1/terminals/${id}/recording`;
const dayMs = 24 * 3_600_000;

describe('the routes of recordings', () => {
  let store: Store;
  let audit: Audit;
  let app: FastifyInstance;
  let at: ReturnType<typeof recordingsOver>;
  let retention: RecordingRetention;

  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    at = recordingsOver(store);
    audit = createAudit(store, { clock: at.clock });
    retention = createRecordingRetention({ store, clock: at.clock, usualDays: 180, recover: at.recordings.recover });
    app = fastify({ forceCloseConnections: true });
    addGate(app, {
      authenticate: async ({ headers }) => {
        const [user = '', role = ''] = (headers.authorization ?? '').split(' ');
        return { user, groups: [], grants: role === '' ? [] : [everywhereAs(role as BuiltInRole)], session: `s-${user}`, how: 'token' };
      },
      denied: (request, decision) => auditDenial(audit, request, decision),
    });
    await app.register(recordingRoutes, { recordings: at.recordings, retention, audit, clock: at.clock });
    await record(id, { user: 'olga' });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });

  async function record(terminal: string, more: Parameters<typeof addTerminal>[2], ending: 'end' | 'go on' = 'end') {
    await addTerminal(store, terminal, more);
    const recorder = await at.recordings.start({ id: terminal, cols: 80, rows: 24, title: 'debian@web-1' });
    recorder.output('$ uptime\r\n');
    await at.clock.advance(40_000);
    recorder.mark('uptime');
    recorder.output('up 3 days\r\n');
    await at.clock.advance(2000);
    recorder.output('$ exit\r\n');
    if (ending === 'end') await at.clock.until(recorder.end({ reason: 'closed', detail: '', exitCode: 0 }));
    return recorder;
  }
  const call = (method: 'GET' | 'PUT' | 'DELETE', url: string, who = 'anna admin', payload?: object) =>
    app.inject({ method, url, headers: { authorization: who }, ...(payload && { payload }) });
  const get = (path = '', who?: string) => call('GET', `${base}${path}`, who);
  const entries = async (type: string) => (await audit.list({ type: [type] })).items;

  it('tell what a recording holds', async () => {
    expect((await get()).json()).toMatchObject({
      durationMs: 42_000,
      bytes: 29,
      cols: 80,
      rows: 24,
      title: 'debian@web-1',
      startedAt: '2026-11-23T22:49:58.176Z',
      isSealed: true,
      interrupted: false,
      chunks: [
        { seq: 1, fromMs: 0, untilMs: 0 },
        { seq: 2, untilMs: 40_000 },
        { fromMs: 40_000, untilMs: 42_000 },
      ],
      keyframes: [{ atMs: 40_000 }],
      marks: [{ atMs: 40_000, label: 'uptime' }],
      resizes: [],
    });
  });

  it('give events from a chunk on, and say from when they count', async () => {
    const answer = await get('/chunks?from=0&limit=1');
    expect([answer.headers['content-type'], answer.headers['cache-control']]).toEqual(['application/x-ndjson', 'no-store']);
    expect(answer.body).toBe('{"atMs":0}\n[0,"o","$ uptime\\r\\n"]\n');
    expect((await get('/chunks?from=2&limit=1')).body).toBe('{"atMs":0}\n[40,"m","uptime"]\n[0,"o","up 3 days\\r\\n"]\n');
    expect((await get('/chunks?from=900')).body).toBe('{"atMs":42000}\n');
  });

  it('draw the screen of a keyframe', async () => {
    const { keyframes } = (await get()).json<{ keyframes: { seq: number }[] }>();
    const picture = (await get(`/keyframes/${keyframes[0]?.seq}`)).json<{ screen: string }>();
    expect(picture).toMatchObject({ atMs: 40_000, cols: 80, rows: 24 });
    expect(picture.screen).toContain('up 3 days');
    expect((await get('/keyframes/1')).statusCode).toBe(404);
  });

  it('export an asciicast, on the record', async () => {
    const answer = await get('/cast');
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="terminal-${id}.cast"`);
    const lines = answer.body.trim().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ version: 3, term: { cols: 80, rows: 24 } });
    expect(lines.length).toBe(6);
    expect(await entries('RecordingExported')).toMatchObject([{ actor: 'anna', cluster: 'main', cloudId: 's-1', result: 'ok' }]);
  });

  it('find text', async () => {
    expect((await get('/search?text=UP%203')).json()).toEqual({ items: [{ atMs: 40_000, line: 'up 3 days' }], isCut: false });
  });

  it('are on the record once in ten minutes for each who looks', async () => {
    for (const path of ['', '/chunks', '/search?text=x', '/chunks']) await get(path);
    await get('', 'adam admin');
    await get('', 'anna admin');
    expect((await entries('RecordingReplayed')).map(({ actor }) => actor)).toEqual(['adam', 'anna']);
    await at.clock.advance(10 * 60_000);
    await get();
    expect((await entries('RecordingReplayed')).length).toBe(3);
  });

  it.each(['', '/chunks', '/keyframes/1', '/cast', '/search?text=x', '/verification'])(
    'are for who may replay what others did, and never for oneself without the permission: %s',
    async (path) => {
      const of = async (who: string) => (await get(path, who)).statusCode;
      expect([await of('olga operator'), await of('olga admin')]).toEqual([403, 403]);
      expect([200, 404]).toContain(await of('olga super_admin'));
      expect([200, 404]).toContain(await of('anna admin'));
      // Whoever may not even know of it is not told that it is there.
      expect([await of('oscar operator'), await of('victor viewer')]).toEqual([404, 404]);
    },
  );

  it('say that there is none, or none any more', async () => {
    const none = '5e0f8a52-95c8-4b34-9d2c-2c3a1f6f0002';
    await addTerminal(store, none);
    const answer = await call('GET', `/api/v1/terminals/${none}/recording`);
    expect([answer.statusCode, answer.json<{ title: string }>().title]).toEqual([404, 'RecordingNotFound']);
    expect((await call('GET', `/api/v1/terminals/${none.replace('0002', '0003')}/recording`)).json()).toMatchObject({
      title: 'TerminalNotFound',
    });
  });

  it('tell where a recording is broken, and give what lies before', async () => {
    const { terminalChunks: chunks } = store.tables;
    const { chunks: list } = (await get()).json<{ chunks: { seq: number }[] }>();
    const last = list.at(-1)?.seq ?? 0;
    const rows = await store.db.select().from(chunks);
    const broken = rows.find(({ seq }) => seq === last);
    await store.db.delete(chunks);
    for (const row of rows)
      await store.db
        .insert(chunks)
        .values(row === broken ? { ...row, data: `${row.data.slice(0, -20)}AAAAAAAA${row.data.slice(-12)}` } : row);
    const problem = { seq: last, what: 'altered' };
    expect((await get('/verification')).json()).toMatchObject({ ok: false, problem });
    const lines = (await get('/chunks')).body.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ problem });
    expect(lines.length).toBe(5);
    const first = await get(`/chunks?from=${last}`);
    expect([first.statusCode, first.json()]).toMatchObject([409, { title: 'RecordingBroken', problem }]);
  });

  it('remove a recording for good, on the record, and leave the terminal', async () => {
    expect((await call('DELETE', base, 'anna admin')).statusCode).toBe(403);
    expect((await call('DELETE', base, 'root super_admin')).statusCode).toBe(204);
    expect(await at.recordings.terminal(id)).toMatchObject({ recording: 'removed', recordingKey: null, manifest: null, chunks: 0 });
    expect(await store.db.select().from(store.tables.terminalChunks)).toEqual([]);
    expect(await entries('RecordingRemoved')).toMatchObject([{ actor: 'root', message: expect.stringContaining(id) as string }]);
    expect((await get()).statusCode).toBe(404);
    expect((await call('DELETE', base, 'root super_admin')).statusCode).toBe(404);
  });

  it('do not remove one that goes on', async () => {
    const running = '5e0f8a52-95c8-4b34-9d2c-2c3a1f6f0004';
    await record(running, {}, 'go on');
    const answer = await call('DELETE', `/api/v1/terminals/${running}/recording`, 'root super_admin');
    expect([answer.statusCode, answer.json<{ title: string }>().title]).toEqual([409, 'RecordingRunning']);
  });

  describe('retention', () => {
    const url = '/api/v1/terminal-retention';

    it('is what the operator set until a super admin decides otherwise', async () => {
      expect((await call('GET', url)).json()).toEqual({ days: 180 });
      expect((await call('PUT', url, 'anna admin', { days: 7 })).statusCode).toBe(403);
      expect((await call('PUT', url, 'root super_admin', { days: 7 })).json()).toMatchObject({ days: 7, setBy: 'root' });
      expect((await call('GET', url)).json()).toMatchObject({ days: 7, setBy: 'root' });
      const changes: AuditEntry['changes'] = [{ path: 'terminal.recordingDays', from: 180, to: 7 }];
      expect(await entries('RecordingRetention')).toMatchObject([{ actor: 'root', changes }]);
    });

    it.each([{ days: 0 }, { days: null }, { days: '7' }, { days: 36_501 }, {}, { days: 7, more: 1 }])('refuses %j', async (body) => {
      expect((await call('PUT', url, 'root super_admin', body)).statusCode).toBe(400);
    });

    it('removes what is older, and nothing that goes on', async () => {
      const [old, young, running] = ['0011', '0012', '0013'].map((end) => id.replace('0001', end)) as [string, string, string];
      const days = (count: number) => at.clock.now() - count * dayMs;
      await record(old, { createdAt: days(9), endedAt: days(8), state: 'ended' });
      await record(young, { createdAt: days(9), endedAt: days(2), state: 'ended' });
      await record(running, { createdAt: days(30) }, 'go on');
      await retention.set(7, { actor: 'root' });
      expect(await retention.forget()).toBe(1);
      const states = await Promise.all([old, young, running].map(async (one) => (await at.recordings.terminal(one))?.recording));
      expect(states).toEqual(['removed', 'sealed', 'running']);
      expect(await entries('RecordingRemoved')).toMatchObject([
        { actor: 'system:stackwarden', message: expect.stringContaining(old) as string },
      ]);
    });

    it('goes on with what a killed process left half removed, and seals what nobody sealed', async () => {
      const [half, unsealed] = ['0021', '0022'].map((end) => id.replace('0001', end)) as [string, string];
      await record(half, { state: 'ended' });
      await store.db.update(store.tables.terminals).set({ recording: 'removed' });
      await record(unsealed, { state: 'ended', endedAt: at.clock.now() }, 'go on');
      await at.clock.advance(11 * 60_000);
      await expect.poll(async () => (await at.recordings.terminal(unsealed))?.chunks, { timeout: 10_000 }).toBe(5);
      await retention.forget();
      expect(await at.recordings.terminal(half)).toMatchObject({ chunks: 0 });
      expect(await at.recordings.terminal(unsealed)).toMatchObject({ recording: 'interrupted' });
      expect(new Set((await store.db.select().from(store.tables.terminalChunks)).map(({ terminal }) => terminal))).toEqual(
        new Set([unsealed]),
      );
    });
  });
});
