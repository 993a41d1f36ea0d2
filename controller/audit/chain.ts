import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Tables } from '#migrations/schema.ts';
import type { Queries } from '#migrations/store.ts';

export type AuditRow = Tables['audit']['$inferSelect'];

/** What the first entry follows. */
export const genesis: Head = { seq: 0, hash: '0'.repeat(64) };

/** The newest entry, kept apart from it so that a cut tail is noticed. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Name of the settings row with the head, and of the counter under whose lock entries are appended. */
export const chainName = 'audit';

/** Columns that came later count only where they hold something: entries from before them keep their hash. */
const laterColumns: ReadonlySet<string> = new Set(['address', 'session', 'requestId', 'origin']);

/** SHA-256 over the hash before and every column of the row but the hashes, as canonical JSON; hex. */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { previousHash, hash: _, ...columns } = row as AuditRow;
  const content = Object.fromEntries(Object.entries(columns).filter(([name, value]) => value !== null || !laterColumns.has(name)));
  return createHash('sha256').update(previousHash).update('\n').update(canonical(content)).digest('hex');
}

/** JSON with sorted keys and no spaces: one text for one value, whichever engine or version wrote it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const fields = value as Record<string, unknown>;
  const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
  return `{${keys
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`)
    .join(',')}}`;
}

/** The head as it was stored; undefined when there is none or it is not one. */
export function readHead(value: unknown): Head | undefined {
  const head = value as Partial<Head> | null | undefined;
  return typeof head?.seq === 'number' && typeof head.hash === 'string' ? { seq: head.seq, hash: head.hash } : undefined;
}

/** Up to where the log was removed because of its age. What is kept begins behind it and links to its hash. */
export interface Checkpoint {
  /** The last entry that is gone, and its hash. */
  readonly seq: number;
  readonly hash: string;
  /** Times of the oldest and newest entry removed with it, epoch ms. */
  readonly since: number;
  readonly until: number;
  /** When it was set, epoch ms. */
  readonly at: number;
  /** The kept entry that records it: the chain vouches for that one, and so for this. */
  readonly entry: number;
  /** false while entries up to `seq` are still being removed. */
  readonly isDone: boolean;
}

/** Name of the settings row with the checkpoint. */
export const checkpointName = 'audit-checkpoint';

/** Type of the entry that records a checkpoint. */
export const checkpointType = 'RetentionApplied';

/** What that entry says of it, and has to agree. */
export function checkpointClaim({ seq, hash, since, until, at }: Omit<Checkpoint, 'entry' | 'isDone'>) {
  return { seq, hash, since, until, at };
}

/** The checkpoint as it was stored; undefined when nothing was ever removed. A row that is none counts as one that nothing vouches for. */
export async function readCheckpoint({ db, tables }: Pick<Queries, 'db' | 'tables'>): Promise<Checkpoint | undefined> {
  const [row] = await db.select().from(tables.settings).where(eq(tables.settings.name, checkpointName));
  if (!row) return undefined;
  const { seq, hash, since, until, at, entry, isDone } = (row.value ?? {}) as Partial<Checkpoint>;
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  return {
    seq: number(seq),
    hash: typeof hash === 'string' ? hash : '',
    since: number(since),
    until: number(until),
    at: number(at),
    entry: number(entry),
    isDone: isDone === true,
  };
}
