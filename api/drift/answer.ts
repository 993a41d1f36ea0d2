import { redactChange } from '#controller/audit/redact.ts';
import { isAskedFor } from '#controller/engine/asked.ts';
import type { Json } from '#controller/engine/json.ts';
import type { KubeObject } from '#controller/engine/object.ts';
import { WHOLE } from '#controller/engine/plan.ts';
import { apiGroup } from '#controller/kinds/index.ts';
import { gitOpsOwner } from '../actions/git-ops.ts';
import type { Cause, Found } from './found.ts';

export interface DriftField {
  /** '' for the whole resource. */
  readonly path: string;
  readonly declared: Json;
  readonly observed: Json;
  readonly since: string;
  /** How often it was put right within the hour, where somebody keeps changing it back. */
  readonly corrected?: number;
  /** Somebody asked to have it put right, and it is under way. */
  readonly isAsked?: true;
}

export type Way = 'accept' | 'revert' | 'ignore';

export interface DriftItem {
  readonly cause: Cause;
  readonly kind: string;
  readonly type: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly id: string | null;
  readonly since: string | null;
  readonly fields: readonly DriftField[];
  readonly generation?: number;
  /** `Observe`: it is only looked at. */
  readonly policy?: 'Correct' | 'Report' | 'Observe';
  /** When the next maintenance window opens, in which it is put right. */
  readonly correctsAt?: string;
  /** Who writes the declaration from a repository. */
  readonly owner?: string;
  /** What the Contested condition says. */
  readonly note?: string;
  /** Of what is undeclared. */
  readonly status?: string;
  readonly mayChange: boolean;
  readonly obstacles: Obstacles;
}

/** Why a way cannot be gone, by its name; those that can are not there. */
export type Obstacles = { readonly [way in Way]?: Obstacle };
export interface Obstacle {
  readonly reason: 'Missing' | 'OnlyObserved' | 'Paused' | 'Deleting';
  readonly message: string;
}

/** As it is given out; values under keys that look like secrets are not. */
export function present(found: Found, mayChange: boolean): DriftItem {
  const { cause, kind, type, cluster, namespace, name, id, since, object, policies, entry } = found;
  const owner = object && gitOpsOwner(object);
  const { status } = entry?.cells ?? {};
  const contested = object?.status?.conditions?.find((one) => one.type === 'Contested' && one.status === 'True');
  return {
    cause,
    kind,
    type,
    cluster,
    namespace,
    name,
    id: id || null,
    since: since === 0 ? null : new Date(since).toISOString(),
    fields: fieldsOf(found),
    ...(object && { generation: object.metadata.generation ?? 0 }),
    ...(policies && { policy: policies.manages ? policies.drift : 'Observe' }),
    ...(policies?.shutUntil !== undefined && { correctsAt: policies.shutUntil }),
    ...(owner !== undefined && { owner }),
    ...(contested && { note: contested.message }),
    ...(typeof status === 'string' && { status }),
    mayChange,
    obstacles: object ? obstaclesOf(object) : {},
  };
}

export function fieldsOf({ drift, contested, object, kind, policies }: Found): DriftField[] {
  return drift.map((entry) => {
    const { path, since } = entry;
    const { from, to } = redactChange({ path, from: entry.observed ?? null, to: entry.declared ?? null }, kind);
    const times = object?.status?.corrections?.find((one) => one.path === path)?.times;
    return {
      path,
      declared: to,
      observed: from,
      since,
      ...(contested.has(path) && times !== undefined && { corrected: times }),
      ...(isAskedFor(policies?.asked, entry) && { isAsked: true }),
    };
  });
}

/** What stands in the way whoever asks. */
export function obstaclesOf(object: KubeObject): Obstacles {
  const { kind, metadata, status } = object;
  const called = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  if (metadata.deletionTimestamp !== undefined) {
    const deleting = { reason: 'Deleting', message: `${called} is being deleted.` } as const;
    return { accept: deleting, revert: deleting, ignore: deleting };
  }
  const isMissing = (status?.drift ?? []).some(({ path }) => path === WHOLE);
  const missing = {
    reason: 'Missing',
    message: `${called} is gone from the cloud: have it made anew (revert), or delete the object if it is to stay gone.`,
  } as const;
  const revert = obstacleToRevert(object, called);
  return { ...(isMissing && { accept: missing, ignore: missing }), ...(revert && { revert }) };
}

function obstacleToRevert({ metadata, spec }: KubeObject, called: string): Obstacle | undefined {
  if (spec['managementPolicy'] === 'Observe') {
    return { reason: 'OnlyObserved', message: `${called} is only observed; set spec.managementPolicy to Manage to have it changed.` };
  }
  if (metadata.annotations?.[`${apiGroup}/paused`] !== 'true') return undefined;
  return { reason: 'Paused', message: `${called} is paused; remove the annotation ${apiGroup}/paused first.` };
}
