import { expect, it } from 'vitest';
import { type Body, until } from './client.ts';
import { makeImage, uploadTo } from './image-writes.ts';
import { absent, type Contract, fault, make, remove, serverIs, uuidPattern } from './world.ts';

/** Images made of servers: what they inherit, and what comes along with them. */
export function serverImageContract(contract: Contract): void {
  const compute = (method: string, path: string, body?: unknown) =>
    contract.demo.request('compute', method, path, body === undefined ? {} : { body });
  const image = (id: string) => contract.demo.request('image', 'GET', `/images/${id}`);
  const act = (id: string, createImage: object) => compute('POST', `/servers/${id}/action`, { createImage });
  const made: Record<string, Body> = {};
  const snapshotOf = async (server: Body, name: string, metadata?: Record<string, string>): Promise<string> => {
    const reply = await act(server.id, { name: contract.name(name), ...(metadata && { metadata }) });
    expect(reply).toMatchObject({ status: 202, body: { image_id: expect.stringMatching(uuidPattern) } });
    const id = reply.body.image_id;
    contract.later(() => contract.demo.request('image', 'DELETE', `/images/${id}`));
    return id;
  };
  const filled = async (id: string) =>
    (
      await until(
        () => image(id),
        (reply) => reply.body.status === 'active',
      )
    ).body;

  it('boots a server from an image with properties of its own', async () => {
    made.base = await makeImage(contract, 'base', { 'stackwarden.uid': 'base', os_type: 'linux' });
    await uploadTo(contract, made.base.id);
    const body = { flavorRef: '1', networks: 'none' };
    made.server = await make(contract, 'compute', '/servers', 'server', {
      ...body,
      name: contract.name('imaged'),
      imageRef: made.base.id,
      metadata: { osc_spawn_delay: '1' },
    });
    const early = await act(made.server.id, { name: 'early' });
    expect(fault(early)).toEqual([
      409,
      'conflictingRequest',
      `Cannot 'createImage' instance ${made.server.id} while it is in vm_state building`,
    ]);
    const root = { boot_index: 0, source_type: 'image', destination_type: 'volume', uuid: made.base.id, volume_size: 1 };
    made.onVolume = await make(contract, 'compute', '/servers', 'server', {
      ...body,
      name: contract.name('imaged-volume'),
      imageRef: '',
      block_device_mapping_v2: [{ ...root, delete_on_termination: true }],
    });
    await serverIs(contract, made.server.id, 'ACTIVE');
    await serverIs(contract, made.onVolume.id, 'ACTIVE');
  });

  it('makes an image of it: named at once, filled later, with what we give it over what it inherits', async () => {
    const id = await snapshotOf(made.server, 'image', { 'stackwarden.uid': 'mine', k: 'v' });
    expect((await image(id)).body).toMatchObject({
      name: contract.name('image'),
      visibility: 'private',
      image_type: 'snapshot',
      instance_uuid: made.server.id,
      base_image_ref: made.base.id,
      'stackwarden.uid': 'mine',
      k: 'v',
      os_type: 'linux',
      min_disk: 1,
    });
    expect(await filled(id)).toMatchObject({ size: 1024, disk_format: 'raw', container_format: 'bare' });
    await serverIs(contract, made.server.id, 'ACTIVE');
  });

  it('hands down properties that look like a stamp', async () => {
    const id = await snapshotOf(made.server, 'heir');
    expect(await filled(id)).toMatchObject({ 'stackwarden.uid': 'base', instance_uuid: made.server.id });
    await serverIs(contract, made.server.id, 'ACTIVE');
  });

  it('makes an empty image of a server that boots from a volume, and a snapshot of the volume', async () => {
    const id = await snapshotOf(made.onVolume, 'image-of-volume', { 'stackwarden.uid': 'mine' });
    const shown = await filled(id);
    expect(shown).toMatchObject({ size: 0, 'stackwarden.uid': 'mine', base_image_ref: '', bdm_v2: 'True', os_type: 'linux' });
    expect(shown).not.toHaveProperty('instance_uuid');
    const [device] = JSON.parse(shown.block_device_mapping);
    expect(device).toMatchObject({ source_type: 'snapshot', destination_type: 'volume', boot_index: 0, volume_size: 1 });
    const path = `/snapshots/${device.snapshot_id}`;
    contract.later(() => remove(contract.demo, 'block-storage', path));
    const { body } = await contract.demo.request('block-storage', 'GET', path);
    expect(body.snapshot).toMatchObject({ name: `snapshot for ${contract.name('image-of-volume')}`, description: '', metadata: {} });
    // It stays when the image goes.
    expect((await contract.demo.request('image', 'DELETE', `/images/${id}`)).status).toBe(204);
    expect((await contract.demo.request('block-storage', 'GET', path)).status).toBe(200);
  });

  it.each([
    ['no name', {}, expect.stringContaining("'name' is a required property")],
    ['an empty name', { name: '' }, expect.stringContaining("'' is too short")],
    ['an unknown field', { name: 'x', foo: 1 }, expect.stringContaining("('foo' was unexpected)")],
  ])('refuses %s', async (_what, given, message) => {
    expect(fault(await act(made.server.id, given))).toEqual([400, 'badRequest', message]);
  });

  it('knows only servers that are there', async () => {
    expect(fault(await act(absent, { name: 'x' }))).toEqual([404, 'itemNotFound', `Instance ${absent} could not be found.`]);
  });
}
