import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import type { Server } from '#examples/sandbox/store.ts';
import { condition, eventually, type Live, type Session, startSession } from '#tests/scenarios/session.ts';

describe('an instance in ERROR', () => {
  let sandbox: Sandbox;
  let session: Session;

  beforeAll(async () => {
    sandbox = await startSandbox();
    session = await startSession({ cloudsYaml: sandbox.cloudsYaml('sandbox'), cloud: 'sandbox', sweepSeconds: 1 });
  });
  afterAll(async () => {
    await session?.process.stop();
    await sandbox?.close();
  });

  it('is left to a person unless more is declared', async () => {
    await apply('left', undefined);
    const id = await ready('left');
    breakDown(id);
    const { status } = await until('left', 'Stalled', ({ reason }) => reason === 'ServerError');
    expect([status?.id, server(id).vmState]).toEqual([id, 'error']);
  });

  it('is rebuilt where that is declared, and stays the server it is', async () => {
    await apply('rebuilt', { action: 'Rebuild', cooldown: '1s' });
    const id = await ready('rebuilt');
    breakDown(id);
    await eventually(
      60,
      async () => (server(id).vmState === 'active' ? true : undefined),
      () => server(id).vmState,
    );
    expect(await ready('rebuilt')).toBe(id);
    expect(await session.audit(`type=Recovering&cloudId=${id}`)).not.toEqual([]);
  });

  it('is made anew where that is declared', async () => {
    await apply('remade', { action: 'Recreate', attempts: 1 });
    const id = await ready('remade');
    breakDown(id);
    const anew = await eventually(
      60,
      async () => {
        const live = await read('remade');
        return live.status?.id !== id && condition(live, 'Ready')?.status === 'True' ? live.status?.id : undefined;
      },
      async () => JSON.stringify((await read('remade')).status),
    );
    expect(server(anew).vmState).toBe('active');
    expect(sandbox.store.servers.get(id)?.vmState).toBe('deleted');
  });

  it('is given up after the attempts that are declared', async () => {
    await apply('hopeless', { action: 'Rebuild', attempts: 2, cooldown: '1s' });
    const id = await ready('hopeless');
    server(id).metadata = { ...server(id).metadata, osc_spawn_error: 'boom' };
    breakDown(id);
    const live = await until('hopeless', 'Stalled', ({ message }) => message.includes('carried out 2 times and did not help'));
    expect(condition(live, 'Stalled')?.message).toContain('Failed to deploy instance: boom');
    expect(rebuildsOf(id)).toBe(2);
  });

  function server(id: string | undefined): Server {
    const found = sandbox.store.servers.get(id ?? '');
    if (!found) throw new Error(`the cloud has no server ${id}`);
    return found;
  }

  function breakDown(id: string): void {
    Object.assign(server(id), { vmState: 'error', updatedAt: Date.now() });
  }

  function rebuildsOf(id: string): number {
    return sandbox.requests.entries.filter(({ method, path }) => method === 'POST' && path.endsWith(`/servers/${id}/action`)).length;
  }

  async function apply(name: string, onError: object | undefined): Promise<void> {
    const spec = {
      clusterRef: { name: 'main' },
      flavor: { name: 'm1.tiny' },
      image: { name: 'cirros' },
      networks: [],
      ...(onError && { onError }),
    };
    const manifest = { apiVersion: 'openstack.stackwarden.io/v1alpha1', kind: 'Instance', metadata: { name, namespace: 'default' }, spec };
    const { code, stderr } = await session.kubectlWith({ input: JSON.stringify(manifest) }, 'apply', '-f', '-');
    if (code !== 0) throw new Error(stderr);
  }

  async function read(name: string): Promise<Live> {
    return JSON.parse(await session.must('get', `instance/${name}`, '-o', 'json')) as Live;
  }

  async function ready(name: string): Promise<string> {
    const live = await until(name, 'Ready', ({ status }) => status === 'True');
    return live.status?.id ?? '';
  }

  async function until(
    name: string,
    type: string,
    fits: (found: { status: string; reason: string; message: string }) => boolean,
  ): Promise<Live> {
    return eventually(
      60,
      async () => {
        const live = await read(name);
        const found = condition(live, type);
        return found && fits(found) ? live : undefined;
      },
      async () => JSON.stringify((await read(name)).status),
    );
  }
});
