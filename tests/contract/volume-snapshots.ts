import { expect, it } from 'vitest';
import { type Body, until } from './client.ts';
import { absent, type Contract, fault, make, microsecondsPattern, remove, volumeIs } from './world.ts';

export function volumeSnapshotContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown) =>
    contract.demo.request('block-storage', method, path, body === undefined ? {} : { body });
  const made: Record<string, Body> = {};
  const at = () => `/snapshots/${made.snapshot.id}`;

  it('refuses a volume that is still being made', async () => {
    made.volume = await make(contract, 'block-storage', '/volumes', 'volume', {
      size: 1,
      name: contract.name('snapped'),
      metadata: { osc_delay: '1' },
    });
    const early = await request('POST', '/snapshots', { snapshot: { volume_id: made.volume.id } });
    expect(fault(early)).toEqual([400, 'badRequest', 'Invalid volume: volume is not assigned to a host']);
    await volumeIs(contract, made.volume.id, 'available');
  });

  it('takes a snapshot from creating to available, with metadata from the first moment', async () => {
    const metadata = { 'stackwarden.uid': 'u1', k: 'v' };
    const body = { volume_id: made.volume.id, name: contract.name('snapshot'), description: 'd', metadata };
    made.snapshot = await make(contract, 'block-storage', '/snapshots', 'snapshot', body);
    expect(made.snapshot).toMatchObject({ status: 'creating', size: 1, updated_at: null, metadata, description: 'd' });
    const shown = await until(
      () => request('GET', at()),
      (reply) => reply.body.snapshot.status === 'available',
    );
    expect(shown.body.snapshot).toEqual({
      id: made.snapshot.id,
      created_at: expect.stringMatching(microsecondsPattern),
      updated_at: expect.stringMatching(microsecondsPattern),
      name: contract.name('snapshot'),
      description: 'd',
      volume_id: made.volume.id,
      status: 'available',
      size: 1,
      metadata,
      group_snapshot_id: null,
      user_id: contract.demo.userId,
      consumes_quota: true,
      'os-extended-snapshot-attributes:project_id': contract.demo.projectId,
      'os-extended-snapshot-attributes:progress': '100%',
    });
  });

  it('changes name and description, and refuses nothing at all or anything else', async () => {
    const changed = await request('PUT', at(), { snapshot: { name: contract.name('renamed'), description: 'e' } });
    expect([changed.status, changed.body.snapshot]).toEqual([
      200,
      expect.objectContaining({ name: contract.name('renamed'), description: 'e' }),
    ]);
    expect(fault(await request('PUT', at(), { snapshot: {} }))).toEqual([400, 'badRequest', expect.stringContaining('is not valid under')]);
    expect(fault(await request('PUT', at(), { snapshot: { foo: 1 } }))).toEqual([
      400,
      'badRequest',
      expect.stringContaining("Additional properties are not allowed ('foo' was unexpected)"),
    ]);
  });

  it('adds, replaces and removes metadata', async () => {
    const metadata = (method: string, given?: object, key = '') =>
      request(method, `${at()}/metadata${key}`, given === undefined ? undefined : { metadata: given });
    expect((await metadata('POST', { k2: 'v2' })).body.metadata).toEqual({ 'stackwarden.uid': 'u1', k: 'v', k2: 'v2' });
    expect((await metadata('PUT', { k3: 'v3' })).body.metadata).toEqual({ k3: 'v3' });
    expect((await metadata('DELETE', undefined, '/k3')).status).toBe(200);
    expect(fault(await metadata('DELETE', undefined, '/k3'))).toEqual([
      404,
      'itemNotFound',
      `Snapshot ${made.snapshot.id} has no metadata with key k3.`,
    ]);
    expect((await metadata('GET')).body.metadata).toEqual({});
  });

  it('keeps its volume from being deleted, and goes when asked', async () => {
    expect(fault(await request('DELETE', `/volumes/${made.volume.id}`))).toEqual([
      400,
      'badRequest',
      expect.stringContaining('have snapshots'),
    ]);
    await remove(contract.demo, 'block-storage', at());
    expect(fault(await request('DELETE', at()))).toEqual([404, 'itemNotFound', `Snapshot ${made.snapshot.id} could not be found.`]);
    expect(fault(await request('POST', '/snapshots', { snapshot: { volume_id: absent } }))).toEqual([
      404,
      'itemNotFound',
      `Volume ${absent} could not be found.`,
    ]);
  });
}
