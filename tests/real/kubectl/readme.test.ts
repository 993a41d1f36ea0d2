import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#tests/parts/free-port.ts';
import { findKubectl, run } from '#tests/parts/kubectl.ts';
import { newDataDir } from '#tests/parts/stackwarden.ts';

const root = resolve(import.meta.dirname, '../../..');
const blocks = [...readFileSync(resolve(root, 'README.md'), 'utf8').matchAll(/```sh\n(.*?)```/gs)].map(([, body]) => (body ?? '').trim());

/** What a new user does: README's commands, from top to bottom, in a data directory of our own. */
describe('README', () => {
  const dataDir = newDataDir();
  const startedAt = Date.now();
  let started: ChildProcess;
  let output = '';
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    started = spawn('npm', ['start', '--', '--data', dataDir, '--listen', `127.0.0.1:${port}`], { cwd: root, detached: true });
    started.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    started.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  });
  afterAll(() => {
    // npm does not pass signals on everywhere; the group is ours alone.
    if (started.pid) process.kill(-started.pid, 'SIGTERM');
  });

  it('has exactly the commands that are run here and by the release run', () => {
    expect(blocks.map((block) => block.split('\n')[0])).toEqual([
      'npm ci && npm start',
      'kubectl --kubeconfig data/kubeconfig get openstack',
      'npm start -- --cloud NAME',
      'npm ci && npm test',
    ]);
  });

  it('has the quick start Ready within 60 s of npm start', async () => {
    while (!output.includes('Ctrl-C ends it') && Date.now() - startedAt < 60_000) await new Promise((done) => setTimeout(done, 200));
    expect(output).toContain('Ctrl-C ends it');
    expect(output).not.toContain('Not Ready');
    console.log(`npm start: quick start Ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  });

  it.each((blocks[1] ?? '').split('\n'))('%s', async (command) => {
    const here = command.replaceAll('data/', `${dataDir}/`).replaceAll('https://127.0.0.1:8443', `https://127.0.0.1:${port}`);
    const env = { PATH: `${dirname(findKubectl())}:${process.env.PATH ?? ''}` };
    const result = await run('bash', ['-c', `cd ${root} && ${here}`], { env, timeoutMs: 180_000 });
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(result.stdout + result.stderr).not.toMatch(/error|refused|"status":4/i);
  });
});
