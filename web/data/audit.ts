import { ask } from './http.ts';

export const results = ['ok', 'failed', 'denied', 'observed'] as const;
export type AuditResult = (typeof results)[number];

/** One entry of the audit log, as the API shows it. */
export interface AuditEntry {
  /** Its number: 1, 2, 3, ... */
  readonly seq: number;
  /** RFC 3339. */
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly cluster?: string;
  readonly object?: { readonly kind: string; readonly namespace: string; readonly name: string; readonly uid: string };
  readonly cloudId?: string;
  readonly changes: readonly { readonly path: string; readonly from: unknown; readonly to: unknown }[];
  readonly result: string;
  readonly message: string;
  /** That the cloud gave to our requests. */
  readonly requestIds: readonly string[];
  /** Ties the entries of one reconcile together; of an action it is the id of the operation. */
  readonly reconcileId?: string;
  /** Whence a person asked. */
  readonly source?: { readonly address?: string; readonly session?: string; readonly requestId?: string };
  /** The database it was imported from. */
  readonly origin?: string;
  readonly hash: string;
}

/** Fields that are set have to hold; of a list any. */
export interface AuditFilter {
  readonly type?: readonly string[];
  readonly kind?: readonly string[];
  readonly cluster?: readonly string[];
  readonly actor?: string;
  readonly result?: string;
  /** KIND/NAMESPACE/NAME or KIND/NAME. */
  readonly object?: string;
  readonly cloudId?: string;
  readonly requestId?: string;
  readonly reconcileId?: string;
  readonly address?: string;
  readonly session?: string;
  readonly path?: string;
  readonly text?: string;
  /** RFC 3339. */
  readonly since?: string;
  readonly until?: string;
}

export interface AuditPage {
  readonly items: readonly AuditEntry[];
  readonly next?: string;
}

const all = '/api/v1/audit';

/** The filter as the API takes it: what has several values is given several times. */
export function auditQuery(filter: AuditFilter): URLSearchParams {
  const given = Object.entries(filter).flatMap(([name, value]: [string, string | readonly string[] | undefined]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).filter((one) => one !== '').map((one) => [name, one]),
  );
  return new URLSearchParams(given);
}

/** Newest first. Throws Problem. */
export function listAudit(
  filter: AuditFilter,
  { cursor, limit = 100, signal }: { readonly cursor?: string | undefined; readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<AuditPage> {
  const query = auditQuery(filter);
  query.set('limit', String(limit));
  if (cursor !== undefined) query.set('cursor', cursor);
  return ask<AuditPage>(`${all}?${query}`, { ...(signal && { signal }) });
}

/** Throws Problem. */
export function auditEntry(seq: number, signal?: AbortSignal): Promise<AuditEntry> {
  return ask<AuditEntry>(`${all}/entries/${seq}`, { ...(signal && { signal }) });
}

/** Where exactly these entries are given out as a file. */
export function auditExport(filter: AuditFilter, format: 'csv' | 'jsonl'): string {
  const query = auditQuery(filter);
  query.set('format', format);
  return `${all}/export?${query}`;
}

export interface AuditTail {
  came(entry: AuditEntry): void;
  /** Whether new entries come as they are stored. */
  state(isLive: boolean): void;
}

/** New entries that the filter holds for, from the one behind `after` on, until the function returned is called. */
export function followAudit(filter: AuditFilter, after: number, tail: AuditTail): () => void {
  const query = auditQuery(filter);
  query.set('after', String(after));
  let newest = after;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    query.set('after', String(newest));
    source = new EventSource(`${all}/stream?${query}`);
    source.addEventListener('open', () => tail.state(true));
    source.addEventListener('entry', (event) => {
      const entry = JSON.parse(event.data as string) as AuditEntry;
      newest = Math.max(newest, entry.seq);
      tail.came(entry);
    });
    source.addEventListener('error', () => {
      // The server ends each stream after some minutes, so that rights are looked at again; the browser comes back by itself but from a refusal.
      if (source?.readyState !== EventSource.CLOSED) return;
      tail.state(false);
      timer = setTimeout(open, 5000);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

export interface Checkpoint {
  readonly seq: number;
  readonly until: string;
}

export interface Verification {
  readonly ok: boolean;
  readonly checked: number;
  readonly head: { readonly seq?: number; readonly hash?: string };
  readonly firstBroken?: { readonly seq?: number; readonly problem?: string; readonly message?: string };
  /** Entries up to here were removed for their age. */
  readonly checkpoint?: Checkpoint;
}

/** Reads the whole log and recomputes its chain; takes as long as that takes. Throws Problem. */
export function verifyAudit(signal?: AbortSignal): Promise<Verification> {
  return ask<Verification>(`${all}/verify`, { timeoutMs: 15 * 60_000, ...(signal && { signal }) });
}

export interface Retention {
  /** Null: for ever. */
  readonly days: number | null;
  readonly setBy?: string;
  readonly setAt?: string;
  readonly checkpoint?: Checkpoint;
}

/** Throws Problem. */
export const auditRetention = (): Promise<Retention> => ask<Retention>(`${all}/retention`);

/** Throws Problem. */
export const setAuditRetention = (days: number | null): Promise<Retention> =>
  ask<Retention>(`${all}/retention`, { method: 'PUT', body: { days } });
