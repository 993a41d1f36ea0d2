import { expect, it } from 'vitest';
import { absent, type Contract, fault, make, remove, serverIs, uuidPattern } from './world.ts';

export function serverGroupContract(contract: Contract): void {
  const request = (method: string, path: string, body?: unknown) =>
    contract.demo.request('compute', method, path, body === undefined ? {} : { body });
  const post = (server_group: object) => request('POST', '/os-server-groups', { server_group });

  it('makes groups, of one name too', async () => {
    const name = contract.name('group');
    const spread = await make(contract, 'compute', '/os-server-groups', 'server_group', {
      name,
      policy: 'anti-affinity',
      rules: { max_server_per_host: 3 },
    });
    const close = await make(contract, 'compute', '/os-server-groups', 'server_group', { name, policy: 'affinity' });
    const own = { name, members: [], project_id: contract.demo.projectId, user_id: contract.demo.userId };
    expect(spread).toEqual({ ...own, id: expect.stringMatching(uuidPattern), policy: 'anti-affinity', rules: { max_server_per_host: 3 } });
    expect(close).toEqual({ ...own, id: expect.stringMatching(uuidPattern), policy: 'affinity', rules: {} });
    const all = (await request('GET', '/os-server-groups')).body.server_groups;
    expect(all).toEqual(expect.arrayContaining([spread, close]));
    const second = (await request('GET', '/os-server-groups?limit=1&offset=1')).body;
    expect(second).toEqual({ server_groups: [all[1]] });
    expect((await request('GET', `/os-server-groups/${spread.id}`)).body.server_group).toEqual(spread);
    expect((await request('DELETE', `/os-server-groups/${spread.id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE'])
      expect(fault(await request(method, `/os-server-groups/${spread.id}`))).toEqual([
        404,
        'itemNotFound',
        `Instance group ${spread.id} could not be found.`,
      ]);
    expect((await request('GET', `/os-server-groups/${absent}`)).status).toBe(404);
  });

  it('counts the servers that were made with it, from when they are asked for until they are gone', async () => {
    const group = await make(contract, 'compute', '/os-server-groups', 'server_group', {
      name: contract.name('members'),
      policy: 'soft-affinity',
    });
    const members = async () => (await request('GET', `/os-server-groups/${group.id}`)).body.server_group.members;
    const server = { name: contract.name('member'), flavorRef: '1', imageRef: contract.imageId, networks: 'none' };
    const boot = (id: string) => request('POST', '/servers', { server, 'os:scheduler_hints': { group: id } });
    const { id } = (await boot(group.id)).body.server;
    contract.later(() => remove(contract.demo, 'compute', `/servers/${id}`));
    expect(await members()).toEqual([id]);
    await serverIs(contract, id, 'ACTIVE');
    const all: { id: string; members: string[] }[] = (await request('GET', '/os-server-groups')).body.server_groups;
    expect(all.find((one) => one.id === group.id)?.members).toEqual([id]);
    await remove(contract.demo, 'compute', `/servers/${id}`);
    expect(await members()).toEqual([]);
    expect(fault(await boot(absent))).toEqual([400, 'badRequest', `Instance group ${absent} could not be found.`]);
  });

  it.each([
    [
      'rules of another policy',
      { name: 'g', policy: 'affinity', rules: { max_server_per_host: 3 } },
      'Only anti-affinity policy supports rules.',
    ],
    [
      'an unknown policy',
      { name: 'g', policy: 'nope' },
      "Invalid input for field/attribute policy. Value: nope. 'nope' is not one of ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity']",
    ],
    ['no name', { policy: 'affinity' }, expect.stringContaining("'name' is a required property")],
    ['an empty name', { name: '', policy: 'affinity' }, expect.stringContaining("'' is too short")],
    [
      'none a host',
      { name: 'g', policy: 'anti-affinity', rules: { max_server_per_host: 0 } },
      expect.stringContaining('0 is less than the minimum of 1'),
    ],
  ])('refuses %s', async (_what, given, message) => {
    expect(fault(await post(given))).toEqual([400, 'badRequest', message]);
  });

  it('refuses a reader', async () => {
    const reply = await contract.reader.request('compute', 'POST', '/os-server-groups', {
      body: { server_group: { name: 'g', policy: 'affinity' } },
    });
    expect(fault(reply)).toEqual([403, 'forbidden', "Policy doesn't allow os_compute_api:os-server-groups:create to be performed."]);
  });
}
