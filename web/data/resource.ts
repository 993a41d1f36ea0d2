import { ask } from './http.ts';

/** Columns of a resource as lists have them; which there are depends on the type. */
export type ResourceRow = Readonly<Record<string, unknown>> & {
  readonly cluster: string;
  readonly type: string;
  readonly id: string | null;
};

/** How far what is known of a cloud can be trusted. */
export interface CloudSight {
  readonly cluster: string;
  readonly state: 'Fresh' | 'Stale' | 'Listing' | 'Unreachable';
  readonly reachable: boolean;
  readonly listedAt: string | null;
  readonly error?: { readonly reason: string; readonly message: string };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime?: string;
}

export interface DriftedField {
  readonly path: string;
  readonly declared: unknown;
  readonly observed: unknown;
  readonly since?: string;
  readonly changedBy?: readonly string[];
}

/** The object that stands for a resource, without its spec. */
export interface DeclaredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
  };
  readonly status: {
    readonly conditions: readonly Condition[];
    readonly drift: readonly DriftedField[];
    readonly ignored: readonly { readonly path: string; readonly reason?: string; readonly until?: string }[];
    readonly plan: readonly unknown[];
    readonly isOnlyObserved: boolean;
  };
}

export interface Related {
  readonly relation: string;
  readonly type: string;
  readonly count: number;
  readonly items: readonly ResourceRow[];
}

export interface ResourceDetail {
  readonly row: ResourceRow;
  /** The cloud's own JSON; null when it is not there. */
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly object: DeclaredObject | null;
  readonly related: readonly Related[];
  readonly cloud: CloudSight;
}

export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'flag' | 'list' | 'addresses' | 'time';
}

/** What names a resource. */
export interface ResourceName {
  readonly type: string;
  readonly cluster: string;
  readonly id: string;
}

/** The address of a resource in the API. */
export const pathOfResource = ({ type, cluster, id }: ResourceName): string =>
  `/api/v1/resources/${[type, cluster, id].map(encodeURIComponent).join('/')}`;

/** The page of a resource in the web. */
export const hrefOfResource = ({ type, cluster, id }: ResourceName): string =>
  `/resources/${[type, cluster, id].map(encodeURIComponent).join('/')}`;

/** Throws Problem. */
export const fetchResource = (of: ResourceName, signal?: AbortSignal): Promise<ResourceDetail> =>
  ask<ResourceDetail>(pathOfResource(of), signal && { signal });

const columns = new Map<string, Promise<readonly Column[]>>();

/** Columns of a type in the order people read them; asked for once. Throws Problem. */
export function columnsOfType(type: string): Promise<readonly Column[]> {
  const known =
    columns.get(type) ??
    ask<{ columns: readonly Column[] }>(`/api/v1/resources/${encodeURIComponent(type)}/columns`).then((answer) => answer.columns);
  columns.set(type, known);
  known.catch(() => columns.delete(type));
  return known;
}

/** The first rows that fit, for pickers. Throws Problem. */
export async function findResources(
  type: string,
  { filter, fields, limit, signal }: { filter: string; fields: string; limit: number; signal?: AbortSignal },
): Promise<{ readonly rows: readonly ResourceRow[]; readonly hasMore: boolean }> {
  const answer = await ask<{ items: readonly ResourceRow[]; next?: string }>(`/api/v1/resources/${encodeURIComponent(type)}`, {
    query: { filter, fields, limit },
    ...(signal && { signal }),
  });
  return { rows: answer.items, hasMore: answer.next !== undefined };
}

const names = new Map<string, Promise<string>>();

/** What people call a resource; by its id where it has no name or cannot be seen. Asked for once. */
export function nameOfResource({ type, cluster, id }: ResourceName): Promise<string> {
  const key = `${type}/${cluster}/${id}`;
  const known = names.get(key) ?? lookUp({ type, cluster, id });
  names.set(key, known);
  return known;
}

async function lookUp({ type, cluster, id }: ResourceName): Promise<string> {
  try {
    const { rows } = await findResources(type, { filter: `cluster:"${cluster}" id:"${id}"`, fields: 'name', limit: 1 });
    return (rows[0]?.['name'] as string | null | undefined) || id;
  } catch {
    return id;
  }
}
