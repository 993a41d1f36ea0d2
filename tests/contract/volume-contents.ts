import { expect, it } from 'vitest';
import { type Body, until } from './client.ts';
import { absent, type Contract, fault, make, volumeIs } from './world.ts';

/** What is in a volume goes back to a snapshot, and into an image. */
export function volumeContentsContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown, version?: string) =>
    contract.demo.request('block-storage', method, path, { ...(body !== undefined && { body }), ...(version && { version }) });
  const act = (body: object, version?: string) => request('POST', `/volumes/${made.volume.id}/action`, body, version);
  const made: Record<string, Body> = {};
  const snapshot = async (name: string): Promise<Body> => {
    const body = { volume_id: made.volume.id, name: contract.name(name) };
    const one = await make(contract, 'block-storage', '/snapshots', 'snapshot', body);
    await snapshotIs(one.id, 'available');
    return one;
  };
  const snapshotIs = (id: string, status: string) =>
    until(
      () => request('GET', `/snapshots/${id}`),
      (reply) => reply.body.snapshot.status === status,
    );

  it('goes back to its newest snapshot, and to no other', async () => {
    made.volume = await make(contract, 'block-storage', '/volumes', 'volume', { size: 1, name: contract.name('reverted') });
    const { id } = await volumeIs(contract, made.volume.id, 'available');
    expect(fault(await act({ revert: { snapshot_id: absent } }))).toEqual([400, 'badRequest', `Volume ${id} doesn't have any snapshots.`]);
    const older = await snapshot('older');
    // The newest is told by the second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    made.newest = await snapshot('newest');
    expect(fault(await act({ revert: { snapshot_id: older.id } }))).toEqual([
      400,
      'badRequest',
      `Specified snapshot ${older.id} is None or not the latest one of volume ${id}.`,
    ]);
    expect((await act({ revert: { snapshot_id: made.newest.id } }, '3.39')).status).toBe(404);
    expect((await act({ revert: { snapshot_id: made.newest.id } })).status).toBe(202);
    expect(await volumeIs(contract, id, 'available')).toMatchObject({ size: 1 });
    await snapshotIs(made.newest.id, 'available');
  });

  it('becomes an image, which is named in the answer, and is available again', async () => {
    const given = { image_name: contract.name('uploaded'), disk_format: 'raw', container_format: 'bare', visibility: 'private' };
    const reply = await act({ 'os-volume_upload_image': given });
    const uploaded = reply.body['os-volume_upload_image'];
    contract.later(() => contract.demo.request('image', 'DELETE', `/images/${uploaded.image_id}`));
    expect([reply.status, uploaded]).toEqual([202, expect.objectContaining({ ...given, id: made.volume.id, status: 'uploading' })]);
    const image = await until(
      () => contract.demo.request('image', 'GET', `/images/${uploaded.image_id}`),
      ({ body }) => body.status === 'active',
    );
    expect(image.body).toMatchObject({ name: given.image_name, visibility: 'private', disk_format: 'raw', container_format: 'bare' });
    expect(image.body.size).toBeGreaterThan(0);
    await volumeIs(contract, made.volume.id, 'available');
    expect(fault(await act({ 'os-volume_upload_image': { disk_format: 'raw' } }))[0]).toBe(400);
  });

  it('cannot go back once it has grown', async () => {
    const { id } = made.volume;
    expect((await act({ 'os-extend': { new_size: 2 } })).status).toBe(202);
    await until(
      () => request('GET', `/volumes/${id}`),
      ({ body }) => body.volume.size === 2 && body.volume.status === 'available',
    );
    expect(fault(await act({ revert: { snapshot_id: made.newest.id } }))).toEqual([
      400,
      'badRequest',
      `Can't revert volume ${id} to its latest snapshot ${made.newest.id}. The volume size must be equal to the snapshot size.`,
    ]);
  });

  it('moves to another type if it may, and else keeps its own', async () => {
    const { id } = await make(contract, 'block-storage', '/volumes', 'volume', { size: 1, name: contract.name('retyped') });
    const at = `/volumes/${id}`;
    await volumeIs(contract, id, 'available');
    const retype = (type: string, policy: string) =>
      request('POST', `${at}/action`, { 'os-retype': { new_type: type, migration_policy: policy } });
    expect((await retype('fast', 'never')).status).toBe(202);
    const kept = await until(
      () => request('GET', at),
      ({ body }) => body.volume.status === 'available',
    );
    expect(kept.body.volume).toMatchObject({ volume_type: 'standard' });
    expect((await retype('fast', 'on-demand')).status).toBe(202);
    const moved = await until(
      () => request('GET', at),
      ({ body }) => body.volume.status === 'available',
    );
    expect(moved.body.volume).toMatchObject({ volume_type: 'fast' });
    expect(fault(await retype('nonesuch', 'never'))[0]).toBe(404);
  });
}
