import { expect, it } from 'vitest';
import { absent, type Contract, secondsPattern } from './world.ts';

export function imageContract(contract: Contract): void {
  const get = (path: string) => contract.demo.request('image', 'GET', path);

  it('lists images with all their fields', async () => {
    const reply = await get('/images?name=cirros');
    expect([reply.status, reply.body.first, reply.body.schema]).toEqual([200, '/v2/images?name=cirros', '/v2/schemas/images']);
    expect(reply.body.images[0]).toMatchObject({
      name: 'cirros',
      status: 'active',
      visibility: 'public',
      disk_format: 'raw',
      container_format: 'bare',
      size: expect.any(Number),
      min_disk: expect.any(Number),
      min_ram: expect.any(Number),
      protected: false,
      os_hidden: false,
      owner: expect.any(String),
      checksum: expect.any(String),
      os_hash_algo: 'sha512',
      tags: expect.any(Array),
      created_at: expect.stringMatching(secondsPattern),
      updated_at: expect.stringMatching(secondsPattern),
      self: `/v2/images/${contract.imageId}`,
    });
  });

  it('offers a next page as a path whenever this one is full', async () => {
    const first = await get('/images?limit=1');
    expect(first.body.images).toHaveLength(1);
    expect(first.body.next).toBe(`/v2/images?limit=1&marker=${first.body.images[0].id}`);
    const last = await get('/images?limit=1000');
    expect(last.body.next).toBeUndefined();
  });

  it('filters by name and by time', async () => {
    expect((await get('/images?name=contract-nonesuch')).body).toEqual({
      images: [],
      first: '/v2/images?name=contract-nonesuch',
      schema: '/v2/schemas/images',
    });
    expect((await get('/images?updated_at=gt:2020-01-01T00:00:00Z')).body.images.length).toBeGreaterThan(0);
    expect((await get('/images?updated_at=gt:2099-01-01T00:00:00Z')).body.images).toEqual([]);
  });

  it('answers errors as HTML pages', async () => {
    const missing = await get(`/images/${absent}`);
    expect([missing.status, missing.body]).toEqual([404, expect.stringContaining(`No image found with ID ${absent}`)]);
    expect(missing.headers.get('content-type')).toContain('text/html');
    const marker = await get('/images?marker=nonesuch');
    expect([marker.status, marker.body]).toEqual([400, expect.stringContaining('No image found with ID nonesuch')]);
    expect((await get('/images?limit=-1')).status).toBe(400);
    const nobody = await contract.demo.request('image', 'GET', '/images', { token: '' });
    expect([nobody.status, nobody.body]).toEqual([401, expect.stringContaining('401 Unauthorized')]);
  });
}
