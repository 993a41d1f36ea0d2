import { type IncomingMessage, request } from 'node:http';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAudit } from '#controller/audit/audit.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { entry, type GatedAudit, gatedAudit } from './audit.fixture.ts';
import { type AuditStreamOptions, auditStream } from './audit-stream.ts';

interface Open {
  /** What has come so far. */
  readonly text: () => string;
  readonly ended: Promise<void>;
  close(): void;
}

function open(url: string, headers: Record<string, string> = {}): Promise<Open> {
  return new Promise((done, fail) => {
    const asked = request(url, { headers: { authorization: 'admin', ...headers } }, (answer: IncomingMessage) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('error', () => undefined);
      const ended = new Promise<void>((end) => answer.on('close', end));
      done({ text: () => text, ended, close: () => asked.destroy() });
    });
    asked.on('error', fail).end();
  });
}

const numbers = (text: string) => [...text.matchAll(/^id: (\d+)\nevent: entry$/gm)].map(([, id]) => Number(id));
const long = { timeout: 15_000 };

describe('the stream of the audit log', () => {
  let log: GatedAudit;
  let url: string;
  beforeEach(async () => {
    log = await gatedAudit();
    url = `${await log.app.listen({ host: '127.0.0.1', port: 0 })}/api/v1/audit/stream`;
  });
  afterEach(() => log.close());

  it('gives what is recorded from now on, and only what the filter holds for', async () => {
    await log.fill(3);
    const stream = await open(`${url}?actor=bob&type=Updated&type=Failed`);
    await expect.poll(stream.text, long).toContain('retry: ');
    await log.fill(2);
    await log.fill(1, { actor: 'eve' });
    await log.fill(1, { type: 'Failed' });
    await expect.poll(() => numbers(stream.text()), long).toEqual([4, 5, 7]);
    expect(stream.text()).toContain('"seq":7,"at":"2026-11-29T10:00:00.000Z","type":"Failed"');
    stream.close();
  });

  it('goes on where a client left off, over any number of entries, and repeats none', async () => {
    await log.fill(700);
    const stream = await open(url, { 'last-event-id': '45' });
    await log.fill(1);
    const expected = Array.from({ length: 656 }, (_, index) => 46 + index);
    await expect.poll(() => numbers(stream.text()), long).toEqual(expected);
    stream.close();
    const other = await open(`${url}?after=699`);
    await expect.poll(() => numbers(other.text()), long).toEqual([700, 701]);
    other.close();
  });

  it('takes an id from beyond the log as the newest', async () => {
    await log.fill(2);
    const stream = await open(url, { 'last-event-id': '999' });
    await expect.poll(stream.text, long).toContain('retry: ');
    await log.fill(1);
    await expect.poll(() => numbers(stream.text()), long).toEqual([3]);
    stream.close();
  });

  it('is refused to who may not read the log, and ends when the server does', async () => {
    const refused = await log.app.inject({ url: '/api/v1/audit/stream', headers: { authorization: 'viewer' } });
    expect(refused.statusCode).toBe(403);
    const stream = await open(url);
    await log.app.close();
    await stream.ended;
  });
});

describe('a stream of the audit log that nothing is sent on', () => {
  let store: Store;
  let app: FastifyInstance;
  beforeEach(async () => {
    store = await openStore('sqlite::memory:');
    app = fastify({ forceCloseConnections: true });
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });
  const start = async (options: Omit<AuditStreamOptions, 'audit'>) => {
    await app.register(auditStream, { audit: createAudit(store, { clock: { now: () => 0 } }), ...options });
    return open(`${await app.listen({ host: '127.0.0.1', port: 0 })}/api/v1/audit/stream?type=Never`);
  };

  it('shows that it lives and how far it has looked, also through entries of other processes', async () => {
    const stream = await start({ pollMs: 5, heartbeatMs: 10 });
    await createAudit(store, { clock: { now: () => 0 } }).record([entry, entry]);
    await expect.poll(stream.text, long).toContain('id: 2\n: alive\n\n');
    expect(numbers(stream.text())).toEqual([]);
    stream.close();
  });

  it('ends after its time, so that whoever asks again has to be allowed to', async () => {
    const stream = await start({ lifeMs: 20 });
    await stream.ended;
    expect(stream.text()).toContain('retry: ');
  });
});
