import { expect, it } from 'vitest';
import { type Body, until } from './client.ts';
import { useScratchProject } from './scratch-project.ts';
import { type Contract, fault, remove } from './world.ts';

/** Two security groups of one name are fine for Neutron and a trap for Nova. */
export function twinContract(contract: Contract): void {
  const scratch = useScratchProject(contract);
  const made: Record<string, Body> = {};
  const post = async (path: string, wrap: string, body: object): Promise<Body> => {
    const reply = await scratch.session.request('network', 'POST', path, { body: { [wrap]: body } });
    expect(reply.status).toBe(201);
    const row = reply.body[wrap];
    contract.later(() => remove(scratch.session, 'network', `${path}/${row.id}`));
    return row;
  };
  const create = (server: object) =>
    scratch.session.request('compute', 'POST', '/servers', {
      body: {
        server: {
          name: contract.name('twins'),
          flavorRef: '1',
          imageRef: contract.imageId,
          networks: [{ uuid: made.network.id }],
          ...server,
        },
      },
    });
  const settled = async (server: object): Promise<Body> => {
    const { id } = (await create(server)).body.server;
    contract.later(() => remove(scratch.session, 'compute', `/servers/${id}`));
    const isSettled = ({ body }: Body) => ['ACTIVE', 'ERROR'].includes(body.server.status) && body.server['OS-EXT-STS:task_state'] === null;
    return (await until(() => scratch.session.request('compute', 'GET', `/servers/${id}`), isSettled)).body.server;
  };

  it('makes two groups of one name', async () => {
    made.network = await post('/networks', 'network', { name: contract.name('twins') });
    await post('/subnets', 'subnet', { network_id: made.network.id, ip_version: 4, cidr: '10.241.0.0/24' });
    made.single = await post('/security-groups', 'security_group', { name: contract.name('single') });
    const first = await post('/security-groups', 'security_group', { name: contract.name('twin') });
    const second = await post('/security-groups', 'security_group', { name: contract.name('twin') });
    expect(second.id).not.toBe(first.id);
  });

  it('refuses a server that names the twins', async () => {
    expect(fault(await create({ security_groups: [{ name: contract.name('twin') }] }))).toEqual([
      409,
      'conflictingRequest',
      `Multiple security_group matches found for name '${contract.name('twin')}', use an ID to be more specific.`,
    ]);
  });

  it('cannot build a server that names any group at all, even another one by id', async () => {
    const server = await settled({ security_groups: [{ name: made.single.id }] });
    expect([server.status, server.fault?.message]).toEqual(['ERROR', expect.stringMatching(/^Exceeded maximum number of retries/)]);
  });

  it('builds a server whose port carries the groups instead', async () => {
    const port = await post('/ports', 'port', { network_id: made.network.id, security_groups: [made.single.id] });
    expect(await settled({ networks: [{ port: port.id }] })).toMatchObject({
      status: 'ACTIVE',
      security_groups: [{ name: contract.name('single') }],
    });
  });
}
