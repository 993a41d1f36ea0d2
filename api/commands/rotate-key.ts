import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { UsageError } from '../settings.ts';
import { clientFlags, clientUsage, kubeconfigFile, requestJson } from './client.ts';
import { type Command, CommandError } from './command.ts';

const usage = `Usage: npx stackwarden rotate-key [flags]

Makes a new key for secrets and wraps everything under it, while all goes on; the old key is taken off at the end. One that
was cut off is gone on with. Keep the new key file with your backups: without it secrets cannot be read.

${clientUsage}  --help              this text

Exit status: 0 done, 1 an error, 2 wrong flags.
`;

interface Keys {
  readonly keys: readonly { readonly id: string; readonly current: boolean; readonly rows: number }[];
  readonly rows: number;
  readonly unreadable: number;
  readonly rotation?: { readonly state: 'running' | 'done' | 'failed'; readonly rewrapped: number; readonly problem?: string };
}

/** How often it looks how far it is. */
const everyMs = 500;

/** `npx stackwarden rotate-key`: asks a running Stackwarden for it, and waits for the end. */
export function rotateKeyCommand({ lookMs = everyMs }: { lookMs?: number } = {}): Command {
  return {
    word: 'rotate-key',
    summary: 'encrypts secrets under a new key',
    usage,
    async run(args, io) {
      const kubeconfig = kubeconfigFile(parse(args), io.env);
      let at = await requestJson<Keys>({ kubeconfig, method: 'POST', path: '/api/v1/keys/rotate' });
      while (at.rotation?.state === 'running') {
        const old = at.keys.filter(({ current }) => !current).reduce((sum, { rows }) => sum + rows, 0);
        io.warn(`${at.rotation.rewrapped} rows are under the new key, ${old} are left.`);
        await sleep(lookMs);
        at = await requestJson<Keys>({ kubeconfig, path: '/api/v1/keys' });
      }
      if (at.rotation?.state !== 'done')
        throw new CommandError(`The rotation was cut off: ${at.rotation?.problem ?? 'unknown'}. Run this again, and it goes on.`);
      const current = at.keys.find((key) => key.current)?.id ?? '';
      io.print(`Secrets are encrypted under ${current}: ${at.rotation.rewrapped} rows were wrapped anew.\n`);
      if (at.unreadable > 0) io.warn(`${at.unreadable} rows are under a key that is not here, and cannot be read.`);
      return 0;
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: clientFlags }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
