import type { Audit } from './audit/audit.ts';
import type { ClusterHealth } from './clusters.ts';
import { clusterOf } from './connections.ts';
import type { Loop } from './engine/loop.ts';
import type { ManagedInventory, SweepReport } from './inventory/cloud-inventory.ts';
import type { ResourceType } from './inventory/inventory.ts';
import type { Log } from './log.ts';

/** After each sweep: what the cloud holds that nobody declared, and what could not be seen. */
export interface UndeclaredWatch {
  /** Takes in a sweep; true when the Cluster's status has to say something else now. */
  swept(cluster: string, inventory: ManagedInventory, reports: readonly SweepReport[]): boolean;
  health(cluster: string): ClusterHealth | undefined;
  forget(cluster: string): void;
}

interface Known {
  readonly health: ClusterHealth;
  /** `type/id` of what was undeclared at the newest sweep. */
  readonly undeclared: ReadonlySet<string>;
}

export function createUndeclaredWatch(deps: { loop: () => Loop; kinds: readonly string[]; audit: Audit; log: Log }): UndeclaredWatch {
  const known = new Map<string, Known>();
  return {
    swept(cluster, inventory, reports) {
      const rows = inventory.undeclared(declaredIn(cluster, deps));
      const before = known.get(cluster);
      const after: Known = {
        health: { errors: errorsOf(reports), undeclared: countByType(inventory, rows) },
        undeclared: new Set(rows.map((row) => `${row.type}/${row.id}`)),
      };
      known.set(cluster, after);
      // What was there when we first looked is shown in the Cluster's status; only what comes and goes from then on is news.
      if (before) recordNews(cluster, before.undeclared, after.undeclared, deps);
      return JSON.stringify(before?.health) !== JSON.stringify(after.health);
    },
    health: (cluster) => known.get(cluster)?.health,
    forget: (cluster) => void known.delete(cluster),
  };
}

/** Whether some object of ours stands for this row: by the id in its status, or by its stamp while the id is on its way there. */
function declaredIn(cluster: string, deps: { loop: () => Loop; kinds: readonly string[] }): (type: ResourceType, id: string, owner?: string) => boolean {
  const loop = deps.loop();
  const known = new Set<string>();
  for (const kind of deps.kinds) {
    for (const object of loop.list(kind)) {
      if (clusterOf(object) !== cluster) continue;
      known.add(object.metadata.uid);
      if (object.status?.id) known.add(object.status.id);
      // A key pair carries no stamp; until its id is stored only its name tells whose it is.
      else if (kind === 'KeyPair') known.add((object.spec as { name?: string }).name ?? object.metadata.name);
    }
  }
  return (_type, id, owner) => known.has(id) || (owner !== undefined && known.has(owner));
}

function errorsOf(reports: readonly SweepReport[]): Record<string, string> {
  const failed = reports.filter((report) => report.error !== undefined);
  const [first] = failed;
  if (first && failed.length === reports.length) return { all: String(first.error) };
  return Object.fromEntries(failed.map((report) => [report.type, String(report.error)]));
}

/** Every type counts, also with 0: a status field that is left out would keep its old value. */
function countByType(inventory: ManagedInventory, rows: readonly { type: ResourceType }[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(inventory.countedTypes.map((type) => [type, 0]));
  for (const { type } of rows) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

function recordNews(cluster: string, before: ReadonlySet<string>, after: ReadonlySet<string>, deps: { audit: Audit; log: Log }): void {
  const entry = (key: string, isNew: boolean) => {
    const [type = '', id = ''] = key.split(/\/(.*)/s);
    return {
      type: isNew ? 'UndeclaredAppeared' : 'UndeclaredGone',
      actor: 'unknown',
      cluster,
      cloudId: id,
      changes: [{ path: '', from: isNew ? null : 'present', to: isNew ? 'present' : null }],
      result: 'observed' as const,
      message: isNew ? `A ${type} nobody declared appeared in Cluster ${cluster}.` : `An undeclared ${type} of Cluster ${cluster} is gone or declared now.`,
      requestIds: [],
    };
  };
  const news = [
    ...[...after].filter((key) => !before.has(key)).map((key) => entry(key, true)),
    ...[...before].filter((key) => !after.has(key)).map((key) => entry(key, false)),
  ];
  if (news.length === 0) return;
  deps.audit.record(news).catch((error: unknown) => deps.log('error', 'could not record undeclared resources', { cluster, error }));
}
