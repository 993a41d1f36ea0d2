import type { Audit } from './audit/audit.ts';
import type { ClusterHealth } from './clusters.ts';
import { clusterOf } from './connections.ts';
import type { Loop } from './engine/loop.ts';
import type { Loss } from './engine/loss-guard.ts';
import type { AuditEntry } from './engine/ports.ts';
import type { ManagedInventory } from './inventory/cloud-inventory.ts';
import { stampOf } from './inventory/stamp.ts';
import { DECLARABLE, type IsDeclared } from './inventory/undeclared.ts';
import type { Log } from './log.ts';

/** What sweeps tell about a cloud as a whole: what could not be seen, and what nobody declared. */
export interface ClusterWatch {
  /** A type was listed, or could not be; true when the Cluster's status has to say something else now. */
  listed(cluster: string, inventory: ManagedInventory): boolean;
  /** Everything was listed once more; true when the Cluster's status has to say something else now. */
  swept(cluster: string, inventory: ManagedInventory): boolean;
  /** So much is missing at once that nothing is made anew, or that is over. */
  massLoss(cluster: string, loss: Loss | undefined): void;
  health(cluster: string): ClusterHealth | undefined;
  forget(cluster: string): void;
}

interface Known {
  readonly health: ClusterHealth;
  /** `type/id` of what was undeclared at the newest sweep; undefined before the first. */
  readonly undeclared?: ReadonlySet<string>;
}

export interface ClusterWatchDeps {
  readonly loop: () => Loop;
  /** Kinds with a cloud resource. */
  readonly kinds: readonly string[];
  readonly audit: Audit;
  readonly log: Log;
}

export function createClusterWatch(deps: ClusterWatchDeps): ClusterWatch {
  const known = new Map<string, Known>();
  const learn = (cluster: string, after: Known) => {
    const before = known.get(cluster);
    known.set(cluster, after);
    return JSON.stringify(before?.health) !== JSON.stringify(after.health);
  };
  return {
    listed(cluster, inventory) {
      const before = known.get(cluster);
      return learn(cluster, { ...before, health: { undeclared: {}, ...before?.health, ...errorsOf(inventory) } });
    },
    swept(cluster, inventory) {
      const before = known.get(cluster)?.undeclared;
      const rows = inventory.undeclared(declaredIn(cluster, deps));
      const undeclared = new Set(rows.map((row) => `${row.type}/${row.id}`));
      const counts: Record<string, number> = Object.fromEntries(DECLARABLE.map((type) => [type, 0]));
      for (const { type } of rows) counts[type] = (counts[type] ?? 0) + 1;
      // What was there when we first looked is shown in the Cluster's status; only what comes and goes from then on is news.
      if (before) recordNews(cluster, before, undeclared, deps);
      return learn(cluster, { health: { ...known.get(cluster)?.health, undeclared: counts, ...errorsOf(inventory) }, undeclared });
    },
    massLoss(cluster, loss) {
      const before = known.get(cluster);
      const { massLoss: _old, ...health } = before?.health ?? { undeclared: {}, errors: {}, isUnreachable: false };
      known.set(cluster, { ...before, health: { ...health, ...(loss && { massLoss: loss }) } });
    },
    health: (cluster) => known.get(cluster)?.health,
    forget: (cluster) => void known.delete(cluster),
  };
}

/** Whether some object of ours stands for a row: by the id in its status, by its stamp while the id is on its way there, or by its parent. */
export function declaredIn(cluster: string, { loop, kinds }: Pick<ClusterWatchDeps, 'loop' | 'kinds'>): IsDeclared {
  const known = new Set<string>();
  for (const object of kinds.flatMap((kind) => loop().list(kind))) {
    if (clusterOf(object) !== cluster) continue;
    known.add(object.metadata.uid);
    if (object.status?.id) known.add(object.status.id);
    // These carry no stamp; until the id is stored only the name tells whose it is.
    else if (object.kind === 'KeyPair') known.add(declaredName(object));
    else if (object.kind === 'ServerGroup') known.add(`server group ${declaredName(object)}`);
    // Nova makes these with the image of a server that boots from a volume.
    for (const id of (object.status as { volumeSnapshots?: string[] } | undefined)?.volumeSnapshots ?? []) known.add(id);
  }
  return (type, id, resource) => {
    if (known.has(id) || known.has(stampOf(type, resource) ?? '')) return true;
    if (type === 'server_group') return known.has(`server group ${(resource as { name?: string }).name}`);
    // Nova makes an instance's ports.
    return type === 'port' && known.has((resource as { device_id?: string }).device_id ?? '');
  };
}

function declaredName(object: { spec: unknown; metadata: { name: string } }): string {
  return (object.spec as { name?: string }).name ?? object.metadata.name;
}

function errorsOf(inventory: ManagedInventory): Pick<ClusterHealth, 'errors' | 'isUnreachable'> {
  const reports = [...inventory.lastSweep.values()];
  const failed = reports.filter((report) => report.error !== undefined);
  return {
    // Without request ids: the same failure is the same text, or the Cluster's status would be written at every look.
    errors: Object.fromEntries(failed.map((report) => [report.type, String(report.error).replaceAll(/ ?\(?req-[0-9a-f-]{36}\)?/g, '')])),
    isUnreachable: failed.length > 0 && failed.length === reports.length,
  };
}

function recordNews(cluster: string, before: ReadonlySet<string>, after: ReadonlySet<string>, { audit, log }: ClusterWatchDeps): void {
  const appeared = [...after].filter((key) => !before.has(key)).map((key) => newsOf(cluster, key, true));
  const gone = [...before].filter((key) => !after.has(key)).map((key) => newsOf(cluster, key, false));
  if (appeared.length + gone.length === 0) return;
  audit
    .record([...appeared, ...gone])
    .catch((error: unknown) => log('error', 'could not record undeclared resources', { cluster, error: String(error) }));
}

function newsOf(cluster: string, key: string, isNew: boolean): AuditEntry {
  const [type = '', id = ''] = key.split(/\/(.*)/s);
  return {
    type: isNew ? 'UndeclaredAppeared' : 'UndeclaredGone',
    actor: 'unknown',
    cluster,
    cloudId: id,
    changes: isNew ? [{ path: '', from: 'present', to: null }] : [],
    result: 'observed',
    message: isNew
      ? `A ${type} that nobody declared is in Cluster ${cluster}.`
      : `An undeclared ${type} of Cluster ${cluster} is gone, or declared now.`,
    requestIds: [],
  };
}
