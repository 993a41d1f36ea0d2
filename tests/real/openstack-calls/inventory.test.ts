import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCloudInventory, type ManagedInventory } from '#controller/inventory/cloud-inventory.ts';
import type { InventoryEvent, ResourceType } from '#controller/inventory/inventory.ts';
import { createInventoryRepository } from '#controller/inventory/repository.ts';
import { STAMP_KEY, stampedDescription } from '#controller/inventory/stamp.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { isNotFound } from '#controller/openstack/errors.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as rules from '#controller/openstack/network/security-group-rules.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { openStore, type Store } from '#migrations/store.ts';

const AUTH_URL = process.env['STACKWARDEN_TEST_AUTH_URL'] ?? 'http://127.0.0.1:25000/v3';
const PASSWORD = process.env['STACKWARDEN_TEST_PASSWORD'] ?? 'osc-secret';
const PREFIX = `inventory-${randomUUID().slice(0, 8)}`;
const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE3dDHHMBXRLPTmFk5JqsLCmUVgZAiTMaUhHI6jdaD43 test';
const UID = randomUUID();

/** Calls of the inventory's own connection; people change the cloud through the other. */
const calls: string[] = [];
const events: InventoryEvent[] = [];
const made = { network: '', subnet: '', port: '', group: '', volume: '', server: '' };
let watching: Cloud;
let people: Cloud;
let store: Store;
let inventory: ManagedInventory;

function connect(onRequest?: (call: string) => void): Cloud {
  const domains = { user_domain_id: 'default', project_domain_id: 'default' };
  const auth = { auth_url: AUTH_URL, username: 'demo', password: PASSWORD, project_name: 'demo', ...domains };
  const config = parseCloudConfig({ cloudsYaml: JSON.stringify({ clouds: { real: { auth, region_name: 'RegionOne' } } }) });
  const observer =
    onRequest === undefined
      ? {}
      : { onRequest: (seen: { method: string; service: string }) => onRequest(`${seen.method} ${seen.service}`) };
  return connectCloud(config, { name: 'real', concurrency: 4, ...observer });
}

