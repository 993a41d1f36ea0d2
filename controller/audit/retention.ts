import { and, asc, eq, gt, gte, inArray, lte } from 'drizzle-orm';
import type { AuditEntry, Clock } from '#controller/engine/ports.ts';
import type { Store, Transaction } from '#migrations/store.ts';
import { appendIn } from './append.ts';
import { type Checkpoint, checkpointClaim, checkpointName, checkpointType, genesis, readCheckpoint } from './chain.ts';
import { termsOf, toDraft } from './row.ts';
import { verify } from './verify.ts';

/** How long entries are kept, and what went. */
export interface Retention {
  read(): Promise<RetentionState>;
  /** Sets for how many days entries are kept; null is for ever. Recorded in the log itself. */
  set(days: number | null, by: Pick<AuditEntry, 'actor' | 'source'>): Promise<RetentionState>;
  /**
   * Removes the entries at the start of the log that are all older than that, and returns how many. Continues what a killed process
   * left half done. Throws when the chain of what would go is broken: that is evidence, and stays.
   */
  apply(isStopping?: () => boolean): Promise<number>;
}

export interface RetentionState {
  /** null: for ever. */
  readonly days: number | null;
  /** Who decided so, and when (epoch ms); absent while nobody did. */
  readonly setBy?: string;
  readonly setAt?: number;
  readonly checkpoint?: Omit<Checkpoint, 'isDone'>;
}

interface Setting {
  readonly days: number | null;
  readonly setBy: string;
  readonly setAt: number;
}

const dayMs = 24 * 3_600_000;
const settingName = 'audit-retention';
/** Under whose lock one process at a time removes. */
const removalLock = 'audit-removal';
const readRows = 2000;
/** Rows of one removing transaction: on SQLite everybody waits for it. */
const removedRows = 200;
const actor = 'system:stackwarden';

/** Another process, or a person, was faster. */
class Superseded extends Error {}

export function createRetention(store: Store, { clock }: { clock: Pick<Clock, 'now'> }): Retention {
  const read = async (): Promise<RetentionState> => {
    const setting = await readSetting(store);
    const checkpoint = await readCheckpoint(store);
    return { days: null, ...setting, ...(checkpoint && { checkpoint: { ...checkpointClaim(checkpoint), entry: checkpoint.entry } }) };
  };
  return {
    read,
    async set(days, by) {
      const at = clock.now();
      await store.tx(async (tx) => {
        // Of two people at once, the second sees what the first set.
        await tx.next(removalLock);
        const before = (await readSetting(tx))?.days ?? null;
        await appendIn(tx, [toDraft(decision(before, days, by), at)]);
        const value: Setting = { days, setBy: by.actor, setAt: at };
        await tx.upsert(tx.tables.settings, { name: settingName, value }, { key: ['name'], update: ['value'] });
      });
      return read();
    },
    async apply(isStopping = () => false) {
      let removed = await removeCondemned(store, isStopping);
      const setting = await readSetting(store);
      if (isStopping() || !isDue(setting, await readCheckpoint(store), clock.now())) return removed;
      if (await condemn(store, setting, clock.now())) removed += await removeCondemned(store, isStopping);
      return removed;
    },
  };
}

function decision(before: number | null, days: number | null, by: Pick<AuditEntry, 'actor' | 'source'>): AuditEntry {
  return {
    type: 'RetentionChanged',
    ...by,
    changes: [{ path: 'audit.days', from: before, to: days }],
    result: 'ok',
    message: `${by.actor} decided that audit entries are kept ${days === null ? 'for ever' : `for ${days} days`}.`,
    requestIds: [],
  };
}

async function readSetting({ db, tables }: Pick<Transaction, 'db' | 'tables'>): Promise<Setting | undefined> {
  const [row] = await db.select().from(tables.settings).where(eq(tables.settings.name, settingName));
  return row?.value as Setting | undefined;
}

/** Once a day is enough, and sooner after somebody decided anew: each time adds an entry of its own. */
function isDue(setting: Setting | undefined, last: Checkpoint | undefined, now: number): setting is Setting & { days: number } {
  if (typeof setting?.days !== 'number') return false;
  return !last || now - last.at >= dayMs || setting.setAt >= last.at;
}

