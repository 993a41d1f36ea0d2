import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The simulated cloud, in a process of its own: what it does to the machine and how it fails stays outside ours. */
export interface SandboxProcess {
  /** clouds.yaml with the entry `sandbox`. */
  readonly cloudsYaml: string;
  readonly authUrl: string;
  stop(): Promise<void>;
}

const startTimeoutMs = 120_000;

/** Starts the sandbox on a free loopback port and waits until it says where it listens. `onExit` hears of an end nobody asked for. */
export async function startSandboxProcess(cloudsFile: string, onExit: (code: number | null) => void): Promise<SandboxProcess> {
  const main = resolve(import.meta.dirname, '../examples/sandbox/main.ts');
  // stdin stays open as long as we live; the sandbox ends when it closes, so it cannot outlive even a SIGKILL of ours.
  const flags = ['--listen', '127.0.0.1:0', '--clouds', cloudsFile, '--diagnostics-for-members'];
  const child = spawn(process.execPath, [main, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
  let isStopping = false;
  child.on('exit', (code) => !isStopping && onExit(code));
  const authUrl = await readAuthUrl(child);
  return {
    authUrl,
    cloudsYaml: readFileSync(cloudsFile, 'utf8'),
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 3000);
      await ended;
      clearTimeout(force);
    },
  };
}

function readAuthUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the sandbox did not start within ${startTimeoutMs / 1000} s`));
    }, startTimeoutMs);
    child.once('exit', (code) => reject(new Error(`the sandbox ended at start (exit status ${code})`)));
    child.once('error', reject);
    if (!child.stdout) return reject(new Error('the sandbox has no output'));
    createInterface(child.stdout).on('line', (line) => {
      const url = /https?:\/\/\S+\/v3\b/.exec(line)?.[0];
      if (!url) return;
      clearTimeout(timer);
      resolveUrl(url);
    });
  });
}
