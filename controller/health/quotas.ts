import type { Cloud, ServiceClient } from '../openstack/cloud.ts';
import type { Quotas, QuotaUse } from './sample.ts';

const timeoutMs = 10_000;

/** Fields of `limits.absolute`: what we call it, what is used, the limit. */
const compute: readonly (readonly [name: string, used: string, limit: string])[] = [
  ['instances', 'totalInstancesUsed', 'maxTotalInstances'],
  ['cores', 'totalCoresUsed', 'maxTotalCores'],
  ['ramMiB', 'totalRAMUsed', 'maxTotalRAMSize'],
  ['serverGroups', 'totalServerGroupsUsed', 'maxServerGroups'],
];
const blockStorage: typeof compute = [
  ['volumes', 'totalVolumesUsed', 'maxTotalVolumes'],
  ['gigabytes', 'totalGigabytesUsed', 'maxTotalVolumeGigabytes'],
  ['snapshots', 'totalSnapshotsUsed', 'maxTotalSnapshots'],
];
const network: readonly (readonly [name: string, resource: string])[] = [
  ['networks', 'network'],
  ['subnets', 'subnet'],
  ['ports', 'port'],
  ['routers', 'router'],
  ['floatingIPs', 'floatingip'],
  ['securityGroups', 'security_group'],
  ['securityGroupRules', 'security_group_rule'],
];

/** How much of its quotas our project uses. A service that does not tell is left out; never rejects. */
export async function readQuotas(cloud: Cloud, projectId: string): Promise<Quotas> {
  const [nova, cinder, neutron] = await Promise.all([
    read(() => absolute(cloud.compute, compute)),
    read(() => absolute(cloud.blockStorage, blockStorage)),
    read(() => details(cloud.network, projectId)),
  ]);
  return { ...(nova && { compute: nova }), ...(cinder && { 'block-storage': cinder }), ...(neutron && { network: neutron }) };
}

/** When our application credential ends, RFC 3339; undefined for one that does not, for other credentials, and where it is not told. Never rejects. */
export async function readCredentialEnd(cloud: Cloud): Promise<string | undefined> {
  const { auth } = cloud.config;
  if (auth.method !== 'application_credential' || auth.id === undefined) return undefined;
  const { id } = auth;
  const told = await read(async () => {
    const { userId } = await cloud.authenticate();
    const path = `/users/${encodeURIComponent(userId)}/application_credentials/${encodeURIComponent(id)}`;
    const { body } = await cloud.identity.request<{ application_credential?: { expires_at?: string | null } }>({
      method: 'GET',
      path,
      timeoutMs,
    });
    return body.application_credential?.expires_at ?? undefined;
  });
  // Keystone writes UTC without saying so.
  const at = told === undefined ? Number.NaN : Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(told) ? told : `${told}Z`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

async function read<T>(look: () => Promise<T>): Promise<T | undefined> {
  return look().catch(() => undefined);
}

async function absolute(service: ServiceClient, fields: typeof compute): Promise<Record<string, QuotaUse>> {
  const { body } = await service.request<{ limits?: { absolute?: Record<string, unknown> } }>({
    method: 'GET',
    path: '/limits',
    timeoutMs,
  });
  const told = body.limits?.absolute ?? {};
  return Object.fromEntries(fields.flatMap(([name, used, limit]) => entryOf(name, told[used], told[limit])));
}

async function details(service: ServiceClient, projectId: string): Promise<Record<string, QuotaUse>> {
  const path = `/quotas/${encodeURIComponent(projectId)}/details.json`;
  const { body } = await service.request<{ quota?: Record<string, { used?: unknown; limit?: unknown }> }>({
    method: 'GET',
    path,
    timeoutMs,
  });
  return Object.fromEntries(
    network.flatMap(([name, resource]) => entryOf(name, body.quota?.[resource]?.used, body.quota?.[resource]?.limit)),
  );
}

function entryOf(name: string, used: unknown, limit: unknown): [string, QuotaUse][] {
  if (typeof used !== 'number' || typeof limit !== 'number') return [];
  return [[name, { used, limit: limit < 0 ? null : limit }]];
}
