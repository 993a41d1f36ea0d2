import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '#tests/parts/action-bench.ts';

let bench: Bench;
let volumeId = '';
beforeAll(async () => {
  bench = await openBench();
  volumeId = await bench.made('volume.create', { name: 'data', sizeGiB: 1 });
});
afterAll(() => bench.close());

const stored = (id: string) => bench.sandbox.store.snapshots.get(id);
const take = async (name: string) =>
  (await bench.act('volume.snapshot', volumeId, { name, metadata: { a: '1' } }))?.resources?.[0]?.id ?? '';

describe('a volume snapshot', () => {
  it('is renamed, and its metadata changed', async () => {
    const id = await take('one');
    await bench.act('snapshot.edit', id, { name: 'first', metadata: { b: '2', a: null } });
    expect(stored(id)).toMatchObject({ name: 'first', metadata: { b: '2' } });
    expect(bench.inventory.get('volume_snapshot', id)).toMatchObject({ name: 'first', metadata: { b: '2' } });
    expect(bench.declares('snapshot.edit', id, { metadata: { c: '3' } })).toEqual({ metadata: { b: '2', c: '3' } });
    expect(bench.obstacle('snapshot.edit', id, { metadata: { 'stackwarden.uid': 'x' } })).toMatchObject({ reason: 'Reserved' });
  });

  it('becomes a new volume, of its size unless a larger one is asked for', async () => {
    const id = await take('two');
    expect(bench.obstacle('snapshot.createVolume', id, { name: 'x', volumeType: 'slow' })).toMatchObject({ reason: 'NotFound' });
    const result = await bench.act('snapshot.createVolume', id, { name: 'copy' });
    expect(bench.sandbox.store.volumes.get(result?.resources?.[0]?.id ?? '')).toMatchObject({ name: 'copy', size: 1, snapshotId: id });
    const larger = await bench.act('snapshot.createVolume', id, { name: 'larger', sizeGiB: 2 });
    expect(bench.sandbox.store.volumes.get(larger?.resources?.[0]?.id ?? '')).toMatchObject({ size: 2 });
  });

  it('is held by volumes that are being made from it', async () => {
    const id = await take('three');
    const coming = { ...bench.inventory.get('volume', volumeId), id: 'coming', name: 'coming', status: 'creating', snapshot_id: id };
    bench.inventory.record('volume', coming as never, Date.now());
    expect(bench.obstacle('snapshot.delete', id)).toEqual({
      reason: 'InUse',
      message: 'Volumes are being made from it (coming); wait until they are available.',
    });
    bench.inventory.forget('volume', 'coming');
    expect(bench.obstacle('snapshot.delete', id)).toBeUndefined();
  });

  it('is gone, and the volume stays', async () => {
    const id = await take('four');
    expect(bench.effects('snapshot.delete', id).loses).toMatch(/^What the volume held at 20/);
    await bench.act('snapshot.delete', id);
    expect([stored(id), bench.inventory.get('volume_snapshot', id)]).toEqual([undefined, undefined]);
    expect(bench.sandbox.store.volumes.get(volumeId)).toMatchObject({ status: 'available' });
  });
});
