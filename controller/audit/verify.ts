import { and, asc, desc, eq, gt, lte } from 'drizzle-orm';
import type { Change } from '#controller/engine/kind.ts';
import type { Store } from '#migrations/store.ts';
import {
  type AuditRow,
  type Checkpoint,
  canonical,
  chainName,
  checkpointClaim,
  checkpointType,
  genesis,
  type Head,
  hashOf,
  readCheckpoint,
  readHead,
} from './chain.ts';

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
  /** Where the log begins, when older entries were removed for their age: it is verified from behind `seq` on. */
  readonly checkpoint?: Omit<Checkpoint, 'isDone'>;
}

export interface Broken {
  readonly seq: number;
  /** `head`: the record of how long the log is was changed or removed; `checkpoint`: that of where it begins is not vouched for. */
  readonly problem: 'altered' | 'missing' | 'inserted' | 'unlinked' | 'truncated' | 'head' | 'checkpoint';
  readonly message: string;
}

const pageRows = 500;

/** Reads the chain page by page in bounded memory and stops at the first entry that does not fit. Entries may be appended and removed meanwhile. */
export async function verify(store: Store, range: VerifyRange = {}): Promise<Verification> {
  for (;;) {
    const checkpoint = await readCheckpoint(store);
    const found = await verifyBehind(store, range, checkpoint);
    // What was removed for its age while we read looked as if somebody had cut it.
    if (found.ok || (await readCheckpoint(store))?.seq === checkpoint?.seq) return found;
  }
}

async function verifyBehind(store: Store, range: VerifyRange, checkpoint: Checkpoint | undefined): Promise<Verification> {
  const about = checkpoint ? { checkpoint: shown(checkpoint) } : {};
  const { head, broken } = await readEnds(store);
  if (broken) return { ok: false, checked: 0, firstBroken: broken, head, ...about };
  const base: Head = checkpoint ? { seq: checkpoint.seq, hash: checkpoint.hash } : genesis;
  const from = Math.max(range.from ?? 1, base.seq + 1);
  const to = Math.min(range.to ?? head.seq, head.seq);
  const start = from === base.seq + 1 ? base : await entryAt(store, from - 1);
  if (!start) return { ok: false, checked: 0, firstBroken: missing(from - 1), head, ...about };
  // Numbers that are gone are looked at too: they are nobody's. While entries are being removed, some are still there.
  const isWhole = range.from === undefined && checkpoint?.isDone !== false;
  const unproven = range.from === undefined && checkpoint ? await checkCheckpoint(store, checkpoint, head) : undefined;
  const walked = await walk(store, start, { to, isWhole });
  const firstBroken =
    unproven ??
    walked.broken ??
    (to === head.seq ? checkEnd(walked.last, head) : undefined) ??
    (range.to === undefined ? await findBehindHead(store) : undefined);
  return { ok: firstBroken === undefined, checked: walked.checked, ...(firstBroken ? { firstBroken } : {}), head, ...about };
}

function shown({ seq, hash, since, until, at, entry }: Checkpoint): Omit<Checkpoint, 'isDone'> {
  return { seq, hash, since, until, at, entry };
}

/** A start that no kept entry speaks of is a cut. */
async function checkCheckpoint(store: Store, checkpoint: Checkpoint, head: Head): Promise<Broken | undefined> {
  const { audit } = store.tables;
  const [row] = await store.db.select().from(audit).where(eq(audit.seq, checkpoint.entry));
  const [change] = (row?.changes ?? []) as Change[];
  const agrees =
    row?.type === checkpointType &&
    row.seq > checkpoint.seq &&
    row.seq <= head.seq &&
    canonical(change?.to) === canonical(checkpointClaim(checkpoint));
  if (agrees) return undefined;
  return {
    seq: checkpoint.seq + 1,
    problem: 'checkpoint',
    message: `Entry ${checkpoint.seq + 1} is said to be the first that is kept, but no entry records that those before it were removed: the start of the log was cut off.`,
  };
}

async function walk(
  store: Store,
  start: Head,
  { to, isWhole }: { to: number; isWhole: boolean },
): Promise<{ last: Head; checked: number; broken?: Broken }> {
  const { audit } = store.tables;
  let last = start;
  let checked = 0;
  for (let after = isWhole ? -Number.MAX_SAFE_INTEGER : start.seq; ; after = last.seq) {
    const rows = await store.db
      .select()
      .from(audit)
      .where(and(gt(audit.seq, after), lte(audit.seq, to)))
      .orderBy(asc(audit.seq))
      .limit(pageRows);
    for (const row of rows) {
      const broken = checkRow(row, last, start);
      if (broken) return { last, checked, broken };
      last = { seq: row.seq, hash: row.hash };
      checked++;
    }
    if (rows.length < pageRows) return { last, checked };
    // SQLite answers without a pause; others get their turn here.
    await new Promise((done) => setImmediate(done));
  }
}

function checkRow(row: AuditRow, last: Head, start: Head): Broken | undefined {
  const { seq } = row;
  if (seq <= last.seq) return { seq, problem: 'inserted', message: `Entry ${seq} was inserted: the log starts at ${start.seq + 1}.` };
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
