import { policyOf } from '#controller/clusters.ts';
import { contestedPaths } from '#controller/engine/corrections.ts';
import type { DriftEntry, KubeObject } from '#controller/engine/object.ts';
import { WHOLE } from '#controller/engine/plan.ts';
import { type Policies, policiesOf } from '#controller/engine/policies.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { DECLARABLE, isMadeByCloud } from '#controller/inventory/undeclared.ts';
import { apiGroup, kinds } from '#controller/kinds/index.ts';
import { clusterOfObject } from '#controller/lists/declared.ts';
import type { Entry } from '#controller/lists/entry.ts';
import type { Lists } from '#controller/lists/lists.ts';
import { nouns, typeOfKind } from '#controller/lists/noun.ts';
import type { MaySee } from '#controller/lists/table.ts';
import { shutUntil } from '#controller/maintenance.ts';
import type { World } from '../actions/world.ts';

/**
 * Why something is not as declared: a field differs; the resource is gone; somebody keeps changing a field back; or it is there and nobody
 * declared it.
 */
export const causes = ['drifted', 'missing', 'contested', 'undeclared'] as const;
export type Cause = (typeof causes)[number];

/** By which somebody asks the reconciler to put drift right once. */
export const correctAnnotation = `${apiGroup}/correct-at`;

/** One object or resource that is not as declared. */
export interface Found {
  readonly cause: Cause;
  /** The kind it is, or could be declared as. */
  readonly kind: string;
  readonly type: ResourceType;
  readonly cluster: string;
  /** '' for what nobody declared. */
  readonly namespace: string;
  readonly name: string;
  /** Of the resource; '' for none. */
  readonly id: string;
  /** Epoch ms; when it was first seen so, or when an undeclared resource was made; 0 for not known. */
  readonly since: number;
  readonly drift: readonly DriftEntry[];
  /** Paths that somebody keeps changing back. */
  readonly contested: ReadonlySet<string>;
  readonly object?: KubeObject;
  readonly policies?: Policies;
  readonly entry?: Entry;
}

export interface Known {
  readonly world: World;
  readonly lists: Lists;
  /** Epoch ms. */
  readonly now: number;
}

const none: ReadonlySet<string> = new Set();
const nothing: readonly DriftEntry[] = [];

/** Objects whose cloud resource is gone or differs, of kinds whose type is let through. */
export function* declaredAmiss({ world, now }: Known, sights: ReadonlyMap<ResourceType, MaySee | undefined>): Iterable<Found> {
  const policies = new PoliciesOf(world, now);
  for (const { kind } of kinds) {
    const type = typeOfKind.get(kind);
    if (type === undefined || !sights.has(type)) continue;
    const maySee = sights.get(type);
    for (const object of world.objects.list(kind)) {
      if ((object.status?.drift ?? []).length === 0) continue;
      if (maySee && !maySee(clusterOfObject(object), object.metadata.namespace ?? '')) continue;
      yield foundOf(object, type, policies.of(object), now);
    }
  }
}

/** One object, however it is. */
export function foundObject({ world, now }: Pick<Known, 'world' | 'now'>, object: KubeObject): Found {
  return foundOf(object, typeOfKind.get(object.kind) ?? 'server', new PoliciesOf(world, now).of(object), now);
}

/** What clouds hold of our projects and nobody declared, of types that are let through. */
export function* undeclared({ world, lists }: Known, sights: ReadonlyMap<ResourceType, MaySee | undefined>): Iterable<Found> {
  for (const type of DECLARABLE) {
    if (!sights.has(type)) continue;
    for (const entry of lists.rows(type, { filter: 'declared:false', maySee: sights.get(type) })) {
      if (isOurs(world, entry)) yield undeclaredOf(entry);
    }
  }
}

/** Of our project there, and not what the cloud makes by itself. */
function isOurs({ clouds }: World, { cluster, type, id, cells }: Entry): boolean {
  const cloud = clouds.look(cluster);
  if ('reason' in cloud) return false;
  const { projectId } = cloud.inventory;
  if (cells['project'] && projectId !== undefined && cells['project'] !== projectId) return false;
  const row: object | undefined = cloud.inventory.get(type, id);
  return row !== undefined && !isMadeByCloud(type, row);
}

function undeclaredOf(entry: Entry): Found {
  const { type, cluster, id, cells } = entry;
  const { created } = cells;
  return {
    cause: 'undeclared',
    kind: nouns[type].kinds[0] ?? '',
    type,
    cluster,
    namespace: '',
    name: String(cells['name'] ?? '') || id,
    id,
    since: typeof created === 'number' ? created : 0,
    drift: nothing,
    contested: none,
    entry,
  };
}

function foundOf(object: KubeObject, type: ResourceType, policies: Policies, now: number): Found {
  const { kind, metadata, status } = object;
  const { drift = [], corrections = [], id = '' } = status ?? {};
  const isCorrected = policies.manages && policies.drift === 'Correct';
  const contested = isCorrected ? contestedPaths(corrections, metadata.generation ?? 0, now) : none;
  return {
    cause: causeOf(drift, contested),
    kind,
    type,
    cluster: clusterOfObject(object),
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    id,
    since: Math.min(...drift.map((one) => Date.parse(one.since) || 0), drift.length === 0 ? 0 : Number.POSITIVE_INFINITY),
    drift,
    contested,
    object,
    policies,
  };
}

function causeOf(drift: readonly DriftEntry[], contested: ReadonlySet<string>): Cause {
  if (drift.some(({ path }) => path === WHOLE)) return 'missing';
  return drift.some(({ path }) => contested.has(path)) ? 'contested' : 'drifted';
}

/** What holds for objects, with what their Clusters say where they say nothing. */
class PoliciesOf {
  readonly #world: World;
  readonly #now: number;
  readonly #clusters = new Map<string, { driftPolicy: 'Correct' | 'Report'; shutUntil?: string }>();

  constructor(world: World, now: number) {
    this.#world = world;
    this.#now = now;
  }

  of(object: KubeObject): Policies {
    return policiesOf(object, this.#clusterOf(object), this.#now, correctAnnotation);
  }

  #clusterOf(object: KubeObject) {
    const name = clusterOfObject(object);
    const known = this.#clusters.get(name) ?? this.#read(name);
    this.#clusters.set(name, known);
    return known;
  }

  #read(name: string): { driftPolicy: 'Correct' | 'Report'; shutUntil?: string } {
    const cluster = this.#world.objects.get({ kind: 'Cluster', namespace: '', name });
    if (!cluster) return { driftPolicy: 'Correct' };
    try {
      const { driftPolicy, maintenanceWindows } = policyOf(cluster.spec as never);
      const shut = shutUntil(maintenanceWindows, this.#now);
      return { driftPolicy, ...(shut !== undefined && { shutUntil: new Date(shut).toISOString() }) };
    } catch {
      // Windows that cannot be read: the Cluster says so itself, and corrects nothing until they are mended.
      return { driftPolicy: 'Report' };
    }
  }
}
