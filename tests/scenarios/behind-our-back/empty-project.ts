import * as snapshots from '#controller/openstack/block-storage/snapshots.ts';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as keypairs from '#controller/openstack/compute/keypairs.ts';
import * as serverGroups from '#controller/openstack/compute/server-groups.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as floatingIps from '#controller/openstack/network/floating-ips.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import * as groups from '#controller/openstack/network/security-groups.ts';
import { until } from './step.ts';

/** Takes everything out of a project that is to go. */
export async function emptyProject(cloud: Cloud): Promise<void> {
  const { projectId } = await cloud.authenticate();
  const own = { project_id: projectId };
  await each(servers.list(cloud.compute), ({ id }) => servers.remove(cloud.compute, id));
  await until(() => isEmpty(servers.list(cloud.compute)), 'the servers are gone');
  await each(floatingIps.list(cloud.network, own), ({ id }) => floatingIps.remove(cloud.network, id));
  await each(routers.list(cloud.network, own), ({ id }) => removeRouter(cloud, id));
  await each(ports.list(cloud.network, own), ({ id }) => ports.remove(cloud.network, id));
  await each(networks.list(cloud.network, own), ({ id }) => networks.remove(cloud.network, id));
  await each(groups.list(cloud.network, own), async ({ id, name }) => {
    if (name !== 'default') await groups.remove(cloud.network, id);
  });
  await emptyStores(cloud, projectId);
  await each(keypairs.list(cloud.compute), ({ name }) => keypairs.remove(cloud.compute, name));
  await each(serverGroups.list(cloud.compute), ({ id }) => serverGroups.remove(cloud.compute, id));
}

async function removeRouter(cloud: Cloud, id: string): Promise<void> {
  await routers.update(cloud.network, id, { routes: [] });
  await each(ports.list(cloud.network, { device_id: id, device_owner: 'network:router_interface' }), (port) =>
    routers.removeInterface(cloud.network, id, { port_id: port.id }),
  );
  await routers.remove(cloud.network, id);
}

async function emptyStores({ blockStorage, image }: Cloud, projectId: string): Promise<void> {
  await each(images.list(image, { owner: projectId }), ({ id }) => images.remove(image, id));
  await until(() => isAtRest(snapshots.list(blockStorage)), 'the snapshots can be deleted');
  await each(snapshots.list(blockStorage), ({ id }) => snapshots.remove(blockStorage, id));
  await until(() => isEmpty(snapshots.list(blockStorage)), 'the snapshots are gone');
  await until(() => isAtRest(volumes.list(blockStorage)), 'the volumes are free');
  await each(volumes.list(blockStorage), ({ id }) => volumes.remove(blockStorage, id));
  await until(() => isEmpty(volumes.list(blockStorage)), 'the volumes are gone');
}

async function each<T>(pages: AsyncIterable<readonly T[]>, remove: (row: T) => Promise<unknown>): Promise<void> {
  const rows: T[] = [];
  for await (const page of pages) rows.push(...page);
  for (const row of rows) await remove(row);
}

async function isAtRest(pages: AsyncIterable<readonly { status: string }[]>): Promise<boolean> {
  for await (const page of pages) if (page.some(({ status }) => !/^(available|error.*)$/.test(status))) return false;
  return true;
}

async function isEmpty(pages: AsyncIterable<readonly unknown[]>): Promise<boolean> {
  for await (const page of pages) if (page.length > 0) return false;
  return true;
}
