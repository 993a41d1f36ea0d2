import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Sandbox, startSandbox } from '../server.ts';

let sandbox: Sandbox;
let now = Date.parse('2026-11-30T00:00:00Z');
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await sandbox.close();
});

/** With two servers, which boot at once. */
async function start(): Promise<{ token: string; ids: string[] }> {
  sandbox = await startSandbox({ clock: { now: () => now, after: (_, task) => (task(), () => undefined) } });
  const identity = { methods: ['password'], password: { user: { name: 'demo', domain: { id: 'default' }, password: 'sandbox-secret' } } };
  const scope = { project: { name: 'demo', domain: { id: 'default' } } };
  const answer = await fetch(`${sandbox.url}/auth/tokens`, { method: 'POST', body: JSON.stringify({ auth: { identity, scope } }) });
  const token = answer.headers.get('x-subject-token') ?? '';
  const image = [...sandbox.store.images.keys()][0];
  const ids: string[] = [];
  for (const name of ['web-1', 'web-2']) {
    const made = await nova(token, '/servers', { server: { name, flavorRef: '1', imageRef: image, networks: 'none' } });
    ids.push((made.body['server'] as { id: string }).id);
  }
  return { token, ids };
}

async function nova(token: string, path: string, body: object, version = '2.96') {
  const headers = { 'x-auth-token': token, 'openstack-api-version': `compute ${version}`, 'content-type': 'application/json' };
  const answer = await fetch(`${sandbox.origin}/compute/v2.1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown> };
}

async function consoleOf(token: string, id: string, protocol: 'serial' | 'vnc'): Promise<URL> {
  const type = protocol === 'vnc' ? 'novnc' : 'serial';
  const { body } = await nova(token, `/servers/${id}/remote-consoles`, { remote_console: { protocol, type } });
  const url = new URL((body['remote_console'] as { url: string }).url);
  if (protocol === 'serial') return url;
  const page = new URL(`./${url.searchParams.get('path')}`, url);
  page.protocol = 'ws:';
  return page;
}

interface Seen {
  readonly socket: WebSocket;
  /** The end of it. */
  text(): string;
  bytes(): Buffer;
  until(what: string | ((bytes: Buffer) => boolean)): Promise<void>;
}

function connect(url: URL, { protocols = ['binary'], origin = url.origin.replace('ws', 'http') } = {}): Seen {
  const socket = new WebSocket(url, protocols, { ...(origin !== '' && { origin }) });
  sockets.push(socket);
  socket.on('error', () => undefined);
  const chunks: Buffer[] = [];
  let recent = '';
  let wake = (): void => undefined;
  socket.on('message', (data: Buffer) => {
    chunks.push(data);
    recent = (recent + data.toString('utf8')).slice(-8192);
    wake();
  });
  socket.on('close', () => wake());
  return {
    socket,
    text: () => recent,
    bytes: () => Buffer.concat(chunks),
    // Looked for as each piece comes: a flood would carry it past whoever looks later.
    until: (what) =>
      new Promise((resolve, reject) => {
        wake = () => {
          const isThere = typeof what === 'string' ? recent.includes(what) : what(Buffer.concat(chunks));
          if (isThere) resolve();
          else if (socket.readyState === WebSocket.CLOSED) reject(new Error(`closed before ${String(what)} came: ${recent}`));
        };
        wake();
      }),
  };
}

/** How it ended: the status of a refused handshake, or the code it was closed with. */
async function endOf({ socket }: Seen): Promise<number> {
  const refused = once(socket, 'unexpected-response').then(([, response]) => (response as { statusCode: number }).statusCode);
  const closed = once(socket, 'close').then(([code]) => code as number);
  return await Promise.race([refused, closed]);
}

describe('the console proxies of the sandbox', () => {
  it('let in who has a token of the right kind, until it runs out', async () => {
    const { token, ids } = await start();
    const url = await consoleOf(token, ids[0] ?? '', 'serial');
    await connect(url).until('web-1 login: ');
    const unknown = new URL(url);
    unknown.searchParams.set('token', 'guessed');
    expect(await endOf(connect(unknown))).toBe(1006);
    const other = new URL(await consoleOf(token, ids[0] ?? '', 'vnc'));
    other.search = url.search;
    expect(await endOf(connect(other))).toBe(1006);
    now += 600_001;
    expect(await endOf(connect(url))).toBe(1006);
  });

  it('hold Origin against the host they are asked at and the scheme of the address, and let through who sends none', async () => {
    const { token, ids } = await start();
    const url = await consoleOf(token, ids[0] ?? '', 'serial');
    for (const origin of ['http://elsewhere.example', 'https://127.0.0.1', 'nonsense']) {
      expect([origin, await endOf(connect(url, { origin }))]).toEqual([origin, 1006]);
    }
    const screen = await consoleOf(token, ids[0] ?? '', 'vnc');
    expect(await endOf(connect(screen, { origin: 'ws://127.0.0.1' }))).toBe(1006);
    await connect(screen, { origin: 'http://127.0.0.1' }).until('RFB 003.008\n');
    await connect(screen, { origin: '' }).until('RFB 003.008\n');
  });

  it('speak the sub-protocol binary, and bytes alone', async () => {
    const { token, ids } = await start();
    const url = await consoleOf(token, ids[0] ?? '', 'serial');
    expect(await endOf(connect(url, { protocols: ['base64'] }))).toBe(400);
    const plain = connect(url, { protocols: [] });
    await plain.until('login: ');
    expect(plain.socket.protocol).toBe('');
    plain.socket.send('text');
    expect(await endOf(plain)).toBe(1003);
  });

  it('has nothing behind an instance that does not run, and drops who is connected when it stops', async () => {
    const { token, ids } = await start();
    const url = await consoleOf(token, ids[0] ?? '', 'serial');
    const first = connect(url);
    await first.until('login: ');
    const ended = endOf(first);
    await nova(token, `/servers/${ids[0]}/action`, { 'os-stop': null });
    expect(await ended).toBe(1005);
    expect(await endOf(connect(url))).toBe(1006);
  });

  it('refuses kinds of consoles it does not have, in the words of Nova', async () => {
    const { token, ids } = await start();
    const ask = async (protocol: string, type: string) => {
      const { status, body } = await nova(token, `/servers/${ids[0]}/remote-consoles`, { remote_console: { protocol, type } });
      return [status, (body['badRequest'] as { message: string }).message];
    };
    expect(await ask('vnc', 'xvpvnc')).toEqual([400, 'Invalid console type xvpvnc']);
    expect(await ask('spice', 'spice-html5')).toEqual([400, 'Unavailable console type spice-html5.']);
  });
});

describe('a serial port of the sandbox', () => {
  it('boots, lets somebody sign in, and answers', async () => {
    const { token, ids } = await start();
    const port = connect(await consoleOf(token, ids[0] ?? '', 'serial'));
    const type = (text: string) => port.socket.send(Buffer.from(text));
    await port.until('Linux version');
    await port.until('web-1 login: ');
    type('anna\r');
    await port.until('anna@web-1:~$ ');
    type('echo 你好x\u007f\r');
    await port.until('x\b \b\r\n你好\r\n');
    type('reboot\r');
    await port.until('reboot now!\r\n\r\nSeaBIOS');
  });

  it('is one for each instance, and takes one connection at a time', async () => {
    const { token, ids } = await start();
    const url = await consoleOf(token, ids[0] ?? '', 'serial');
    const first = connect(url);
    await first.until('login: ');
    const second = connect(url);
    await once(second.socket, 'open');
    second.socket.send(Buffer.from('bob\r'));
    await connect(await consoleOf(token, ids[1] ?? '', 'serial')).until('web-2 login: ');
    first.socket.send(Buffer.from('anna\r'));
    await first.until('anna@web-1');
    expect(second.text()).toBe('');
    first.socket.close();
    await second.until('sh: bob: not found');
  });

  it('pours lines no faster than they are taken, and stops at Ctrl-C', async () => {
    const { token, ids } = await start();
    const port = connect(await consoleOf(token, ids[0] ?? '', 'serial'));
    const type = (text: string) => port.socket.send(Buffer.from(text));
    await port.until('login: ');
    type('anna\rflood 100000000\r');
    await port.until('00000640 ');
    type('\u0003');
    await port.until('^C\r\nanna@web-1:~$ ');
    type('flood 3\r');
    await port.until('00000003 ');
  });
});

describe('a screen of the sandbox', () => {
  it('speaks RFB 3.8: greets, draws, takes keys and pointer, and gives out what was copied', async () => {
    const { token, ids } = await start();
    const screen = connect(await consoleOf(token, ids[0] ?? '', 'vnc'));
    const send = (...bytes: number[]) => screen.socket.send(Buffer.from(bytes));
    let read = 0;
    const take = async (count: number) => {
      await screen.until((bytes) => bytes.length >= read + count);
      read += count;
      return screen.bytes().subarray(read - count, read);
    };
    expect((await take(12)).toString()).toBe('RFB 003.008\n');
    screen.socket.send(Buffer.from('RFB 003.008\n'));
    expect([...(await take(2))]).toEqual([1, 1]);
    send(1);
    expect([...(await take(4))]).toEqual([0, 0, 0, 0]);
    send(1);
    const head = await take(24);
    expect([head.readUInt16BE(0), head.readUInt16BE(2), head.readUInt32BE(20)]).toEqual([640, 400, 5]);
    expect((await take(5)).toString()).toBe('web-1');
    const update = async () => {
      const place = await take(16);
      const [x, y, width, height] = [4, 6, 8, 10].map((at) => place.readUInt16BE(at)) as [number, number, number, number];
      return { x, y, width, height, dots: await take(width * height * 4) };
    };
    send(3, 0, 0, 0, 0, 0, 640 >> 8, 640 & 255, 400 >> 8, 400 & 255);
    const whole = await update();
    expect([whole.width, whole.height, whole.dots.readUInt32LE(0), whole.dots.readUInt32LE(639 * 4)]).toEqual([
      640, 400, 0xffffff, 0x202020,
    ]);
    // Nothing changed, so nothing is sent until a key goes down.
    send(3, 1, 0, 0, 0, 0, 640 >> 8, 640 & 255, 400 >> 8, 400 & 255);
    send(4, 1, 0, 0, 0, 0, 0, 'a'.charCodeAt(0));
    const typed = await update();
    expect([typed.y, typed.dots.includes(Buffer.from([0xfc, 0xd3, 0x7d, 0]))]).toEqual([128, true]);
    send(3, 1, 0, 0, 0, 0, 640 >> 8, 640 & 255, 400 >> 8, 400 & 255);
    send(5, 0, 0, 100, 0, 20);
    const pointed = await update();
    expect([pointed.x, pointed.y, pointed.dots.readUInt32LE(0)]).toEqual([100, 20, 0xffffff]);
    for (const key of [0xff08, ...Buffer.from('copy hi'), 0xff0d]) send(4, 1, 0, 0, 0, 0, key >> 8, key & 255);
    expect((await take(10)).toString('latin1')).toBe('\u0003\0\0\0\0\0\0\u0002hi');
  });
});
