import { describe, expect, it } from 'vitest';
import { createBench, take } from './inventory.fixture.ts';
import type { Resources } from './inventory.ts';

type Server = Resources['server'];
type Network = Resources['network'];

describe('our own write', () => {
  it('is not undone by a list that was asked for before it and arrives after it', async () => {
    const { clock, cloud, inventory } = await createBench();
    cloud.put('server', { id: 's1', name: 'before' });
    await clock.until(inventory.sweep());

    cloud.delay = (request) => (request === 'GET /servers/detail' ? [0, 5000] : [0, 0]);
    const slow = inventory.sweep();
    await clock.advance(1000);
    const answer = cloud.change('server', 's1', { name: 'after' });
    inventory.record('server', answer as unknown as Server, clock.now(), { ownWrite: true });
    await clock.until(slow);
    expect(inventory.get('server', 's1')?.name).toBe('after');
  });

  it('without an answer to show still shuts out what was asked for before it', async () => {
    const { clock, cloud, inventory } = await createBench();
    cloud.put('server', { id: 's1', status: 'ACTIVE' });
    await clock.until(inventory.sweep());
    cloud.delay = (request) => (request === 'GET /servers/s1' ? [0, 5000] : [0, 0]);
    const slow = inventory.reread('server', 's1');
    await clock.advance(1000);
    cloud.change('server', 's1', { status: 'SHUTOFF' });
    inventory.wrote('server', 's1');
    cloud.delay = () => [0, 0];
    const fresh = inventory.reread('server', 's1');
    await clock.until(slow);
    expect((await clock.until(fresh))?.status).toBe('SHUTOFF');
    expect(inventory.get('server', 's1')?.status).toBe('SHUTOFF');
  });

  it('does not count as gone because a list asked for before its create lacks it', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.delay = (request) => (request === 'GET /networks' ? [0, 5000] : [0, 0]);
    const slow = inventory.sweep();
    await clock.advance(1000);
    const answer = cloud.put('network', { id: 'n1', name: 'new' });
    inventory.record('network', answer as unknown as Network, clock.now(), { ownWrite: true });
    await clock.until(slow);
    expect(take(events)).toEqual(['appeared network n1']);
    expect(inventory.get('network', 'n1')?.name).toBe('new');
  });

  it('of a delete is not undone by a list on its way', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('volume', { id: 'v1' });
    await clock.until(inventory.sweep());
    cloud.delay = (request) => (request === 'GET /volumes/detail' ? [0, 5000] : [0, 0]);
    const slow = inventory.sweep();
    await clock.advance(1000);
    cloud.remove('volume', 'v1');
    inventory.forget('volume', 'v1');
    await clock.until(slow);
    expect(take(events)).toEqual(['appeared volume v1', 'gone volume v1']);
    expect(inventory.get('volume', 'v1')).toBeUndefined();
  });

  it('adds to what is known where its answer shows less than a read', async () => {
    const { clock, cloud, inventory } = await createBench();
    cloud.put('volume', { id: 'v1', name: 'a', size: 3 });
    await clock.until(inventory.sweep());
    inventory.record('volume', { id: 'v1', name: 'b', metadata: {}, attachments: [] } as unknown as Resources['volume'], clock.now(), {
      ownWrite: true,
    });
    expect(inventory.get('volume', 'v1')).toMatchObject({ name: 'b', size: 3 });
  });

  it('stays when a lagging replica answers with an older revision, but a restored database is believed in the end', async () => {
    const { clock, cloud, inventory } = await createBench();
    const stale = cloud.put('network', { id: 'n1', name: 'old' });
    await clock.until(inventory.sweep());
    const answer = cloud.change('network', 'n1', { name: 'new' });
    inventory.record('network', answer as unknown as Network, clock.now(), { ownWrite: true });
    cloud.distort = (request, rows) => (request === 'GET /networks' ? [stale] : rows);
    await clock.advance(5000);
    await clock.until(inventory.sweep());
    expect(inventory.get('network', 'n1')?.name).toBe('new');
    await clock.advance(120_000);
    await clock.until(inventory.sweep());
    expect(inventory.get('network', 'n1')?.name).toBe('old');
  });
});

