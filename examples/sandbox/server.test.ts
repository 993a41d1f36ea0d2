import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from './server.ts';

const started: Sandbox[] = [];
const clearing: (() => void)[] = [];
afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox.close();
  for (const clear of clearing.splice(0)) clear();
});

async function start(options?: Parameters<typeof startSandbox>[0]): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  started.push(sandbox);
  return sandbox;
}

async function logIn(sandbox: Sandbox, scope?: object): Promise<Response> {
  const identity = { methods: ['password'], password: { user: { name: 'demo', domain: { id: 'default' }, password: 'sandbox-secret' } } };
  return fetch(`${sandbox.url}/auth/tokens`, { method: 'POST', body: JSON.stringify({ auth: { identity, ...scope } }) });
}

async function list(sandbox: Sandbox, token: string): Promise<number> {
  return (await fetch(`${sandbox.origin}/network/v2.0/networks`, { headers: { 'x-auth-token': token } })).status;
}

describe('a sandbox', () => {
  it('stands next to others, each with its own port, region and people', async () => {
    const [north, south] = [await start({ region: 'north', seed: 1 }), await start({ region: 'south', seed: 2 })];
    expect(north.port).not.toBe(south.port);
    const token = (await logIn(north)).headers.get('x-subject-token') ?? '';
    expect([await list(north, token), await list(south, token)]).toEqual([200, 401]);
    expect(south.cloudsYaml('south')).toContain(`auth_url: ${south.url}`);
    expect(south.cloudsYaml('south')).toContain('region_name: south');
  });

  it('gives the same ids for the same seed', async () => {
    const [first, second, other] = [await start({ seed: 5 }), await start({ seed: 5 }), await start({ seed: 6 })];
    const ids = (sandbox: Sandbox) => [...sandbox.store.projects.keys(), ...sandbox.store.networks.keys()];
    expect(ids(second)).toEqual(ids(first));
    expect(ids(other)).not.toEqual(ids(first));
  });

  it('lets tokens run out by its clock', async () => {
    let now = Date.parse('2026-11-23T00:00:00Z');
    const sandbox = await start({ clock: { now: () => now, after: () => () => undefined }, durations: { tokenMs: 60_000 } });
    const reply = await logIn(sandbox);
    const token = reply.headers.get('x-subject-token') ?? '';
    const { token: body } = (await reply.json()) as { token: { expires_at: string } };
    expect(body.expires_at).toBe('2026-11-23T00:01:00.000000Z');
    expect(await list(sandbox, token)).toBe(200);
    now += 60_001;
    expect(await list(sandbox, token)).toBe(401);
  });

  it('forgets all tokens when told to', async () => {
    const sandbox = await start();
    const token = (await logIn(sandbox)).headers.get('x-subject-token') ?? '';
    sandbox.expireTokens();
    expect(await list(sandbox, token)).toBe(401);
  });

  it('adds latency to every answer', async () => {
    const sandbox = await start({ latencyMs: 60 });
    const startedAt = Date.now();
    await logIn(sandbox);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(58);
  });

  it('keeps the global request id it is sent', async () => {
    const sandbox = await start();
    const id = 'req-0b5cfdce-0000-4000-8000-000000000001';
    await fetch(sandbox.url, { headers: { 'x-openstack-request-id': id } });
    expect(sandbox.requests.entries.at(-1)).toMatchObject({ globalRequestId: id, requestId: expect.stringMatching(/^req-/) });
  });

  it('says when its port is taken', async () => {
    const sandbox = await start();
    await expect(startSandbox({ port: sandbox.port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('the sandbox as a process', () => {
  function run(...args: string[]) {
    const child = spawn(process.execPath, [resolve(import.meta.dirname, 'main.ts'), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    clearing.push(() => child.kill('SIGKILL'));
    const exited = new Promise<number | null>((done) => child.once('exit', done));
    const firstLine = new Promise<string>((done) => createInterface(child.stdout).once('line', done));
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    return { child, exited, firstLine, errors: () => errors };
  }

  function cloudsFile(): string {
    const dir = mkdtempSync(join(tmpdir(), 'sandbox-'));
    clearing.push(() => rmSync(dir, { recursive: true, force: true }));
    return join(dir, 'clouds.yaml');
  }

  it('prints its auth URL, writes clouds.yaml, and ends when its parent goes away', async () => {
    const file = cloudsFile();
    const { child, firstLine, exited } = run('--listen', '127.0.0.1:0', '--clouds', file);
    const url = /http:\/\/127\.0\.0\.1:\d+\/identity\/v3/.exec(await firstLine)?.[0] ?? '';
    expect((await fetch(url)).status).toBe(200);
    expect(readFileSync(file, 'utf8')).toContain(`auth_url: ${url}`);
    child.stdin.end();
    expect(await exited).toBe(0);
  });

  it('ends on SIGTERM', async () => {
    const { child, firstLine, exited } = run('--listen', '127.0.0.1:0');
    await firstLine;
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('leaves a clouds.yaml it did not write alone, and stays on loopback', async () => {
    const file = cloudsFile();
    writeFileSync(file, 'clouds: {mine: {}}\n');
    const refused = run('--clouds', file);
    expect(await refused.exited).toBe(1);
    expect(refused.errors()).toContain('was not written by the sandbox');
    expect(readFileSync(file, 'utf8')).toBe('clouds: {mine: {}}\n');
    const exposed = run('--listen', '0.0.0.0:0');
    expect(await exposed.exited).toBe(1);
    expect(exposed.errors()).toContain('loopback');
  });
});
