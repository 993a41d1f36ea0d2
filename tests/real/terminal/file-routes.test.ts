import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#api/terminal/page.fixture.ts';
import { createSshOpener } from '#api/terminal/ssh/opener.ts';
import { openTown, type Somebody, type Town } from '#api/terminal/town.fixture.ts';
import { systemClock } from '#controller/start.ts';
import { type Guest, makeGuest, type Sshd, startSshd } from '#tests/parts/sshd.ts';
import { pins } from './ssh-world.ts';

let guest: Guest;
let sshd: Sshd;
let town: Town;
let ann: Somebody;
let files: string;
const MiB = 1024 * 1024;
const agent = new Agent({ connect: { rejectUnauthorized: false } });
const at = (name: string) => `${guest.home}/${name}`;

interface Asked {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly query?: Record<string, string | number>;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | Readable | object;
  readonly who?: Somebody;
}
async function ask(path: string, { method = 'GET', query = {}, headers = {}, body, who = ann }: Asked = {}) {
  const isRaw = body instanceof Buffer || body instanceof Readable;
  const type = body && { 'content-type': isRaw ? 'application/octet-stream' : 'application/json' };
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]));
  const answer = await request(`${town.origin}${files}${path}?${String(asked)}`, {
    method,
    dispatcher: agent,
    headers: { ...who.headers, ...type, ...headers },
    ...(body && { body: isRaw ? body : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const isJson = String(answer.headers['content-type']).includes('json');
  return {
    status: answer.statusCode,
    headers: answer.headers,
    bytes,
    json: (isJson ? JSON.parse(bytes.toString()) : {}) as Record<string, unknown>,
  };
}
const put = (path: string, offset: number, total: number, body: Buffer | Readable) =>
  ask('/content', { method: 'PUT', query: { path, offset, total }, body });

beforeAll(async () => {
  guest = makeGuest();
  sshd = await startSshd(guest);
  const profile = { id: 'p', name: 'ops', user: guest.name, port: sshd.port, via: 'any', privateKey: guest.privateKey };
  const ssh = createSshOpener({
    hostKeys: pins(sshd.fingerprint),
    profiles: { profile: async () => profile },
    bastions: { bastion: async () => undefined },
    settings: { localTargets: true },
    clock: systemClock,
  });
  town = await openTown({ parts: { openers: { ssh } } });
  town.servers.set('s-1', { name: 'web-1', addresses: ['127.0.0.1'] });
  ann = await town.program('ann', 'operator');
  const { id, ...ticket } = await town.ask(ann);
  const page = await town.page(ann, { id, ...ticket }).opened();
  page.send({ type: 'attach', cols: 80, rows: 24 });
  await until('the terminal is open', () => page.last('state')?.state === 'open', 20_000);
  files = `/api/v1/terminals/${id}/files`;
});
afterAll(async () => {
  await agent.close();
  await town?.close();
  await sshd?.stop();
  guest?.remove();
});

describe('the files of a terminal', () => {
  it('are listed, made, renamed and removed, which is in the audit', async () => {
    expect((await ask('/directories', { method: 'POST', body: { path: at('box') } })).status).toBe(201);
    expect((await ask('', { query: { path: '~' } })).json).toMatchObject({
      path: guest.home,
      isCut: false,
      entries: [{ name: 'box', kind: 'directory' }],
    });
    expect((await ask('/rename', { method: 'POST', body: { from: at('box'), to: at('crate') } })).status).toBe(200);
    expect((await ask('/directories', { method: 'POST', body: { path: at('crate') } })).json).toMatchObject({
      status: 409,
      title: 'FileExists',
    });
    expect((await ask('', { method: 'DELETE', query: { path: at('crate') } })).status).toBe(204);
    expect((await ask('', { query: { path: at('crate') } })).json).toMatchObject({ status: 404, title: 'FileNotFound' });
    expect(
      (await town.entries('FileChanged')).map(({ actor, message }) => [actor, message.replace(/terminal [0-9a-f-]+/, 'terminal ID')]),
    ).toEqual([
      ['ann', `ann removed ${at('crate')} on web-1 (terminal ID)`],
      ['ann', `ann renamed ${at('box')} to ${at('crate')} on web-1 (terminal ID)`],
      ['ann', `ann made the directory ${at('box')} on web-1 (terminal ID)`],
    ]);
  });

  it('come down whole or in part, under their names', async () => {
    const whole = Buffer.from(Array.from({ length: 300_000 }, (_, place) => (place * 7919) % 251));
    writeFileSync(at('日本 "1".bin'), whole);
    const query = { path: at('日本 "1".bin') };
    const all = await ask('/content', { query });
    expect([all.status, all.bytes.equals(whole), all.headers['content-type'], all.headers['x-content-type-options']]).toEqual([
      200,
      true,
      'application/octet-stream',
      'nosniff',
    ]);
    expect(all.headers['content-disposition']).toBe(`attachment; filename="__ _1_.bin"; filename*=UTF-8''%E6%97%A5%E6%9C%AC%20%221%22.bin`);
    const etag = String(all.headers['etag']);
    const part = await ask('/content', { query, headers: { range: 'bytes=1000-1999', 'if-range': etag } });
    expect([part.status, part.headers['content-range'], part.bytes.equals(whole.subarray(1000, 2000))]).toEqual([
      206,
      'bytes 1000-1999/300000',
      true,
    ]);
    expect((await ask('/content', { query, headers: { range: 'bytes=-5' } })).bytes.equals(whole.subarray(-5))).toBe(true);
    expect((await ask('/content', { query, headers: { range: 'bytes=1-2', 'if-range': '"other"' } })).status).toBe(200);
    const beyond = await ask('/content', { query, headers: { range: 'bytes=300000-' } });
    expect([beyond.status, beyond.headers['content-range'], beyond.json['title']]).toEqual([416, 'bytes */300000', 'RangeNotSatisfiable']);
    expect((await ask('/content', { query, headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await ask('/content', { query: { path: guest.home } })).json).toMatchObject({ status: 409, title: 'FileRefused' });
    const [newest] = await town.entries('FileDownloaded');
    expect(newest?.message).toMatch(/^ann downloaded 300000 of 300000 bytes of .* on web-1/);
  });

  it('go up piece by piece, larger than any JSON, and take their name when they are whole', async () => {
    const whole = Buffer.alloc(20 * MiB, 'stackwarden ');
    const path = at('up.img');
    writeFileSync(path, 'what was there before');
    chmodSync(path, 0o666);
    expect((await put(path, 0, whole.length, whole.subarray(0, 12 * MiB))).json).toEqual({ sizeBytes: 12 * MiB });
    expect(readFileSync(path, 'utf8')).toBe('what was there before');
    expect((await ask('/stat', { query: { path, total: whole.length } })).json).toMatchObject({
      path,
      partialBytes: 12 * MiB,
      entry: { sizeBytes: 21 },
    });
    expect((await ask('/stat', { query: { path, total: 5 } })).json['partialBytes']).toBeUndefined();
    expect((await put(path, 13 * MiB, whole.length, Buffer.from('x'))).json).toMatchObject({
      status: 409,
      title: 'UploadOutdated',
      sizeBytes: 12 * MiB,
    });
    expect((await put(path, 12 * MiB, whole.length, whole.subarray(12 * MiB))).json).toEqual({ sizeBytes: whole.length });
    expect(readFileSync(path).equals(whole)).toBe(true);
    expect(readdirSync(guest.home).filter((name) => name.includes('.part-'))).toEqual([]);
    const [entry] = await town.entries('FileUploaded');
    expect(entry?.message).toContain(`ann uploaded ${path}, ${whole.length} bytes, on web-1`);
    expect((await put(at('empty'), 0, 0, Buffer.alloc(0))).json).toEqual({ sizeBytes: 0 });
    expect(readFileSync(at('empty')).length).toBe(0);
  });

  it('that were broken off go on where they end', async () => {
    const whole = Buffer.alloc(6 * MiB, 'abcdefg');
    const path = at('broken.img');
    const broken = Readable.from(
      (async function* () {
        yield whole.subarray(0, 2 * MiB);
        throw new Error('the network is gone');
      })(),
    );
    await expect(put(path, 0, whole.length, broken)).rejects.toThrow();
    const partial = async () => Number((await ask('/stat', { query: { path, total: whole.length } })).json['partialBytes'] ?? 0);
    let there = -1;
    // What was sent is still being written for a moment.
    for (let last = -2; there !== last || there === 0; last = there, there = await partial())
      await new Promise((done) => setTimeout(done, 100));
    expect((await put(path, there, whole.length, whole.subarray(there))).json).toEqual({ sizeBytes: whole.length });
    expect(readFileSync(path).equals(whole)).toBe(true);
  });

  it('take no piece over 16 MiB, behind the end, or of another type', async () => {
    const large = Buffer.alloc(16 * MiB + 1);
    expect((await put(at('large'), 0, 100 * MiB, large).catch(() => ({ json: { title: 'BodyTooLarge' } }))).json).toMatchObject({
      title: 'BodyTooLarge',
    });
    expect((await put(at('long'), 0, 3, Buffer.from('four'))).json).toMatchObject({ status: 413, title: 'BodyTooLarge' });
    expect((await ask('/content', { method: 'PUT', query: { path: at('x'), offset: 0, total: 2 }, body: {} })).json).toMatchObject({
      status: 415,
    });
    for (const path of ['relative', '', '~root', '/a\nb']) expect((await ask('', { query: { path } })).status, path).toBe(400);
  });

  it('are nobody else’s, not even of who may watch the terminal', async () => {
    const eve = await town.program('eve', 'admin');
    const bob = await town.program('bob', 'operator');
    for (const path of ['', '/stat', '/content']) {
      expect((await ask(path, { who: eve, query: { path: '/etc/hosts' } })).status, path).toBe(403);
      expect((await ask(path, { who: bob, query: { path: '/etc/hosts' } })).status, path).toBe(404);
    }
  });

  it('keep a terminal from falling idle while they move', async () => {
    const id = files.split('/')[4] ?? '';
    const terminal = town.terminals.live.find(id);
    await town.clock.advance(1000);
    terminal?.wasUsed();
    expect(terminal?.wasUsed()).toBe(false);
    await ask('', { query: { path: '~' } });
    expect(terminal?.wasUsed()).toBe(true);
  });
});
