import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The oldest kubectl the suites are written for: --subresource, aggregated discovery, server-side validation. */
const oldest = [1, 30] as const;
const cache = resolve(import.meta.dirname, '../../node_modules/.cache/kubectl');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kubectl new enough: the one on PATH, else Debian trixie's, fetched by apt into a cache below node_modules (no root needed). */
export function findKubectl(): string {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, 'kubectl'));
  const cached = join(cache, 'usr/bin/kubectl');
  const found = [...onPath, cached].find((path) => existsSync(path) && isNewEnough(path));
  return found ?? fetchFromTrixie(cached);
}

function isNewEnough(path: string): boolean {
  const version = /v?(\d+)\.(\d+)/.exec(
    execFileSync(path, ['version', '--client'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

function fetchFromTrixie(target: string): string {
  try {
    const mirror = execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'], { encoding: 'utf8' }).split(
      '\n',
    )[0];
    mkdirSync(join(cache, 'lists/partial'), { recursive: true });
    mkdirSync(join(cache, 'archives/partial'), { recursive: true });
    writeFileSync(join(cache, 'sources.list'), `deb ${mirror} trixie main\n`);
    const options = [
      '-o',
      `Dir::Etc::sourcelist=${cache}/sources.list`,
      '-o',
      'Dir::Etc::sourceparts=-',
      '-o',
      `Dir::State::lists=${cache}/lists`,
      '-o',
      `Dir::Cache=${cache}`,
      '-o',
      'APT::Sandbox::User=root',
      // What is installed here, or held, is no matter.
      '-o',
      'Dir::State::status=/dev/null',
    ];
    execFileSync('apt-get', [...options, '-qq', 'update'], { stdio: ['ignore', 'ignore', 'pipe'] });
    execFileSync('apt-get', [...options, '-qq', 'download', 'kubectl'], { cwd: cache, stdio: ['ignore', 'ignore', 'pipe'] });
    execFileSync('sh', ['-c', 'dpkg -x kubectl_*.deb .'], { cwd: cache });
    if (!isNewEnough(target)) throw new Error(`${target} is too old`);
    return target;
  } catch (cause) {
    throw new Error('The tests need kubectl 1.30 or newer on PATH (Debian trixie: apt-get install kubectl)', { cause });
  }
}

/** kubectl against one kubeconfig; never throws for an exit status. */
export function createKubectl(kubeconfig: string, path = findKubectl()): (args: readonly string[], options?: RunOptions) => Promise<Run> {
  return (args, options = {}) => run(path, [`--kubeconfig=${kubeconfig}`, ...args], options);
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Record<string, string>;
  /** Default 3 min; the process is killed then. */
  readonly timeoutMs?: number;
}

export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs ?? 180_000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', fail);
    child.on('close', (code) => done({ code: code ?? -1, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
  });
}
