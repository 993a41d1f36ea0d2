import { type Answer, isAdmin, isRecord, type ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import { exceedsQuota, quotaLimit, setQuota } from '../quotas.ts';
import type { RouteTable } from '../routes.ts';
import type { World } from '../world.ts';

const resources = ['cores', 'instances', 'key_pairs', 'metadata_items', 'ram', 'server_group_members', 'server_groups'];
/** Shown by older microversions and by every answer to PUT before 2.36. */
const proxied = {
  fixed_ips: -1,
  floating_ips: -1,
  injected_file_content_bytes: 10_240,
  injected_file_path_bytes: 255,
  injected_files: 5,
  security_group_rules: -1,
  security_groups: -1,
};

export const quotaRoutes: RouteTable = {
  'GET /os-quota-sets/:project': (call) => ({ status: 200, body: { quota_set: { id: call.params.project, ...limits(call) } } }),
  'PUT /os-quota-sets/:project': changeQuotas,
  'DELETE /os-quota-sets/:project': resetQuotas,
  'GET /limits': showLimits,
};

interface Need {
  readonly instances: number;
  readonly cores: number;
  readonly ram: number;
}

function usage(world: World, projectId: string): Need {
  let need = { instances: 0, cores: 0, ram: 0 };
  for (const { projectId: owner, vmState, flavor } of world.store.servers.values())
    if (owner === projectId && vmState !== 'deleted')
      need = { instances: need.instances + 1, cores: need.cores + flavor.vcpus, ram: need.ram + flavor.ram };
  return need;
}

/** Refuses with 403, which policy uses too: only the message tells them apart. */
export function reserveServer(call: ScopedCall, more: Need): void {
  const project = call.token.projectId;
  const names = ['cores', 'instances', 'ram'] as const;
  if (names.every((name) => quotaLimit(call.world, project, 'compute', name) < 0)) return;
  const used = usage(call.world, project);
  const over = names.filter((name) => exceedsQuota(call.world, project, 'compute', name, { used: used[name], more: more[name] }));
  if (over.length === 0) return;
  const listed = (value: (name: (typeof names)[number]) => number) => over.map(value).join(', ');
  const limit = listed((name) => quotaLimit(call.world, project, 'compute', name));
  refuse(
    403,
    `Quota exceeded for ${over.join(', ')}: Requested ${listed((name) => more[name])}, but already used ${listed((name) => used[name])} of ${limit} ${over.join(', ')}`,
  );
}

function limits(call: ScopedCall): Record<string, number> {
  const limit = (name: string) =>
    name === 'metadata_items' ? 128 : quotaLimit(call.world, call.params.project ?? call.token.projectId, 'compute', name);
  return { ...(call.minor < 36 ? proxied : {}), ...Object.fromEntries(resources.map((name) => [name, limit(name)])) };
}

function changeQuotas(call: ScopedCall): Answer {
  if (!isAdmin(call)) refuse(403, "Policy doesn't allow os_compute_api:os-quota-sets:update to be performed.");
  const project = call.params.project ?? '';
  const wanted = isRecord(call.body) && isRecord(call.body.quota_set) ? call.body.quota_set : {};
  const used: Record<string, number> = { ...usage(call.world, project) };
  for (const [name, limit] of Object.entries(wanted))
    if (Number(limit) >= 0 && Number(limit) < (used[name] ?? 0))
      refuse(400, `Quota limit ${Number(limit)} for ${name} must be greater than or equal to already used and reserved ${used[name]}.`);
  for (const [name, limit] of Object.entries(wanted)) setQuota(call.world, project, 'compute', name, Number(limit));
  return { status: 200, body: { quota_set: limits(call) } };
}

function resetQuotas(call: ScopedCall): Answer {
  if (!isAdmin(call)) refuse(403, "Policy doesn't allow os_compute_api:os-quota-sets:delete to be performed.");
  for (const name of resources) call.world.store.quotas.delete(`${call.params.project}/compute/${name}`);
  return { status: 202 };
}

function showLimits(call: ScopedCall): Answer {
  const limit = limits(call);
  const used = usage(call.world, call.token.projectId);
  const absolute = {
    maxTotalInstances: limit.instances,
    maxTotalCores: limit.cores,
    maxTotalRAMSize: limit.ram,
    maxServerMeta: 128,
    maxTotalKeypairs: limit.key_pairs,
    maxServerGroups: -1,
    maxServerGroupMembers: -1,
    totalRAMUsed: used.ram,
    totalCoresUsed: used.cores,
    totalInstancesUsed: used.instances,
    totalServerGroupsUsed: 0,
  };
  return { status: 200, body: { limits: { rate: [], absolute } } };
}