function open(options: { wholeLookRows?: number; onEvent?: (event: InventoryEvent) => void } = {}): ManagedInventory {
  return createCloudInventory({
    cluster: 'real',
    client: watching,
    store,
    clock: {
      now: () => Date.now(),
      after(ms, call) {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
    },
    random: Math.random,
    onEvent: (event) => void events.push(event),
    log: (level, message, fields) => {
      if (level !== 'debug') console.log(level, message, fields);
    },
    ...options,
  });
}

/** Events about rows of this test: the project is shared with others. */
function takeOurs(): string[] {
  const ours = new Set<string>([...Object.values(made), PREFIX]);
  return events.splice(0).flatMap((event) => (ours.has(event.id) ? [`${event.change} ${event.type}`] : []));
}

async function until(look: () => Promise<unknown>, isThere: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 120 && !isThere(); attempt += 1) {
    await look();
    if (!isThere()) await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(isThere()).toBe(true);
}

async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

beforeAll(async () => {
  watching = connect((call) => calls.push(call));
  people = connect();
  store = await openStore('sqlite::memory:');
  inventory = open();
  const { id: network } = await networks.create(people.network, { name: PREFIX, description: stampedDescription('front', UID) });
  made.network = network;
  const address = { network_id: network, ip_version: 4 as const, cidr: '10.77.0.0/24' };
  made.subnet = (await subnets.create(people.network, { name: PREFIX, ...address })).id;
  made.group = (await groups.create(people.network, { name: PREFIX })).id;
  made.port = (await ports.create(people.network, { name: PREFIX, network_id: network, security_groups: [made.group] })).id;
  made.volume = (await volumes.create(people.blockStorage, { name: PREFIX, size: 1, metadata: { [STAMP_KEY]: UID } })).id;
  await keypairs.create(people.compute, { name: PREFIX, public_key: PUBLIC_KEY });
  await inventory.sweep();
  const flavor = inventory.byName('flavor', 'm1.tiny')[0];
  const image = inventory.byName('image', 'cirros')[0];
  const server = await servers.create(people.compute, {
    name: PREFIX,
    flavorRef: flavor?.id ?? '',
    imageRef: image?.id ?? '',
    networks: [{ port: made.port }],
    metadata: { [STAMP_KEY]: UID },
  });
  made.server = server.id;
  await until(
    () => inventory.reread('server', server.id),
    () => inventory.get('server', server.id)?.status === 'ACTIVE',
  );
  await until(
    () => inventory.reread('volume', made.volume),
    () => inventory.get('volume', made.volume)?.status === 'available',
  );
});

afterAll(async () => {
  await inventory.stop();
  if (made.server !== '') {
    await quietly(servers.remove(people.compute, made.server));
    await until(
      () => inventory.reread('server', made.server),
      () => inventory.get('server', made.server) === undefined,
    );
  }
  await quietly(keypairs.remove(people.compute, PREFIX));
  if (made.volume !== '') await quietly(volumes.remove(people.blockStorage, made.volume));
  if (made.port !== '') await quietly(ports.remove(people.network, made.port));
  if (made.group !== '') await quietly(groups.remove(people.network, made.group));
  if (made.network !== '') await quietly(networks.remove(people.network, made.network));
  await Promise.all([watching.close(), people.close(), store.close()]);
});

describe('the inventory of a real cloud', () => {
  it('shows what is there by name, owner and parent', async () => {
    await inventory.sweep();
    expect(inventory.get('network', made.network)?.subnets).toEqual([made.subnet]);
    expect(inventory.byOwner('network', UID).map((row) => row.id)).toEqual([made.network]);
    expect(inventory.byOwner('server', UID).map((row) => row.id)).toEqual([made.server]);
    expect(inventory.byParent('port', made.server).map((row) => row.id)).toEqual([made.port]);
    expect(inventory.byParent('subnet', made.network).map((row) => row.id)).toEqual([made.subnet]);
    expect(inventory.get('security_group', made.group)?.security_group_rules.length).toBeGreaterThan(0);
    expect(inventory.get('keypair', PREFIX)?.public_key).toBe(PUBLIC_KEY);
    expect(inventory.byName('network', 'public')).toHaveLength(1);
    expect(inventory.undeclared(() => false).some((row) => row.id === made.server && row.ownerUid === UID)).toBe(true);
  });

  it('costs one call a type and page, and finds nothing new when nothing happened', async () => {
    takeOurs();
    calls.length = 0;
    const reports = await inventory.sweep();
    expect(reports.flatMap((report) => report.error ?? [])).toEqual([]);
    expect(calls).toHaveLength(reports.reduce((sum, report) => sum + report.pages + report.gets, 0));
    expect(takeOurs()).toEqual([]);
    const slowest = Math.max(...reports.map((report) => report.durationMs));
    console.log(
      `a sweep: ${calls.length} calls for ${reports.reduce((sum, report) => sum + report.rows, 0)} rows, slowest list ${slowest} ms`,
    );
  });

  it('takes a GET and a LIST of the same row for the same', async () => {
    await inventory.sweep();
    takeOurs();
    const rows: [ResourceType, string][] = [
      ['network', made.network],
      ['subnet', made.subnet],
      ['port', made.port],
      ['security_group', made.group],
      ['volume', made.volume],
      ['server', made.server],
      ['keypair', PREFIX],
      ...[...inventory.all('flavor')].map((row): [ResourceType, string] => ['flavor', row.id]),
      ...[...inventory.all('image')].map((row): [ResourceType, string] => ['image', row.id]),
      ...[...inventory.all('volume_type')].map((row): [ResourceType, string] => ['volume_type', row.id]),
    ];
    for (const [type, id] of rows) {
      const listed = { ...(inventory.get(type, id) as unknown as Record<string, unknown>) };
      const read = (await inventory.reread(type, id)) as unknown as Record<string, unknown>;
      if (events.some((event) => event.type === type && event.id === id)) {
        expect(read, `${type} ${id}`).toEqual(listed);
      }
    }
  });

  const changes: [string, () => Promise<unknown>, string, () => unknown, unknown][] = [
    [
      'a server renamed',
      () => servers.update(people.compute, made.server, { name: `${PREFIX}-b` }),
      'changed server',
      () => inventory.get('server', made.server)?.name,
      `${PREFIX}-b`,
    ],
    [
      'metadata of a server',
      () => servers.setMetadata(people.compute, made.server, { tier: 'web' }),
      'changed server',
      () => inventory.get('server', made.server)?.metadata['tier'],
      'web',
    ],
    [
      'metadata of a volume',
      () => volumes.setMetadata(people.blockStorage, made.volume, { tier: 'db' }),
      'changed volume',
      () => inventory.get('volume', made.volume)?.metadata['tier'],
      'db',
    ],
    [
      'a rule added to a security group',
      () => {
        const ssh = { protocol: 'tcp', port_range_min: 22, port_range_max: 22 };
        return rules.createAll(people.network, [{ security_group_id: made.group, direction: 'ingress', ...ssh }]);
      },
      'changed security_group',
      () => inventory.get('security_group', made.group)?.security_group_rules.some((rule) => rule.port_range_min === 22),
      true,
    ],
    [
      'a rule removed from a security group',
      async () => {
        const rule = inventory.get('security_group', made.group)?.security_group_rules.find((one) => one.port_range_min === 22);
        await rules.remove(people.network, rule?.id ?? '');
      },
      'changed security_group',
      () => inventory.get('security_group', made.group)?.security_group_rules.some((rule) => rule.port_range_min === 22),
      false,
    ],
    [
      'a port renamed',
      () => ports.update(people.network, made.port, { name: `${PREFIX}-b` }),
      'changed port',
      () => inventory.get('port', made.port)?.name,
      `${PREFIX}-b`,
    ],
    [
      'name servers of a subnet',
      () => subnets.update(people.network, made.subnet, { dns_nameservers: ['9.9.9.9', '1.1.1.1'] }),
      'changed subnet',
      () => inventory.get('subnet', made.subnet)?.dns_nameservers,
      ['9.9.9.9', '1.1.1.1'],
    ],
    [
      'a network switched off',
      () => networks.update(people.network, made.network, { admin_state_up: false }),
      'changed network',
      () => inventory.get('network', made.network)?.admin_state_up,
      false,
    ],
  ];
  it.each(changes)('sees %s at the next look, as one event', async (_what, change, event, read, expected) => {
    takeOurs();
    await change();
    await inventory.look();
    expect(takeOurs()).toEqual([event]);
    expect(read()).toEqual(expected);
  });

  it('sees a volume grow and a server stop while the cloud works on it', async () => {
    await volumes.extend(people.blockStorage, made.volume, 2);
    await servers.stop(people.compute, made.server);
    await until(
      () => inventory.look(),
      () => inventory.get('volume', made.volume)?.size === 2 && inventory.get('server', made.server)?.status === 'SHUTOFF',
    );
  });

  it('sees a volume attached from the server’s side and from its own', async () => {
    await servers.attachVolume(people.compute, made.server, { volumeId: made.volume });
    await inventory.rereadChildren('volume', made.server);
    await until(
      () => inventory.rereadChildren('volume', made.server),
      () => inventory.byParent('volume', made.server).some((row) => row.id === made.volume && row.status === 'in-use'),
    );
    await servers.detachVolume(people.compute, made.server, made.volume);
    await until(
      () => inventory.rereadChildren('volume', made.server),
      () => inventory.byParent('volume', made.server).length === 0 && inventory.get('volume', made.volume)?.status === 'available',
    );
  });

  it('sees with change-time filters what they show, and survives a service that refuses its own', async () => {
    const late: string[] = [];
    const filtered = open({ wholeLookRows: -1, onEvent: (event) => void late.push(`${event.change} ${event.type} ${event.id}`) });
    await filtered.sweep();
    late.length = 0;
    await servers.update(people.compute, made.server, { name: `${PREFIX}-c` });
    await volumes.update(people.blockStorage, made.volume, { name: `${PREFIX}-c` });
    const reports = await filtered.look();
    expect(reports.flatMap((report) => report.error ?? [])).toEqual([]);
    expect(reports.map((report) => `${report.how} ${report.type}`)).toEqual(expect.arrayContaining(['changed server', 'changed volume']));
    expect(late).toEqual(expect.arrayContaining([`changed server ${made.server}`, `changed volume ${made.volume}`]));

    await servers.setMetadata(people.compute, made.server, { tier: 'late' });
    await volumes.setMetadata(people.blockStorage, made.volume, { tier: 'late' });
    const again = await filtered.look();
    const seen = (type: 'server' | 'volume') => filtered.get(type, made[type])?.metadata['tier'] === 'late';
    console.log(
      `change-time filters: types that have one: ${again.map((report) => report.type).join(' ')}; show metadata: servers ${seen('server')}`,
    );
    await filtered.sweep();
    expect([seen('server'), seen('volume')]).toEqual([true, true]);
    await filtered.stop();
  });

  it('sees deletions, and its history replays to what it shows', async () => {
    takeOurs();
    await servers.remove(people.compute, made.server);
    await until(
      () => inventory.look(),
      () => inventory.get('server', made.server) === undefined,
    );
    await ports.remove(people.network, made.port);
    await volumes.remove(people.blockStorage, made.volume);
    await keypairs.remove(people.compute, PREFIX);
    await groups.remove(people.network, made.group);
    await networks.remove(people.network, made.network);
    const kept: [ResourceType, string][] = [
      ['port', made.port],
      ['volume', made.volume],
      ['security_group', made.group],
      ['subnet', made.subnet],
      ['network', made.network],
      ['keypair', PREFIX],
    ];
    await until(
      () => inventory.sweep(),
      () => kept.every(([type, id]) => inventory.get(type, id) === undefined),
    );
    const gone = takeOurs().filter((event) => event.startsWith('gone'));
    expect(gone.toSorted()).toEqual([
      'gone keypair',
      'gone network',
      'gone port',
      'gone security_group',
      'gone server',
      'gone subnet',
      'gone volume',
    ]);
    await inventory.stop();
    const stored = await createInventoryRepository(store, 'real').load();
    expect(stored.filter(({ resource }) => JSON.stringify(resource).includes(PREFIX))).toEqual([]);
  });
});
