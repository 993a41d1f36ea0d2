import { expect, it } from 'vitest';
import type { Body, RequestOptions } from './client.ts';
import { send } from './client.ts';
import { absent, type Contract, fault, make, microsecondsPattern, remove, uuidPattern, volumeIs } from './world.ts';

const notDeletable = expect.stringMatching(/^Invalid volume: Volume status must be available or error.*must not be migrating, attached/);

export function blockStorageContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown, options: RequestOptions = {}) =>
    contract.demo.request('block-storage', method, path, { ...options, ...(body === undefined ? {} : { body }) });
  const volume = (name: string, more: object = {}): Promise<Body> =>
    make(contract, 'block-storage', '/volumes', 'volume', { size: 1, name: contract.name(name), ...more });
  const available = async (name: string, more: object = {}): Promise<Body> =>
    volumeIs(contract, (await volume(name, more)).id, 'available');
  const action = (id: string, body: object, version?: string) =>
    request('POST', `/volumes/${id}/action`, body, version === undefined ? {} : { version });

  it('names its microversions at its root', async () => {
    const root = new URL(contract.demo.endpoint('block-storage')).href.replace(/\/v3\/.*$/, '/');
    const reply = await send('GET', root);
    expect(reply.status).toBe(300);
    expect(reply.body.versions[0]).toMatchObject({ id: 'v3.0', status: 'CURRENT', version: '3.71', min_version: '3.0' });
  });

  it('answers in the microversion asked for, and refuses others', async () => {
    const ask = (version: string) => request('GET', '/volumes?limit=1', undefined, { version });
    for (const [asked, got] of [
      ['3.0', 'volume 3.0'],
      ['3.71', 'volume 3.71'],
      ['latest', 'volume 3.71'],
    ] as const) {
      const reply = await ask(asked);
      expect([reply.status, reply.headers.get('openstack-api-version')]).toEqual([200, got]);
      expect(reply.headers.get('x-compute-request-id')).toBe(reply.headers.get('x-openstack-request-id'));
    }
    expect(fault(await ask('3.72'))).toEqual([
      406,
      'computeFault',
      'Version 3.72 is not supported by the API. Minimum is 3.0 and maximum is 3.71.',
    ]);
    expect(fault(await ask('abc'))).toEqual([
      400,
      'badRequest',
      'API Version String abc is of invalid format. Must be of format MajorNum.MinorNum.',
    ]);
    const others = await request('GET', '/volumes', undefined, { version: '', headers: { 'openstack-api-version': 'compute 2.1' } });
    expect([others.status, Object.keys(others.body)]).toEqual([400, ['badRequest']]);
  });

  it('lists the seeded types; `default` names the one taken when none is asked for', async () => {
    const { body } = await request('GET', '/types');
    expect(body.volume_types.map((type: Body) => type.name)).toEqual(expect.arrayContaining(['standard', 'fast']));
    expect(body.volume_types[0]).toMatchObject({ id: expect.stringMatching(uuidPattern), is_public: true, extra_specs: {} });
    expect((await request('GET', '/types/default')).body.volume_type.name).toBe('standard');
    expect(fault(await request('GET', '/types/nonesuch'))).toEqual([404, 'itemNotFound', 'Volume type nonesuch could not be found.']);
  });

  it('takes a volume from creating to available', async () => {
    const metadata = { 'stackwarden.uid': 'u1', k: 'v' };
    const made = await volume('v', { size: 2, description: 'd', metadata });
    expect(made).toMatchObject({ status: 'creating', updated_at: null, created_at: expect.stringMatching(microsecondsPattern) });
    expect(made).not.toHaveProperty('os-vol-tenant-attr:tenant_id');
    const shown = await volumeIs(contract, made.id, 'available');
    expect(shown).toEqual({
      id: made.id,
      status: 'available',
      size: 2,
      availability_zone: 'nova',
      created_at: expect.stringMatching(microsecondsPattern),
      updated_at: expect.stringMatching(microsecondsPattern),
      name: contract.name('v'),
      description: 'd',
      volume_type: 'standard',
      volume_type_id: expect.stringMatching(uuidPattern),
      snapshot_id: null,
      source_volid: null,
      metadata,
      links: [expect.objectContaining({ rel: 'self' }), expect.objectContaining({ rel: 'bookmark' })],
      user_id: contract.demo.userId,
      bootable: 'false',
      encrypted: false,
      replication_status: null,
      consistencygroup_id: null,
      multiattach: false,
      attachments: [],
      group_id: null,
      shared_targets: true,
      // Filled in a moment after the volume is available.
      service_uuid: shown.service_uuid === null ? null : expect.stringMatching(uuidPattern),
      consumes_quota: true,
      'os-vol-tenant-attr:tenant_id': contract.demo.projectId,
    });
    const old = (await request('GET', `/volumes/${made.id}`, undefined, { version: '3.0' })).body.volume;
    for (const field of ['group_id', 'shared_targets', 'service_uuid', 'volume_type_id', 'consumes_quota'])
      expect(old).not.toHaveProperty(field);
  });

  it.each([
    ['nothing', {}, [400, 'badRequest', "'volume' is a required property"]],
    ['no JSON', '{', [400, 'badRequest', 'Malformed request body']],
    ['no size', { volume: {} }, [400, 'badRequest', expect.any(String)]],
    [
      'size 0',
      { volume: { size: 0 } },
      [400, 'badRequest', 'Invalid input for field/attribute size. Value: 0. 0 is less than the minimum of 1'],
    ],
    [
      'a size in words',
      { volume: { size: 'abc' } },
      [400, 'badRequest', "Invalid input for field/attribute size. Value: abc. 'abc' does not match '^[0-9]+$'"],
    ],
    [
      'an unknown field',
      { volume: { size: 1, foo: 'x' } },
      [
        400,
        'badRequest',
        "Invalid input for field/attribute volume. Value: {'size': 1, 'foo': 'x'}. Additional properties are not allowed ('foo' was unexpected)",
      ],
    ],
    [
      'metadata that is no text',
      { volume: { size: 1, metadata: { a: 1 } } },
      [400, 'badRequest', "Invalid input for field/attribute a. Value: 1. 1 is not of type 'string'"],
    ],
    [
      'an unknown type',
      { volume: { size: 1, volume_type: 'nonesuch' } },
      [404, 'itemNotFound', 'Volume type with name nonesuch could not be found.'],
    ],
    [
      'an unknown image',
      { volume: { size: 1, imageRef: absent } },
      [400, 'badRequest', 'Invalid image identifier or unable to access requested image.'],
    ],
    ['an unknown snapshot', { volume: { size: 1, snapshot_id: absent } }, [404, 'itemNotFound', `Snapshot ${absent} could not be found.`]],
    [
      'an unknown volume as source',
      { volume: { size: 1, source_volid: absent } },
      [404, 'itemNotFound', `Volume ${absent} could not be found.`],
    ],
  ])('refuses a request with %s', async (_what, body, expected) => {
    expect(fault(await request('POST', '/volumes', body))).toEqual(expected);
  });

  it('extends a volume and never shrinks it', async () => {
    const { id } = await available('extend', { size: 2 });
    const grows = (size: unknown) => action(id, { 'os-extend': { new_size: size } });
    for (const size of [1, 2])
      expect(fault(await grows(size))).toEqual([
        400,
        'badRequest',
        `Invalid input received: New size for extend must be greater than current size. (current: 2, extended: ${size}).`,
      ]);
    expect(fault(await grows('x'))[2]).toBe("Invalid input for field/attribute new_size. Value: x. 'x' does not match '^[0-9]+$'");
    expect((await grows(3)).status).toBe(202);
    expect(await volumeIs(contract, id, 'available')).toMatchObject({ size: 3 });
    expect(fault(await action(id, { 'os-foo': {} }))).toEqual([
      400,
      'badRequest',
      'There is no such action: os-foo. Verify the request body and Content-Type header and try again.',
    ]);
  });

  it('changes name, description and metadata; an update replaces metadata whole', async () => {
    const { id } = await available('meta', { metadata: { a: '1' } });
    const changed = await request('PUT', `/volumes/${id}`, {
      volume: { name: contract.name('meta2'), description: 'dd', metadata: { z: '1' } },
    });
    expect([changed.status, changed.body.volume]).toEqual([
      200,
      expect.objectContaining({ name: contract.name('meta2'), description: 'dd', metadata: { z: '1' } }),
    ]);
    expect((await request('POST', `/volumes/${id}/metadata`, { metadata: { a: '1' } })).body).toEqual({ metadata: { a: '1', z: '1' } });
    expect((await request('PUT', `/volumes/${id}/metadata`, { metadata: { b: '2' } })).body).toEqual({ metadata: { b: '2' } });
    expect((await request('DELETE', `/volumes/${id}/metadata/b`)).status).toBe(200);
    expect(fault(await request('DELETE', `/volumes/${id}/metadata/b`))).toEqual([
      404,
      'itemNotFound',
      `Volume ${id} has no metadata with key b.`,
    ]);
    expect(fault(await request('PUT', `/volumes/${id}`, { volume: { size: 9 } }))[2]).toContain("('size' was unexpected)");
    expect((await action(id, { 'os-set_bootable': { bootable: true } })).status).toBe(200);
    expect((await action(id, { 'os-update_readonly_flag': { readonly: true } })).status).toBe(202);
    expect((await request('GET', `/volumes/${id}`)).body.volume).toMatchObject({ bootable: 'true', metadata: { readonly: 'True' } });
  });

  it('counts a new name as a change, metadata not', async () => {
    const { id, updated_at } = await available('changes');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const updated = async (): Promise<string> => (await request('GET', `/volumes/${id}`)).body.volume.updated_at;
    await request('PUT', `/volumes/${id}/metadata`, { metadata: { later: '1' } });
    expect(await updated()).toBe(updated_at);
    await request('PUT', `/volumes/${id}`, { volume: { name: contract.name('changed') } });
    expect(Date.parse(await updated())).toBeGreaterThan(Date.parse(updated_at));
  });

  it('makes volumes from an image, a snapshot and another volume', async () => {
    const fromImage = await available('image', { imageRef: contract.imageId, volume_type: 'fast' });
    expect(fromImage).toMatchObject({
      bootable: 'true',
      volume_type: 'fast',
      volume_image_metadata: { image_id: contract.imageId, image_name: 'cirros', disk_format: 'raw' },
    });
    const snapshot = await make(contract, 'block-storage', '/snapshots', 'snapshot', {
      volume_id: fromImage.id,
      name: contract.name('snapshot'),
    });
    expect(snapshot).toMatchObject({ status: 'creating', size: 1, volume_id: fromImage.id });
    await snapshotAvailable(snapshot.id);
    expect(fault(await request('DELETE', `/volumes/${fromImage.id}`))).toEqual([400, 'badRequest', notDeletable]);
    expect(await available('from-snapshot', { size: undefined, snapshot_id: snapshot.id })).toMatchObject({
      size: 1,
      snapshot_id: snapshot.id,
      bootable: 'true',
    });
    expect(await available('clone', { size: undefined, source_volid: fromImage.id })).toMatchObject({
      size: 1,
      source_volid: fromImage.id,
      bootable: 'true',
    });
    await remove(contract.demo, 'block-storage', `/snapshots/${snapshot.id}`);
    expect(fault(await request('GET', `/snapshots/${snapshot.id}`))).toEqual([
      404,
      'itemNotFound',
      `Snapshot ${snapshot.id} could not be found.`,
    ]);
  });

  async function snapshotAvailable(id: string): Promise<void> {
    for (let tries = 0; tries < 200; tries += 1) {
      const { body } = await request('GET', `/snapshots/${id}`);
      if (body.snapshot.status === 'available') return;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    throw new Error(`snapshot ${id} does not become available`);
  }

  it('filters by name, metadata and time of change, sorts and pages', async () => {
    const mark = contract.name('uid');
    const first = await available('list-1', { metadata: { 'stackwarden.uid': mark } });
    const second = await available('list-2');
    const ids = async (query: string, version?: string) =>
      (await request('GET', `/volumes/detail?${query}`, undefined, version === undefined ? {} : { version })).body.volumes?.map(
        (row: Body) => row.id,
      );
    expect(await ids(`name=${contract.name('list-1')}`)).toEqual([first.id]);
    expect(await ids(`metadata=${encodeURIComponent(`{'stackwarden.uid':'${mark}'}`)}`)).toEqual([first.id]);
    const since = first.updated_at.slice(0, 19);
    expect(await ids(`updated_at=gte:${since}`)).toEqual(expect.arrayContaining([first.id, second.id]));
    expect(await ids('updated_at=gt:2099-01-01T00:00:00')).toEqual([]);
    expect(fault(await request('GET', '/volumes/detail?updated_at=garbage'))).toEqual([400, 'badRequest', 'Invalid garbage operator']);
    const page = await request('GET', '/volumes/detail?limit=1&sort=created_at:asc');
    expect(page.body.volumes).toHaveLength(1);
    expect(page.body.volumes_links[0]).toMatchObject({ rel: 'next', href: expect.stringContaining(`marker=${page.body.volumes[0].id}`) });
    const brief = await request('GET', `/volumes?name=${contract.name('list-2')}`);
    expect(brief.body.volumes).toEqual([{ id: second.id, name: contract.name('list-2'), links: expect.any(Array) }]);
    expect(fault(await request('GET', '/volumes/detail?limit=-1'))).toEqual([400, 'badRequest', 'limit param must be positive']);
    expect(fault(await request('GET', `/volumes/detail?marker=${absent}`))).toEqual([
      404,
      'itemNotFound',
      `Volume ${absent} could not be found.`,
    ]);
  });

  it('shows a volume that could not be made as error, and deletes it', async () => {
    const { id } = await volume('broken', { metadata: { osc_error: 'boom' } });
    expect(await volumeIs(contract, id, 'error')).toMatchObject({ status: 'error' });
    expect(fault(await action(id, { 'os-extend': { new_size: 3 } }))).toEqual([
      400,
      'badRequest',
      `Invalid volume: Volume ${id} status must be '{'status': 'available'}' to extend, currently error.`,
    ]);
    await remove(contract.demo, 'block-storage', `/volumes/${id}`);
  });

  it('answers 404 for what is missing', async () => {
    expect(fault(await request('GET', '/volumes/nonesuch'))).toEqual([404, 'itemNotFound', 'Volume nonesuch could not be found.']);
    expect(fault(await request('DELETE', `/volumes/${absent}`))[0]).toBe(404);
    const page = await request('GET', '/nonesuch');
    expect([page.status, page.body]).toEqual([404, expect.stringContaining('404 Not Found')]);
  });
}
