import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One service's endpoint seen through a proxy that can lose answers: the service acts, the client sees its connection die. */
export interface LossyProxy {
  readonly url: string;
  /** Loses the answers to the next `count` requests that match. */
  lose(method: string, path: RegExp, count: number): void;
  /** What was lost, oldest first: `POST /v2.0/networks 201`. */
  readonly lost: readonly string[];
  close(): Promise<void>;
}

/** Forwards to `target` (an http:// URL on loopback). */
export async function startLossyProxy(target: string): Promise<LossyProxy> {
  const to = new URL(target);
  const rules: { method: string; path: RegExp; left: number }[] = [];
  const lost: string[] = [];
  const server: Server = createServer((request, reply) => {
    const path = request.url ?? '/';
    const rule = rules.find((candidate) => candidate.left > 0 && candidate.method === request.method && candidate.path.test(path));
    if (rule) rule.left -= 1;
    const options = {
      host: to.hostname,
      port: to.port,
      path: to.pathname.replace(/\/$/, '') + path,
      method: request.method,
      headers: { ...request.headers, host: to.host },
    };
    const onAnswer = (answer: IncomingMessage) => {
      if (!rule) {
        reply.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(reply);
        return;
      }
      // Only after the whole answer is there has the service surely acted.
      answer.resume().on('end', () => {
        lost.push(`${request.method} ${path.split('?', 1)[0]} ${answer.statusCode}`);
        request.socket.destroy();
      });
    };
    const forward = httpRequest(options, onAnswer);
    forward.on('error', () => request.socket.destroy());
    request.pipe(forward);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost,
    lose: (method, path, count) => void rules.push({ method, path, left: count }),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
