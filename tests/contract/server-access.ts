import { expect, it } from 'vitest';
import type { Body } from './client.ts';
import { type Contract, fault, make, serverIs } from './world.ts';

/** Rescue, passwords, console logs and moves between hosts; the tests share one server. */
export function serverAccessContract(contract: Contract): void {
  let id = '';
  const act = (body: unknown, who: 'demo' | 'admin' = 'demo') =>
    contract[who].request('compute', 'POST', `/servers/${id}/action`, { body });

  it('tells what a server wrote to its console, also of a locked one', async () => {
    const made: Body = await make(contract, 'compute', '/servers', 'server', {
      name: contract.name('accessed'),
      flavorRef: '1',
      imageRef: contract.imageId,
      networks: 'none',
    });
    id = made.id;
    await serverIs(contract, id, 'ACTIVE');
    await act({ lock: { locked_reason: 'why' } });
    const { status, body } = await act({ 'os-getConsoleOutput': { length: 2 } });
    expect([status, typeof body.output]).toEqual([200, 'string']);
    expect(fault(await act({ rescue: {} }))).toEqual([409, 'conflictingRequest', `Instance ${id} is locked`]);
    await act({ unlock: null });
  });

  it('rescues a server with the password asked for, and ends that', async () => {
    const wrong = fault(await act({ unrescue: null }));
    expect(wrong).toEqual([409, 'conflictingRequest', `Cannot 'unrescue' instance ${id} while it is in vm_state active`]);
    const { status, body } = await act({ rescue: { adminPass: 'contract-password' } });
    expect([status, body]).toEqual([200, { adminPass: 'contract-password' }]);
    const rescued = await serverIs(contract, id, 'RESCUE');
    expect(rescued['OS-EXT-STS:vm_state']).toBe('rescued');
    const stopped = fault(await act({ 'os-stop': null }));
    expect(stopped).toEqual([409, 'conflictingRequest', `Cannot 'stop' instance ${id} while it is in vm_state rescued`]);
    expect((await act({ unrescue: null })).status).toBe(202);
    await serverIs(contract, id, 'ACTIVE');
  });

  it('sets the password of a server that runs', async () => {
    expect((await act({ changePassword: { adminPass: 'contract-password' } })).status).toBe(202);
    await serverIs(contract, id, 'ACTIVE');
  });

  it('has consoles from 2.6 on, and refuses those it does not know', async () => {
    const ask = async (protocol: string, type: string, { version = '2.6', of = id } = {}) => {
      const body = { remote_console: { protocol, type } };
      return fault(await contract.demo.request('compute', 'POST', `/servers/${of}/remote-consoles`, { body, version }));
    };
    expect((await ask('serial', 'serial', { version: '2.5' }))[0]).toBe(404);
    expect(await ask('spice', 'spice-html5')).toEqual([400, 'badRequest', 'Unavailable console type spice-html5.']);
    expect(await ask('mks', 'webmks')).toEqual([
      400,
      'badRequest',
      "Invalid input for field/attribute protocol. Value: mks. 'mks' is not one of ['vnc', 'spice', 'serial']",
    ]);
    expect(await ask('mks', 'webmks', { version: '2.8' })).toEqual([400, 'badRequest', 'Unavailable console type webmks.']);
    const none = '11111111-2222-4333-8444-555555555555';
    expect(await ask('vnc', 'novnc', { of: none })).toEqual([404, 'itemNotFound', `Instance ${none} could not be found.`]);
  });

  it('tells administrators what is counted of a server that runs', async () => {
    const figures = (who: 'demo' | 'admin') => contract[who].request('compute', 'GET', `/servers/${id}/diagnostics`, { version: '2.48' });
    expect(fault(await figures('demo'))).toEqual([
      403,
      'forbidden',
      "Policy doesn't allow os_compute_api:os-server-diagnostics to be performed.",
    ]);
    const { status, body } = await figures('admin');
    expect(status).toBe(200);
    const keys = ['config_drive', 'cpu_details', 'disk_details', 'driver', 'hypervisor', 'hypervisor_os', 'memory_details', 'nic_details'];
    expect(Object.keys(body).toSorted()).toEqual([...keys, 'num_cpus', 'num_disks', 'num_nics', 'state', 'uptime']);
    expect(body).toMatchObject({ state: 'running', num_cpus: body.cpu_details.length, memory_details: { maximum: expect.any(Number) } });
    expect(Object.keys(body.cpu_details[0]).toSorted()).toEqual(['id', 'time', 'utilisation']);
    await act({ 'os-stop': null });
    await serverIs(contract, id, 'SHUTOFF');
    const why = `Cannot 'get_diagnostics' instance ${id} while it is in power state shutdown`;
    expect(fault(await figures('admin'))).toEqual([409, 'conflictingRequest', why]);
    await act({ 'os-start': null });
    await serverIs(contract, id, 'ACTIVE');
  });

  it.each([
    ['migrate', { migrate: null }, 'os_compute_api:os-migrate-server:migrate'],
    ['os-migrateLive', { 'os-migrateLive': { host: null, block_migration: 'auto' } }, 'os_compute_api:os-migrate-server:migrate_live'],
    ['evacuate', { evacuate: {} }, 'os_compute_api:os-evacuate'],
  ])('lets only administrators %s', async (_name, body, policy) => {
    expect(fault(await act(body))).toEqual([403, 'forbidden', `Policy doesn't allow ${policy} to be performed.`]);
  });

  it('shows the host of a server to administrators alone, and evacuates none that is up', async () => {
    const shown = async (who: 'demo' | 'admin') => (await contract[who].request('compute', 'GET', `/servers/${id}`)).body.server;
    expect(await shown('demo')).not.toHaveProperty('OS-EXT-SRV-ATTR:host');
    const { 'OS-EXT-SRV-ATTR:host': host } = await shown('admin');
    expect(typeof host).toBe('string');
    expect(fault(await act({ evacuate: {} }, 'admin'))).toEqual([400, 'badRequest', `Compute service of ${host} is still in use.`]);
  });

  it('moves a server while it runs, and shows the move', async () => {
    const host = async () => (await contract.admin.request('compute', 'GET', `/servers/${id}`)).body.server['OS-EXT-SRV-ATTR:host'];
    const before = await host();
    const nowhere = fault(await act({ 'os-migrateLive': { host: 'nowhere', block_migration: 'auto' } }, 'admin'));
    expect(nowhere).toEqual([400, 'badRequest', 'Compute host nowhere could not be found.']);
    expect((await act({ 'os-migrateLive': { host: null, block_migration: 'auto' } }, 'admin')).status).toBe(202);
    expect((await contract.admin.request('compute', 'GET', `/servers/${id}/migrations`)).body).toEqual({ migrations: expect.any(Array) });
    await serverIs(contract, id, 'ACTIVE');
    expect(await host()).not.toBe(before);
  });
}