/** Sets the checkpoint and records it in one transaction, before anything goes. False when nothing is old enough. */
async function condemn(store: Store, setting: Setting & { days: number }, now: number): Promise<boolean> {
  const before = await readCheckpoint(store);
  const old = await oldEntries(store, before?.seq ?? 0, now - setting.days * dayMs);
  if (!old) return false;
  const checked = await verify(store, { from: (before?.seq ?? 0) + 1, to: old.seq });
  if (!checked.ok) {
    throw new Error(`No old audit entries are removed: ${checked.firstBroken?.message ?? ''} GET /api/v1/audit/verify says more.`);
  }
  const claim = checkpointClaim({ ...old, at: now });
  const days = `${setting.days} days`;
  const entry: AuditEntry = {
    type: checkpointType,
    actor,
    changes: [{ path: 'audit.checkpoint', from: before ? checkpointClaim(before) : null, to: claim }],
    result: 'ok',
    message: `Entries ${(before?.seq ?? genesis.seq) + 1} to ${old.seq} (${time(old.since)} to ${time(old.until)}) are older than ${days} and removed, as ${setting.setBy} decided.`,
    requestIds: [],
  };
  try {
    await store.tx(async (tx) => {
      await tx.next(removalLock);
      const decided = await readSetting(tx);
      if ((await readCheckpoint(tx))?.seq !== before?.seq || decided?.days !== setting.days) throw new Superseded();
      const head = await appendIn(tx, [toDraft(entry, now)]);
      await writeCheckpoint(tx, { ...claim, entry: head.seq, isDone: false });
    });
    return true;
  } catch (error) {
    if (error instanceof Superseded) return false;
    throw error;
  }
}

function time(at: number): string {
  return new Date(at).toISOString();
}

type Old = Pick<Checkpoint, 'seq' | 'hash' | 'since' | 'until'>;

/**
 * The entries behind `after` up to the first that is not old. An imported entry may be older than those before it: it stays until these
 * go, for a chain has one start. Undefined when there are none but records of earlier removals, which would follow one another for ever.
 */
async function oldEntries(store: Store, after: number, before: number): Promise<Old | undefined> {
  const { audit } = store.tables;
  let old: Old | undefined;
  let isWorth = false;
  for (;;) {
    const rows = await store.db
      .select({ seq: audit.seq, hash: audit.hash, at: audit.at, type: audit.type })
      .from(audit)
      .where(gt(audit.seq, old?.seq ?? after))
      .orderBy(asc(audit.seq))
      .limit(readRows);
    for (const { seq, hash, at, type } of rows) {
      if (at >= before) return isWorth ? old : undefined;
      old = { seq, hash, since: Math.min(old?.since ?? at, at), until: Math.max(old?.until ?? at, at) };
      isWorth ||= type !== checkpointType;
    }
    if (rows.length < readRows) return isWorth ? old : undefined;
    await pause();
  }
}

/** Removes what lies before the checkpoint, oldest first, in small transactions: killed at any point, the next call goes on. */
async function removeCondemned(store: Store, isStopping: () => boolean): Promise<number> {
  let removed = 0;
  if ((await readCheckpoint(store))?.isDone !== false) return removed;
  while (!isStopping()) {
    const count = await store.tx(removeSome);
    if (count === 0) break;
    removed += count;
    await pause();
  }
  return removed;
}

async function removeSome(tx: Transaction): Promise<number> {
  const { audit, auditTerms } = tx.tables;
  await tx.next(removalLock);
  const checkpoint = await readCheckpoint(tx);
  if (!checkpoint || checkpoint.isDone) return 0;
  const rows = await tx.db.select().from(audit).where(lte(audit.seq, checkpoint.seq)).orderBy(asc(audit.seq)).limit(removedRows);
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) {
    await writeCheckpoint(tx, { ...checkpoint, isDone: true });
    return 0;
  }
  const terms = [...new Set(rows.flatMap(termsOf))];
  // The index of terms begins with the term: found by number alone, each removal would read all of it.
  for (let at = 0; at < terms.length; at += removedRows) {
    const some = terms.slice(at, at + removedRows);
    await tx.db
      .delete(auditTerms)
      .where(and(inArray(auditTerms.term, some), gte(auditTerms.seq, first.seq), lte(auditTerms.seq, last.seq)));
  }
  await tx.db.delete(audit).where(lte(audit.seq, last.seq));
  return rows.length;
}

function writeCheckpoint(tx: Transaction, value: Checkpoint): Promise<void> {
  return tx.upsert(tx.tables.settings, { name: checkpointName, value }, { key: ['name'], update: ['value'] });
}

function pause(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
