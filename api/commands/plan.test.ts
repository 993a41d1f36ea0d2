import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { runCommand } from './command.ts';
import { planCommand } from './plan.ts';

const created = {
  verdict: 'changes',
  objects: [{ kind: 'Network', namespace: 'shop', name: 'front', cluster: 'main', action: 'create', changes: [], losesData: false }],
  gaps: [],
  declarations: [],
};

describe('stackwarden plan', () => {
  let dir: string;
  let server: Server;
  let seen: { path?: string | undefined; body: { manifests: { file: string; text: string }[]; namespace?: string; prune?: object } }[];
  let answer: { status: number; body: object };

  beforeEach(async () => {
    seen = [];
    answer = { status: 200, body: created };
    server = createServer((request, reply) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        seen.push({ path: request.url, body: JSON.parse(body) as (typeof seen)[number]['body'] });
        reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    dir = mkdtempSync(join(tmpdir(), 'stackwarden-plan-'));
    const { port } = server.address() as AddressInfo;
    const config = {
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
      users: [{ name: 'u', user: { token: 't' } }],
    };
    writeFileSync(join(dir, 'kubeconfig'), stringify(config));
    mkdirSync(join(dir, 'set/below'), { recursive: true });
    for (const name of ['set/b.yaml', 'set/a.yml', 'set/notes.txt', 'set/below/c.json']) writeFileSync(join(dir, name), name);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  async function run(args: readonly string[], options: { stdin?: string; isTerminal?: boolean; env?: Record<string, string> } = {}) {
    let out = '';
    let err = '';
    const command = planCommand({ stdin: Readable.from([options.stdin ?? '']), isTerminal: options.isTerminal ?? false });
    const io = {
      env: options.env ?? {},
      print: (text: string) => {
        out += text;
      },
      warn: (line: string) => {
        err += `${line}\n`;
      },
    };
    const status = await runCommand([command], ['plan', '--data', dir, ...args], io);
    return { status, out, err };
  }
  const files = () => seen[0]?.body.manifests.map(({ file }) => file.replace(`${dir}/`, ''));

  it('sends what kubectl would read of a folder, in the order of names', async () => {
    await run(['-f', join(dir, 'set')]);
    expect(files()).toEqual(['set/a.yml', 'set/b.yaml']);
    expect(seen).toMatchObject([
      { path: '/api/v1/plan', body: { namespace: 'shop', manifests: [{ text: 'set/a.yml' }, { text: 'set/b.yaml' }] } },
    ]);
  });

  it('sends folders within folders, several files, and standard input', async () => {
    await run(['-R', '-f', join(dir, 'set'), '-f', join(dir, 'set/notes.txt'), '-f', '-', '-n', 'else'], { stdin: 'kind: X' });
    expect(files()).toEqual(['set/a.yml', 'set/b.yaml', 'set/below/c.json', 'set/notes.txt', 'stdin']);
    expect(seen[0]?.body).toMatchObject({ namespace: 'else' });
    expect(seen[0]?.body.manifests.at(-1)?.text).toBe('kind: X');
  });

  it('asks for a prune as it was told', async () => {
    await run(['-f', join(dir, 'set'), '--prune', '-l', 'app=shop', '--prune-namespace', 'shop', '--allow-empty']);
    expect(seen[0]?.body.prune).toEqual({ selector: 'app=shop', namespace: 'shop', allowEmpty: true });
  });

  it.each([
    ['nothing', 0],
    ['changes', 2],
    ['incomplete', 1],
  ])('ends on %s with %i', async (verdict, status) => {
    answer.body = { ...created, verdict };
    expect(await run(['-f', join(dir, 'set')])).toMatchObject({ status, out: expect.stringContaining('Plan: ') });
  });

  it('prints JSON when asked', async () => {
    const { out } = await run(['-f', join(dir, 'set'), '-o', 'json']);
    expect(JSON.parse(out)).toEqual(created);
  });

  it('has colour on a terminal, and as it is told', async () => {
    const isColoured = async (...args: Parameters<typeof run>) =>
      (await run(['-f', join(dir, 'set'), ...args[0]], args[1])).out.includes('\u001b[');
    expect(await isColoured([])).toBe(false);
    expect(await isColoured([], { isTerminal: true })).toBe(true);
    expect(await isColoured([], { isTerminal: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await isColoured(['--color', 'always'])).toBe(true);
    expect(await isColoured(['--color', 'never'], { isTerminal: true })).toBe(false);
  });

  it('prints what is wrong with the manifests, and ends with 1', async () => {
    answer = { status: 400, body: { detail: 'a.yaml:3: Network default/front: spec.mtuu: There is no such field.\nb.yaml:1: kind: No.' } };
    const { status, err } = await run(['-f', join(dir, 'set')]);
    expect([status, err]).toEqual([1, 'a.yaml:3: Network default/front: spec.mtuu: There is no such field.\nb.yaml:1: kind: No.\n']);
  });

  it.each([
    [[], 'Name the manifests'],
    [['-f', 'x', '--prune'], '--prune needs'],
    [['-f', 'x', '-l', 'a=b'], 'go with --prune'],
    [['-f', 'x', '-o', 'xml'], '--output takes text, json, not "xml"'],
    [['-f', 'x', '--color', 'red'], '--color takes'],
    [['-f', 'x', '--colour'], '--colour'],
    [['-f', '/nowhere/at/all'], 'There is no file or folder /nowhere/at/all'],
  ])('ends %j with 1 and says what is wrong', async (args, message) => {
    expect(await run(args)).toMatchObject({ status: 1, err: expect.stringContaining(message) });
    expect(seen).toEqual([]);
  });

  it('does not take an empty folder for a plan of nothing', async () => {
    mkdirSync(join(dir, 'empty'));
    expect(await run(['-f', join(dir, 'empty')])).toMatchObject({ status: 1, err: expect.stringContaining('no YAML or JSON') });
  });

  it('explains its exit status', async () => {
    expect((await run(['--help'])).out).toMatch(/0 nothing to do; 2 there are changes; 1 an error/);
  });
});
