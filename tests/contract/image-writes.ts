import { expect, it } from 'vitest';
import type { Body, Reply } from './client.ts';
import { absent, type Contract, uuidPattern } from './world.ts';

const patchType = 'application/openstack-images-v2.1-json-patch';

/** Makes an image and sees to its deletion. */
export async function makeImage(contract: Contract, name: string, more: object = {}): Promise<Body> {
  const body = { name: contract.name(name), disk_format: 'raw', container_format: 'bare', ...more };
  const reply = await contract.demo.request('image', 'POST', '/images', { body });
  if (reply.status !== 201) throw new Error(`POST /images answered ${reply.status} ${JSON.stringify(reply.body)}`);
  contract.later(() => contract.demo.request('image', 'DELETE', `/images/${reply.body.id}`));
  return reply.body;
}

export function uploadTo(contract: Contract, id: string, data = 'x'.repeat(1024)): Promise<Reply> {
  return contract.demo.request('image', 'PUT', `/images/${id}/file`, {
    body: data,
    headers: { 'content-type': 'application/octet-stream' },
  });
}

/** What is made, filled, changed and deleted; errors are pages with these words. */
export function imageWritesContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    contract.demo.request('image', method, path, { headers, ...(body === undefined ? {} : { body }) });
  const patch = (id: string, ...steps: object[]) => request('PATCH', `/images/${id}`, steps, { 'content-type': patchType });
  const page = ({ status, body }: Reply) => [status, body] as const;
  const says = (text: string) => expect.stringContaining(text);
  const idsIn = async (query: string) => (await request('GET', `/images?limit=1000${query}`)).body.images.map((one: Body) => one.id);

  it('makes an image without data, with an id of our own and properties beside the fields', async () => {
    const id = crypto.randomUUID();
    const given = { id, min_disk: 1, min_ram: 64, visibility: 'private', tags: ['a'], os_type: 'linux', 'stackwarden.uid': 'u1' };
    const made = await makeImage(contract, 'made', given);
    expect(made).toMatchObject({ ...given, status: 'queued', size: null, checksum: null, os_hash_algo: null, protected: false });
    expect(made).toMatchObject({ os_hidden: false, owner: contract.demo.projectId, disk_format: 'raw', container_format: 'bare' });
    expect(await idsIn('')).toContain(id);
    const again = await request('POST', '/images', { id, name: 'again' });
    expect(page(again)).toEqual([409, says(`Image ID ${id} already exists!`)]);
    expect((await request('DELETE', `/images/${id}`)).status).toBe(204);
    expect(page(await request('GET', `/images/${id}`))).toEqual([404, says(`No image found with ID ${id}`)]);
    expect(page(await request('DELETE', `/images/${id}`))).toEqual([404, says(`Failed to find image ${id} to delete`)]);
    expect((await request('POST', '/images', { id, name: 'again' })).status).toBe(409);
  });

  it('is shared unless asked otherwise', async () => {
    expect(await makeImage(contract, 'plain')).toMatchObject({ visibility: 'shared', id: expect.stringMatching(uuidPattern), tags: [] });
  });

  it('fills an image once', async () => {
    const { id } = await makeImage(contract, 'filled');
    expect((await uploadTo(contract, id)).status).toBe(204);
    const { body } = await request('GET', `/images/${id}`);
    expect(body).toMatchObject({ status: 'active', size: 1024, checksum: '7265f4d211b56873a381d321f586e4a9', os_hash_algo: 'sha512' });
    expect(body.os_hash_value).toMatch(/^fa41ec783342d4c2/);
    expect(page(await uploadTo(contract, id))).toEqual([409, says('Image status transition from active to saving is not allowed')]);
    const bare = (await request('POST', '/images', { name: contract.name('bare') })).body;
    contract.later(() => request('DELETE', `/images/${bare.id}`));
    expect(page(await uploadTo(contract, bare.id))).toEqual([
      400,
      says('Properties disk_format, container_format must be set prior to saving data.'),
    ]);
    expect((await request('PUT', `/images/${id}/file`, {})).status).toBe(415);
    expect((await uploadTo(contract, absent)).status).toBe(404);
  });

  it('changes fields and properties, all of them or none', async () => {
    const { id } = await makeImage(contract, 'changed', { k: 'v' });
    await uploadTo(contract, id);
    const changed = await patch(
      id,
      { op: 'replace', path: '/name', value: contract.name('renamed') },
      { op: 'add', path: '/k', value: 'w' },
      { op: 'add', path: '/stackwarden.uid', value: 'u2' },
      { op: 'add', path: '/a~1b', value: 'slash' },
      { op: 'replace', path: '/tags', value: ['b'] },
      { op: 'replace', path: '/min_disk', value: 2 },
      { op: 'replace', path: '/visibility', value: 'community' },
    );
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ name: contract.name('renamed'), k: 'w', 'stackwarden.uid': 'u2', 'a/b': 'slash' });
    expect(changed.body).toMatchObject({ tags: ['b'], min_disk: 2, visibility: 'community' });
    const missing = await patch(id, { op: 'add', path: '/later', value: 'x' }, { op: 'remove', path: '/nonesuch' });
    expect(page(missing)).toEqual([409, says('Property nonesuch does not exist.')]);
    expect((await patch(id, { op: 'replace', path: '/nonesuch', value: 'x' })).status).toBe(409);
    expect((await patch(id, { op: 'remove', path: '/k' })).status).toBe(200);
    const { body } = await request('GET', `/images/${id}`);
    expect([body.later, body.k]).toEqual([undefined, undefined]);
  });

  it.each([
    [
      'another format once there is data',
      { op: 'replace', path: '/disk_format', value: 'qcow2' },
      403,
      'can be only replaced for a queued image',
    ],
    ['what Glance computes', { op: 'replace', path: '/size', value: 3 }, 403, 'is read-only.'],
    ['properties of Glance itself', { op: 'add', path: '/os_glance_x', value: 'x' }, 403, 'is reserved.'],
    [
      'public for a member',
      { op: 'replace', path: '/visibility', value: 'public' },
      403,
      'not authorized to complete publicize_image action',
    ],
    ['a property that is no text', { op: 'add', path: '/n', value: 3 }, 400, 'Provided object does not match schema'],
    ['less than nothing', { op: 'replace', path: '/min_ram', value: -3 }, 400, 'Cannot be a negative value'],
  ] as const)('refuses %s', async (_what, step, status, text) => {
    const { id } = await makeImage(contract, 'refused');
    await uploadTo(contract, id);
    expect(page(await patch(id, step))).toEqual([status, says(text)]);
  });

  it('refuses changes by who does not own it, or may only read', async () => {
    const step = { op: 'add', path: '/x', value: 'x' };
    expect(page(await patch(contract.imageId, step))).toEqual([403, says('not authorized to complete modify_image action')]);
    expect(page(await request('DELETE', `/images/${contract.imageId}`))).toEqual([
      403,
      says('not authorized to complete delete_image action'),
    ]);
    const reader = await contract.reader.request('image', 'POST', '/images', { body: { name: 'x' } });
    expect(page(reader)).toEqual([403, says('not authorized to complete add_image action')]);
    expect((await request('PATCH', `/images/${contract.imageId}`, [step])).status).toBeGreaterThanOrEqual(403);
  });

  it('shows hidden images in a list of their own only', async () => {
    const { id } = await makeImage(contract, 'hidden', { os_hidden: true });
    expect(await idsIn('')).not.toContain(id);
    expect(await idsIn(`&os_hidden=true&owner=${contract.demo.projectId}`)).toContain(id);
    expect((await request('GET', `/images/${id}`)).status).toBe(200);
  });

  it('keeps a protected image', async () => {
    const { id } = await makeImage(contract, 'protected', { protected: true });
    expect(page(await request('DELETE', `/images/${id}`))).toEqual([403, says(`Image ${id} is protected and cannot be deleted.`)]);
    await patch(id, { op: 'replace', path: '/protected', value: false });
    expect((await request('DELETE', `/images/${id}`)).status).toBe(204);
  });
}
