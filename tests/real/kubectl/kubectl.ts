import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findKubectl } from '#tests/parts/kubectl.ts';

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The stock kubectl, talking to one server, with a home of its own. */
export class Kubectl {
  readonly folder = mkdtempSync(join(tmpdir(), 'stackwarden-kubectl-'));
  readonly #environment: NodeJS.ProcessEnv;

  constructor(url: string) {
    const kubeconfig = join(this.folder, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'test', cluster: { server: url } }],
      users: [{ name: 'admin', user: { token: 'unused' } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
      'current-context': 'test',
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    this.#environment = { PATH: `${dirname(findKubectl())}:${process.env['PATH'] ?? ''}`, HOME: this.folder, KUBECONFIG: kubeconfig };
  }

  /** Runs to the end, whatever the exit code. */
  run(args: readonly string[], { stdin, env }: { stdin?: string; env?: Record<string, string> } = {}): Promise<Output> {
    return new Promise((resolve) => {
      const child = execFile('kubectl', args, { env: { ...this.#environment, ...env }, timeout: 180_000 }, (error, stdout, stderr) => {
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, stdout, stderr });
      });
      child.stdin?.end(stdin ?? '');
    });
  }

  /** Runs and returns what was printed; throws what went wrong. */
  async ok(args: readonly string[], options?: { stdin?: string; env?: Record<string, string> }): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  /** Starts one that goes on until it is killed; `lines` grows. */
  follow(args: readonly string[]): { readonly lines: string[]; readonly child: ChildProcess } {
    const child = spawn('kubectl', args, { env: this.#environment });
    const lines: string[] = [];
    let rest = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    });
    return { lines, child };
  }

  /** A file in this one's folder. */
  file(name: string, content: string, mode = 0o600): string {
    const path = join(this.folder, name);
    writeFileSync(path, content, { mode });
    return path;
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}
