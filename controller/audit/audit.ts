import type { AuditEntry, Clock } from '#controller/engine/ports.ts';
import type { Store } from '#migrations/store.ts';
import { createAppender } from './append.ts';
import { type AuditFilter, type AuditPage, list } from './list.ts';
import { type AuditRecord, toDraft } from './row.ts';
import { type Verification, type VerifyRange, verify } from './verify.ts';

/** The record of what was seen, done, tried and refused. Nothing in the program changes or removes an entry. */
export interface Audit {
  /**
   * Stores entries, all of a list or none, and resolves when they are committed; they carry the time of this call. Values under keys that
   * look like secrets are replaced by `***`. MUST NOT be called inside a store transaction.
   */
  record(entry: AuditEntry | readonly AuditEntry[]): Promise<void>;
  /** Newest first; `next` is there when older ones follow. Throws BadCursor. */
  list(filter?: AuditFilter, page?: AuditPage): Promise<{ items: AuditRecord[]; next?: string }>;
  /** Whether entries were altered, deleted, inserted, moved or cut off since they were stored. */
  verify(range?: VerifyRange): Promise<Verification>;
}

export function createAudit(store: Store, { clock }: { clock: Pick<Clock, 'now'> }): Audit {
  const append = createAppender(store);
  return {
    async record(entry) {
      const at = clock.now();
      const entries = Array.isArray(entry) ? (entry as readonly AuditEntry[]) : [entry as AuditEntry];
      await append(entries.map((each) => toDraft(each, at)));
    },
    list: (filter = {}, page = {}) => list(store, filter, page),
    verify: (range) => verify(store, range),
  };
}
