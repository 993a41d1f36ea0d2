import { expect, vi } from 'vitest';
import * as volumes from '#controller/openstack/block-storage/volumes.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import * as images from '#controller/openstack/image/images.ts';
import * as floatingIPs from '#controller/openstack/network/floating-ips.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as ports from '#controller/openstack/network/ports.ts';
import * as routers from '#controller/openstack/network/routers.ts';
import * as securityGroups from '#controller/openstack/network/security-groups.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import type { AuditItem, Session } from './session.ts';

/** What servers are tried with, made in the cloud and declared by nobody. */
export interface Things {
  readonly imageId: string;
  readonly networkId: string;
  readonly portId: string;
  readonly volumeId: string;
  readonly groupId: string;
  readonly floatingIPId: string;
  /** By the name they were asked for with. */
  readonly servers: Readonly<Record<string, string>>;
}

/** Makes a network with a way out, its parts, and a running server of each name on it. */
export async function makeThings(client: Cloud, names: readonly string[]): Promise<Things> {
  const imageId = (await first(images.list(client.image), ({ name }) => name?.startsWith('cirros') ?? false)).id;
  const external = await first(networks.list(client.network), (network) => network['router:external'] === true);
  const network = await networks.create(client.network, { name: 'act-net' });
  const subnet = await subnets.create(client.network, { network_id: network.id, ip_version: 4, cidr: '10.77.0.0/24' });
  const router = await routers.create(client.network, { name: 'act-router', external_gateway_info: { network_id: external.id } });
  await routers.addInterface(client.network, router.id, { subnet_id: subnet.id });
  const port = await ports.create(client.network, { network_id: network.id, name: 'act-port' });
  const group = await securityGroups.create(client.network, { name: 'act-group' });
  const floating = await floatingIPs.create(client.network, { floating_network_id: external.id });
  const volume = await volumes.create(client.blockStorage, { size: 1, name: 'act-volume' });
  const made = await Promise.all(
    names.map(async (name) => {
      const { id } = await servers.create(client.compute, { name, flavorRef: '1', imageRef: imageId, networks: [{ uuid: network.id }] });
      return [name, id] as const;
    }),
  );
  for (const [, id] of made) {
    await vi.waitFor(async () => expect((await servers.get(client.compute, id)).status).toBe('ACTIVE'), {
      timeout: 180_000,
      interval: 1000,
    });
  }
  await vi.waitFor(async () => expect((await volumes.get(client.blockStorage, volume.id)).status).toBe('available'), { timeout: 60_000 });
  return {
    imageId,
    networkId: network.id,
    portId: port.id,
    volumeId: volume.id,
    groupId: group.id,
    floatingIPId: floating.id,
    servers: Object.fromEntries(made),
  };
}

/** Removes all that is named `act-...` with what stands on it, so that the project can go. */
export async function clearThings(client: Cloud): Promise<void> {
  const isOurs = ({ name }: { name?: string | null }) => name?.startsWith('act-') ?? false;
  const quietly = async (deletion: Promise<unknown>) => void (await deletion.catch(() => undefined));
  const { projectId } = await client.authenticate();
  const ids = (await all(servers.list(client.compute))).map(({ id }) => id);
  for (const id of ids) await quietly(servers.remove(client.compute, id));
  await vi.waitFor(async () => expect(await all(servers.list(client.compute))).toEqual([]), { timeout: 60_000, interval: 1000 });
  for (const { id } of await all(floatingIPs.list(client.network, { project_id: projectId })))
    await quietly(floatingIPs.remove(client.network, id));
  for (const router of (await all(routers.list(client.network))).filter(isOurs)) {
    for (const subnet of await all(subnets.list(client.network)))
      await quietly(routers.removeInterface(client.network, router.id, { subnet_id: subnet.id }));
    await quietly(routers.remove(client.network, router.id));
  }
  for (const one of (await all(ports.list(client.network))).filter(isOurs)) await quietly(ports.remove(client.network, one.id));
  for (const one of (await all(networks.list(client.network))).filter(isOurs)) await quietly(networks.remove(client.network, one.id));
  for (const one of (await all(securityGroups.list(client.network))).filter(isOurs))
    await quietly(securityGroups.remove(client.network, one.id));
  for (const one of (await all(volumes.list(client.blockStorage))).filter(isOurs))
    await quietly(volumes.remove(client.blockStorage, one.id));
  for (const one of (await all(images.list(client.image))).filter(isOurs)) await quietly(images.remove(client.image, one.id));
}

async function all<Row>(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

async function first<Row>(pages: AsyncIterable<readonly Row[]>, fits: (row: Row) => boolean): Promise<Row> {
  for await (const page of pages) {
    const found = page.find(fits);
    if (found) return found;
  }
  throw new Error('the cloud has no such thing');
}

export interface ShownOperation {
  readonly id: string;
  readonly state: string;
  readonly percent: number;
  readonly title?: string;
  readonly detail?: string;
  readonly problem?: { readonly title: string; readonly detail: string; readonly status: number };
  readonly result?: { readonly resources?: readonly { readonly id: string }[]; readonly data?: unknown };
  readonly secret?: Readonly<Record<string, string>>;
  readonly requestIds: readonly string[];
}

/** Asks over HTTP for an action on a server, and waits for its end. */
export async function act({ process }: Session, id: string, verb: string, body: object = {}): Promise<ShownOperation> {
  const { text } = await process.post(`/api/v1/resources/server/main/${id}/actions/instance.${verb}?wait=60`, body);
  const operation = JSON.parse(text) as ShownOperation;
  return operation.state === 'queued' || operation.state === 'running' ? await ended(process, operation) : operation;
}

async function ended(process: Session['process'], { id }: ShownOperation): Promise<ShownOperation> {
  return await vi.waitFor(
    async () => {
      const operation = JSON.parse((await process.get(`/api/v1/operations/${id}`)).text) as ShownOperation;
      expect(['succeeded', 'failed', 'cancelled']).toContain(operation.state);
      return operation;
    },
    { timeout: 120_000, interval: 500 },
  );
}

/** As `act`, for what has to succeed: and the audit tells all of it. */
export async function done(session: Session, id: string, verb: string, body: object = {}): Promise<ShownOperation> {
  const operation = await act(session, id, verb, body);
  expect(operation, `${verb}: ${JSON.stringify(operation)}`).toMatchObject({ state: 'succeeded', percent: 100 });
  const entries = (await session.audit(`cloudId=${id}&limit=20`)) as (AuditItem & { reconcileId?: string })[];
  const own = entries.filter(({ reconcileId }) => reconcileId === operation.id);
  expect(
    own.map(({ type }) => type),
    verb,
  ).toEqual(['ActionDone', 'ActionRequested']);
  expect(own[0], verb).toMatchObject({ actor: 'admin', result: 'ok', requestIds: operation.requestIds });
  expect(operation.requestIds.length, verb).toBeGreaterThan(0);
  return operation;
}
