import type { ObjectPlace } from './drift.ts';
import { ask } from './http.ts';

export interface Revision {
  readonly revision: number;
  /** RFC 3339. */
  readonly at: string;
  readonly action: 'declared' | 'changed' | 'deleted' | (string & {});
  readonly actor: string;
  /** The program it was done with. */
  readonly through: string;
  readonly cluster: string;
  /** So many before it were not recorded. */
  readonly missingBefore?: number;
}

export interface RevisionDetail extends Revision {
  readonly uid: string;
  /** Absent of a deletion. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly before?: number;
  readonly changes: readonly { readonly path: string; readonly from: unknown; readonly to: unknown }[];
}

export interface DeclaredThen {
  readonly state: 'declared' | 'notDeclared' | 'unknown';
  readonly revision?: number;
  readonly since?: string;
  readonly actor?: string;
  readonly cluster?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly knownSince?: string;
  readonly deletedAt?: string;
  readonly deletedBy?: string;
}

export interface ObservedThen {
  readonly state: 'present' | 'absent' | 'unknown';
  readonly id?: string;
  readonly type?: string;
  readonly cluster?: string;
  readonly since?: string;
  readonly goneAt?: string;
  readonly knownSince?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface ObjectThen extends ObjectPlace {
  readonly declared: DeclaredThen;
  readonly observed: ObservedThen;
}

export interface ResourceThen {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly since?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A page of what was there at a time; `known` is false where nothing was recorded yet. */
export interface Then<Item> {
  readonly at: string;
  readonly known: boolean;
  readonly knownSince?: string;
  readonly items: readonly Item[];
  readonly next?: string;
}

export interface RollbackPlan {
  readonly generation: number;
  readonly uid?: string;
  readonly changes: RevisionDetail['changes'];
  readonly plan?: {
    readonly objects: readonly { readonly action: string; readonly losesData: boolean; readonly why?: { readonly message: string } }[];
  };
}

/** Newest first. Throws Problem. */
export function revisionsOf(place: ObjectPlace, cursor?: string): Promise<{ uid: string; items: Revision[]; next?: string }> {
  return ask(`${pathOf(place)}/revisions`, { query: { limit: 100, cursor } });
}

/** Throws Problem. */
export function revision(place: ObjectPlace, number: number): Promise<RevisionDetail> {
  return ask(`${pathOf(place)}/revisions/${number}`);
}

/** What was declared and what the cloud held; now, or at a time. Throws Problem. */
export function objectAt(place: ObjectPlace, at: string | undefined, signal?: AbortSignal): Promise<ObjectThen> {
  return ask(pathOf(place), { query: { at }, ...(signal && { signal }) });
}

export interface ThenQuery {
  readonly at?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly cluster?: string | undefined;
  readonly limit?: number;
  readonly cursor?: string | undefined;
}

/** Throws Problem. */
export function objectsAt(query: ThenQuery, signal?: AbortSignal): Promise<Then<ObjectThen>> {
  return ask('/api/v1/objects', { query: { ...query }, ...(signal && { signal }) });
}

/** Throws Problem. */
export function inventoryAt(
  cluster: string,
  query: {
    readonly at?: string | undefined;
    readonly type?: string | undefined;
    readonly limit?: number;
    readonly cursor?: string | undefined;
  },
  signal?: AbortSignal,
): Promise<Then<ResourceThen>> {
  return ask(`/api/v1/inventory/${encodeURIComponent(cluster)}`, { query: { ...query }, ...(signal && { signal }) });
}

/** What going back to a revision would change. Throws Problem. */
export function planRollback(place: ObjectPlace, number: number): Promise<RollbackPlan> {
  return ask(`${pathOf(place)}/revisions/${number}/plan`, { method: 'POST', body: {} });
}

/** Goes back, unless the object changed since the plan was made. Throws Problem. */
export function applyRollback(place: ObjectPlace, number: number, { generation, uid }: RollbackPlan): Promise<RollbackPlan> {
  return ask(`${pathOf(place)}/revisions/${number}/apply`, { method: 'POST', body: { generation, ...(uid !== undefined && { uid }) } });
}

/** A Cluster is in no namespace. */
function pathOf({ kind, namespace, name }: ObjectPlace): string {
  return `/api/v1/objects/${[kind, namespace || '-', name].map(encodeURIComponent).join('/')}`;
}
