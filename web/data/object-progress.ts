import type { Applied } from './declare.ts';
import { ask } from './http.ts';
import { stackwardenApi } from './schemas.ts';

/** How far an object is that was declared. */
export type Progress = 'working' | 'ready' | 'stopped' | 'gone';

export interface ObjectState {
  readonly progress: Progress;
  /** In the reconciler's own words. */
  readonly message: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}

/** What the watch tells of an object (`object`). */
export interface WatchedObject {
  readonly generation: number;
  readonly observedGeneration: number;
  readonly ready: string;
  readonly message: string;
  readonly stalled: boolean;
}

/** A status speaks of the generation it observed: one that is older says nothing of what was just declared. */
export function stateOf(object: WatchedObject | null, wanted: number): ObjectState {
  if (!object) return { progress: 'gone', message: '' };
  if (object.observedGeneration < wanted) return { progress: 'working', message: '' };
  if (object.ready === 'True') return { progress: 'ready', message: object.message };
  return { progress: object.stalled ? 'stopped' : 'working', message: object.message };
}

/** Reads one object of ours as the watch would tell it; null when it is gone. Throws Problem. */
export async function readObject({ kind, namespace, name }: Pick<Applied, 'kind' | 'namespace' | 'name'>): Promise<WatchedObject | null> {
  const found = await ask<{
    metadata: { generation?: number };
    status?: { observedGeneration?: number; conditions?: readonly Condition[] };
  }>(
    `/apis/${stackwardenApi}/${namespace ? `namespaces/${encodeURIComponent(namespace)}/` : ''}${pluralOf(kind)}/${encodeURIComponent(name)}`,
  );
  const condition = (type: string) => found.status?.conditions?.find((one) => one.type === type);
  return {
    generation: found.metadata.generation ?? 0,
    observedGeneration: found.status?.observedGeneration ?? 0,
    ready: condition('Ready')?.status ?? 'Unknown',
    message: condition('Ready')?.message ?? '',
    stalled: condition('Stalled')?.status === 'True',
  };
}

/** How the Kubernetes API calls a kind of ours in its paths. */
export function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`;
}