describe('rereads', () => {
  it('of a few rows are a GET each, single-flight per row', async () => {
    const { clock, cloud, inventory } = await createBench();
    for (const id of ['s1', 's2']) cloud.put('server', { id });
    await clock.until(Promise.all([inventory.reread('server', 's1'), inventory.reread('server', 's1'), inventory.reread('server', 's2')]));
    expect(cloud.calls).toEqual(['GET /servers/s1', 'GET /servers/s2']);
  });

  it('of many rows at about the same time become one list, and a row it lacks is asked for', async () => {
    const { clock, cloud, inventory } = await createBench();
    for (let at = 0; at < 30; at += 1) cloud.put('server', { id: `s${at}`, status: 'BUILD' });
    const asked = Array.from({ length: 30 }, (_, at) => inventory.reread('server', `s${at}`));
    const none = inventory.reread('server', 'no-such');
    const rows = await clock.until(Promise.all(asked));
    expect(rows.map((row) => row?.status)).toEqual(asked.map(() => 'BUILD'));
    expect(await clock.until(none)).toBeUndefined();
    expect(cloud.calls).toEqual(['GET /servers/detail', 'GET /servers/no-such']);
  });

  it('see the write made just before, even while an older read of the row or a sweep is under way', async () => {
    const { clock, cloud, inventory } = await createBench();
    for (let at = 0; at < 10; at += 1) cloud.put('server', { id: `s${at}`, name: 'before' });
    cloud.delay = () => [0, 3000];
    const sweep = inventory.sweep();
    const early = inventory.reread('server', 's0');
    await clock.advance(500);
    for (let at = 0; at < 10; at += 1) {
      cloud.change('server', `s${at}`, { name: 'after' }, { isSilent: true });
      inventory.wrote('server', `s${at}`);
    }
    const rows = await clock.until(Promise.all(Array.from({ length: 10 }, (_, at) => inventory.reread('server', `s${at}`))));
    expect(new Set(rows.map((row) => row?.name))).toEqual(new Set(['after']));
    await clock.until(Promise.all([sweep, early]));
    expect(inventory.get('server', 's0')?.name).toBe('after');
  });

  it('forget a row that answers 404, and reject when the cloud gives no answer', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('server', { id: 's1' });
    await clock.until(inventory.reread('server', 's1'));
    cloud.remove('server', 's1');
    expect(await clock.until(inventory.reread('server', 's1'))).toBeUndefined();
    expect(take(events)).toEqual(['appeared server s1', 'gone server s1']);
    cloud.refuse = () => 500;
    await expect(clock.until(inventory.reread('server', 's1'))).rejects.toThrow('500');
    const many = Array.from({ length: 9 }, (_, at) => inventory.reread('server', `s${at}`));
    const answers = await clock.until(Promise.allSettled(many));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set(['rejected']));
  });

  it('of children show those that came, changed and went', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('network', { id: 'n1' });
    for (const id of ['p1', 'p2']) cloud.put('port', { id, network_id: 'n1', device_id: 's1' });
    cloud.put('server', { id: 's1' });
    cloud.put('volume', { id: 'v1', attachments: [{ server_id: 's1' }] });
    cloud.put('volume', { id: 'v2' });
    await clock.until(inventory.sweep());
    take(events);

    cloud.change('port', 'p1', { device_id: '' });
    cloud.remove('port', 'p2');
    cloud.put('port', { id: 'p3', network_id: 'n1', device_id: 's1' });
    cloud.put('port', { id: 'elsewhere', network_id: 'n2', device_id: 's9' });
    await clock.until(inventory.rereadChildren('port', 's1'));
    expect(take(events).toSorted()).toEqual(['appeared port p3', 'changed port p1', 'gone port p2']);

    cloud.change('port', 'p1', { status: 'ACTIVE' });
    cloud.put('subnet', { id: 'sub1', network_id: 'n1' });
    await clock.until(Promise.all([inventory.rereadChildren('port', 'n1'), inventory.rereadChildren('subnet', 'n1')]));
    expect(take(events).toSorted()).toEqual(['appeared subnet sub1', 'changed port p1']);

    cloud.change('server', 's1', { 'os-extended-volumes:volumes_attached': [{ id: 'v2' }] });
    cloud.change('volume', 'v1', { attachments: [] });
    cloud.change('volume', 'v2', { attachments: [{ server_id: 's1' }] });
    await clock.until(inventory.rereadChildren('volume', 's1'));
    expect(inventory.byParent('volume', 's1').map((row) => row.id)).toEqual(['v2']);
  });
});

describe('rereads of many parents’ children', () => {
  it('become one list', async () => {
    const { clock, cloud, inventory } = await createBench();
    for (let at = 0; at < 30; at += 1) cloud.put('port', { id: `p${at}`, network_id: 'n1', device_id: `s${at}` });
    await clock.until(Promise.all(Array.from({ length: 30 }, (_, at) => inventory.rereadChildren('port', `s${at}`))));
    expect(cloud.calls).toEqual(['GET /ports']);
    expect(inventory.byParent('port', 's29').map((row) => row.id)).toEqual(['p29']);
  });
});
