import { describe, expect, it } from 'vitest';
import { createBench, take } from './inventory.fixture.ts';

const MANY = 300;

async function createLargeBench() {
  const bench = await createBench();
  for (let at = 0; at < MANY; at += 1) {
    bench.cloud.put('server', { id: `s${at}` });
    bench.cloud.put('volume', { id: `v${at}` });
    bench.cloud.put('port', { id: `p${at}`, network_id: 'n1' });
  }
  await bench.clock.advance(3_600_000);
  await bench.clock.until(bench.inventory.sweep());
  take(bench.events);
  bench.cloud.calls.length = 0;
  return bench;
}

describe('a look between sweeps', () => {
  it('lists a small type whole, so that it sees what moves no time stamp, and deletions', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('server', { id: 's1' });
    cloud.put('volume', { id: 'v1' });
    await clock.until(inventory.sweep());
    take(events);
    cloud.change('server', 's1', { metadata: { tier: 'db' } }, { isSilent: true });
    cloud.remove('volume', 'v1');
    await clock.until(inventory.look());
    expect(take(events).toSorted()).toEqual(['changed server s1', 'gone volume v1']);
  });

  it('asks a large type only for what changed, deleted servers included', async () => {
    const { clock, cloud, inventory, events } = await createLargeBench();
    cloud.change('server', 's7', { status: 'SHUTOFF' });
    cloud.remove('server', 's8');
    cloud.change('volume', 'v7', { size: 9 });
    cloud.change('port', 'p7', { status: 'ACTIVE' });
    const reports = await clock.until(inventory.look());
    expect(take(events).toSorted()).toEqual(['changed port p7', 'changed server s7', 'changed volume v7', 'gone server s8']);
    expect(reports.filter((report) => report.how === 'changed').map((report) => [report.type, report.rows])).toEqual([
      ['port', 1],
      ['volume', 1],
      ['server', 2],
    ]);
  });

  it('sees every change when several come between looks, however slowly the cloud answers', async () => {
    const { clock, cloud, inventory, events } = await createLargeBench();
    cloud.delay = () => [4000, 4000];
    const looks = [];
    for (let at = 0; at < 10; at += 1) {
      looks.push(clock.until(inventory.look()));
      cloud.change('server', `s${at}`, { status: 'SHUTOFF' });
      await clock.advance(1500);
    }
    await Promise.all(looks);
    cloud.delay = () => [0, 0];
    await clock.until(inventory.look());
    expect(take(events).filter((event) => event.includes('server'))).toHaveLength(10);
  });

  it('leaves a large type to the sweeps when the service refuses the filter, and asks it no more', async () => {
    const { clock, cloud, inventory, events } = await createLargeBench();
    cloud.refuse = (request, query) => (query['changed_since'] !== undefined ? 400 : undefined);
    cloud.change('port', 'p7', { status: 'ACTIVE' });
    const first = await clock.until(inventory.look());
    await clock.until(inventory.look());
    expect(first.some((report) => report.error !== undefined)).toBe(false);
    expect(cloud.calls.filter((call) => call === 'GET /ports')).toHaveLength(1);
    await clock.until(inventory.sweep());
    expect(take(events)).toEqual(['changed port p7']);
  });
});

describe('the loop', () => {
  it('sweeps every interval, looks in between, and tells the age of what it knows', async () => {
    const { clock, cloud, inventory, reports } = await createBench();
    cloud.put('server', { id: 's1' });
    await clock.until(inventory.start());
    reports.length = 0;
    await clock.advance(600_000);
    const sweeps = (type: string) => reports.filter((report) => report.type === type && report.how === 'full').length;
    expect(sweeps('flavor')).toBeGreaterThanOrEqual(9);
    expect(sweeps('flavor')).toBeLessThanOrEqual(11);
    expect(sweeps('server')).toBeGreaterThanOrEqual(54);
    expect(inventory.ages().get('flavor')).toBeLessThan(66_000);
    cloud.calls.length = 0;
    await clock.until(inventory.stop());
    await clock.advance(600_000);
    expect(cloud.calls).toEqual([]);
  });

  it('costs the other services nothing when one of them hangs, and recovers', async () => {
    const { clock, cloud, inventory, events } = await createBench();
    cloud.put('server', { id: 's1' });
    cloud.put('volume', { id: 'v1' });
    await clock.until(inventory.start());
    take(events);
    cloud.delay = (request) => (request.includes('/volumes') ? [300_000, 0] : [0, 0]);
    await clock.advance(20_000);
    cloud.change('server', 's1', { status: 'SHUTOFF' });
    cloud.change('volume', 'v1', { size: 2 });
    await clock.advance(12_000);
    expect(take(events)).toEqual(['changed server s1']);
    expect(inventory.ages().get('volume')).toBeGreaterThan(15_000);
    cloud.delay = () => [0, 0];
    await clock.advance(330_000);
    expect(take(events)).toEqual(['changed volume v1']);
    await clock.until(inventory.stop());
  });

  it('ends within seconds while a service hangs, and stores nothing afterwards', async () => {
    const { clock, cloud, inventory, repository } = await createBench();
    cloud.put('volume', { id: 'v1' });
    await clock.until(inventory.start());
    cloud.put('volume', { id: 'v2' });
    cloud.delay = () => [300_000, 0];
    await clock.advance(15_000);
    const begun = clock.now();
    await clock.until(inventory.stop());
    expect(clock.now() - begun).toBeLessThanOrEqual(5_000);
    await clock.advance(600_000);
    expect(await repository.load()).toHaveLength(1);
  });

  it('tries a failed list again soon, then less often', async () => {
    const { clock, cloud, inventory, reports } = await createBench();
    cloud.refuse = (request) => (request === 'GET /flavors/detail' ? 503 : undefined);
    await clock.until(inventory.start());
    expect(inventory.listedAt('flavor')).toBe(0);
    expect(inventory.ages().get('flavor')).toBe(Infinity);
    await clock.advance(60_000);
    const early = reports.filter((report) => report.type === 'flavor').length;
    expect(early).toBeGreaterThanOrEqual(3);
    await clock.advance(600_000);
    expect(reports.filter((report) => report.type === 'flavor').length - early).toBeLessThanOrEqual(11);
    cloud.put('flavor', { id: 'f1' });
    cloud.refuse = () => undefined;
    await clock.advance(66_000);
    expect(inventory.get('flavor', 'f1')).toBeDefined();
    await clock.until(inventory.stop());
  });
});
