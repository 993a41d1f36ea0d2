import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { createKubectl, type Run, type RunOptions } from '#tests/parts/kubectl.ts';
import { type Stackwarden, type StartOptions, startStackwarden } from '#tests/parts/stackwarden.ts';
import type { Manifest } from './agreement.ts';
import type { World } from './world.ts';

export const shopDir = resolve(import.meta.dirname, '../../examples/shop');

/** The part of an object's status that scenarios look at. */
export interface Live {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string; readonly generation: number };
  readonly status?: {
    readonly id?: string;
    readonly drift?: readonly { path: string; declared: unknown; observed: unknown; since: string }[];
    readonly conditions?: readonly { type: string; status: string; reason: string; message: string }[];
  };
}

/** A running Stackwarden with one cloud connected, and kubectl on it. */
export interface Session {
  readonly process: Stackwarden;
  kubectl(...args: string[]): Promise<Run>;
  kubectlWith(options: RunOptions, ...args: string[]): Promise<Run>;
  /** Like kubectl, but throws what it printed when it fails. */
  must(...args: string[]): Promise<string>;
  /** All objects of the kinds Stackwarden knows in namespace default. */
  objects(): Promise<Live[]>;
  /** Writes sent to OpenStack so far by this process (GETs and sign-in left out). */
  writes(): Promise<number>;
  audit(query: string): Promise<AuditItem[]>;
}

export interface AuditItem {
  readonly type: string;
  readonly at: string;
  readonly actor: string;
  readonly object?: { readonly kind: string; readonly name: string };
  readonly changes: readonly { path: string; from: unknown; to: unknown }[];
  readonly result: string;
  readonly requestIds: readonly string[];
}

export async function startSession(
  world: Pick<World, 'cloudsYaml' | 'cloud' | 'sweepSeconds'>,
  options: StartOptions = {},
): Promise<Session> {
  const process = await startStackwarden({
    ...options,
    cloudsYaml: world.cloudsYaml,
    args: ['--cloud', world.cloud, ...(options.args ?? [])],
  });
  const session = attach(process);
  await session.must(
    'patch',
    'cluster',
    'main',
    '--type=merge',
    '-p',
    JSON.stringify({ spec: { sweepInterval: `${world.sweepSeconds}s` } }),
  );
  await session.must('wait', '--for=condition=Ready', '--timeout=180s', 'cluster/main');
  return session;
}

export function attach(process: Stackwarden): Session {
  const run = planned(createKubectl(process.kubeconfig));
  const must = async (...args: string[]) => {
    const result = await run(args, { timeoutMs: 400_000 });
    if (result.code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
    return result.stdout;
  };
  return {
    process,
    kubectl: (...args) => run(args, { timeoutMs: 400_000 }),
    kubectlWith: (runOptions, ...args) => run(args, runOptions),
    must,
    objects: async () => (JSON.parse(await must('get', 'openstack', '-o', 'json')) as { items: Live[] }).items,
    writes: () => process.metric('openstack_requests_total', { method: /^(POST|PUT|PATCH|DELETE)$/, service: /^(?!identity)/ }),
    async audit(query) {
      const { status, text } = await process.get(`/api/v1/audit?${query}`);
      if (status !== 200) throw new Error(`audit answered ${status}: ${text}`);
      return (JSON.parse(text) as { items: AuditItem[] }).items;
    },
  };
}

/** A dry run is answered without its plan when that takes too long, as on a busy machine; what it says is then asked for again. */
function planned(run: (args: readonly string[], options?: RunOptions) => Promise<Run>): typeof run {
  return async (args, options) => {
    for (let left = 20; ; left -= 1) {
      const result = await run(args, options);
      if (left === 0 || !result.stderr.includes('plan: none within')) return result;
    }
  };
}

export function readManifestsOf(dir: string): Manifest[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseAllDocuments(readFileSync(join(dir, name), 'utf8')).map((document) => document.toJS() as Manifest));
}

export function condition(object: Live, type: string) {
  return object.status?.conditions?.find((candidate) => candidate.type === type);
}

/** Looks every `everyMs` until `look` answers something; throws what `explain` says after `seconds`. */
export async function eventually<T>(
  seconds: number,
  look: () => Promise<T | undefined>,
  explain: () => string | Promise<string>,
  everyMs = 500,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${await explain()}`);
    await new Promise((done) => setTimeout(done, everyMs));
  }
}
