import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from '#tests/parts/action-bench.ts';

let bench: Bench;
let volumeId = '';
beforeAll(async () => {
  bench = await openBench();
  volumeId = await bench.made('volume.create', { name: 'data', sizeGiB: 1 });
});
afterAll(() => bench.close());

const stored = (id: string) => bench.sandbox.store.images.get(id);
const image = async (name: string) => (await bench.act('volume.uploadToImage', volumeId, { name }))?.resources?.[0]?.id ?? '';

describe('an image', () => {
  it('changes name, visibility, limits, properties and tags in one request', async () => {
    const id = await image('one');
    const input = {
      name: 'first',
      visibility: 'community',
      hidden: true,
      minDiskGiB: 2,
      minRamMiB: 64,
      properties: { os_type: 'linux', never: null },
      tags: ['web'],
    };
    expect(bench.effects('image.edit', id, input).changes.map(({ path, to }) => [path, to])).toEqual([
      ['spec.name', 'first'],
      ['spec.visibility', 'community'],
      ['spec.hidden', true],
      ['spec.minDiskGiB', 2],
      ['spec.minRamMiB', 64],
      ['spec.tags', ['web']],
      ['spec.properties.os_type', 'linux'],
    ]);
    await bench.act('image.edit', id, input);
    expect(stored(id)).toMatchObject({ name: 'first', visibility: 'community', minDisk: 2, minRam: 64, tags: ['web'] });
    expect(stored(id)?.properties).toMatchObject({ os_type: 'linux' });
    await bench.act('image.edit', id, { properties: { os_type: null } });
    expect(stored(id)?.properties).not.toHaveProperty('os_type');
    expect(bench.declares('image.edit', id, { protected: true, properties: { a: '1' } })).toEqual({
      protected: true,
      properties: { a: '1' },
    });
  });

  it('keeps to itself what the services and Stackwarden put there', async () => {
    const id = await image('two');
    for (const key of ['stackwarden.uid', 'os_hash_value', 'status', 'owner'])
      expect(bench.obstacle('image.edit', id, { properties: { [key]: 'x' } })).toMatchObject({ reason: 'Reserved', field: 'properties' });
  });

  it('is not deleted while it is protected, or somebody else owns it', async () => {
    const id = await image('three');
    await bench.act('image.edit', id, { protected: true });
    expect(bench.obstacle('image.delete', id)).toEqual({ reason: 'Protected', message: 'It is protected; set protected to false first.' });
    const [cirros] = bench.inventory.byName('image', 'cirros');
    for (const action of ['image.edit', 'image.delete'])
      expect(bench.obstacle(action, cirros?.id ?? '')).toMatchObject({ reason: 'NotOurs' });
    await bench.act('image.edit', id, { protected: false });
    await bench.act('image.delete', id);
    expect([stored(id), bench.inventory.get('image', id)]).toEqual([undefined, undefined]);
  });

  it('names the instances that can no longer be rebuilt', async () => {
    const id = await image('four');
    const server = { id: 's1', name: 'web-1', status: 'ACTIVE', image: { id }, metadata: {}, 'os-extended-volumes:volumes_attached': [] };
    bench.inventory.record('server', server as never, Date.now());
    const { takesAlong, loses } = bench.effects('image.delete', id);
    expect(takesAlong).toEqual([{ type: 'server', id: 's1', name: 'web-1', what: 'can no longer be rebuilt from it' }]);
    expect(loses).toMatch(/can never be made again/);
  });
});
