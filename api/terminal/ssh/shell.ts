import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { Files, Remote } from '../ports.ts';
import type { TerminalEnd } from '../protocol.ts';
import { refused } from './refusal.ts';
import { keepWindowSmall } from './window.ts';

/** Input that a program does not read: more is not kept. */
const mostInput = 4 * 1024 * 1024;
/** A host that sends beyond its window is not to fill our memory. */
const mostHeld = 8 * 1024 * 1024;

export interface ShellOptions {
  readonly client: Client;
  /** What the client speaks over. */
  readonly socket: Duplex;
  readonly size: { readonly cols: number; readonly rows: number };
  readonly label: string;
  readonly address: string;
  readonly files: () => Promise<Files>;
  /** Closes what was opened on the way, such as the bastion. */
  readonly onOver: () => void;
}

/** A shell on a terminal of its own, over a connection that is signed in. Throws OpenFailed. */
export async function openShell(options: ShellOptions): Promise<Remote> {
  const { client, size, label } = options;
  const opened = Promise.withResolvers<ClientChannel>();
  // UTF-8 whatever the host has set up; it takes the variable or not (AcceptEnv). C.UTF-8 is there on every Linux that has UTF-8.
  const pty = { term: 'xterm-256color', cols: size.cols, rows: size.rows, width: 0, height: 0 };
  client.shell(pty, { env: { LANG: 'C.UTF-8' } }, (error, channel) => (error ? opened.reject(error) : opened.resolve(channel)));
  const lost = once(client, 'close').then(() => Promise.reject(new Error('closed')));
  const channel = await Promise.race([opened.promise, lost]).catch(() => {
    client.end();
    throw refused(
      'sign-in-failed',
      `${label} signed in, but gives no terminal: its sshd forbids it (PermitTTY, ForceCommand), or it has too many.`,
    );
  });
  lost.catch(() => undefined);
  return remoteOf(channel, options);
}

function remoteOf(channel: ClientChannel, { client, socket, label, address, files, onOver }: ShellOptions): Remote {
  const taken = keepWindowSmall(channel);
  let end: TerminalEnd | undefined;
  let tell: ((end: TerminalEnd) => void) | undefined;
  let exit: TerminalEnd | undefined;
  let trouble: string | undefined;

  const over = (how: TerminalEnd): void => {
    if (end) return;
    end = how;
    client.end();
    onOver();
    tell?.(how);
  };
  const cut = (how: TerminalEnd): void => {
    over(how);
    channel.destroy();
    client.destroy();
  };
  client.on('error', (error: Error & { level?: string }) => (trouble ??= wordsFor(error)));
  // The channel is closed behind the last of its data, which may still wait to be read.
  channel.on('exit', (code: number | null, signal?: string) => (exit = exited(code, signal)));
  channel.on('close', () => over(exit ?? { reason: 'lost', detail: `${label} ${trouble ?? 'closed the connection'}.` }));
  channel.on('error', () => undefined);
  socket.on('data', () => {
    if (channel.readableLength > mostHeld)
      cut({ reason: 'lost', detail: `${label} sent more than it was allowed to, and was hung up on.` });
  });

  return {
    label,
    address,
    get unsent() {
      return channel.writableLength;
    },
    onData(call) {
      const take = (bytes: Buffer): void => {
        // Before the call: it may pause, and what was taken is taken.
        taken(bytes.length);
        if (!end) call(bytes);
      };
      channel.stderr.on('data', take);
      channel.on('data', take);
    },
    onEnd(call) {
      tell = call;
      if (end) call(end);
    },
    write(bytes) {
      if (end || !channel.writable) return;
      if (channel.writableLength > mostInput)
        cut({ reason: 'lost', detail: `${label} does not read what is typed: over 4 MiB wait. It was hung up on.` });
      else channel.write(bytes);
    },
    resize(cols, rows) {
      if (!end) channel.setWindow(rows, cols, 0, 0);
    },
    pause() {
      channel.pause();
      channel.stderr.pause();
    },
    resume() {
      channel.resume();
      channel.stderr.resume();
    },
    end: () => cut({ reason: 'closed', detail: 'It was closed.' }),
    files,
  };
}

function exited(code: number | null, signal?: string): TerminalEnd {
  if (code === null) return { reason: 'closed', detail: `The shell was ended by ${signal ?? 'a signal'}.` };
  return { reason: 'closed', detail: code === 0 ? 'The shell ended.' : `The shell ended with status ${code}.`, exitCode: code };
}

function wordsFor(error: Error & { level?: string; code?: unknown }): string {
  if (error.level === 'client-timeout') return 'has not answered for over a minute';
  if (error.level === 'client-socket') return `was lost${typeof error.code === 'string' ? ` (${error.code})` : ''}`;
  return 'ended the connection';
}
