import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKubeconfig } from '#api/kubeconfig.ts';
import { createKubectl, type Run } from '#tests/parts/kubectl.ts';
import { type Stackwarden, startStackwarden } from '#tests/parts/stackwarden.ts';

const password = 'green tea at four';
const network = (name: string, cluster: string) =>
  JSON.stringify({
    apiVersion: 'openstack.stackwarden.io/v1alpha1',
    kind: 'Network',
    metadata: { name, namespace: 'shop' },
    spec: { clusterRef: { name: cluster } },
  });

describe('people at kubectl, each with a token of their own', () => {
  let process: Stackwarden;
  let ca: string;
  let agent: Agent;
  const ids: Record<string, string> = {};
  const kubectls: Record<string, ReturnType<typeof createKubectl>> = {};

  beforeAll(async () => {
    process = await startStackwarden({ args: ['--no-sandbox'] });
    ca = readFileSync(join(process.dataDir, 'tls/ca.crt'), 'utf8');
    agent = new Agent({ connect: { ca, timeout: 60_000 } });
    kubectls.root = createKubectl(process.kubeconfig);
    await settle('vera', { role: 'viewer' });
    await settle('adam', { role: 'admin', cluster: 'main', namespace: 'shop' });
    await settle('oona', { role: 'operator' });
    expect(await by('root', 'create', 'namespace', 'shop')).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await agent?.close();
    await process?.stop();
  });

  /** A person, and a kubeconfig with their token as they would make it. */
  async function settle(username: string, ...bindings: object[]): Promise<void> {
    const made = await process.post('/api/v1/users', { username, password, bindings });
    ids[username] = (JSON.parse(made.text) as { id: string }).id;
    const begun = await post('/api/v1/session', { username, password });
    const { csrf } = (await begun.body.json()) as { csrf: string };
    const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? '';
    const token = await post('/api/v1/me/tokens', { name: 'kubectl' }, { cookie, 'x-csrf-token': csrf });
    const kubeconfig = join(mkdtempSync(join(tmpdir(), 'stackwarden-person-')), 'kubeconfig');
    const secret = ((await token.body.json()) as { token: string }).token;
    writeKubeconfig(kubeconfig, { server: process.url, ca, user: username, token: secret });
    kubectls[username] = createKubectl(kubeconfig);
  }
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    request(process.url + path, {
      method: 'POST',
      dispatcher: agent,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  async function send(name: string, args: readonly string[], input?: string): Promise<Run> {
    const kubectl = kubectls[name];
    if (!kubectl) throw new Error(`no ${name}`);
    return kubectl(args, input === undefined ? {} : { input });
  }
  const by = (name: string, ...args: string[]) => send(name, args);
  const apply = (name: string, manifest: string, ...args: string[]) => send(name, ['apply', '-f', '-', ...args], manifest);

  it('are who they are', async () => {
    expect((await by('vera', 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).stdout).toBe('vera');
    expect((await by('root', 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).stdout).toBe('admin');
  });

  it('a viewer sees, and is refused everything else in words that say why', async () => {
    expect(await apply('root', network('front', 'main'))).toMatchObject({ code: 0 });
    expect((await by('vera', 'get', 'networks', '-A')).stdout).toContain('front');
    for (const args of [
      ['delete', 'network', 'front', '-n', 'shop'],
      ['label', 'network', 'front', '-n', 'shop', 'a=b'],
      ['get', 'secrets', '-A'],
      ['create', 'namespace', 'other'],
    ]) {
      const { code, stderr } = await by('vera', ...args);
      expect(code, args.join(' ')).toBe(1);
      expect(stderr).toMatch(/^Error from server \(Forbidden\): .*User "vera" cannot \w+ resource .*vera \(viewer\) may not/);
    }
    const { stderr } = await apply('vera', network('back', 'main'));
    expect(stderr).toContain('cannot create resource "networks" in API group "openstack.stackwarden.io" in the namespace "shop"');
    expect(await apply('vera', network('back', 'main'), '--dry-run=server')).toMatchObject({ code: 0 });
    expect((await by('root', 'get', 'network', '-n', 'shop', '-o', 'name')).stdout.trim().split('\n')).toHaveLength(1);
  });

  it('auth can-i answers what the request itself would be answered', async () => {
    const answers = async (name: string, ...question: string[]) =>
      (await by(name, 'auth', 'can-i', ...question)).stdout.trim().split(' ')[0];
    expect(await answers('vera', 'get', 'networks', '-n', 'shop')).toBe('yes');
    expect(await answers('vera', 'delete', 'networks', '-n', 'shop')).toBe('no');
    expect(await answers('vera', 'get', 'secrets', '-n', 'shop')).toBe('no');
    expect(await answers('oona', 'create', 'instances', '-n', 'shop')).toBe('yes');
    expect(await answers('oona', 'delete', 'instances', '-n', 'shop')).toBe('no');
    expect(await answers('adam', 'list', 'networks', '-A')).toBe('no');
    expect(await answers('adam', 'delete', 'networks/front', '-n', 'shop')).toBe('yes');
    expect(await answers('root', '*', '*', '-A')).toBe('yes');
    expect(await answers('vera', '*', '*', '-A')).toBe('no');
    const { stdout } = await by('vera', 'auth', 'can-i', '--list', '-n', 'shop');
    expect(stdout).toMatch(/^networks\.openstack\.stackwarden\.io\s+\[\]\s+\[\]\s+\[get list watch\]$/m);
    expect(stdout).not.toContain('secrets');
  });

  it('a role in one cluster and namespace works there, and not beside it', async () => {
    expect(await apply('adam', network('mine', 'main'))).toMatchObject({ code: 0 });
    expect(await by('adam', 'get', 'network', 'mine', '-n', 'shop')).toMatchObject({ code: 0 });
    expect((await apply('adam', network('theirs', 'other'))).stderr).toContain('Forbidden');
    expect((await apply('adam', network('mine', 'main').replaceAll('shop', 'default'))).stderr).toContain('Forbidden');
    expect((await by('adam', 'get', 'networks', '-A')).stderr).toContain('at the cluster scope');
    expect(await by('adam', 'delete', 'network', 'mine', '-n', 'shop', '--wait=false')).toMatchObject({ code: 0 });
  });

  it('what they did and were refused is on the record under their names', async () => {
    const { text } = await process.get('/api/v1/audit?actor=vera&type=Denied');
    expect(text).toContain('cannot delete resource');
    expect((await process.get('/api/v1/audit?actor=adam&type=Declared')).text).toContain('adam declared Network shop/mine');
  });

  it('who is disabled is nobody from then on', async () => {
    const { body } = await request(`${process.url}/api/v1/users/${ids.vera}`, {
      method: 'PATCH',
      dispatcher: agent,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${readFileSync(join(process.dataDir, 'admin-password'), 'utf8').trim()}`,
      },
      body: JSON.stringify({ state: 'disabled' }),
    });
    expect(await body.json()).toMatchObject({ state: 'disabled' });
    expect((await by('vera', 'get', 'networks', '-A')).stderr).toMatch(/Unauthorized|must be logged in/);
  });
});
