import { type Answer, isAdmin, isRecord, type ScopedCall } from '../call.ts';
import { exceedsQuota, quotaLimit, setQuota } from '../quotas.ts';
import type { RouteTable } from '../routes.ts';
import type { World } from '../world.ts';
import { badRequest, refuse } from './errors.ts';

const resources = [
  'network',
  'subnet',
  'subnetpool',
  'port',
  'router',
  'floatingip',
  'rbac_policy',
  'security_group',
  'security_group_rule',
  'trunk',
];

export const quotaRoutes: RouteTable = {
  'GET /quotas/:project': showQuotas,
  'GET /quotas/:project/details.json': showDetails,
  'GET /quotas/:project/details': showDetails,
  'PUT /quotas/:project': changeQuotas,
  'DELETE /quotas/:project': resetQuotas,
};

function used(world: World, projectId: string, resource: string): number {
  const { store } = world;
  const rows = {
    network: store.networks,
    subnet: store.subnets,
    port: store.ports,
    router: store.routers,
    floatingip: store.floatingIps,
    security_group: store.securityGroups,
    security_group_rule: store.securityGroupRules,
  }[resource];
  let count = 0;
  for (const row of rows?.values() ?? []) if (row.projectId === projectId) count += 1;
  return count;
}

/** Refuses with 409 OverQuota: not to be mistaken for the other conflicts of that status. */
export function reserve(world: World, projectId: string, resource: string, more = 1): void {
  if (quotaLimit(world, projectId, 'network', resource) < 0) return;
  if (exceedsQuota(world, projectId, 'network', resource, { used: used(world, projectId, resource), more }))
    refuse(409, 'OverQuota', `Quota exceeded for resources: ['${resource}'].`);
}

function showQuotas(call: ScopedCall): Answer {
  const rows = resources.map((name) => [name, quotaLimit(call.world, call.params.project ?? '', 'network', name)]);
  return { status: 200, body: { quota: Object.fromEntries(rows) } };
}

function showDetails(call: ScopedCall): Answer {
  const project = call.params.project ?? '';
  const rows = resources.map((name) => [
    name,
    { limit: quotaLimit(call.world, project, 'network', name), used: used(call.world, project, name), reserved: 0 },
  ]);
  return { status: 200, body: { quota: Object.fromEntries(rows) } };
}

function changeQuotas(call: ScopedCall): Answer {
  if (!isAdmin(call)) refuse(403, 'PolicyNotAuthorized', 'rule:update_quota is disallowed by policy');
  const project = call.params.project ?? '';
  const wanted = isRecord(call.body) && isRecord(call.body.quota) ? call.body.quota : {};
  for (const [name, limit] of Object.entries(wanted)) {
    if (!resources.includes(name)) badRequest(`Unrecognized attribute(s) '${name}'`);
    const inUse = used(call.world, project, name);
    if (Number(limit) >= 0 && Number(limit) < inUse)
      badRequest(`Quota limit ${Number(limit)} for ${name} must be greater than or equal to already used ${inUse}`);
  }
  for (const [name, limit] of Object.entries(wanted)) setQuota(call.world, project, 'network', name, Number(limit));
  return showQuotas(call);
}

function resetQuotas(call: ScopedCall): Answer {
  if (!isAdmin(call)) refuse(403, 'PolicyNotAuthorized', 'rule:delete_quota is disallowed by policy');
  const project = call.params.project ?? '';
  const keys = resources.map((name) => `${project}/network/${name}`).filter((key) => call.world.store.quotas.has(key));
  if (keys.length === 0) refuse(404, 'TenantQuotaNotFound', `Quota for project ${project} could not be found.`);
  for (const key of keys) call.world.store.quotas.delete(key);
  return { status: 204 };
}
