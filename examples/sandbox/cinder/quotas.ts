import { type Answer, isRecord, Refusal, type ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import { exceedsQuota, quotaLimit, setQuota } from '../quotas.ts';
import type { RouteTable } from '../routes.ts';
import type { World } from '../world.ts';

const resources = ['volumes', 'per_volume_gigabytes', 'snapshots', 'gigabytes', 'backups', 'backup_gigabytes', 'groups'];

export const quotaRoutes: RouteTable = {
  'GET /os-quota-sets/:project': showQuotas,
  'PUT /os-quota-sets/:project': changeQuotas,
  'GET /limits': showLimits,
};

function usage(world: World, projectId: string): Record<string, number> {
  const volumes = [...world.store.volumes.values()].filter((volume) => volume.projectId === projectId);
  const snapshots = [...world.store.snapshots.values()].filter((snapshot) => snapshot.projectId === projectId);
  const gigabytes = [...volumes, ...snapshots].reduce((sum, { size }) => sum + size, 0);
  return { volumes: volumes.length, snapshots: snapshots.length, gigabytes };
}

function showQuotas(call: ScopedCall): Answer {
  const project = call.params.project ?? '';
  const used = usage(call.world, project);
  const withUsage = call.query.get('usage')?.toLowerCase() === 'true';
  const rows = resources.map((name) => {
    const limit = quotaLimit(call.world, project, 'block-storage', name);
    return [name, withUsage ? { limit, in_use: used[name] ?? 0, reserved: 0 } : limit] as const;
  });
  return { status: 200, body: { quota_set: { ...Object.fromEntries(rows), id: project } } };
}

function changeQuotas(call: ScopedCall): Answer {
  const project = call.params.project ?? '';
  const wanted = isRecord(call.body) && isRecord(call.body.quota_set) ? call.body.quota_set : {};
  const used = usage(call.world, project);
  for (const [name, limit] of Object.entries(wanted)) {
    const inUse = used[name] ?? 0;
    if (Number(limit) >= 0 && Number(limit) < inUse)
      refuse(
        400,
        `Quota ${name} limit must be equal or greater than existing resources. Current usage is ${inUse} and the requested limit is ${Number(limit)}.`,
      );
  }
  for (const [name, limit] of Object.entries(wanted)) setQuota(call.world, project, 'block-storage', name, Number(limit));
  const limits = resources.map((name) => [name, quotaLimit(call.world, project, 'block-storage', name)]);
  return { status: 200, body: { quota_set: Object.fromEntries(limits) } };
}

function showLimits(call: ScopedCall): Answer {
  const used = usage(call.world, call.token.projectId);
  const limit = (name: string) => quotaLimit(call.world, call.token.projectId, 'block-storage', name);
  const absolute = {
    maxTotalVolumes: limit('volumes'),
    maxTotalSnapshots: limit('snapshots'),
    maxTotalVolumeGigabytes: limit('gigabytes'),
    maxTotalBackups: -1,
    maxTotalBackupGigabytes: -1,
    totalVolumesUsed: used.volumes ?? 0,
    totalGigabytesUsed: used.gigabytes ?? 0,
    totalSnapshotsUsed: used.snapshots ?? 0,
    totalBackupsUsed: 0,
    totalBackupGigabytesUsed: 0,
  };
  return { status: 200, body: { limits: { rate: [], absolute } } };
}

/** Refuses with 413 and `Retry-After: 0`, which is not to be taken literally: waiting does not make room. */
export function reserve(world: World, projectId: string, more: { volumes?: number; snapshots?: number; gigabytes: number }): void {
  const used = usage(world, projectId);
  const over = (name: string, count: number) =>
    exceedsQuota(world, projectId, 'block-storage', name, { used: used[name] ?? 0, more: count });
  const limit = (name: string) => quotaLimit(world, projectId, 'block-storage', name);
  if (over('gigabytes', more.gigabytes))
    overLimit(
      `VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed gigabytes quota. Requested ${more.gigabytes}G, quota is ${limit('gigabytes')}G and ${used.gigabytes}G has been consumed.`,
    );
  if (over('volumes', more.volumes ?? 0))
    overLimit(`VolumeLimitExceeded: Maximum number of volumes allowed (${limit('volumes')}) exceeded for quota 'volumes'.`);
  if (over('snapshots', more.snapshots ?? 0))
    overLimit(`SnapshotLimitExceeded: Maximum number of snapshots allowed (${limit('snapshots')}) exceeded`);
}

function overLimit(message: string): never {
  throw new Refusal({ status: 413, headers: { 'retry-after': '0' }, body: { overLimit: { code: 413, message, retryAfter: '0' } } });
}
