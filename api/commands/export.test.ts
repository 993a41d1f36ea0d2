import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Export } from '#controller/export/export-manifests.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { clusterRoutes } from '../routes/clusters.ts';
import { ensureTls } from '../tls.ts';
import { runCommand } from './command.ts';
import { exportCommand } from './export.ts';

describe('npx stackwarden export', () => {
  let app: FastifyInstance;
  let dir: string;
  let answer: Export;
  let asked: unknown;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'stackwarden-export-'));
    const spec = { clusterRef: { name: 'main' }, managementPolicy: 'Observe', import: { id: 'v-1' }, name: 'yes: no', sizeGiB: 1 };
    const head = { apiVersion: 'openstack.stackwarden.io/v1alpha1', kind: 'Volume' };
    answer = {
      manifests: [
        { ...head, metadata: { name: 'a', namespace: 'shop' }, spec },
        { ...head, metadata: { name: 'b', namespace: 'shop' }, spec },
      ],
      leftOut: [{ kind: 'Subnet', id: 's-1', name: 'sub', reason: 'Its network is not there.' }],
      notes: ['Mind the gap.'],
    };
    const tls = await ensureTls(join(dir, 'tls'), '127.0.0.1');
    app = fastify({ https: { cert: tls.cert, key: tls.key } });
    const view = { undeclared: () => [], unseen: () => [], export: (request: unknown) => ((asked = request), answer) };
    await app.register(clusterRoutes, { clusters: () => ({ names: () => ['main'], of: () => view }) });
    const server = await app.listen({ host: '127.0.0.1', port: 0 });
    writeKubeconfig(join(dir, 'kubeconfig'), { server, ca: tls.ca, user: 'admin', token: 'sesame' });
  });
  afterEach(() => app.close());

  async function call(...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      env: { STACKWARDEN_DATA: dir },
      print: (text: string) => void out.push(text),
      warn: (line: string) => void err.push(line),
    };
    return { status: await runCommand([exportCommand], ['export', ...args], io), out: out.join(''), err: err.join('\n') };
  }

  it('prints one stream that kubectl takes, with what was left out at its top', async () => {
    const { status, out, err } = await call('--cluster', 'main', '--namespace', 'shop', '--select', 'kind=Volume', '--select', 'tag=prod');
    expect([status, err]).toEqual([0, '']);
    expect(asked).toEqual({ namespace: 'shop', select: ['kind=Volume', 'tag=prod'] });
    expect(out).toContain('# Left out: Subnet sub (s-1): Its network is not there.');
    const documents = parseAllDocuments(out).map((document) => document.toJS() as unknown);
    expect(documents.filter(Boolean)).toEqual(answer.manifests);
  });

  it('writes a file for each object, and says what was left out', async () => {
    const output = join(dir, 'deep/er');
    const { status, out, err } = await call('--cluster', 'main', '-o', output);
    expect([status, out]).toEqual([0, '']);
    expect(err).toBe(`2 manifests in ${output}.\nLeft out: Subnet sub (s-1): Its network is not there.\nNote: Mind the gap.`);
    expect(readdirSync(output)).toEqual(['volume-a.yaml', 'volume-b.yaml']);
    expect(parse(readFileSync(join(output, 'volume-a.yaml'), 'utf8'))).toEqual(answer.manifests[0]);
  });

  it('writes the same files twice, and nothing over what somebody worked on', async () => {
    const output = join(dir, 'out');
    await call('--cluster', 'main', '-o', output);
    expect((await call('--cluster', 'main', '-o', output)).status).toBe(0);
    writeFileSync(join(output, 'volume-b.yaml'), 'mine');
    const { status, err } = await call('--cluster', 'main', '-o', output);
    expect(status).toBe(1);
    expect(err).toContain(`hold something else: ${join(output, 'volume-b.yaml')}.`);
    expect(readFileSync(join(output, 'volume-b.yaml'), 'utf8')).toBe('mine');
  });

  it('says what is wrong with the Cluster, and with the directory', async () => {
    expect(await call('--cluster', 'mian')).toMatchObject({ status: 1, err: 'There is no Cluster mian; known are main.' });
    const { status, err } = await call('--cluster', 'main', '-o', join(dir, 'kubeconfig'));
    expect(status).toBe(1);
    expect(err).toContain(`could not be written to ${join(dir, 'kubeconfig')}`);
  });

  it.each([
    [[], 'Name the Cluster to export with --cluster NAME.'],
    [['--cluster', 'main', '--colour'], "Unknown option '--colour'"],
    [['--cluster', 'main', 'extra'], "Unexpected argument 'extra'"],
    [['--cluster'], "'--cluster <value>' argument missing"],
  ])('answers the flags %j with what is wrong, the usage and status 2', async (args, message) => {
    const { status, out, err } = await call(...args);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).toContain('Usage: npx stackwarden export');
  });
});
