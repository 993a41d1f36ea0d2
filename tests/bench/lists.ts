/**
 * Times the lists with 50,000 instances (and as many ports, and 20,000 volumes) over 20 clouds, one of which hangs: a page, filters, a search by
 * IP, and a watch of 200 clients under 200 changes a second. The rows are made up and fed to the inventories' own row store: filling 20 sandbox
 * clouds takes longer than everything that is measured here. `npm run bench`; add a number for another count of instances.
 */
import { createHub } from '#api/watch/hub.ts';
import { publishRow } from '#api/watch/publish.ts';
import { createTestLists, serverRow, type TestCloud } from '#controller/lists/clouds.fixture.ts';
import type { PageRequest } from '#controller/lists/lists.ts';
import { systemClock } from '#controller/start.ts';
import { fanOut } from './watch.ts';

const clouds = 20;
const instances = Number(process.argv[2] ?? 50_000);
const rounds = 30;
const print = (what: string, value: string) => process.stdout.write(`${what.padEnd(64)} ${value}\n`);
const megabytes = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const hub = createHub({ clock: systemClock });
const before = megabytes();
const world = createTestLists({ now: Date.now, countMs: 40, onChange: (row) => publishRow(hub, row) });
const named = Array.from({ length: clouds }, (_, n) => world.cloud(`cloud-${String(n).padStart(2, '0')}`));
fill(named);
const withRows = megabytes();
const fedAt = performance.now();
// A read takes in 5,000 rows at most; the deferred work does the same in the background of a real one.
for (let n = 0; n < (instances * 5) / 5_000 + 2; n++) world.lists.entry('server', '', '');
print('rows made of what the inventories hold', `${Math.round(performance.now() - fedAt)} ms`);
print('memory: inventories (bodies)', `${Math.round(withRows - before)} MB`);
print('memory: lists beside them', `${Math.round(megabytes() - withRows)} MB`);

const page = (request: Partial<PageRequest>) => world.lists.page('server', { filter: '', limit: 100, maySee: undefined, ...request });
const narrowed = (cluster: string) => cluster !== 'cloud-03';
time('first 100 of all by name, once the order is made', () => page({}));
time('first 100 by created, newest first', () => page({ sort: '-created' }));
time('first 100, filter status:ERROR', () => page({ filter: 'status:ERROR' }));
time('first 100, filter status:ERROR cluster:cloud-1* age>7d -tag:test', () =>
  page({ filter: 'status:ERROR cluster:cloud-1* age>7d -tag:test' }),
);
time('first 100, text 10.3.7', () => page({ filter: '10.3.7' }));
time('one IP: ip:10.7.1.7', () => page({ filter: 'ip:10.7.1.7' }));
time('last page by name', () => page({ sort: '-name', limit: 100 }));
time('first 100 for somebody who may not see one cloud', () => page({ maySee: narrowed }));
time(
  'first 100 by name after 200 changes',
  () => page({}),
  () => change(named, 200),
);
time('values of flavor counted', () => world.lists.facets('server', { filter: '', maySee: undefined, column: 'flavor', limit: 50 }));
const everything = ['server', 'port', 'volume', 'network', 'image'] as const;
time('search over all types: 10.7.1.7', () => world.lists.search(everything, '10.7.1.7', { maySee: undefined, limit: 20 }));
time('search over all types: vm-1', () => world.lists.search(everything, 'vm-1', { maySee: undefined, limit: 20 }));
const hung = world.lists.clouds(['server']).filter(({ state }) => state === 'Listing');
print('clouds that hang, and are shown as such', hung.map(({ cluster }) => cluster).join(', '));

const seconds = 10;
const cpuBefore = process.cpuUsage();
const seen = await fanOut(hub, async () => {
  const endsAt = Date.now() + seconds * 1000;
  for (let tick = 1; Date.now() < endsAt; tick++) {
    change(named, 20, { 'OS-EXT-STS:task_state': String(Date.now()) });
    world.lists.entry('server', '', '');
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, endsAt - seconds * 1000 + tick * 100 - Date.now())));
  }
  // What was made last has its 50 ms, and time to arrive.
  await new Promise((resolve) => setTimeout(resolve, 1000));
});
const { user, system } = process.cpuUsage(cpuBefore);
print(
  `watch: 200 clients, 200 changes a second for ${seconds} s: events received`,
  `${seen.events} (${Math.round(seen.events / seconds)}/s)`,
);
print('watch: from change to arrival', `median ${seen.median} ms, 95 % ${seen.most95} ms, most ${seen.most} ms`);
print('watch: CPU of the server', `${Math.round((user + system) / 10_000 / seconds)} % of one core`);
print('memory: all in all', `${Math.round(megabytes() - before)} MB`);

