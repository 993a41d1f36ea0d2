import type { Client, SFTPWrapper } from 'ssh2';
import type { Clock } from '#controller/engine/ports.ts';
import { FileRefused, type FileTrouble } from './file-refused.ts';
import { answerMs } from './patience.ts';

/** A channel for files that is open. */
export interface Sftp {
  readonly wrapper: SFTPWrapper;
  /** Sends one request. Rejects with FileRefused, also when the channel is closed before the answer. `what` is what it is about, for people. */
  ask<T = void>(what: string, send: (sftp: SFTPWrapper, done: (error: Error | null | undefined, value: T) => void) => void): Promise<T>;
}

/** The channel for files of a connection: opened when it is first asked for, and again when it was closed. */
export function sftpOf(client: Client, clock: Pick<Clock, 'after'>): () => Promise<Sftp> {
  let opening: Promise<Sftp> | undefined;
  return async () => {
    opening ??= open(client, clock, () => (opening = undefined));
    return await opening;
  };
}

const lost = () => new FileRefused('lost', 'The connection to the host was closed meanwhile. Try again.');

async function open(client: Client, clock: Pick<Clock, 'after'>, onClose: () => void): Promise<Sftp> {
  const opened = Promise.withResolvers<SFTPWrapper>();
  const noFiles = (): void =>
    opened.reject(
      new FileRefused(
        'no-files',
        'The host gives no files: its SSH server has no SFTP, or a login script prints text. Set up "Subsystem sftp" there.',
      ),
    );
  // What runs in its place may say nothing that is meant for us.
  const cancel = clock.after(answerMs, noFiles);
  try {
    client.sftp((error, sftp) => (error ? noFiles() : opened.resolve(sftp)));
  } catch {
    opened.reject(lost());
  }
  const wrapper = await opened.promise.finally(cancel).catch((error: unknown) => {
    onClose();
    throw error;
  });
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => undefined);
  const close = (): void => {
    onClose();
    closed.reject(lost());
  };
  wrapper.on('error', close);
  wrapper.on('close', close);
  wrapper.on('end', close);
  return {
    wrapper,
    ask: (what, send) => {
      const answered = Promise.withResolvers<unknown>();
      send(wrapper, (error, value) => (error ? answered.reject(wordsOf(what, error)) : answered.resolve(value)));
      // ssh2 forgets what is sent over a channel that is closed already.
      return Promise.race([answered.promise, closed.promise]) as Promise<never>;
    },
  };
}

const troubles: Readonly<Record<number, readonly [FileTrouble, string]>> = {
  2: ['not-found', 'is not there'],
  3: ['forbidden', 'is not allowed to the user who is signed in'],
  8: ['failed', 'is not something this host can do'],
};

function wordsOf(what: string, error: Error & { code?: unknown }): FileRefused {
  if (error instanceof FileRefused) return error;
  if (typeof error.code !== 'number') return lost();
  const [trouble, words] = troubles[error.code] ?? ['failed', `was refused by the host: ${error.message.slice(0, 200)}`];
  return new FileRefused(trouble, `${what} ${words}.`);
}
