import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '#controller/engine/object.ts';
import { resourceDefinitions } from '#controller/kinds/definitions.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import type { Credentials } from '#tests/parts/browser.ts';
import { freePort } from '#tests/parts/free-port.ts';
import { type Stackwarden, startStackwarden } from '#tests/parts/stackwarden.ts';

const examples = resolve(import.meta.dirname, '../../../examples');
const api = '/apis/openstack.stackwarden.io/v1alpha1';
const pluralOf = new Map(resourceDefinitions().map(({ kind, plural }) => [kind, plural]));

/** Stackwarden as people run it, on a simulated cloud in this process. */
export interface BrowserWorld {
  readonly stackwarden: Stackwarden;
  readonly sandbox: Sandbox;
  /** The first person: user `admin`, super_admin. */
  readonly admin: Credentials;
  close(): Promise<void>;
}

/** `isEmpty`: no cloud is connected. `args`: more of them for Stackwarden. */
export async function startBrowserWorld({ isEmpty = false, args = [] as readonly string[] } = {}): Promise<BrowserWorld> {
  const sandbox = await startSandbox({ timeScale: 0.2, showsDiagnosticsToMembers: true });
  const stackwarden = isEmpty
    ? await startStackwarden({ args: ['--no-sandbox', ...args] })
    : await startStackwarden({ cloudsYaml: sandbox.cloudsYaml('own'), args: ['--cloud', 'own', ...args] });
  const password = readFileSync(join(stackwarden.dataDir, 'admin-password'), 'utf8').trim();
  return {
    stackwarden,
    sandbox,
    admin: { username: 'admin', password },
    async close() {
      await stackwarden.stop();
      await sandbox.close();
    },
  };
}

/**
 * Gives every page something to show: the quickstart and the shop, an instance that drifted and is only reported, one that nobody declared,
 * one in ERROR, and a second cloud that does not answer.
 */
export async function fill({ stackwarden, sandbox }: BrowserWorld): Promise<void> {
  await must(stackwarden.send('PATCH', `${api}/clusters/main`, { spec: { sweepInterval: '2s' } }, 'application/merge-patch+json'));
  for (const name of ['quickstart', 'shop']) await declare(stackwarden, readExample(name));
  const port = await freePort();
  const auth = {
    auth_url: `http://127.0.0.1:${port}/v3`,
    username: 'demo',
    password: 'x',
    project_name: 'demo',
    user_domain_id: 'default',
    project_domain_id: 'default',
  };
  await must(stackwarden.send('POST', '/api/v1/clusters', { name: 'dead', credentials: { entry: { auth, region_name: 'RegionOne' } } }));
  const { id } = await readyInstance(stackwarden, 'hello');
  const reported = { spec: { driftPolicy: 'Report' } };
  await must(stackwarden.send('PATCH', instance('hello'), reported, 'application/merge-patch+json'));
  await readyInstance(stackwarden, 'web-1');
  const server = sandbox.store.servers.get(id);
  if (!server) throw new Error('the sandbox does not hold the instance hello');
  Object.assign(server, { metadata: { ...server.metadata, purpose: 'changed behind the back' }, updatedAt: Date.now() });
  for (const [name, vmState] of [
    ['nobodys', 'active'],
    ['broken', 'error'],
  ] as const) {
    const copy = { ...structuredClone(server), id: crypto.randomUUID(), name, vmState, metadata: {}, interfaces: [], volumes: [] };
    sandbox.store.servers.set(copy.id, copy);
  }
  await until('hello to be seen as drifted', async () => (await status(stackwarden, 'hello')).drift?.length);
}

/** Declares the quickstart alone, for suites that need an instance and little else; resolves to the id of its instance once that is Ready. */
export async function fillWithHello({ stackwarden }: BrowserWorld): Promise<string> {
  await must(stackwarden.send('PATCH', `${api}/clusters/main`, { spec: { sweepInterval: '2s' } }, 'application/merge-patch+json'));
  await declare(stackwarden, readExample('quickstart'));
  return (await readyInstance(stackwarden, 'hello')).id;
}

/** Gives an instance an address on this machine, where a real sshd stands for it; Stackwarden MUST run with --terminal-local-targets. */
export async function makeLocal({ stackwarden, sandbox }: BrowserWorld, server: string): Promise<void> {
  const found = sandbox.store.servers.get(server);
  const port = [...sandbox.store.ports.values()].find(({ deviceId }) => deviceId === server);
  if (!found || !port?.fixedIps[0]) throw new Error('the sandbox does not hold the instance');
  Object.assign(port.fixedIps[0], { ipAddress: '127.0.0.1' });
  Object.assign(found, { updatedAt: Date.now() });
  await until('the address to be known', async () => {
    const { text } = await stackwarden.get(`/api/v1/terminal-targets/main/${server}`);
    return text.includes('127.0.0.1') || undefined;
  });
}

/** Creates objects by the Kubernetes API. */
export async function declare(stackwarden: Stackwarden, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const { name: _, namespace = 'default' } = object.metadata;
    await must(stackwarden.send('POST', `${api}/namespaces/${namespace}/${pluralOf.get(object.kind)}`, object));
  }
}

/** Roles that a walk of the pages is made in. */
export const people = {
  viewer: [{ role: 'viewer' }],
  operator: [{ role: 'operator' }],
  admin: [{ role: 'admin' }],
  'super-admin': [{ role: 'super_admin' }],
  limited: [{ role: 'operator', cluster: 'main', namespace: 'default' }],
  newcomer: [{ role: 'catalog-only' }],
} as const;

const password = 'green tea at four';

/** Makes everybody of `people`; all have the same password. */
export async function invite(stackwarden: Stackwarden): Promise<(name: keyof typeof people) => Credentials> {
  const role = { name: 'catalog-only', description: 'Sees what clouds offer', permissions: ['catalog.read'] };
  await must(stackwarden.send('POST', '/api/v1/roles', role));
  for (const [username, bindings] of Object.entries(people))
    await must(stackwarden.send('POST', '/api/v1/users', { username: `the-${username}`, password, bindings }));
  return (name) => ({ username: `the-${name}`, password });
}

function readExample(name: string): KubeObject[] {
  const files: Readonly<Record<string, readonly string[]>> = {
    quickstart: ['stack.yaml'],
    shop: ['10-networks.yaml', '20-security-groups.yaml', '30-key-and-volumes.yaml', '40-instances.yaml'],
  };
  return (files[name] ?? []).flatMap((file) =>
    parseAllDocuments(readFileSync(join(examples, name, file), 'utf8')).map((document) => document.toJS() as KubeObject),
  );
}

const instance = (name: string) => `${api}/namespaces/default/instances/${name}`;

interface Status {
  readonly id?: string;
  readonly drift?: readonly unknown[];
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

async function status(stackwarden: Stackwarden, name: string): Promise<Status> {
  const { text } = await stackwarden.get(instance(name));
  return (JSON.parse(text) as { status?: Status }).status ?? {};
}

async function readyInstance(stackwarden: Stackwarden, name: string): Promise<{ id: string }> {
  return until(`instance ${name} to be Ready`, async () => {
    const { id, conditions = [] } = await status(stackwarden, name);
    return id !== undefined && conditions.some((one) => one.type === 'Ready' && one.status === 'True') ? { id } : undefined;
  });
}

/** Looks again until there is something; throws after a minute and a half. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<NonNullable<T>> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** The answer, which MUST be a success. */
export async function must(answer: Promise<{ status: number; text: string }>): Promise<string> {
  const { status, text } = await answer;
  if (status >= 300) throw new Error(`answered ${status}: ${text}`);
  return text;
}
