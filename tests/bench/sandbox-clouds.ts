import { randomUUID } from 'node:crypto';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';

/** What the parent may ask for. */
export type Wish =
  /** The last cloud answers no more, or does again. */
  | 'hang'
  | 'go on'
  /** Instances over all clouds stop and start, so many a second; 0 ends that. */
  | { readonly changesASecond: number };

/**
 * Sandbox clouds of so many instances each, in a process of their own: `node tests/bench/sandbox-clouds.ts CLOUDS INSTANCES`. In each one server is
 * made through the API, and the others are copies of it with an address of their own. Tells the parent the clouds.yaml; does what the parent says.
 */
const clouds = Number(process.argv[2]);
const instances = Number(process.argv[3]);
const started: Sandbox[] = [];
const knownIds = new Map<Sandbox, readonly string[]>();
for (let n = 0; n < clouds; n += 1) started.push(await filledCloud(n));
const entries = started.map((sandbox, n) => sandbox.cloudsYaml(nameOf(n)).replace(/^clouds:\n/, ''));
process.send?.(`clouds:\n${entries.join('')}`);
process.on('message', (wish: Wish) => {
  if (wish === 'hang') started.at(-1)?.faults.add({ effect: { type: 'hang' } });
  else if (wish === 'go on') started.at(-1)?.faults.clear();
  else change(wish.changesASecond);
});
process.on('disconnect', () => process.exit());

let timer: NodeJS.Timeout | undefined;

function change(aSecond: number): void {
  clearInterval(timer);
  if (aSecond > 0) timer = setInterval(() => Array.from({ length: aSecond / 20 }, changeOne), 50);
}

/** As Nova does: the time of a change moves with it. */
function changeOne(): void {
  const sandbox = started[Math.floor(Math.random() * started.length)];
  if (!sandbox) return;
  const ids = knownIds.get(sandbox) ?? [...sandbox.store.servers.keys()];
  knownIds.set(sandbox, ids);
  const server = sandbox.store.servers.get(ids[Math.floor(Math.random() * ids.length)] ?? '');
  if (!server) return;
  const isRunning = server.vmState === 'active';
  Object.assign(server, { vmState: isRunning ? 'stopped' : 'active', powerState: isRunning ? 4 : 1, updatedAt: Date.now() });
}

function nameOf(n: number): string {
  return `cloud-${String(n).padStart(2, '0')}`;
}

async function filledCloud(n: number): Promise<Sandbox> {
  const sandbox = await startSandbox({ seed: n + 1, timeScale: 0.01 });
  const cloud = connectCloud(parseCloudConfig({ cloudsYaml: sandbox.cloudsYaml('own'), cloud: 'own' }), { name: 'own' });
  const network = await networks.create(cloud.network, { name: 'net' });
  await subnets.create(cloud.network, { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/16' });
  let imageRef = '';
  for await (const page of images.list(cloud.image)) imageRef ||= page[0]?.id ?? '';
  const { id } = await servers.create(cloud.compute, { name: 'vm-0-0', flavorRef: '1', imageRef, networks: [{ uuid: network.id }] });
  while ((await servers.get(cloud.compute, id)).status !== 'ACTIVE') await new Promise((done) => setTimeout(done, 20));
  await cloud.close();
  const { store } = sandbox;
  const server = store.servers.get(id);
  const port = [...store.ports.values()].find(({ deviceId }) => deviceId === id);
  if (!server || !port) throw new Error('the first server is not there');
  for (let copy = 1; copy < instances; copy += 1) {
    const [serverId, portId] = [randomUUID(), randomUUID()];
    const address = `10.0.${(copy >> 8) & 255}.${copy & 255}`;
    store.servers.set(serverId, {
      ...structuredClone(server),
      id: serverId,
      name: `vm-${n}-${copy}`,
      createdAt: server.createdAt - copy * 60_000,
      interfaces: server.interfaces.map((one) => ({ ...one, portId })),
    });
    store.ports.set(portId, {
      ...structuredClone(port),
      id: portId,
      deviceId: serverId,
      macAddress: `fa:16:3e:${[n, copy >> 8, copy & 255].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`,
      fixedIps: port.fixedIps.map((fixed) => ({ ...fixed, ipAddress: address })),
    });
  }
  return sandbox;
}
