import { connect, createServer, type Socket } from 'node:net';

/** A loopback relay in front of a server, to cut or freeze the connections of whoever goes through it. */
export interface Cutter {
  readonly port: number;
  /** Connections made so far. */
  connections(): number;
  /** Resets every open connection. */
  cut(): void;
  /** Lets nothing through any more, without closing; until thawed, new connections are frozen too. */
  freeze(isFrozen: boolean): void;
  close(): Promise<void>;
}

export async function cutterTo(host: string, port: number): Promise<Cutter> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let made = 0;
  let isFrozen = false;
  const server = createServer((near) => {
    made += 1;
    const far = connect(port, host);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [far, near] as const]) {
      one.on('data', (bytes) => void (isFrozen || other.write(bytes)));
      one.on('error', () => other.destroy());
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const cut = (): void => {
    for (const [near] of pairs) near.resetAndDestroy();
  };
  return {
    port: address.port,
    connections: () => made,
    cut,
    freeze: (frozen) => {
      isFrozen = frozen;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
