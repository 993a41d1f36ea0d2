import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that changed something, with what was sent and answered. */
export interface RecordedWrite {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly sent: unknown;
  readonly answered: unknown;
}

/** One service's endpoint seen through a proxy that writes down every POST, PUT, PATCH and DELETE that was accepted. */
export interface RecordingProxy {
  readonly url: string;
  close(): Promise<void>;
}

export interface RecordingOptions {
  /** Writes down what was refused too. */
  readonly refused?: true;
  /** Hears what a GET was answered. */
  readonly onRead?: (answer: unknown) => void;
}

/** Forwards to `target` (an http:// URL on loopback), and adds to `writes`, which several may share. */
export async function startRecordingProxy(
  target: string,
  writes: RecordedWrite[],
  options: RecordingOptions = {},
): Promise<RecordingProxy> {
  const to = new URL(target);
  const forward = async (request: IncomingMessage, reply: ServerResponse) => {
    const { method = '', url = '/' } = request;
    const sent = await readAll(request);
    const answer = await sendOn(to, request, sent);
    const answered = await readAll(answer);
    const status = answer.statusCode ?? 502;
    const isAccepted = status >= 200 && status < 300;
    if (method === 'GET' && isAccepted) options.onRead?.(parsed(answered));
    if (/^(?:POST|PUT|PATCH|DELETE)$/.test(method) && (isAccepted || options.refused))
      writes.push({ method, path: url.split('?', 1)[0] ?? '', status, sent: parsed(sent), answered: parsed(answered) });
    reply.writeHead(status, answer.headers).end(answered);
  };
  const server = createServer((request, reply) => void forward(request, reply).catch(() => request.socket.destroy()));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

async function sendOn(to: URL, request: IncomingMessage, body: Buffer): Promise<IncomingMessage> {
  const path = to.pathname.replace(/\/$/, '') + (request.url ?? '/');
  const headers = { ...request.headers, host: to.host };
  return new Promise((done, fail) => {
    const call = { host: to.hostname, port: to.port, path, method: request.method, headers };
    httpRequest(call, done).on('error', fail).end(body);
  });
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
