import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '#controller/engine/testing/fake-clock.ts';
import type { Trial } from './dry-run-plan.ts';
import { createFileKeyProvider } from './encryption.ts';
import { kubeApi } from './kube-api.ts';
import { MemoryObjectStore } from './memory-object-store.ts';
import { widget } from './widget.fixture.ts';

const widgets = '/apis/demo.stackwarden.io/v1alpha1/namespaces/default/widgets';
const make = (sizeGiB: number) => ({
  apiVersion: 'demo.stackwarden.io/v1alpha1',
  kind: 'Widget',
  metadata: { name: 'a' },
  spec: { sizeGiB },
});

describe('a dry run', () => {
  let app: FastifyInstance;
  let clock: FakeClock;
  let trials: Trial[];
  let tell: (trial: Trial) => Promise<readonly string[]>;

  beforeEach(async () => {
    clock = new FakeClock();
    trials = [];
    tell = async () => ['plan: would create it', 'plan: DATA LOSS'];
    app = fastify();
    await app.register(kubeApi, {
      store: new MemoryObjectStore(),
      resources: [widget],
      authenticate: () => ({ user: 'ann', groups: [] }),
      keyProvider: createFileKeyProvider(join(mkdtempSync(join(tmpdir(), 'stackwarden-')), 'key')),
      clock,
      planOf(trial) {
        trials.push(trial);
        return tell(trial);
      },
    });
  });
  afterEach(() => app.close());

  async function send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object, headers: Record<string, string> = {}) {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const answer = await app.inject({
      method,
      url,
      headers: { ...(body && { 'content-type': type }), ...headers },
      ...(body && { payload: JSON.stringify(body) }),
    });
    return { code: answer.statusCode, warnings: answer.headers['warning'] };
  }

  it('of a create comes with its plan', async () => {
    const answer = await send('POST', `${widgets}?dryRun=All`, make(1));
    expect(answer).toEqual({ code: 201, warnings: ['299 - "plan: would create it"', '299 - "plan: DATA LOSS"'] });
    expect(trials).toMatchObject([{ isDeletion: false, object: { metadata: { name: 'a' }, spec: { sizeGiB: 1, mode: 'Fast' } } }]);
  });

  it('of a change or deletion comes with its plan', async () => {
    await send('POST', widgets, make(1));
    for (const answer of [
      await send('PATCH', `${widgets}/a?dryRun=All`, { spec: { sizeGiB: 2 } }),
      await send('PUT', `${widgets}/a?dryRun=All`, { ...make(3), metadata: { name: 'a', resourceVersion: await version() } }),
      await send('DELETE', `${widgets}/a?dryRun=All`),
    ])
      expect(answer).toMatchObject({ code: 200, warnings: expect.arrayContaining(['299 - "plan: would create it"']) });
    expect(trials.map(({ isDeletion, object }) => [isDeletion, (object['spec'] as { sizeGiB: number }).sizeGiB])).toEqual([
      [false, 2],
      [false, 3],
      [true, 1],
    ]);
    expect((await app.inject(`${widgets}/a`)).statusCode).toBe(200);
  });

  it('of a built-in kind, of a status, within a plan, and a write that is no dry run have none', async () => {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } };
    expect((await send('POST', '/api/v1/namespaces/default/configmaps?dryRun=All', map)).warnings).toBeUndefined();
    expect((await send('POST', `${widgets}?dryRun=All`, make(1), { 'stackwarden-plan': 'none' })).warnings).toBeUndefined();
    expect((await send('POST', widgets, make(1))).warnings).toBeUndefined();
    expect((await send('PATCH', `${widgets}/a/status?dryRun=All`, { status: {} })).warnings).toBeUndefined();
    expect((await send('PATCH', `${widgets}/a`, { spec: { sizeGiB: 2 } })).warnings).toBeUndefined();
    expect((await send('DELETE', `${widgets}/a`)).warnings).toBeUndefined();
    expect(trials).toEqual([]);
  });

  it('is answered when no plan can be made, and says so', async () => {
    tell = () => Promise.reject(new Error('hunter2'));
    const answer = await send('POST', `${widgets}?dryRun=All`, make(1));
    expect(answer).toEqual({ code: 201, warnings: ['299 - "plan: it could not be made; the log of the server says why"'] });
  });

  it('waits two seconds for its plan and no longer', async () => {
    tell = () => new Promise(() => undefined);
    let isAnswered = false;
    const sent = send('POST', `${widgets}?dryRun=All`, make(1)).finally(() => {
      isAnswered = true;
    });
    await expect.poll(() => trials.length).toBe(1);
    await clock.advance(1999);
    expect(isAnswered).toBe(false);
    await clock.advance(1);
    expect(await sent).toMatchObject({ code: 201, warnings: [expect.stringContaining('none within 2 s')] });
  });

  async function version(): Promise<string> {
    return (await app.inject(`${widgets}/a`)).json<{ metadata: { resourceVersion: string } }>().metadata.resourceVersion;
  }
});
