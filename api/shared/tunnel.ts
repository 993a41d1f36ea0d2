import { once } from 'node:events';
import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Address } from './lead.ts';
import { toldOf } from './passing.ts';

const connectMs = 5_000;
/** For the first line of the answer. */
const answerMs = 20_000;

/** WebSockets that pass through this process on the way to another. */
export interface Tunnels {
  /** Sends an upgrade on, and what follows both ways; false when the other process cannot be reached, and nothing was answered. */
  open(request: FastifyRequest, reply: FastifyReply, to: Address): Promise<boolean>;
  close(): void;
}

/** Bytes pass as they are, so that one side waits for the other as if nobody stood in between. */
export function createTunnels(): Tunnels {
  const sockets = new Set<Socket>();
  return {
    async open(request, reply, to) {
      const near = request.raw.socket;
      const far = await reach(to).catch(() => undefined);
      if (!far) return false;
      // Who went away meanwhile needs no answer.
      if (near.destroyed) return far.destroy().destroyed;
      void reply.hijack();
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(one);
        one.once('close', () => {
          sockets.delete(one);
          other.destroySoon();
        });
        one.on('error', () => one.destroy());
      }
      far.setTimeout(answerMs, () => far.destroy());
      far.once('data', (answer: Buffer) => {
        far.setTimeout(0);
        near.write(answer);
        far.pipe(near);
        // Behind a refusal nothing is sent: it would be taken for a request of ours.
        if (answer.subarray(0, 12).toString('latin1') === 'HTTP/1.1 101') near.pipe(far);
      });
      far.write(upgradeOf(request));
      return true;
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function reach({ url, ca }: Address): Promise<TLSSocket> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const far = connect({ host, port: Number(port || 443), ca, ...(isIP(host) === 0 && { servername: host }) });
  far.setNoDelay(true);
  try {
    await once(far, 'secureConnect', { signal: AbortSignal.timeout(connectMs) });
  } catch (error) {
    far.destroy();
    throw error;
  }
  return far;
}

function upgradeOf(request: FastifyRequest): string {
  const { raw } = request;
  const told = toldOf(request);
  const lines = [`GET ${raw.url} HTTP/1.1`];
  for (let at = 0; at < raw.rawHeaders.length; at += 2) {
    const name = raw.rawHeaders[at] ?? '';
    if (!Object.hasOwn(told, name.toLowerCase())) lines.push(`${name}: ${raw.rawHeaders[at + 1]}`);
  }
  for (const [name, value] of Object.entries(told)) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