function fill(all: readonly TestCloud[]): void {
  for (const [c, cloud] of all.entries()) {
    cloud.put('image', { id: `image-${c}`, name: 'ubuntu-24.04' } as never);
    cloud.put('network', { id: `net-${c}`, name: 'front', description: '', subnets: [] } as never);
    for (let n = c; n < instances; n += clouds) addInstance(cloud, c, n);
    // The last one never ends its first look.
    if (c < clouds - 1) cloud.listed(Date.now());
  }
}

function addInstance(cloud: TestCloud, c: number, n: number): void {
  const id = uuid(n);
  const ip = `10.${c}.${Math.floor(n / clouds / 250)}.${Math.floor(n / clouds) % 250}`;
  const mac = `fa:16:3e:${[n >> 16, n >> 8, n].map((part) => (part & 255).toString(16).padStart(2, '0')).join(':')}`;
  cloud.put(
    'server',
    serverRow(id, {
      name: `vm-${(n * 7919) % instances}`,
      status: n % 50 === 0 ? 'ERROR' : 'ACTIVE',
      image: { id: `image-${c}` },
      flavor: { original_name: `m1.${n % 12}`, vcpus: 1 + (n % 8), ram: 2048, disk: 20, ephemeral: 0, swap: 0 },
      addresses: { front: [{ addr: ip, version: 4, 'OS-EXT-IPS-MAC:mac_addr': mac, 'OS-EXT-IPS:type': 'fixed' }] },
      tags: n % 3 === 0 ? ['test'] : ['prod'],
      created: new Date(Date.UTC(2026, 0, 1) + ((n * 104_729) % 28_000_000) * 1000).toISOString(),
      'os-extended-volumes:volumes_attached': n % 5 < 2 ? [{ id: `vol-${id}` }] : [],
    }),
  );
  const port = {
    id: `port-${id}`,
    name: '',
    description: '',
    project_id: 'p',
    network_id: `net-${c}`,
    mac_address: mac,
    admin_state_up: true,
  };
  const used = { status: 'ACTIVE', device_id: id, device_owner: 'compute:nova', security_groups: [] };
  cloud.put('port', { ...port, ...used, fixed_ips: [{ subnet_id: `sub-${c}`, ip_address: ip }] });
  if (n % 5 < 2) {
    const attachments = [{ server_id: id, device: '/dev/vdb' }];
    cloud.put('volume', { id: `vol-${id}`, name: `data-${n}`, size: 10, status: 'in-use', metadata: {}, attachments } as never);
  }
}

function change(all: readonly TestCloud[], count: number, more: object = {}): void {
  for (let k = 0; k < count; k++) {
    const n = Math.floor(Math.random() * instances);
    const cloud = all[n % clouds] as TestCloud;
    const row = cloud.inventory.get('server', uuid(n));
    const name = `vm-${Math.floor(Math.random() * instances)}`;
    if (row) cloud.put('server', { ...row, name, status: k % 2 === 0 ? 'SHUTOFF' : 'ACTIVE', ...more });
  }
}

function uuid(n: number): string {
  return `${n.toString(16).padStart(8, '0')}-9d1c-4f6e-8f5a-${((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(12, '0')}`;
}

function time(what: string, run: () => unknown, prepare: () => void = () => undefined): void {
  const times: number[] = [];
  const spent: number[] = [];
  for (let n = 0; n < rounds; n++) {
    prepare();
    const startedAt = performance.now();
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / 1000);
    times.push(performance.now() - startedAt);
  }
  const [first = 0] = times;
  print(
    what,
    `first ${first.toFixed(1)} ms, median ${at(times, 0.5)}, 95 % ${at(times, 0.95)}, most ${at(times, 1)}; CPU ${at(spent, 0.5)}`,
  );
}

function at(times: readonly number[], part: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  return (sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(1);
}
