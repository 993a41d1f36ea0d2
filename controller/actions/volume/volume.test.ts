import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as servers from '#controller/openstack/compute/servers.ts';
import { type Bench, openBench, PowerCut } from '#tests/parts/action-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const stored = (id: string) => bench.sandbox.store.volumes.get(id);
const volume = (name: string, more: object = {}) => bench.made('volume.create', { name, sizeGiB: 1, ...more });

/** A running server that nobody declared. */
async function server(name: string): Promise<string> {
  const { id } = await servers.create(bench.client.compute, { name, flavorRef: '1', imageRef: imageId(), networks: 'none' });
  for (;;) {
    const seen = await bench.inventory.reread('server', id);
    if (seen?.status === 'ACTIVE') return id;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
const imageId = () => bench.inventory.byName('image', 'cirros')[0]?.id ?? '';

describe('making a volume', () => {
  it('waits until it is available, with all it was asked for', async () => {
    const id = await volume('data', { sizeGiB: 2, volumeType: 'fast', description: 'd', metadata: { tier: 'db' }, bootable: true });
    expect(stored(id)).toMatchObject({
      name: 'data',
      size: 2,
      description: 'd',
      metadata: { tier: 'db' },
      status: 'available',
      isBootable: true,
    });
    expect(bench.inventory.get('volume', id)).toMatchObject({ status: 'available', volume_type: 'fast', bootable: 'true' });
  });

  it('fills it from an image, and copies another', async () => {
    const filled = await volume('filled', { imageId: imageId() });
    expect(stored(filled)).toMatchObject({ isBootable: true, imageMetadata: { image_id: imageId() } });
    const copy = await bench.made('volume.create', { name: 'copy', volumeId: filled });
    expect(stored(copy)).toMatchObject({ sourceVolumeId: filled, size: 1 });
  });

  it('is told what is wrong before the cloud is asked', () => {
    const obstacle = (input: object) => bench.obstacle('volume.create', '', { name: 'x', ...input });
    expect(obstacle({})).toMatchObject({ reason: 'Missing', field: 'sizeGiB' });
    expect(obstacle({ sizeGiB: 1, imageId: 'nonesuch' })).toMatchObject({ reason: 'NotFound', field: 'imageId' });
    expect(obstacle({ sizeGiB: 1, volumeType: 'slow' })).toEqual({
      reason: 'NotFound',
      field: 'volumeType',
      message: 'There is no volume type slow; known are __DEFAULT__, fast, standard.',
    });
    expect(obstacle({ imageId: imageId(), snapshotId: 'x', sizeGiB: 1 })).toMatchObject({ reason: 'Contradiction', field: 'snapshotId' });
    expect(obstacle({ sizeGiB: 1, metadata: { 'stackwarden.uid': 'u' } })).toMatchObject({ reason: 'Reserved', field: 'metadata' });
  });

  it('makes one, though the process dies before it hears of it', async () => {
    const sent = new Map();
    const afterWrite = (name: string) => {
      if (name === 'Create') throw new PowerCut();
    };
    const input = { name: 'once', sizeGiB: 1 };
    await expect(bench.act('volume.create', '', input, { sent, afterWrite })).rejects.toThrow(PowerCut);
    const result = await bench.act('volume.create', '', input, { sent });
    const made = [...bench.sandbox.store.volumes.values()].filter(({ name }) => name === 'once');
    expect(made).toHaveLength(1);
    expect(result?.resources).toEqual([{ type: 'volume', id: made[0]?.id, name: 'once' }]);
  });

  it('fails with a volume that ends in error, and says what to do', async () => {
    await expect(volume('broken', { metadata: { osc_error: 'boom' } })).rejects.toThrow(/Volume broken ended in state error;.*delete it/);
  });
});

describe('changing a volume', () => {
  it('makes it larger, never smaller', async () => {
    const id = await volume('grows');
    expect(bench.effects('volume.extend', id, { sizeGiB: 3 }).changes).toEqual([{ path: 'spec.sizeGiB', from: 1, to: 3 }]);
    await bench.act('volume.extend', id, { sizeGiB: 3 });
    expect(stored(id)).toMatchObject({ size: 3, status: 'available' });
    expect(bench.inventory.get('volume', id)).toMatchObject({ size: 3 });
    expect(bench.obstacle('volume.extend', id, { sizeGiB: 3 })).toMatchObject({ reason: 'NotLarger', field: 'sizeGiB' });
    expect(bench.declares('volume.extend', id, { sizeGiB: 5 })).toEqual({ sizeGiB: 5 });
  });

  it('extends once over a power cut', async () => {
    const id = await volume('grows-once');
    const sent = new Map();
    const cut = () => {
      throw new PowerCut();
    };
    await expect(bench.act('volume.extend', id, { sizeGiB: 2 }, { sent, afterWrite: cut })).rejects.toThrow(PowerCut);
    await bench.act('volume.extend', id, { sizeGiB: 2 }, { sent });
    expect(stored(id)).toMatchObject({ size: 2, status: 'available' });
  });

  it('moves it to another type', async () => {
    const id = await volume('moves');
    expect(bench.obstacle('volume.retype', id, { volumeType: 'standard' })).toMatchObject({ reason: 'Same' });
    await bench.act('volume.retype', id, { volumeType: 'fast' });
    expect(bench.inventory.get('volume', id)).toMatchObject({ volume_type: 'fast', status: 'available' });
    await bench.act('volume.snapshot', id, { name: 'held' });
    expect(bench.obstacle('volume.retype', id, { volumeType: 'standard' })).toMatchObject({ reason: 'HasSnapshots' });
    const stays = bench.act('volume.retype', id, { volumeType: 'standard', migration: 'never' });
    await expect(stays).rejects.toThrow(/still of type fast;.*let the data move/);
    expect(bench.declares('volume.retype', id, { volumeType: 'standard' })).toEqual({ volumeType: 'standard' });
  });

  it('renames it, sets metadata and takes some away', async () => {
    const id = await volume('named', { metadata: { keep: '1', drop: '2' } });
    const input = { name: 'renamed', description: 'text', metadata: { tier: 'db', drop: null, never: null } };
    expect(bench.effects('volume.edit', id, input).changes.map(({ path, to }) => [path, to])).toEqual([
      ['spec.name', 'renamed'],
      ['spec.description', 'text'],
      ['spec.metadata.tier', 'db'],
      ['spec.metadata.drop', null],
    ]);
    await bench.act('volume.edit', id, input);
    expect(stored(id)).toMatchObject({ name: 'renamed', description: 'text', metadata: { keep: '1', tier: 'db' } });
    expect(stored(id)?.metadata).not.toHaveProperty('drop');
    expect(bench.inventory.get('volume', id)?.metadata).toEqual({ keep: '1', tier: 'db' });
  });

  it('declares metadata whole, so that what nobody declared yet is not lost', async () => {
    const id = await volume('declared', { metadata: { there: '1' } });
    expect(bench.declares('volume.edit', id, { metadata: { new: '2', there: null } })).toEqual({ metadata: { there: null, new: '2' } });
    expect(bench.declares('volume.edit', id, { name: 'n', metadata: { new: '2' } })).toEqual({
      name: 'n',
      metadata: { there: '1', new: '2' },
    });
  });

  it('says whether one may boot from it, or write to it', async () => {
    const id = await volume('flags');
    await bench.act('volume.setBootable', id, { bootable: true });
    await bench.act('volume.setReadOnly', id, { readOnly: true });
    expect(stored(id)).toMatchObject({ isBootable: true, isReadOnly: true });
    expect(bench.declares('volume.setReadOnly', id, { readOnly: false })).toEqual({ readOnly: false });
  });
});

describe('attaching a volume', () => {
  it('puts it on an instance, holds it there, and takes it off', async () => {
    const [id, serverId] = [await volume('disk'), await server('web-1')];
    expect(bench.obstacle('volume.detach', id)).toMatchObject({ reason: 'NotAttached' });
    expect(bench.effects('volume.attach', id, { serverId }).takesAlong).toEqual([
      { type: 'server', id: serverId, name: 'web-1', what: 'gets the volume as another disk' },
    ]);
    await bench.act('volume.attach', id, { serverId });
    expect(stored(id)).toMatchObject({ status: 'in-use', attachments: [{ serverId }] });
    expect(bench.inventory.get('volume', id)?.status).toBe('in-use');

    expect(bench.obstacle('volume.delete', id)).toEqual({ reason: 'InUse', message: 'It is attached to instance web-1; detach it first.' });
    expect(bench.obstacle('volume.setReadOnly', id)).toMatchObject({ reason: 'InUse' });
    expect(bench.obstacle('volume.attach', id, { serverId })).toMatchObject({ reason: 'InUse' });

    await bench.act('volume.detach', id);
    expect(stored(id)).toMatchObject({ status: 'available', attachments: [] });
    expect(bench.inventory.byParent('volume', serverId)).toEqual([]);
  });

  it('detaches once over a power cut', async () => {
    const [id, serverId] = [await volume('disk-2'), await server('web-2')];
    await bench.act('volume.attach', id, { serverId });
    const sent = new Map();
    const cut = () => {
      throw new PowerCut();
    };
    await expect(bench.act('volume.detach', id, {}, { sent, afterWrite: cut })).rejects.toThrow(PowerCut);
    await bench.act('volume.detach', id, {}, { sent });
    expect(stored(id)).toMatchObject({ status: 'available' });
  });

  it('leaves instances alone that are locked, declared or not there', async () => {
    const [id, serverId] = [await volume('free'), await server('web-3')];
    const reason = (more: object) => {
      const row = bench.inventory.get('server', serverId);
      if (row) bench.inventory.record('server', { ...row, ...more }, Date.now(), { ownWrite: true });
      return bench.obstacle('volume.attach', id, { serverId })?.reason;
    };
    expect(reason({ locked: true })).toBe('Locked');
    expect(reason({ locked: false, 'OS-EXT-STS:vm_state': 'building' })).toBe('WrongState');
    expect(reason({ metadata: { 'stackwarden.uid': 'u1' } })).toBe('Declared');
    expect(bench.obstacle('volume.attach', id, { serverId: 'nonesuch' })?.reason).toBe('NotFound');
  });
});

describe('what a volume holds', () => {
  it('becomes a snapshot, which holds on to the volume', async () => {
    const id = await volume('kept');
    const result = await bench.act('volume.snapshot', id, { name: 'monday', metadata: { by: 'hand' } });
    const [snapshot] = result?.resources ?? [];
    expect(bench.sandbox.store.snapshots.get(snapshot?.id ?? '')).toMatchObject({ name: 'monday', volumeId: id, status: 'available' });
    expect(bench.obstacle('volume.delete', id)).toEqual({
      reason: 'HasSnapshots',
      message: 'It has snapshots (monday); delete them first.',
    });
  });

  it('goes back to the newest snapshot only', async () => {
    const id = await volume('restored');
    expect(bench.obstacle('volume.restore', id)).toMatchObject({ reason: 'NoSnapshot' });
    const take = async (name: string) => (await bench.act('volume.snapshot', id, { name }))?.resources?.[0]?.id ?? '';
    const older = await take('older');
    const row = bench.sandbox.store.snapshots.get(older);
    bench.sandbox.store.snapshots.set(older, { ...row, createdAt: Date.now() - 3_600_000 } as never);
    await bench.inventory.reread('volume_snapshot', older);
    const newest = await take('newest');
    expect(bench.obstacle('volume.restore', id, { snapshotId: older })).toMatchObject({ reason: 'NotNewest', field: 'snapshotId' });
    expect(bench.obstacle('volume.restore', id, { snapshotId: 'nonesuch' })).toMatchObject({ reason: 'NotFound' });
    expect(bench.effects('volume.restore', id, { snapshotId: newest }).loses).toMatch(/since its snapshot newest of 20/);
    await bench.act('volume.restore', id, { snapshotId: newest });
    expect(stored(id)).toMatchObject({ status: 'available' });
    await bench.act('volume.extend', id, { sizeGiB: 2 });
    expect(bench.obstacle('volume.restore', id)).toMatchObject({ reason: 'SizeChanged' });
  });

  it('is not taken back twice over a power cut', async () => {
    const id = await volume('cut');
    const snapshotId = (await bench.act('volume.snapshot', id, { name: 's' }))?.resources?.[0]?.id ?? '';
    const sent = new Map();
    const cut = () => {
      throw new PowerCut();
    };
    await expect(bench.act('volume.restore', id, { snapshotId }, { sent, afterWrite: cut })).rejects.toThrow(PowerCut);
    await vi.waitFor(() => expect(stored(id)?.status).toBe('available'), 10_000);
    const reverts = () => bench.sandbox.requests.entries.filter(({ path }) => path.endsWith('/action')).length;
    const before = reverts();
    await expect(bench.act('volume.restore', id, { snapshotId }, { sent })).rejects.toThrow(/ask again if not/);
    expect(reverts()).toBe(before);
  });

  it('becomes an image', async () => {
    const id = await volume('uploaded');
    const imageId = (await bench.act('volume.uploadToImage', id, { name: 'golden' }))?.resources?.[0]?.id ?? '';
    expect(bench.sandbox.store.images.get(imageId)).toMatchObject({ name: 'golden', status: 'active', diskFormat: 'raw' });
    expect(bench.inventory.get('image', imageId)).toMatchObject({ status: 'active' });
  });

  it('is gone with the volume', async () => {
    const id = await volume('goes');
    expect(bench.effects('volume.delete', id).loses).toBe('The 1 GiB of the volume and all that is on them.');
    await bench.act('volume.delete', id);
    expect([stored(id), bench.inventory.get('volume', id)]).toEqual([undefined, undefined]);
  });
});

it('is never touched where it belongs to somebody else, or is on its way', async () => {
  const id = await volume('odd');
  const as = (status: string, owner?: string) => {
    const row = bench.inventory.get('volume', id);
    if (row)
      bench.inventory.record('volume', { ...row, status, ...(owner && { 'os-vol-tenant-attr:tenant_id': owner }) }, Date.now(), {
        ownWrite: true,
      });
    return ['volume.delete', 'volume.extend', 'volume.snapshot', 'volume.setBootable'].map((name) => bench.obstacle(name, id)?.reason);
  };
  expect(as('extending')).toEqual(['Busy', 'Busy', 'Busy', 'Busy']);
  expect(as('error')).toEqual([undefined, 'Failed', 'Failed', 'Failed']);
  expect(as('available', 'other')).toEqual(['NotOurs', 'NotOurs', 'NotOurs', 'NotOurs']);
});
