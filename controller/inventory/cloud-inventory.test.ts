import { describe, expect, it } from 'vitest';
import { createBench, take } from './inventory.fixture.ts';
import type { Resources } from './inventory.ts';
import { STAMP_KEY } from './stamp.ts';

describe('a sweep', () => {
  it('shows what the cloud holds, by id, name, owner and parent', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('network', { id: 'n1', name: 'front', description: 'for the web [stackwarden uid-1]' });
    cloud.put('subnet', { id: 'sub1', name: 'front', network_id: 'n1' });
    cloud.put('port', { id: 'p1', network_id: 'n1', device_id: 's1' });
    cloud.put('server', { id: 's1', name: 'web', metadata: { [STAMP_KEY]: 'uid-2' } });
    cloud.put('volume', { id: 'v1', name: 'data', attachments: [{ server_id: 's1' }] });
    cloud.put('keypair', { id: 'ops', name: 'ops' });

    await clock.until(inventory.sweep());

    expect(inventory.get('server', 's1')?.name).toBe('web');
    expect(inventory.byName('network', 'front').map((row) => row.id)).toEqual(['n1']);
    expect(inventory.byOwner('network', 'uid-1').map((row) => row.id)).toEqual(['n1']);
    expect(inventory.byOwner('server', 'uid-2').map((row) => row.id)).toEqual(['s1']);
    expect(inventory.byParent('port', 's1').map((row) => row.id)).toEqual(['p1']);
    expect(inventory.byParent('port', 'n1').map((row) => row.id)).toEqual(['p1']);
    expect(inventory.byParent('subnet', 'n1').map((row) => row.id)).toEqual(['sub1']);
    expect(inventory.byParent('volume', 's1').map((row) => row.id)).toEqual(['v1']);
    expect(inventory.get('keypair', 'ops')?.name).toBe('ops');
    expect([...inventory.all('server')]).toHaveLength(1);
    expect(events.find((event) => event.id === 'p1')?.ids).toEqual(['p1', 'n1', 's1']);
    expect(events.find((event) => event.id === 's1')?.ids).toEqual(['s1', 'uid-2']);
  });

  it('reports each change once, and none for time stamps or reordered lists', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('port', { id: 'p1', network_id: 'n1', security_groups: ['a', 'b'], fixed_ips: [{ ip: 1 }, { ip: 2 }] });
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual(['appeared port p1']);

    cloud.change('port', 'p1', { security_groups: ['b', 'a'], fixed_ips: [{ ip: 2 }, { ip: 1 }] });
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual([]);

    cloud.change('port', 'p1', { device_id: 's1' });
    await clock.until(inventory.sweep());
    cloud.change('port', 'p1', { device_id: 's2' });
    await clock.until(inventory.sweep());
    expect(events.at(-1)?.ids).toEqual(['p1', 'n1', 's1', 's2']);
    expect(take(events)).toEqual(['changed port p1', 'changed port p1']);

    cloud.remove('port', 'p1');
    await clock.until(inventory.sweep());
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual(['gone port p1']);
    expect(inventory.byParent('port', 's2')).toEqual([]);
  });

  it('leaves the rows of a type as they are when its list or one page of it fails', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.pageSize = 2;
    for (let at = 0; at < 5; at += 1) cloud.put('server', { id: `s${at}` });
    cloud.put('volume', { id: 'v1' });
    await clock.until(inventory.sweep());
    take(events);
    const listedAt = inventory.listedAt('server');

    await clock.advance(1000);
    cloud.refuse = (request, query) => (request === 'GET /servers/detail' && query['marker'] !== undefined ? 500 : undefined);
    cloud.remove('server', 's0');
    cloud.remove('volume', 'v1');
    const reports = await clock.until(inventory.sweep());
    expect(take(events)).toEqual(['gone volume v1']);
    expect(reports.find((report) => report.type === 'server')?.error).toContain('500');
    expect([...inventory.all('server')]).toHaveLength(5);
    expect(inventory.listedAt('server')).toBe(listedAt);
    expect(inventory.lastSweep.get('server')?.error).toContain('refused by the test');
  });

  it('says of a cloud that answers nonsense what is wrong, and keeps what it knew', async () => {
    const { clock, cloud, inventory } = await createBench();
    cloud.put('volume', { id: 'v1', name: 'data' });
    await clock.until(inventory.sweep());
    cloud.distort = (request, rows) => (request === 'GET /volumes/detail' ? [{ name: 'no id' } as never] : rows);
    const reports = await clock.until(inventory.sweep());
    expect(reports.find((report) => report.type === 'volume')?.error).toContain('no id');
    cloud.distort = (request, rows) => (request === 'GET /volumes/detail' ? [{ id: 'v1' }] : rows);
    const again = await clock.until(inventory.sweep());
    expect(again.find((report) => report.type === 'volume')?.error).toContain('a volume row is not what the API promises');
    expect(inventory.get('volume', 'v1')?.name).toBe('data');
  });

  it('keeps secrets out of memory and database', async () => {
    const { clock, cloud, inventory, repository } = await createBench();
    cloud.put('server', { id: 's1', adminPass: 'hunter2', 'OS-EXT-SRV-ATTR:user_data': 'hunter2' });
    cloud.put('image', { id: 'i1', direct_url: 'swift+http://user:hunter2@store' });
    await clock.until(inventory.sweep());
    inventory.record('keypair', { name: 'k', private_key: 'hunter2' } as unknown as Resources['keypair'], clock.now(), { ownWrite: true });
    await clock.until(inventory.stop());
    const stored = JSON.stringify([await repository.load(), await repository.changes()]);
    expect(stored).toContain('s1');
    expect(stored + JSON.stringify([...inventory.all('server'), ...inventory.all('keypair')])).not.toContain('hunter2');
  });

  it('costs one call a page, however many objects there are', async () => {
    const { clock, cloud, inventory } = await createBench();
    const count = 5000;
    for (let at = 0; at < count; at += 1) cloud.put('server', { id: `s${at}`, name: `web-${at}`, metadata: { [STAMP_KEY]: `uid-${at}` } });
    await clock.until(inventory.sweep());
    cloud.calls.length = 0;
    const begun = performance.now();
    const reports = await clock.until(inventory.sweep());
    const spentMs = performance.now() - begun;
    expect(cloud.calls.filter((call) => call.includes('/servers'))).toEqual(Array.from({ length: 5 }, () => 'GET /servers/detail'));
    // Images take two: hidden ones are in a list of their own.
    expect(cloud.calls).toHaveLength(5 + 14);
    expect(reports.find((report) => report.type === 'server')).toMatchObject({ rows: count, pages: 5, gets: 0, changes: 0 });
    console.log(`a sweep over ${count} unchanged servers: ${cloud.calls.length} calls, ${Math.round(spentMs)} ms of our own time`);
  });
});

