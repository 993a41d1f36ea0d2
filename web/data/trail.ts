import { ask } from './http.ts';

/** An entry of the audit log. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly result: 'ok' | 'failed' | 'denied' | 'observed';
  readonly cluster?: string;
  readonly object?: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly cloudId?: string;
  readonly changes: readonly { readonly path: string; readonly from: unknown; readonly to: unknown }[];
  readonly message: string;
  readonly requestIds: readonly string[];
  readonly reconcileId?: string;
  readonly source?: { readonly address?: string; readonly requestId?: string };
}

interface Page {
  readonly items: readonly AuditEntry[];
  readonly next?: string;
}

/** What the audit has of a resource of a cloud, or of the object that declares one; newest first. Throws Problem. */
export function fetchTrail(
  of: { readonly cluster: string; readonly cloudId: string } | { readonly object: string },
  { cursor, limit = 50 }: { cursor?: string | undefined; limit?: number } = {},
): Promise<Page> {
  return ask<Page>('/api/v1/audit', { query: { ...of, limit, cursor } });
}
