import { spawn } from 'node:child_process';
import { endChild } from '#tests/parts/child.ts';
import { type Shell, Shown, settle } from './shell.ts';

/** What the figures are held against: the same shell by OpenSSH's client, without Stackwarden. */
export async function openPlainShell({ user, port, keyFile }: { user: string; port: number; keyFile: string }): Promise<Shell> {
  const options = {
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    IdentitiesOnly: 'yes',
    // From 9.5 on it sends what is typed at fixed times, to hide how one types: that would be measured, not the way.
    IgnoreUnknown: 'ObscureKeystrokeTiming',
    ObscureKeystrokeTiming: 'no',
  };
  const asOptions = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const args = ['-tt', '-F', '/dev/null', ...asOptions, '-i', keyFile, '-p', String(port), `${user}@127.0.0.1`];
  const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, TERM: 'xterm-256color' } });
  const shown = new Shown();
  child.stdout.on('data', (bytes: Buffer) => shown.draw(bytes));
  child.on('error', (error) => shown.fail(error));
  child.on('exit', (code) => shown.fail(new Error(`ssh ended with status ${code}`)));
  // It says more by its status.
  child.stdin.on('error', () => undefined);
  const shell: Shell = {
    shown,
    type: (text) => void child.stdin.write(text),
    async close() {
      if (child.pid !== undefined) await endChild(child, 'SIGTERM');
    },
  };
  try {
    await settle(shell);
    return shell;
  } catch (error) {
    await shell.close();
    throw error;
  }
}
