import { ask } from './http.ts';

/** A row of a list, in short. */
export interface Found {
  readonly cluster: string;
  readonly type: string;
  readonly id: string | null;
  readonly name?: string | null;
  readonly status?: string | null;
  readonly addresses?: readonly string[];
}

/** Resources by name, id, IP or MAC, best first. Throws Problem, and what `signal` aborts with. */
export async function searchResources(
  text: string,
  { signal, limit = 12 }: { signal: AbortSignal; limit?: number },
): Promise<readonly Found[]> {
  return (await ask<{ items: readonly Found[] }>('/api/v1/search', { query: { q: text, limit }, signal })).items;
}

/** An entry of the audit, in short. */
export interface AuditHit {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly actor: string;
  readonly message: string;
  readonly cluster?: string;
  readonly cloudId?: string;
}

/** What a request id stands for: entries of the audit that name it. Throws Problem, and what `signal` aborts with. */
export async function searchRequest(requestId: string, { signal }: { signal: AbortSignal }): Promise<readonly AuditHit[]> {
  return (await ask<{ items: readonly AuditHit[] }>('/api/v1/audit', { query: { requestId, limit: 6 }, signal })).items;
}
