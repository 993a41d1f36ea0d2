import type { AuditEntry } from '#controller/engine/ports.ts';
import type { Store, Transaction } from '#migrations/store.ts';
import { appendIn } from './append.ts';
import { toDraft } from './row.ts';

/** An entry of another system, with the time it had there (epoch ms). */
export interface BroughtEntry {
  readonly at: number;
  readonly entry: AuditEntry;
}

/**
 * Appends entries of another database, marked with its name, at the end of the chain: they keep their old time and get the next numbers.
 * What `alongside` writes (how far one has come) is committed with them or not at all; an empty list runs it alone.
 */
export async function bringEntries(
  store: Store,
  entries: readonly BroughtEntry[],
  { origin, alongside }: { readonly origin: string; readonly alongside: (tx: Transaction) => Promise<void> },
): Promise<void> {
  const drafts = entries.map(({ at, entry }) => toDraft(entry, at, origin));
  await store.tx(async (tx) => {
    await alongside(tx);
    if (drafts.length > 0) await appendIn(tx, drafts);
  });
}
