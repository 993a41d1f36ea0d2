import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Agent, request } from 'undici';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

/** `npm start` as a process of its own, as people run it, in a fresh data directory. */
export interface Stackwarden {
  readonly dataDir: string;
  readonly kubeconfig: string;
  readonly url: string;
  /** What its certificate is checked by, PEM; and the first admin's token. */
  readonly ca: string;
  readonly token: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Body of a GET with the first admin's token. */
  get(path: string): Promise<{ status: number; text: string }>;
  /** Answer to a POST with the first admin's token; text goes as YAML, anything else as JSON. */
  post(path: string, body: string | object): Promise<{ status: number; text: string }>;
  /** Answer to any request with the first admin's token; rejects when there is none. */
  send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    contentType?: string,
    /** Over those of the first admin. */
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; text: string }>;
  /** Sum of a counter over all label sets that match, from /metrics. */
  metric(name: string, labels?: Record<string, string | RegExp>): Promise<number>;
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the exit status. */
  stop(): Promise<number>;
}

export interface StartOptions {
  readonly dataDir?: string;
  readonly args?: readonly string[];
  /** Written as clouds.yaml into the data directory's parent and found through OS_CLIENT_CONFIG_FILE. */
  readonly cloudsYaml?: string;
  readonly env?: Record<string, string>;
  /** The port to listen on; a free one by default. Keep it over a restart so that a kubeconfig stays good. */
  readonly port?: number;
}

export function newDataDir(): string {
  return join(mkdtempSync(join(tmpdir(), 'stackwarden-')), 'data');
}

/** Starts and waits until the API answers /readyz, at most 4 minutes: on a busy machine the imports alone may take one. */
export async function startStackwarden(options: StartOptions = {}): Promise<Stackwarden> {
  const dataDir = options.dataDir ?? newDataDir();
  const cloudsFile = resolve(dataDir, '../clouds.yaml');
  if (options.cloudsYaml) writeFileSync(cloudsFile, options.cloudsYaml, { mode: 0o600 });
  const args = ['--data', dataDir, '--listen', `127.0.0.1:${options.port ?? 0}`, ...(options.args ?? [])];
  const env = { ...process.env, ...(options.cloudsYaml ? { OS_CLIENT_CONFIG_FILE: cloudsFile } : {}), ...options.env };
  const child = spawn(process.execPath, [join(root, 'api/main.ts'), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const isRead = new Promise<void>((done) => child.once('close', () => done()));
  const ended = new Promise<number>((done) => child.once('exit', (code, signal) => done(code ?? (signal === 'SIGKILL' ? 137 : 1))));
  const kubeconfig = join(dataDir, 'kubeconfig');
  const client = await waitUntilReady(child, kubeconfig, { output: () => output, isRead });
  const get = async (path: string) => {
    const reply = await request(client.url + path, { dispatcher: client.agent, headers: { authorization: `Bearer ${client.token}` } });
    return { status: reply.statusCode, text: await reply.body.text() };
  };
  const post = async (path: string, body: string | object) => {
    const isText = typeof body === 'string';
    const headers = { authorization: `Bearer ${client.token}`, 'content-type': isText ? 'application/yaml' : 'application/json' };
    const payload = isText ? body : JSON.stringify(body);
    const reply = await request(client.url + path, { method: 'POST', dispatcher: client.agent, headers, body: payload });
    return { status: reply.statusCode, text: await reply.body.text() };
  };
  const send: Stackwarden['send'] = async (method, path, body, contentType = 'application/json', more = {}) => {
    const headers = { authorization: `Bearer ${client.token}`, ...(body && { 'content-type': contentType }), ...more };
    const payload = body && { body: JSON.stringify(body) };
    const reply = await request(client.url + path, { method, dispatcher: client.agent, headers, ...payload });
    return { status: reply.statusCode, text: await reply.body.text() };
  };
  return {
    dataDir,
    kubeconfig,
    send,
    url: client.url,
    ca: client.ca,
    token: client.token,
    pid: child.pid ?? 0,
    output: () => output,
    get,
    post,
    metric: async (name, labels = {}) => sumMetric((await get('/metrics')).text, name, labels),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

interface Client {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  readonly agent: Agent;
}

/** What a process prints; `isRead` once nothing more can come, which is later than its exit. */
interface Printed {
  readonly output: () => string;
  readonly isRead: Promise<void>;
}

async function waitUntilReady(child: ChildProcess, kubeconfig: string, { output, isRead }: Printed): Promise<Client> {
  const startedAt = Date.now();
  for (;;) {
    if (child.exitCode !== null) {
      await isRead;
      throw new Error(`Stackwarden ended at start with status ${child.exitCode}:\n${output()}`);
    }
    if (Date.now() - startedAt > 240_000) throw new Error(`Stackwarden was not ready within 4 minutes:\n${output()}`);
    await new Promise((done) => setTimeout(done, 100));
    // A kubeconfig may be there from an earlier process: only what this one says counts.
    if (!output().includes('Stackwarden is up') || !existsSync(kubeconfig)) continue;
    const client = readClient(kubeconfig);
    const isReady = await request(`${client.url}/readyz`, { dispatcher: client.agent }).then(
      async (reply) => (await reply.body.text()) === 'ok',
      () => false,
    );
    if (isReady) return client;
    await client.agent.close();
  }
}

function readClient(kubeconfig: string): Client {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
    users: [{ user: { token: string } }];
  };
  const { server, 'certificate-authority-data': encoded } = config.clusters[0].cluster;
  const ca = Buffer.from(encoded, 'base64').toString();
  // Handshakes by the hundred are what a small machine is busy with longest.
  const agent = new Agent({ connections: 8, connect: { ca, timeout: 60_000 } });
  return { url: server, ca, token: config.users[0].user.token, agent };
}

function sumMetric(text: string, name: string, labels: Record<string, string | RegExp>): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    const match = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match?.[1] !== name) continue;
    const found = Object.fromEntries([...(match[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
    const fits = ([key, wanted]: [string, string | RegExp]) =>
      wanted instanceof RegExp ? wanted.test(found[key] ?? '') : found[key] === wanted;
    if (Object.entries(labels).every(fits)) sum += Number(match[3]);
  }
  return sum;
}
