import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { condition, eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';

const words = ['correct horse battery', 'staple of another colour'] as const;

/** The tests build on each other, in order. */
describe('user data from a Secret, as an operator meets it', () => {
  let sandbox: Sandbox;
  let session: Session;

  beforeAll(async () => {
    sandbox = await startSandbox();
    session = await startSession({ cloudsYaml: sandbox.cloudsYaml('sandbox'), cloud: 'sandbox', sweepSeconds: 2 });
  });
  afterAll(async () => {
    await session?.process.stop();
    await sandbox?.close();
  });

  const object = { apiVersion: 'openstack.stackwarden.io/v1alpha1', kind: 'Instance', metadata: { name: 'told', namespace: 'default' } };
  const spec = { clusterRef: { name: 'main' }, flavor: { name: 'm1.tiny' }, image: { name: 'cirros' }, networks: [] };
  const secret = (text: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'boot', namespace: 'default' },
    stringData: { script: text },
  });
  const apply = (body: object, ...flags: string[]) => session.kubectlWith({ input: JSON.stringify(body) }, 'apply', ...flags, '-f', '-');
  const live = async () => JSON.parse(await session.must('get', 'instance/told', '-o', 'json')) as Live;
  const until = (type: string, matches: RegExp) =>
    eventually(
      60,
      async () => (matches.test(`${condition(await live(), type)?.reason}: ${condition(await live(), type)?.message}`) ? true : undefined),
      async () => JSON.stringify((await live()).status),
    );
  const stored = () => [...sandbox.store.servers.values()].map(({ userData }) => Buffer.from(userData ?? '', 'base64').toString());

  it('excludes user data in the spec, and both fields are named', async () => {
    const { code, stderr } = await apply({
      ...object,
      spec: { ...spec, userData: 'x', userDataSecretRef: { name: 'boot', key: 'script' } },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('spec: Invalid value: "object": userData and userDataSecretRef exclude each other');
  });

  it('is waited for by name, and goes on when it comes', async () => {
    await apply({ ...object, spec: { ...spec, userDataSecretRef: { name: 'boot', key: 'script' } } });
    await until('Reconciling', /Waits for Secret default\/boot \(does not exist\)/);
    await apply(secret(words[0]));
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'instance/told');
    expect(stored()).toEqual([words[0]]);
  });

  it('stops for a person when it changes, and is rebuilt once that is allowed', async () => {
    await apply(secret(words[1]));
    await until('Stalled', /ReplacementRequired: .*spec\.userDataSecretRef/);
    const dry = await apply(
      { ...object, spec: { ...spec, userDataSecretRef: { name: 'boot', key: 'script' }, replacePolicy: 'Allow' } },
      '--dry-run=server',
    );
    expect(dry.stderr).toMatch(/plan: would rebuild Instance default\/told/);
    await session.must('patch', 'instance/told', '--type=merge', '-p', '{"spec":{"replacePolicy":"Allow"}}');
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'instance/told');
    expect(stored()).toEqual([words[1]]);
  });

  it('is shown nowhere', async () => {
    const told = await Promise.all([
      session.must('get', 'instance/told', '-o', 'json'),
      session.must('get', 'events', '-o', 'json'),
      session.must('get', '--raw', '/api/v1/audit?limit=500'),
      session.must('get', '--raw', '/api/v1/objects/Instance/default/told/revisions'),
    ]);
    const all = [...told, session.process.output()].join('\n');
    for (const text of words.flatMap((word) => [word, Buffer.from(word).toString('base64')])) expect(all).not.toContain(text);
  });
});
