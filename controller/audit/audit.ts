import { desc } from 'drizzle-orm';
import type { AuditEntry, Clock } from '#controller/engine/ports.ts';
import type { Store } from '#migrations/store.ts';
import { createAppender } from './append.ts';
import { type AuditFilter, type AuditOrder, type AuditPage, entriesIn, list, type Span } from './list.ts';
import { type AuditRecord, toDraft, toRecord } from './row.ts';
import { type Verification, type VerifyRange, verify } from './verify.ts';

/** The record of what was seen, done, tried and refused. Nothing in the program changes an entry; retention.ts removes old ones. */
export interface Audit {
  /**
   * Stores entries, all of a list or none, and resolves when they are committed; they carry the time of this call. Values under keys that
   * look like secrets are replaced by `***`. MUST NOT be called inside a store transaction.
   */
  record(entry: AuditEntry | readonly AuditEntry[]): Promise<void>;
  /** Newest first unless asked otherwise; `next` is there when more follow. Throws BadCursor. */
  list(filter?: AuditFilter, page?: AuditPage): Promise<{ items: AuditRecord[]; next?: string }>;
  /** The first `limit` entries among those numbered between, for whoever reads on from a number they know. */
  between(
    span: Span,
    reading: { readonly filter?: AuditFilter; readonly order: AuditOrder; readonly limit: number },
  ): Promise<AuditRecord[]>;
  /** Number of the newest entry; 0 of an empty log. */
  newest(): Promise<number>;
  /** Calls back soon after this process stored entries; the returned function ends it. */
  onRecord(call: () => void): () => void;
  /** Whether entries were altered, deleted, inserted, moved or cut off since they were stored. */
  verify(range?: VerifyRange): Promise<Verification>;
}

export function createAudit(store: Store, { clock }: { clock: Pick<Clock, 'now'> }): Audit {
  const append = createAppender(store);
  const listeners = new Set<() => void>();
  return {
    async record(entry) {
      const at = clock.now();
      const entries = Array.isArray(entry) ? (entry as readonly AuditEntry[]) : [entry as AuditEntry];
      await append(entries.map((each) => toDraft(each, at)));
      for (const call of listeners) call();
    },
    list: (filter = {}, page = {}) => list(store, filter, page),
    between: async (span, { filter = {}, ...reading }) => (await entriesIn(store, filter, span, reading)).map(toRecord),
    async newest() {
      const { audit } = store.tables;
      const [row] = await store.db.select({ seq: audit.seq }).from(audit).orderBy(desc(audit.seq)).limit(1);
      return row?.seq ?? 0;
    },
    onRecord(call) {
      listeners.add(call);
      return () => void listeners.delete(call);
    },
    verify: (range) => verify(store, range),
  };
}
