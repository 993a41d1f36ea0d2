import { fork } from 'node:child_process';
import { type IncomingMessage, request } from 'node:http';
import fastify from 'fastify';
import { addGate } from '#api/auth/gate.ts';
import { everywhereAs, type Identity } from '#api/auth/identity.ts';
import type { Hub } from '#api/watch/hub.ts';
import { watchRoutes } from '#api/watch/routes.ts';
import { systemClock } from '#controller/start.ts';

/** What 200 clients of a watch got, as their own process saw it. */
export interface FanOut {
  readonly events: number;
  /** Ms from the change to its arrival: median, 95 %, most. */
  readonly median: number;
  readonly most95: number;
  readonly most: number;
}

const clients = 200;

/** Serves a hub to 200 clients in a process of their own while `run` makes changes whose `task` is the time they were made. */
export async function fanOut(hub: Hub, run: () => Promise<void>): Promise<FanOut> {
  const identity: Identity = { user: 'bench', groups: [], grants: [everywhereAs('viewer')], how: 'token' };
  const app = fastify({ forceCloseConnections: true });
  await app.register(async (platform) => {
    addGate(platform, { authenticate: async () => identity, denied: async () => undefined });
    await platform.register(watchRoutes, { hub, authenticate: async () => identity, clock: systemClock });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const readers = fork(import.meta.filename, [url]);
  const answer = new Promise<FanOut>((resolve) => readers.on('message', (message) => resolve(message as FanOut)));
  while (hub.readers < clients) await new Promise((resolve) => setTimeout(resolve, 20));
  await run();
  readers.send('end');
  const seen = await answer;
  readers.disconnect();
  await app.close();
  return seen;
}

/** The clients' process. */
function read(url: string): void {
  const delays: number[] = [];
  const take = (reply: IncomingMessage) => {
    reply.setEncoding('utf8');
    reply.on('error', () => undefined);
    reply.on('data', (chunk: string) => {
      const now = Date.now();
      for (const [, at] of chunk.matchAll(/"task":"(\d+)"/g)) delays.push(now - Number(at));
    });
  };
  for (let n = 0; n < clients; n++)
    request(`${url}/api/v1/watch?types=server`, { agent: false }, take)
      .on('error', () => undefined)
      .end();
  process.on('message', () => {
    const sorted = delays.toSorted((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
    process.send?.({ events: sorted.length, median: at(0.5), most95: at(0.95), most: at(1) } satisfies FanOut, () => process.exit(0));
  });
}

const [, , url] = process.argv;
if (process.send && url !== undefined) read(url);
