import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Application, openApplication } from './application.fixture.ts';

const host = 'Host: localhost\r\n';
const next = `GET /api/v1/problems HTTP/1.1\r\n${host}\r\n`;

/** What is no HTTP/1.1, or means one thing to a proxy and another to a server; each followed by a request that must not be answered. */
const malformed: readonly (readonly [string, string])[] = [
  ['two lengths', `POST /api/v1/plan HTTP/1.1\r\n${host}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`],
  ['a length and chunks', `POST /api/v1/plan HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a length below zero', `POST /api/v1/plan HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`],
  ['a length that is no number', `POST /api/v1/plan HTTP/1.1\r\n${host}Content-Length: 0x4\r\n\r\nabcd`],
  ['a length with a sign', `POST /api/v1/plan HTTP/1.1\r\n${host}Content-Length: +4\r\n\r\nabcd`],
  ['a length beyond all numbers', `POST /api/v1/plan HTTP/1.1\r\n${host}Content-Length: 99999999999999999999999\r\n\r\n`],
  ['an encoding nobody knows', `POST /api/v1/plan HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n`],
  ['chunks before another encoding', `POST /api/v1/plan HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['a blank before the colon', `GET / HTTP/1.1\r\n${host}Transfer-Encoding : chunked\r\n\r\n`],
  ['a header without a colon', `GET / HTTP/1.1\r\n${host}Transfer-Encoding chunked\r\n\r\n`],
  ['a header without a name', `GET / HTTP/1.1\r\n${host}: x\r\n\r\n`],
  ['NUL in a header', `GET / HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`],
  ['a carriage return in a header', `GET / HTTP/1.1\r\n${host}X-A: a\rb\r\n\r\n`],
  ['a header that goes on in the next line', `GET / HTTP/1.1\r\n${host}X-A: a\r\n : b\r\nTransfer-Encoding:\r\n xchunked\r\n\r\n`],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['no version', 'GET /healthz\r\n\r\n'],
  ['a version of its own', `GET /healthz HTTP/9.9\r\n${host}\r\n`],
  ['a method nobody knows', `STEAL / HTTP/1.1\r\n${host}\r\n`],
  ['a method in small letters', `get / HTTP/1.1\r\n${host}\r\n`],
  ['blanks in the path', `GET /a b HTTP/1.1\r\n${host}\r\n`],
  ['a chunk of no size', `POST /api/v1/plan HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`],
  ['a chunk larger than any', `POST /api/v1/plan HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n`],
  ['headers larger than 16 KiB', `GET / HTTP/1.1\r\n${host}X-A: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['very many headers', `GET / HTTP/1.1\r\n${host}${Array.from({ length: 3000 }, (_, at) => `X-${at}: a\r\n`).join('')}\r\n`],
  ['a path larger than 16 KiB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`],
  ['the start of TLS', '\u0016\u0003\u0001\u0002\0\u0001\0'],
  ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
];

describe('what is no HTTP', () => {
  let one: Application;
  beforeAll(async () => {
    one = await openApplication();
    await one.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => one.close());

  /** Sends bytes as they are, and resolves to all that comes back until the server hangs up. */
  const exchange = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const { port } = one.app.server.address() as AddressInfo;
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
      // A server that has hung up resets what still arrives.
      socket.on('error', (error: NodeJS.ErrnoException) =>
        answer === '' && error.code !== 'ECONNRESET' ? reject(error) : resolve(answer),
      );
      socket.on('close', () => resolve(answer));
    });

  it.each(malformed)('%s: is refused, and nothing behind it is answered', async (_, bytes) => {
    const answer = await exchange(`${bytes}${next}`);
    expect(answer.slice(0, 200)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(answer).toContain('"type":"/problems/');
    expect(answer).not.toMatch(/HPE_|node:|\.js:\d/);
  });

  it('is told from what is merely unusual', async () => {
    const answer = await exchange(`GET /healthz HTTP/1.1\r\nhOsT:   localhost  \r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('leaves the server well for the next', async () => {
    expect((await one.app.inject('/healthz')).body).toBe('ok');
  });
});