describe('rows that are missing from a list', () => {
  it('stay when a GET still shows them, and the list then counts for nothing', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    for (const id of ['s1', 's2', 's3']) cloud.put('server', { id });
    await clock.until(inventory.sweep());
    take(events);
    const listedAt = inventory.listedAt('server');
    await clock.advance(1000);
    cloud.distort = (request, rows) => (request === 'GET /servers/detail' ? rows.filter((row) => row.id !== 's2') : rows);
    const reports = await clock.until(inventory.sweep());
    expect(take(events)).toEqual([]);
    expect(inventory.listedAt('server')).toBe(listedAt);
    expect(reports.find((report) => report.type === 'server')).toMatchObject({ suspicion: 'a list lacked 1 of 3 rows that a GET shows' });
  });

  it('all stay when one sweep suddenly finds nothing', async () => {
    const { clock, cloud, inventory, events, reports } = await createBench();
    for (let at = 0; at < 300; at += 1) cloud.put('server', { id: `s${at}` });
    await clock.until(inventory.sweep());
    take(events);
    reports.length = 0;
    cloud.calls.length = 0;
    cloud.distort = (request, rows) => (request === 'GET /servers/detail' ? [] : rows);
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual([]);
    expect(reports.find((report) => report.type === 'server')?.suspicion).toBe('a list lacked 20 of 300 rows that a GET shows');
    expect(cloud.calls.length).toBeLessThan(40);
    cloud.distort = (_request, rows) => rows;
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual([]);
  });

  it('go when most of a type really was deleted, which is reported as out of the ordinary', async () => {
    const { clock, cloud, inventory, events, reports } = await createBench();
    for (let at = 0; at < 100; at += 1) cloud.put('volume', { id: `v${at}` });
    await clock.until(inventory.sweep());
    take(events);
    for (let at = 0; at < 90; at += 1) cloud.remove('volume', `v${at}`);
    await clock.until(inventory.sweep());
    expect(take(events)).toHaveLength(90);
    expect([...inventory.all('volume')]).toHaveLength(10);
    expect(reports.find((report) => report.suspicion !== undefined)).toMatchObject({ type: 'volume', changes: 90 });
  });

  it('stay when they cannot be asked for', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('volume', { id: 'v1' });
    await clock.until(inventory.sweep());
    take(events);
    cloud.remove('volume', 'v1');
    cloud.refuse = (request) => (request === 'GET /volumes/v1' ? 503 : undefined);
    const reports = await clock.until(inventory.sweep());
    expect(take(events)).toEqual([]);
    expect(reports.find((report) => report.type === 'volume')?.error).toContain('could not be asked for');
    cloud.refuse = () => undefined;
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual(['gone volume v1']);
  });

  it('go without a GET when they are something the cloud only offers', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('flavor', { id: 'f1', name: 'small' });
    await clock.until(inventory.sweep());
    cloud.distort = (request, rows) => (request === 'GET /flavors/detail' ? [] : rows);
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual(['appeared flavor f1', 'gone flavor f1']);
    expect(inventory.byName('flavor', 'small')).toEqual([]);
  });
});

