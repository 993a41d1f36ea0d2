import { expect, it } from 'vitest';
import type { Body } from './client.ts';
import { absent, type Contract, fault, make, uuidPattern } from './world.ts';

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

  it('names the servers that are in a group, until they are deleted', async () => {
    const group = await make(contract, 'compute', '/os-server-groups', 'server_group', { name: contract.name('in'), policy: 'affinity' });
    const members = async () => {
      const all: Body[] = (await request('GET', '/os-server-groups')).body.server_groups;
      return all.find(({ id }) => id === group.id).members;
    };
    const server = { name: contract.name('member'), flavorRef: '1', imageRef: contract.imageId, networks: 'none' };
    const made = await request('POST', '/servers', { server, 'os:scheduler_hints': { group: group.id } });
    const { id } = made.body.server;
    contract.later(() => request('DELETE', `/servers/${id}`));
    expect(await members()).toEqual([id]);
    expect((await request('GET', `/os-server-groups/${group.id}`)).body.server_group.members).toEqual([id]);
    expect((await request('DELETE', `/servers/${id}`)).status).toBe(204);
    await expect.poll(members, { timeout: 60_000, interval: 500 }).toEqual([]);
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
