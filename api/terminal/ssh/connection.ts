import type { Duplex } from 'node:stream';
import ssh2, { type AuthenticationType, type Client, type ConnectConfig, type NextAuthHandler } from 'ssh2';
import type { Clock } from '#controller/engine/ports.ts';
import { OpenFailed } from '../ports.ts';
import { algorithms } from './algorithms.ts';
import { handshakeFailed, silentFor } from './failures.ts';
import { type Ask, watchOver } from './patience.ts';
import { refused } from './refusal.ts';
import { createSignIn, type SignInOptions } from './sign-in.ts';

export interface ConnectionOptions extends Omit<SignInOptions, 'giveUp'> {
  /** Leads to the host already. */
  readonly socket: Duplex;
  /** Resolves when the host may be talked to; throws OpenFailed. A person may be asked meanwhile. */
  verifyHost(key: Buffer): Promise<void>;
  readonly clock: Pick<Clock, 'after'>;
  readonly signal: AbortSignal;
}

/** How a dead host is noticed: so many questions without an answer, so far apart. */
const keepAlive = { keepaliveInterval: 20_000, keepaliveCountMax: 3 };

/** Speaks SSH over a socket until somebody is signed in. Throws OpenFailed, and the socket is closed then. */
export function connectSsh(options: ConnectionOptions): Promise<Client> {
  const { socket, user, host, clock, signal } = options;
  const client = new ssh2.Client();
  const { promise, resolve, reject } = Promise.withResolvers<Client>();
  const watch = watchOver(clock, () => giveUp(silentFor(host)));
  const ask: Ask = async (question) => {
    watch.rest();
    return await options.ask(question).finally(() => watch.expect());
  };
  const signIn = createSignIn({ ...options, ask, giveUp: (error) => giveUp(error) });
  const onAbort = (): void => giveUp(refused('closed', 'It was closed while it opened.'));
  const over = (): void => {
    watch.end();
    signal.removeEventListener('abort', onAbort);
    signIn.forget();
  };
  let verified: Buffer | undefined;
  const verifyHost = async (key: Buffer): Promise<void> => {
    watch.rest();
    await options.verifyHost(key);
    // ssh2 reuses its buffers.
    verified = Buffer.from(key);
    watch.expect();
  };
  // The first reason counts; what follows from hanging up is no news.
  const giveUp = (error: unknown): void => {
    over();
    reject(error instanceof OpenFailed ? error : refused('unreachable', `${host} could not be signed in to.`));
    client.destroy();
    socket.destroy();
  };

  // Stays for good: an error nobody listens to would end the process.
  client.on('error', (error: Error & { level?: string }) =>
    giveUp(error.level === 'client-authentication' ? signIn.failure() : handshakeFailed(host, error)),
  );
  client.on('close', () => giveUp(refused('lost', `${host} closed the connection while it opened.`)));
  client.on('change password', () =>
    giveUp(refused('sign-in-failed', `${host} asks ${user} for a new password first. Set it in another way, such as the serial console.`)),
  );
  client.once('ready', () => {
    over();
    resolve(client);
  });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const config: ConnectConfig = {
    sock: socket,
    username: user,
    algorithms,
    ident: 'Stackwarden',
    // Ours watch instead, and stand still while a person is asked.
    readyTimeout: 0,
    ...keepAlive,
    // Only in this form: what an async verifier returns is truthy, whatever it resolves to.
    hostVerifier: (key: Buffer, verify: (isRight: boolean) => void) => {
      // Again with each change of keys, which is no time to ask anybody.
      if (verified) return verify(verified.equals(key));
      verifyHost(key).then(
        () => verify(true),
        (error: unknown) => {
          giveUp(error);
          verify(false);
        },
      );
    },
    authHandler: (offered: AuthenticationType[] | null, _isPartial: boolean, attempt: NextAuthHandler) => {
      watch.expect();
      // `false` says that there is nothing left; the types do not know of it.
      signIn.next(offered).then((method) => attempt(method as Parameters<NextAuthHandler>[0]), giveUp);
    },
  };
  try {
    watch.expect();
    client.connect(config);
  } catch {
    giveUp(refused('unreachable', `${host} could not be signed in to.`));
  }
  return promise;
}
