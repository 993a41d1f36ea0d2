import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureTls } from '../tls.ts';
import { addForwarding } from './forward.ts';
import type { Address } from './lead.ts';

describe('a process that does not lead', () => {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-forward-'));
  let leader: FastifyInstance;
  let follower: FastifyInstance;
  let address: Address | undefined;
  let watched: (raw: ServerResponse) => void;

  beforeEach(async () => {
    const tls = await ensureTls(room, '127.0.0.1');
    leader = fastify({ https: { cert: tls.cert, key: tls.key } });
    leader.get('/api/v1/resources/:type', ({ params, query, headers }) => ({ params, query, authorization: headers.authorization }));
    leader.get('/api/v1/watch', (_, reply) => {
      void reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      watched(reply.raw);
    });
    leader.post('/api/v1/plan', ({ body }, reply) => reply.code(422).header('x-own', 'kept').send({ told: body }));
    address = { url: await leader.listen({ host: '127.0.0.1', port: 0 }), ca: tls.ca };
    follower = fastify();
    addForwarding(follower, { leader: () => address });
    for (const url of ['/api/v1/resources/:type', '/api/v1/watch', '/api/v1/audit']) follower.get(url, () => 'own');
    follower.post('/api/v1/plan', () => 'own');
  });
  afterEach(async () => {
    await follower.close();
    await leader.close();
  });

  it('passes on what needs the controller, with query and credentials', async () => {
    const answer = await follower.inject({ url: '/api/v1/resources/instance?q=a%20b', headers: { authorization: 'Bearer x' } });
    expect(answer.json()).toEqual({ params: { type: 'instance' }, query: { q: 'a b' }, authorization: 'Bearer x' });
  });

  it('passes on bodies, and answers as the leader did', async () => {
    const answer = await follower.inject({ method: 'POST', url: '/api/v1/plan', payload: { objects: ['äöü'] } });
    expect([answer.statusCode, answer.headers['x-own'], answer.json()]).toEqual([422, 'kept', { told: { objects: ['äöü'] } }]);
  });

  it('answers everything else itself, and all of it while it leads', async () => {
    expect((await follower.inject('/api/v1/audit')).body).toBe('own');
    address = undefined;
    expect((await follower.inject('/api/v1/resources/instance')).body).toBe('own');
  });

  it('passes a stream on as it comes, and its end by the client', async () => {
    const ended = new Promise<void>((done) => {
      watched = (raw) => {
        raw.write('data: one\n\n');
        raw.once('close', () => done());
      };
    });
    const url = await follower.listen({ host: '127.0.0.1', port: 0 });
    const { body } = await request(`${url}/api/v1/watch`);
    for await (const chunk of body) {
      expect(String(chunk)).toBe('data: one\n\n');
      break;
    }
    body.destroy();
    await ended;
  });

  it('says when the leader is gone, and when to ask again', async () => {
    await leader.close();
    const answer = await follower.inject('/api/v1/resources/instance');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.json()).toMatchObject({ title: 'LeaderUnreachable' });
  });

  it('sends nothing around in a circle', async () => {
    const answer = await follower.inject({ url: '/api/v1/resources/instance', headers: { 'stackwarden-forwarded': '1' } });
    expect(answer.json()).toMatchObject({ status: 503, title: 'LeaderUnreachable' });
  });

  it('trusts no other certificate than that of the leader', async () => {
    const other = mkdtempSync(join(tmpdir(), 'stackwarden-forward-'));
    address = address && { ...address, ca: (await ensureTls(other, '127.0.0.1')).ca };
    expect((await follower.inject('/api/v1/resources/instance')).statusCode).toBe(503);
    rmSync(other, { recursive: true });
  });
});