describe('images', () => {
  it('of our own stay while a GET shows them, and those of others go with the list', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('image', { id: 'ours', owner: cloud.projectId });
    cloud.put('image', { id: 'offered', owner: 'others' });
    await clock.until(inventory.sweep());
    take(events);
    cloud.distort = (request, rows) => (request === 'GET /images' ? [] : rows);
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual(['gone image offered']);
    cloud.distort = (_request, rows) => rows;
    cloud.remove('image', 'ours');
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual(['appeared image offered', 'gone image ours']);
  });

  it('that are hidden are seen too', async () => {
    const { clock, cloud, inventory } = await createBench();
    cloud.put('image', { id: 'hidden', name: 'golden', owner: cloud.projectId, os_hidden: true });
    await clock.until(inventory.sweep());
    expect(inventory.byName('image', 'golden')).toHaveLength(1);
  });
});

describe('undeclared rows', () => {
  it('are those of our own project that people could declare and did not', async () => {
    const { clock, cloud, inventory } = await createBench();
    cloud.put('network', { id: 'mine' });
    cloud.put('network', { id: 'declared' });
    cloud.put('network', { id: 'public', project_id: 'others', shared: true });
    cloud.put('port', { id: 'dhcp', device_owner: 'network:dhcp' });
    cloud.put('port', { id: 'interface', device_owner: 'network:router_interface', device_id: 'r1' });
    cloud.put('router', { id: 'r1' });
    cloud.put('floatingip', { id: 'f1', floating_ip_address: '172.24.0.9', port_id: 'p1', router_id: 'r1' });
    cloud.put('security_group', { id: 'default', name: 'default' });
    cloud.put('flavor', { id: 'f1' });
    cloud.put('server', { id: 's1', name: 'stray', metadata: { [STAMP_KEY]: 'old-uid' } });
    await clock.until(inventory.sweep());
    const found = inventory.undeclared((_type, id) => id === 'declared');
    expect(found.map((row) => [row.type, row.id, row.ownerUid])).toEqual([
      ['network', 'mine', undefined],
      ['router', 'r1', undefined],
      ['floatingip', 'f1', undefined],
      ['server', 's1', 'old-uid'],
    ]);
    expect(found.find((row) => row.type === 'floatingip')?.name).toBe('172.24.0.9');
    expect(inventory.byParent('port', 'r1').map((row) => row.id)).toEqual(['interface']);
    expect(inventory.byParent('floatingip', 'p1')).toEqual(inventory.byParent('floatingip', 'r1'));
    expect(inventory.byName('network', '').map((row) => row.id)).toContain('public');
  });
});
