import { and, asc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { type ChunkKind, type ChunkRow, genesisOf } from './chunk.ts';

export type TerminalRow = Store['tables']['terminals']['$inferSelect'];

/** A chunk without what it holds. */
export interface Listed {
  readonly seq: number;
  readonly kind: ChunkKind;
  readonly hash: string;
}

export async function findTerminal(
  { db, tables: { terminals } }: Pick<Store, 'db' | 'tables'>,
  id: string,
): Promise<TerminalRow | undefined> {
  const [row] = await db.select().from(terminals).where(eq(terminals.id, id));
  return row;
}

/** Chunks from one number up to and without another, in order, without reading what they hold. */
export async function listChunks(
  { db, tables: { terminalChunks: chunks } }: Store,
  id: string,
  from: number,
  until: number,
  limit = 1000,
): Promise<Listed[]> {
  const kind = sql<ChunkKind>`substr(${chunks.data}, 1, 1)`;
  return db
    .select({ seq: chunks.seq, kind, hash: chunks.hash })
    .from(chunks)
    .where(and(eq(chunks.terminal, id), gte(chunks.seq, from), lt(chunks.seq, until)))
    .orderBy(asc(chunks.seq))
    .limit(limit);
}

/** Whole chunks of these numbers, in order. */
export async function readChunks(
  { db, tables: { terminalChunks: chunks } }: Store,
  id: string,
  seqs: readonly number[],
): Promise<ChunkRow[]> {
  if (seqs.length === 0) return [];
  return db
    .select()
    .from(chunks)
    .where(and(eq(chunks.terminal, id), inArray(chunks.seq, [...seqs])))
    .orderBy(asc(chunks.seq));
}

/** The hash that a chunk follows; undefined when the chunk before it is missing. */
export async function hashBefore(store: Store, id: string, seq: number): Promise<string | undefined> {
  if (seq === 0) return genesisOf(id);
  return (await listChunks(store, id, seq - 1, seq))[0]?.hash;
}
