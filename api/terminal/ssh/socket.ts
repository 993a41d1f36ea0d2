import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Clock } from '#controller/engine/ports.ts';
import { type AddressRules, addressAndPort, forbiddenBecause } from './addresses.ts';
import { unreachable } from './failures.ts';
import { connectMs } from './patience.ts';
import { refused } from './refusal.ts';

export interface Reach {
  readonly address: string;
  readonly port: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly signal: AbortSignal;
}

/** A TCP connection to a literal address. Throws Unreachable. */
export function connectTcp({ address, port, clock, signal }: Reach): Promise<Socket> {
  const where = addressAndPort(address, port);
  const socket = connect({ host: address, port, noDelay: true });
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const fail = (error: Error): void => {
    reject(error);
    socket.destroy();
  };
  const onAbort = (): void => fail(refused('closed', 'It was closed while it opened.'));
  const cancel = clock.after(connectMs, () => fail(unreachable(where, 'ETIMEDOUT')));
  const onError = (error: NodeJS.ErrnoException): void => fail(unreachable(where, error.code));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  socket.once('error', onError).once('connect', () => resolve(socket));
  return promise.finally(() => {
    cancel();
    signal.removeEventListener('abort', onAbort);
  });
}

/** A connection that a bastion makes on our behalf. Throws Unreachable. */
export function connectThrough(bastion: Client, { address, port, clock, signal }: Reach): Promise<Duplex> {
  const where = addressAndPort(address, port);
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  let isOver = false;
  const onAbort = (): void => reject(refused('closed', 'It was closed while it opened.'));
  const cancel = clock.after(connectMs, () => reject(unreachable(where, 'ETIMEDOUT', 'the bastion')));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  bastion.forwardOut('127.0.0.1', 0, address, port, (error: (Error & { reason?: unknown }) | undefined, channel) => {
    if (!error && isOver) channel.destroy();
    else if (!error) resolve(channel);
    // RFC 4254, 5.1: administratively prohibited.
    else if (error.reason === 1)
      reject(
        refused('unreachable', `The bastion does not forward to ${where}. Allow it there: AllowTcpForwarding and PermitOpen of its sshd.`),
      );
    else reject(unreachable(where, /refused/i.test(error.message) ? 'ECONNREFUSED' : undefined, 'the bastion'));
  });
  return promise.finally(() => {
    isOver = true;
    cancel();
    signal.removeEventListener('abort', onAbort);
  });
}

/** The literal address of a host that may be a name. Throws OpenFailed when there is none, or one that is never connected to. */
export async function resolveHost(host: string, rules: AddressRules): Promise<string> {
  const found = await lookup(host, { all: true, order: 'ipv4first' }).catch(() => []);
  const [first] = found;
  if (!first) throw refused('unreachable', `The bastion ${host} has no address: its name is not found. Check the Cluster.`);
  for (const { address } of found) {
    const because = forbiddenBecause(address, rules);
    if (because !== undefined) throw refused('unreachable', `The bastion ${host} is not connected to: ${address} ${because}.`);
  }
  return first.address;
}
