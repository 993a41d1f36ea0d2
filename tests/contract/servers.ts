import { beforeAll, expect, it } from 'vitest';
import type { Body, Reply } from './client.ts';
import { type Contract, fault, make, microsecondsPattern, remove, secondsPattern, serverIs, serverUntil, uuidPattern } from './world.ts';

/** One server goes through its life here; the tests build on each other, since each boot costs seconds on a real cloud. */
export function serverContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown, version?: string) =>
    contract.demo.request('compute', method, path, {
      ...(body === undefined ? {} : { body }),
      ...(version === undefined ? {} : { version }),
    });
  const boot = (name: string, more: object = {}): Promise<Body> =>
    make(contract, 'compute', '/servers', 'server', {
      name: contract.name(name),
      flavorRef: '1',
      imageRef: contract.imageId,
      networks: 'none',
      ...more,
    });
  const rows = async (query: string): Promise<Body[]> => (await request('GET', `/servers/detail?${query}`)).body.servers;

  let id = '';
  let startedAt = '';
  const at = () => `/servers/${id}`;
  const act = (body: object): Promise<Reply> => request('POST', `${at()}/action`, body);
  /** Sends an action, expects it to be taken, and waits for the state it leads to. */
  const go = async (body: object, status: string): Promise<Body> => {
    expect((await act(body)).status).toBe(202);
    return serverIs(contract, id, status);
  };
  const refused = async (body: object, action: string, state: string) =>
    expect(fault(await act(body))).toEqual([
      409,
      'conflictingRequest',
      `Cannot '${action}' instance ${id} while it is in vm_state ${state}`,
    ]);

  beforeAll(() => {
    startedAt = new Date(Date.now() - 5000).toISOString().slice(0, 19);
  });

  it('takes a server from BUILD to ACTIVE', async () => {
    const userData = Buffer.from('#!/bin/sh').toString('base64');
    const reply = await request('POST', '/servers', {
      server: {
        name: contract.name('life'),
        flavorRef: '1',
        imageRef: contract.imageId,
        networks: 'none',
        metadata: { 'stackwarden.uid': 'u1' },
        tags: ['b', 'a'],
        description: 'd',
        user_data: userData,
      },
    });
    expect(reply.status).toBe(202);
    id = reply.body.server.id;
    contract.later(() => remove(contract.demo, 'compute', at()));
    expect(reply.headers.get('location')).toMatch(new RegExp(`/servers/${id}$`));
    expect(reply.body.server).toEqual({
      id: expect.stringMatching(uuidPattern),
      links: [expect.objectContaining({ rel: 'self' }), expect.objectContaining({ rel: 'bookmark' })],
      'OS-DCF:diskConfig': 'MANUAL',
      security_groups: [{ name: 'default' }],
      adminPass: expect.any(String),
    });
    const building = (await request('GET', at())).body.server;
    expect(building).toMatchObject({
      status: 'BUILD',
      'OS-EXT-STS:vm_state': 'building',
      addresses: {},
      'OS-SRV-USG:launched_at': null,
      progress: 0,
    });
    const tagged = await request('PUT', `${at()}/tags`, { tags: ['x'] });
    if (tagged.status !== 200) expect(fault(tagged)[2]).toBe(`Cannot 'update tags' instance ${id} while it is in vm_state building`);
    const active = await serverIs(contract, id, 'ACTIVE');
    await request('PUT', `${at()}/tags`, { tags: ['b', 'a'] });
    expect(active).toMatchObject({ name: contract.name('life'), metadata: { 'stackwarden.uid': 'u1' }, description: 'd' });
  });

  it('shows all of a server in the newest microversion', async () => {
    const { body } = await request('GET', at());
    expect(body.server).toEqual({
      id,
      name: contract.name('life'),
      status: 'ACTIVE',
      tenant_id: contract.demo.projectId,
      user_id: contract.demo.userId,
      metadata: { 'stackwarden.uid': 'u1' },
      hostId: expect.stringMatching(/^[0-9a-f]{56}$/),
      image: { id: contract.imageId, links: expect.any(Array), properties: expect.objectContaining({ base_image_ref: contract.imageId }) },
      flavor: { vcpus: 1, ram: 512, disk: 1, ephemeral: 0, swap: 0, original_name: 'm1.tiny', extra_specs: {} },
      created: expect.stringMatching(secondsPattern),
      updated: expect.stringMatching(secondsPattern),
      addresses: {},
      accessIPv4: '',
      accessIPv6: '',
      links: expect.any(Array),
      'OS-DCF:diskConfig': 'MANUAL',
      progress: 0,
      'OS-EXT-AZ:availability_zone': 'nova',
      pinned_availability_zone: null,
      scheduler_hints: {},
      config_drive: '',
      key_name: null,
      'OS-SRV-USG:launched_at': expect.stringMatching(microsecondsPattern),
      'OS-SRV-USG:terminated_at': null,
      'OS-EXT-STS:task_state': null,
      'OS-EXT-STS:vm_state': 'active',
      'OS-EXT-STS:power_state': 1,
      'os-extended-volumes:volumes_attached': [],
      locked: false,
      locked_reason: null,
      description: 'd',
      tags: ['a', 'b'],
      trusted_image_certificates: null,
      'OS-EXT-SRV-ATTR:hostname': expect.any(String),
      server_groups: [],
    });
  });

  it('shows less in older microversions', async () => {
    const old = (await request('GET', at(), undefined, '2.1')).body.server;
    expect(old.flavor).toEqual({ id: '1', links: expect.any(Array) });
    expect(old.image).not.toHaveProperty('properties');
    for (const field of ['description', 'tags', 'locked', 'server_groups', 'scheduler_hints']) expect(old).not.toHaveProperty(field);
  });

  it('lists it by name as a regular expression, by tag, status and change', async () => {
    const name = contract.name('life');
    const ids = async (query: string) => (await rows(query)).map((server) => server.id);
    expect(await ids(`name=${encodeURIComponent(`^${name}$`)}`)).toEqual([id]);
    expect(await ids(`name=${name.slice(0, -2)}`)).toContain(id);
    expect(await ids(`name=${name}&tags=a,b`)).toEqual([id]);
    expect(await ids(`name=${name}&status=active`)).toEqual([id]);
    expect(await ids(`name=${name}&status=shutoff`)).toEqual([]);
    expect(await ids(`changes-since=${startedAt}Z`)).toContain(id);
    expect(await ids('changes-since=2099-01-01T00:00:00Z')).toEqual([]);
    const [row] = await rows(`name=${name}`);
    const { server_groups: _alone, ...shown } = (await request('GET', at())).body.server;
    expect(row).toEqual(shown);
    const brief = await request('GET', `/servers?name=${name}`);
    expect(brief.body.servers).toEqual([{ id, name, links: expect.any(Array) }]);
  });

  it('pages by marker and offers a next page whenever this one is full', async () => {
    const { body } = await request('GET', `/servers/detail?limit=1&name=${contract.name('life')}`);
    expect(body.servers).toHaveLength(1);
    expect(body.servers_links).toEqual([{ rel: 'next', href: expect.stringContaining(`marker=${id}`) }]);
    const next = await request('GET', `/servers/detail${new URL(body.servers_links[0].href).search}`);
    expect(next.body).toEqual({ servers: [] });
  });

  it('renames it', async () => {
    const changed = await request('PUT', at(), { server: { name: contract.name('renamed'), description: 'e' } });
    expect([changed.status, changed.body.server]).toEqual([
      200,
      expect.objectContaining({ name: contract.name('renamed'), description: 'e' }),
    ]);
    const flavor = await request('PUT', at(), { server: { flavorRef: '2' } });
    expect(fault(flavor)[2]).toContain("('flavorRef' was unexpected)");
  });

  it('merges, replaces and removes metadata', async () => {
    const metadata = `${at()}/metadata`;
    expect((await request('POST', metadata, { metadata: { x: '1' } })).body).toEqual({ metadata: { 'stackwarden.uid': 'u1', x: '1' } });
    expect((await request('PUT', metadata, { metadata: { y: '2' } })).body).toEqual({ metadata: { y: '2' } });
    expect((await request('GET', metadata)).body).toEqual({ metadata: { y: '2' } });
    expect((await request('PUT', `${metadata}/w`, { meta: { w: '1' } })).body).toEqual({ meta: { w: '1' } });
    expect((await request('DELETE', `${metadata}/y`)).status).toBe(204);
    expect(fault(await request('DELETE', `${metadata}/y`))).toEqual([404, 'itemNotFound', 'Metadata item was not found']);
    expect(fault(await request('POST', metadata, { metadata: { x: 1 } }))[2]).toBe(
      "Invalid input for field/attribute x. Value: 1. 1 is not of type 'string'",
    );
  });

  it('replaces, adds and removes tags', async () => {
    const tags = `${at()}/tags`;
    expect((await request('PUT', tags, { tags: ['z', 'y', 'z'] })).body).toEqual({ tags: ['y', 'z'] });
    expect((await request('PUT', `${tags}/c`)).status).toBe(201);
    expect((await request('PUT', `${tags}/c`)).status).toBe(204);
    expect((await request('DELETE', `${tags}/c`)).status).toBe(204);
    expect(fault(await request('DELETE', `${tags}/c`))).toEqual([404, 'itemNotFound', `Instance ${id} has no tag 'c'`]);
    expect((await request('GET', tags)).body).toEqual({ tags: ['y', 'z'] });
  });

  it('counts metadata as a change, tags not', async () => {
    const updated = async (): Promise<string> => (await request('GET', at())).body.server.updated;
    const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1100));
    const first = await updated();
    await nextSecond();
    await request('PUT', `${at()}/tags`, { tags: ['later'] });
    expect(await updated()).toBe(first);
    await request('PUT', `${at()}/metadata`, { metadata: { later: '1' } });
    expect(Date.parse(await updated())).toBeGreaterThan(Date.parse(first));
  });

  it('stops and starts, and refuses what the state does not allow', async () => {
    await refused({ 'os-start': null }, 'start', 'active');
    expect((await act({ 'os-stop': null })).status).toBe(202);
    expect((await request('GET', at())).body.server['OS-EXT-STS:task_state']).toSatisfy(
      (task: unknown) => task === 'powering-off' || task === null,
    );
    const again = await act({ 'os-stop': null });
    expect([again.status, fault(again)[2]]).toEqual([
      409,
      expect.stringMatching(/^Cannot 'stop' instance .* while it is in (task_state powering-off|vm_state stopped)$/),
    ]);
    const stopped = await serverIs(contract, id, 'SHUTOFF');
    expect(stopped).toMatchObject({ 'OS-EXT-STS:vm_state': 'stopped', 'OS-EXT-STS:power_state': 4 });
    expect(stopped).not.toHaveProperty('progress');
    await refused({ 'os-stop': null }, 'stop', 'stopped');
    await refused({ pause: null }, 'pause', 'stopped');
    await refused({ reboot: { type: 'SOFT' } }, 'reboot', 'stopped');
    await go({ 'os-start': null }, 'ACTIVE');
  });

  it('reboots, pauses, suspends and shelves, and comes back', async () => {
    expect(fault(await act({ reboot: { type: 'FOO' } }))[0]).toBe(400);
    await go({ reboot: { type: 'SOFT' } }, 'ACTIVE');
    expect(await go({ pause: null }, 'PAUSED')).toMatchObject({ 'OS-EXT-STS:vm_state': 'paused' });
    await refused({ 'os-stop': null }, 'stop', 'paused');
    await go({ unpause: null }, 'ACTIVE');
    expect(await go({ suspend: null }, 'SUSPENDED')).toMatchObject({ 'OS-EXT-STS:vm_state': 'suspended' });
    await refused({ 'os-start': null }, 'start', 'suspended');
    await go({ resume: null }, 'ACTIVE');
    await refused({ resume: null }, 'resume', 'active');
    await go({ shelve: null }, 'SHELVED_OFFLOADED');
    // The host is let go of a moment after the status says so.
    expect(await serverUntil(contract, id, (server) => server.hostId === '')).toMatchObject({ 'OS-EXT-AZ:availability_zone': '' });
    expect(fault(await act({ 'os-start': null }))).toEqual([409, 'conflictingRequest', `Instance ${id} is not ready`]);
    await go({ unshelve: null }, 'ACTIVE');
    await refused({ unshelve: null }, 'unshelve', 'active');
  });

  it('resizes, waits for a word, and confirms or reverts', async () => {
    expect(fault(await act({ resize: { flavorRef: '1' } }))).toEqual([400, 'badRequest', 'When resizing, instances must change flavor!']);
    expect(fault(await act({ resize: { flavorRef: '99' } }))).toEqual([400, 'badRequest', 'Flavor 99 could not be found.']);
    await refused({ confirmResize: null }, 'confirmResize', 'active');
    const waiting = await go({ resize: { flavorRef: '2' } }, 'VERIFY_RESIZE');
    expect(waiting).toMatchObject({ 'OS-EXT-STS:vm_state': 'resized', flavor: { original_name: 'm1.small', ram: 2048, disk: 20 } });
    await refused({ 'os-stop': null }, 'stop', 'resized');
    expect((await act({ confirmResize: null })).status).toBe(204);
    expect(await serverIs(contract, id, 'ACTIVE')).toMatchObject({ flavor: { original_name: 'm1.small' } });
    await go({ resize: { flavorRef: '1' } }, 'VERIFY_RESIZE');
    expect(await go({ revertResize: null }, 'ACTIVE')).toMatchObject({ flavor: { original_name: 'm1.small' } });
  });

  it('refuses actions it does not know', async () => {
    expect(fault(await act({ foo: null }))).toEqual([400, 'badRequest', 'There is no such action: foo']);
    expect(fault(await act({}))).toEqual([400, 'badRequest', 'Malformed request body']);
  });

  it('shows a server that could not be built as ERROR with a fault', async () => {
    const failed = await boot('failed', { metadata: { osc_spawn_error: 'boom' } });
    const shown = await serverUntil(contract, failed.id, (server) => server.status === 'ERROR');
    expect(shown.fault).toEqual({
      code: 500,
      created: expect.stringMatching(secondsPattern),
      message: expect.stringMatching(/^Exceeded maximum number of retries/),
    });
    expect(shown).toMatchObject({ 'OS-EXT-STS:vm_state': 'error', 'OS-EXT-STS:task_state': null, 'OS-SRV-USG:launched_at': null });
    const start = await request('POST', `/servers/${failed.id}/action`, { 'os-start': null });
    expect(start.status).toBe(409);
    await remove(contract.demo, 'compute', `/servers/${failed.id}`);
  });

  it('deletes it, still shows it for a while, and remembers it for changes-since', async () => {
    const since = new Date(Date.now() - 2000).toISOString().slice(0, 19);
    expect((await request('DELETE', at())).status).toBe(204);
    const soon = await request('GET', at());
    if (soon.status === 200) {
      expect(soon.body.server['OS-EXT-STS:task_state']).toBe('deleting');
      expect([204, 404]).toContain((await request('DELETE', at())).status);
    }
    await remove(contract.demo, 'compute', at());
    expect(fault(await request('GET', at()))).toEqual([404, 'itemNotFound', `Instance ${id} could not be found.`]);
    const gone = (await rows(`changes-since=${since}Z`)).find((server) => server.id === id);
    expect(gone).toMatchObject({
      status: 'DELETED',
      'OS-EXT-STS:vm_state': 'deleted',
      'OS-SRV-USG:terminated_at': expect.stringMatching(microsecondsPattern),
    });
    expect((await rows(`name=${contract.name('renamed')}`)).map((server) => server.id)).toEqual([]);
  });
}
