import { beforeAll, expect, it } from 'vitest';
import type { Body, Reply } from './client.ts';
import { absent, type Contract, fault, make, remove, serverIs, serverUntil, volumeIs } from './world.ts';

/** Nova's rebuild, and an administrator's way into and out of ERROR; as in servers.ts the tests share one server. */
export function rebuildContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown, version?: string) =>
    contract.demo.request('compute', method, path, {
      ...(body === undefined ? {} : { body }),
      ...(version === undefined ? {} : { version }),
    });
  const boot = (name: string, more: object): Promise<Body> =>
    make(contract, 'compute', '/servers', 'server', { name: contract.name(name), flavorRef: '1', networks: 'none', ...more });

  let id = '';
  const at = () => `/servers/${id}`;
  const act = (body: object, version?: string): Promise<Reply> => request('POST', `${at()}/action`, body, version);
  const rebuild = (more: object = {}, version?: string) => act({ rebuild: { imageRef: contract.imageId, ...more } }, version);
  const breakIt = async () => {
    const reset = { body: { 'os-resetState': { state: 'error' } } };
    expect((await contract.admin.request('compute', 'POST', `${at()}/action`, reset)).status).toBe(202);
    return serverIs(contract, id, 'ERROR');
  };

  beforeAll(async () => {
    id = (await boot('rebuilt', { imageRef: contract.imageId, metadata: { a: '1', b: '2' }, tags: ['t'] })).id;
    await serverIs(contract, id, 'ACTIVE');
  });

  it('refuses what it does not understand, and what came later than the version asked for', async () => {
    const cases: [object, string | undefined, string][] = [
      [{ imageRef: absent }, undefined, 'Cannot find image for rebuild'],
      [{ imageRef: 'cirros' }, undefined, "Invalid input for field/attribute imageRef. Value: cirros. 'cirros' is not a 'uuid'"],
      [{ key_name: 'contract-nonesuch' }, undefined, 'Invalid key_name provided.'],
      [{ key_name: '' }, undefined, "Invalid input for field/attribute key_name. Value: . '' is not valid under any of the given schemas"],
    ];
    for (const [more, version, message] of cases) expect(fault(await rebuild(more, version))).toEqual([400, 'badRequest', message]);
    expect(fault(await act({ rebuild: {} }))[2]).toBe(
      "Invalid input for field/attribute rebuild. Value: {}. 'imageRef' is a required property",
    );
    expect(fault(await rebuild({ key_name: 'x' }, '2.53'))[2]).toContain("('key_name' was unexpected)");
    expect(fault(await rebuild({ user_data: 'eA==' }, '2.56'))[2]).toContain("('user_data' was unexpected)");
    const tooLong = fault(await rebuild({ user_data: 'a'.repeat(65_536) }));
    expect([tooLong[0], tooLong[2].slice(-48)]).toEqual([400, "' is not valid under any of the given schemas".padStart(48, 'a')]);
  });

  it('gives a server a new disk, key and user data at once, and its metadata whole; the rest stays', async () => {
    const key = await make(contract, 'compute', '/os-keypairs', 'keypair', {
      name: contract.name('rebuild'),
      public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKciuCc+xZkrsIKtrwLecaLA0+tFxKM3Ut6ZJMU3mfVC c',
      type: 'ssh',
    });
    const before = (await request('GET', at())).body.server;
    const reply = await rebuild({ key_name: key.name, user_data: 'eA==', metadata: { c: '3' } });
    expect(reply.status).toBe(202);
    expect(reply.headers.get('location')).toMatch(new RegExp(`/servers/${id}$`));
    expect(reply.body.server).toMatchObject({
      id,
      status: 'REBUILD',
      'OS-EXT-STS:vm_state': 'active',
      'OS-EXT-STS:task_state': 'rebuilding',
      metadata: { c: '3' },
      key_name: key.name,
      user_data: 'eA==',
      adminPass: expect.any(String),
      image: expect.objectContaining({ id: contract.imageId }),
      progress: 0,
    });
    const again = fault(await rebuild());
    expect([again[0], again[2]]).toEqual([409, expect.stringMatching(/^Cannot 'rebuild' instance .* while it is in task_state rebuil/)]);
    const after = await serverIs(contract, id, 'ACTIVE');
    expect(after).toMatchObject({ name: before.name, tags: ['t'], metadata: { c: '3' }, key_name: key.name, created: before.created });
    const kept = await rebuild();
    expect(kept.body.server).toMatchObject({ key_name: key.name, user_data: 'eA==', metadata: { c: '3' } });
    await serverIs(contract, id, 'ACTIVE');
    expect((await rebuild({ key_name: null, user_data: null })).body.server).toMatchObject({ key_name: null, user_data: null });
    await serverIs(contract, id, 'ACTIVE');
  });

  it('starts a stopped server and stops it again', async () => {
    await act({ 'os-stop': null });
    await serverIs(contract, id, 'SHUTOFF');
    expect((await rebuild()).body.server).toMatchObject({ status: 'REBUILD', 'OS-EXT-STS:vm_state': 'stopped' });
    expect(await serverIs(contract, id, 'SHUTOFF')).toMatchObject({ 'OS-EXT-STS:power_state': 4 });
    await act({ 'os-start': null });
    await serverIs(contract, id, 'ACTIVE');
  });

  it('is refused while paused or locked', async () => {
    await act({ pause: null });
    await serverIs(contract, id, 'PAUSED');
    const paused = `Cannot 'rebuild' instance ${id} while it is in vm_state paused`;
    expect(fault(await rebuild())).toEqual([409, 'conflictingRequest', paused]);
    await act({ unpause: null });
    await serverIs(contract, id, 'ACTIVE');
    await act({ lock: null });
    expect(fault(await rebuild())).toEqual([409, 'conflictingRequest', `Instance ${id} is locked`]);
    await act({ unlock: null });
  });

  it('leads out of ERROR, where metadata cannot be changed; only an administrator sets that state', async () => {
    expect(fault(await act({ 'os-resetState': { state: 'error' } }))).toEqual([
      403,
      'forbidden',
      "Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be performed.",
    ]);
    await breakIt();
    expect(fault(await request('POST', `${at()}/metadata`, { metadata: { z: '1' } }))[2]).toBe(
      `Cannot 'update metadata' instance ${id} while it is in vm_state error`,
    );
    expect((await rebuild()).body.server).toMatchObject({ status: 'REBUILD', 'OS-EXT-STS:vm_state': 'error' });
    await serverIs(contract, id, 'ACTIVE');
  });

  it('may fail, and be tried again', async () => {
    await rebuild({ metadata: { osc_spawn_error: 'boom' } });
    const failed = await serverIs(contract, id, 'ERROR');
    expect(failed.fault).toMatchObject({ code: 400, message: 'Failed to deploy instance: boom' });
    await rebuild({ metadata: {} });
    expect(await serverIs(contract, id, 'ACTIVE')).toMatchObject({ metadata: {} });
  });

  it('cannot help a server that never started', async () => {
    const stillborn = await boot('stillborn', { imageRef: contract.imageId, metadata: { osc_spawn_error: 'boom' } });
    await serverUntil(contract, stillborn.id, (server) => server.status === 'ERROR');
    expect(fault(await request('POST', `/servers/${stillborn.id}/action`, { rebuild: { imageRef: contract.imageId } }))).toEqual([
      409,
      'conflictingRequest',
      `Instance ${stillborn.id} is in an invalid state for 'rebuild'`,
    ]);
    await remove(contract.demo, 'compute', `/servers/${stillborn.id}`);
  });

  it('leaves the volume a server boots from in place, and its image unsaid', async () => {
    const root = await make(contract, 'block-storage', '/volumes', 'volume', {
      size: 1,
      name: contract.name('rebuild-root'),
      imageRef: contract.imageId,
    });
    await volumeIs(contract, root.id, 'available');
    const device = { boot_index: 0, source_type: 'volume', destination_type: 'volume', uuid: root.id };
    const made = await boot('rebuilt-from-volume', { block_device_mapping_v2: [device] });
    await serverIs(contract, made.id, 'ACTIVE');
    const again = (version: string) => request('POST', `/servers/${made.id}/action`, { rebuild: { imageRef: contract.imageId } }, version);
    expect((await again('2.92')).status).toBe(202);
    const kept = await serverIs(contract, made.id, 'ACTIVE');
    expect(kept).toMatchObject({ image: '', 'os-extended-volumes:volumes_attached': [expect.objectContaining({ id: root.id })] });
    expect((await again('2.93')).body.server.image).toBe('');
    await serverIs(contract, made.id, 'ACTIVE');
    await remove(contract.demo, 'compute', `/servers/${made.id}`);
    await volumeIs(contract, root.id, 'available');
  });

  it('takes a hint at a server group by id only', async () => {
    const server = { name: contract.name('refused'), flavorRef: '1', imageRef: contract.imageId, networks: 'none' };
    expect(fault(await request('POST', '/servers', { server, 'os:scheduler_hints': { group: 'foo' } }))).toEqual([
      400,
      'badRequest',
      "Invalid input for field/attribute group. Value: foo. 'foo' is not a 'uuid'",
    ]);
  });

  it('shows who asked for what, newest first', async () => {
    const me = (await request('GET', at())).body.server.user_id;
    const reply = await request('GET', `${at()}/os-instance-actions`, undefined, '2.58');
    expect(reply.status).toBe(200);
    const actions: Body[] = reply.body.instanceActions;
    expect(actions.map((one) => one.action)).toContain('rebuild');
    expect(actions.at(-1)).toMatchObject({
      action: 'create',
      instance_uuid: id,
      user_id: me,
      request_id: expect.stringMatching(/^req-/),
      start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/),
      message: null,
    });
    const newest = await request('GET', `${at()}/os-instance-actions?limit=1`, undefined, '2.58');
    expect(newest.body.instanceActions).toEqual(actions.slice(0, 1));
    const behind = await request('GET', `${at()}/os-instance-actions?limit=1&marker=${actions[0].request_id}`, undefined, '2.58');
    expect(behind.body.instanceActions).toEqual(actions.slice(1, 2));
  });

  it('shows what came of each request, and its host to administrators alone', async () => {
    const [rebuilt]: Body[] = (await request('GET', `${at()}/os-instance-actions`, undefined, '2.58')).body.instanceActions.filter(
      (one: Body) => one.action === 'rebuild',
    );
    const shown = `${at()}/os-instance-actions/${rebuilt.request_id}`;
    const { events } = (await request('GET', shown, undefined, '2.84')).body.instanceAction;
    expect(events.map((one: Body) => one.event)).toContain('compute_rebuild_instance');
    const event = events.find((one: Body) => one.event === 'compute_rebuild_instance');
    expect(event).toMatchObject({ result: 'Success', start_time: expect.any(String), finish_time: expect.any(String) });
    expect(Object.keys(event)).not.toContain('traceback');
    expect(Object.keys(event)).not.toContain('details');
    const unknown = fault(await request('GET', `${at()}/os-instance-actions/req-none`, undefined, '2.84'));
    expect(unknown).toEqual([404, 'itemNotFound', 'Action req-none not found']);
  });
}
