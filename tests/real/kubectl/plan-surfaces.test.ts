import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { run } from '#tests/parts/kubectl.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { type Session, startSession } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';

const program = resolve(import.meta.dirname, '../../../api/main.ts');
const apiVersion = 'openstack.stackwarden.io/v1alpha1';
const declare = (kind: string, name: string, spec: object = {}, cluster = 'main') => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default' },
  spec: { clusterRef: { name: cluster }, ...spec },
});

describe('a plan, as an operator meets it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackwarden-plan-'));
  let world: World;
  let session: Session;

  beforeAll(async () => {
    world = await sandboxWorld();
    session = await startSession(world);
    await session.must(
      'apply',
      '-f',
      write('there', declare('Volume', 'data', { sizeGiB: 2, metadata: { tier: 'gold' } }), declare('Network', 'front')),
    );
    await session.must('wait', '--for=condition=Ready', '--timeout=60s', 'volume/data', 'network/front');
  });
  afterAll(async () => {
    await session?.process.stop();
    await world?.close();
  });

  function write(name: string, ...objects: object[]): string {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'));
    return file;
  }
  const plan = (...args: string[]) =>
    run(process.execPath, [program, 'plan', '--data', session.process.dataDir, ...args], { timeoutMs: 120_000 });

  it('is what kubectl apply --dry-run=server warns of, and nothing is done', async () => {
    const writes = await session.writes();
    const file = write('dry', declare('Network', 'new'), declare('Volume', 'data', { sizeGiB: 3, metadata: { tier: 'gold' } }));
    const { code, stdout, stderr } = await session.kubectl('apply', '--dry-run=server', '-f', file);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('(server dry run)');
    expect(stderr).toContain('Warning: plan: would create Network default/new on main');
    expect(stderr).toMatch(/Warning: plan: would change Volume default\/data \(\S+\): spec\.sizeGiB: 2 -> 3/);
    expect(await session.writes()).toBe(writes);
  });

  it('is what kubectl diff warns of beside the difference', async () => {
    const file = write('diff', declare('Volume', 'data', { sizeGiB: 1, metadata: { tier: 'gold' } }));
    const { code, stdout, stderr } = await session.kubectl('diff', '-f', file);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\+\s+sizeGiB: 1$/m);
    expect(stderr).toMatch(/Warning: plan: Volume default\/data would stop: spec\.sizeGiB: 2 -> 1 \(forces replacement\)/);
  });

  it('is what kubectl delete --dry-run=server warns of, with the data that would be lost', async () => {
    const { code, stderr } = await session.kubectl('delete', '--dry-run=server', 'volume/data');
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/Warning: plan: would delete Volume default\/data \(\S+\) from main with its data/);
    expect((await session.kubectl('get', 'volume/data')).code).toBe(0);
  });

  it('no write that is meant waits for it or warns', async () => {
    const { stderr } = await session.kubectl('apply', '-f', write('same', declare('Network', 'front')));
    expect(stderr).toBe('');
  });

  it('names the cloud that cannot be looked at and plans the rest', async () => {
    const { code, stdout } = await plan('-f', write('gap', declare('Network', 'far', {}, 'nowhere'), declare('Network', 'near')));
    expect(code).toBe(1);
    expect(stdout).toContain('+ Network default/near  (main)');
    expect(stdout).toContain('? Network default/far  (nowhere)');
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^GAP: Cluster nowhere: /);
  });

  it('names a circle of references', async () => {
    const egg = declare('Volume', 'egg', { sizeGiB: 1, volumeRef: { name: 'hen' } });
    const hen = declare('Volume', 'hen', { sizeGiB: 1, volumeRef: { name: 'egg' } });
    const { code, stdout } = await plan('-f', write('circle', egg, hen));
    expect(code).toBe(1);
    expect(stdout).toMatch(/! Volume default\/egg.*blocked\n.*circle/);
  });

  it('shows a replacement with the field that forces it and the data that is lost', async () => {
    const smaller = declare('Volume', 'data', { sizeGiB: 1, metadata: { tier: 'gold' }, replacePolicy: 'Allow' });
    const { code, stdout } = await plan('-f', write('replace', smaller));
    expect(code).toBe(2);
    expect(stdout).toContain('± Volume default/data');
    expect(stdout).toContain('spec.sizeGiB: 2 -> 1  (forces replacement)');
    expect(stdout).toContain('DATA LOSS');
  });

  it('takes a field out of the spec that was taken out of the manifest', async () => {
    const { code, stdout } = await plan('-f', write('fewer', declare('Volume', 'data', { sizeGiB: 2 })), '-o', 'json');
    expect(code, stdout).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      objects: [{ name: 'data', action: 'none' }],
      declarations: [{ name: 'data', action: 'update', changes: [{ path: 'spec.metadata', from: { tier: 'gold' }, to: null }] }],
    });
  });

  it('names everything that is wrong, with file and line, and ends with 1', async () => {
    const file = write('wrong', declare('Network', 'a', { mtuu: 1 }), declare('Netwrok', 'b'), declare('Network', 'c', { mtu: 'x' }));
    const { code, stdout, stderr } = await plan('-f', file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${file}:1: Network default/a: spec.mtuu: There is no such field.`);
    expect(stderr).toMatch(/wrong\.yaml:\d+: kind: .*no kind Netwrok/);
    expect(stderr).toMatch(/wrong\.yaml:\d+: Network default\/c: spec\.mtu: /);
  });

  it('reads standard input, and prints text over HTTP too', async () => {
    const { code, stdout } = await run(process.execPath, [program, 'plan', '--data', session.process.dataDir, '-f', '-'], {
      input: stringify(declare('Network', 'front')),
      timeoutMs: 120_000,
    });
    expect([code, stdout]).toEqual([0, 'Plan: nothing to do; 1 as declared.\n']);
  });
});
