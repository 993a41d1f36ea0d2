import { and, asc, desc, eq, gt, lte } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { type AuditRow, chainName, genesis, type Head, hashOf, readHead } from './chain.ts';

export interface VerifyRange {
  /** The first and last entry to check; from 1 to the head. The entry before `from` is taken on trust. */
  readonly from?: number;
  readonly to?: number;
}

export interface Verification {
  readonly ok: boolean;
  /** Entries read and found whole and in place. */
  readonly checked: number;
  readonly firstBroken?: Broken;
  /** The newest entry. Noted elsewhere, its hash proves that everything up to it was not rewritten since. */
  readonly head: Head;
}

export interface Broken {
  readonly seq: number;
  /** `head`: the record of how long the log is was changed or removed. */
  readonly problem: 'altered' | 'missing' | 'inserted' | 'unlinked' | 'truncated' | 'head';
  readonly message: string;
}

const pageRows = 500;

/** Reads the chain page by page in bounded memory and stops at the first entry that does not fit. Entries may be appended meanwhile. */
export async function verify(store: Store, range: VerifyRange = {}): Promise<Verification> {
  const { head, broken } = await readEnds(store);
  if (broken) return { ok: false, checked: 0, firstBroken: broken, head };
  const from = Math.max(range.from ?? 1, 1);
  const to = Math.min(range.to ?? head.seq, head.seq);
  const start = from === 1 ? genesis : await entryAt(store, from - 1);
  if (!start) return { ok: false, checked: 0, firstBroken: missing(from - 1), head };
  const walked = await walk(store, start, { to, isWhole: range.from === undefined });
  const firstBroken =
    walked.broken ??
    (to === head.seq ? checkEnd(walked.last, head) : undefined) ??
    (range.to === undefined ? await findBehindHead(store) : undefined);
  return { ok: firstBroken === undefined, checked: walked.checked, ...(firstBroken ? { firstBroken } : {}), head };
}

async function walk(
  store: Store,
  start: Head,
  { to, isWhole }: { to: number; isWhole: boolean },
): Promise<{ last: Head; checked: number; broken?: Broken }> {
  const { audit } = store.tables;
  let last = start;
  let checked = 0;
  // Numbers below 1 are looked at too: they are nobody's.
  for (let after = isWhole ? -Number.MAX_SAFE_INTEGER : start.seq; ; after = last.seq) {
    const rows = await store.db
      .select()
      .from(audit)
      .where(and(gt(audit.seq, after), lte(audit.seq, to)))
      .orderBy(asc(audit.seq))
      .limit(pageRows);
    for (const row of rows) {
      const broken = checkRow(row, last);
      if (broken) return { last, checked, broken };
      last = { seq: row.seq, hash: row.hash };
      checked++;
    }
    if (rows.length < pageRows) return { last, checked };
    // SQLite answers without a pause; others get their turn here.
    await new Promise((done) => setImmediate(done));
  }
}

function checkRow(row: AuditRow, last: Head): Broken | undefined {
  const { seq } = row;
  if (seq <= last.seq) return { seq, problem: 'inserted', message: `Entry ${seq} was inserted: the log starts at 1.` };
  if (seq !== last.seq + 1) return missing(last.seq + 1);
  if (row.hash !== hashOf(row))
    return { seq, problem: 'altered', message: `Entry ${seq} was altered: its content does not have the hash stored with it.` };
  if (row.previousHash === last.hash) return undefined;
  return {
    seq,
    problem: 'unlinked',
    message: `Entry ${seq} does not follow entry ${last.seq}: one of them was replaced, inserted or moved.`,
  };
}

function checkEnd(last: Head, head: Head): Broken | undefined {
  if (last.seq < head.seq) {
    const message = `Entries ${last.seq + 1} to ${head.seq} are missing: the end of the log was cut off.`;
    return { seq: last.seq + 1, problem: 'truncated', message };
  }
  if (last.hash === head.hash) return undefined;
  return {
    seq: head.seq,
    problem: 'head',
    message: `Entry ${head.seq} is not the one that was stored last: the log was rewritten, or its head was.`,
  };
}

/** Entries with numbers that were never given out. The head is read last, so entries appended meanwhile are below it. */
async function findBehindHead(store: Store): Promise<Broken | undefined> {
  const { audit } = store.tables;
  const [newest] = await store.db.select({ seq: audit.seq }).from(audit).orderBy(desc(audit.seq)).limit(1);
  const { head, broken } = await readEnds(store);
  if (broken) return broken;
  if (!newest || newest.seq <= head.seq) return undefined;
  return { seq: newest.seq, problem: 'inserted', message: `Entry ${newest.seq} was inserted: the log ends at ${head.seq}.` };
}

/** Head and counter in one statement; they move together. */
async function readEnds(store: Store): Promise<{ head: Head; broken?: Broken }> {
  const { counters, settings } = store.tables;
  const rows = await store.db
    .select({ counter: counters.value, head: settings.value })
    .from(counters)
    .leftJoin(settings, eq(settings.name, counters.name))
    .where(eq(counters.name, chainName));
  const found = readHead(rows[0]?.head);
  if (found && found.seq === rows[0]?.counter) return { head: found };
  if (rows.length === 0 && !(await hasTraces(store))) return { head: genesis };
  const seq = found?.seq ?? 0;
  return {
    head: found ?? genesis,
    broken: {
      seq,
      problem: 'head',
      message: 'The record of how long the audit log is was changed or removed, or does not fit its counter.',
    },
  };
}

async function hasTraces(store: Store): Promise<boolean> {
  const { audit, settings } = store.tables;
  const rows = await store.db.select({ seq: audit.seq }).from(audit).limit(1);
  const heads = await store.db.select({ name: settings.name }).from(settings).where(eq(settings.name, chainName)).limit(1);
  return rows.length + heads.length > 0;
}

async function entryAt(store: Store, seq: number): Promise<Head | undefined> {
  const { audit } = store.tables;
  const [row] = await store.db.select({ seq: audit.seq, hash: audit.hash }).from(audit).where(eq(audit.seq, seq));
  return row;
}

function missing(seq: number): Broken {
  return { seq, problem: 'missing', message: `Entry ${seq} is missing: it was deleted.` };
}
