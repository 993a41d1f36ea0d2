import { AsyncLocalStorage } from 'node:async_hooks';
import { eq } from 'drizzle-orm';
import type { Store, Transaction } from '#migrations/store.ts';
import { chainName, genesis, type Head, hashOf, readHead } from './chain.ts';
import { type Draft, termsOf } from './row.ts';

/** Rows of one transaction, unless a single call brings more. */
const batchRows = 500;
/** Rows of one insert statement: some thousand values, within SQLite's 32,766. */
const insertRows = 100;

interface Waiter {
  readonly drafts: readonly Draft[];
  done(): void;
  fail(error: unknown): void;
}

/**
 * Appends drafts; resolves when they are committed. What arrives while a transaction runs shares the next one: the costs of a commit and
 * of the chain's lock are paid once for all of them.
 */
export function createAppender(store: Store): (drafts: readonly Draft[]) => Promise<void> {
  const waiting: Waiter[] = [];
  // The loop serves many callers and must not inherit the context of the one that woke it.
  const outside = AsyncLocalStorage.snapshot();
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    try {
      while (waiting.length > 0) await appendBatch(store, takeBatch(waiting));
    } finally {
      isRunning = false;
    }
  }

  return (drafts) => {
    store.assertOutside();
    if (drafts.length === 0) return Promise.resolve();
    return new Promise((done, fail) => {
      waiting.push({ drafts, done, fail });
      if (!isRunning) outside(() => void run());
    });
  };
}

function takeBatch(waiting: Waiter[]): Waiter[] {
  let rows = 0;
  const fits = waiting.findIndex(({ drafts }, index) => {
    rows += drafts.length;
    return index > 0 && rows > batchRows;
  });
  return waiting.splice(0, fits < 0 ? waiting.length : fits);
}

async function appendBatch(store: Store, batch: readonly Waiter[]): Promise<void> {
  try {
    await append(
      store,
      batch.flatMap(({ drafts }) => drafts),
    );
    for (const waiter of batch) waiter.done();
  } catch (error) {
    if (batch.length === 1) return batch[0]?.fail(error);
    // One entry the database refuses must not take the others with it.
    for (const waiter of batch) await appendBatch(store, [waiter]);
  }
}

async function append(store: Store, drafts: readonly Draft[]): Promise<void> {
  await store.tx((tx) => appendIn(tx, drafts));
}

/** Appends drafts within a transaction of the caller's, which holds the chain's lock from here to its end: keep it short. Returns the new head. */
export async function appendIn(tx: Transaction, drafts: readonly Draft[]): Promise<Head> {
  const last = await tx.next(chainName, drafts.length);
  let head = await currentHead(tx);
  if (head.seq !== last - drafts.length) {
    throw new Error(
      `The audit log was changed from outside: its head is entry ${head.seq}, its counter said ${last - drafts.length}. Nothing is recorded until a backup is put back; GET /api/v1/audit/verify says what is broken.`,
    );
  }
  const rows = drafts.map((draft) => {
    const row = { ...draft, seq: head.seq + 1, previousHash: head.hash };
    head = { seq: row.seq, hash: hashOf(row) };
    return { ...row, hash: head.hash };
  });
  const terms = rows.flatMap((row) => termsOf(row).map((term) => ({ term, seq: row.seq })));
  for (const chunk of chunks(rows)) await tx.db.insert(tx.tables.audit).values(chunk);
  for (const chunk of chunks(terms)) await tx.db.insert(tx.tables.auditTerms).values(chunk);
  await tx.upsert(tx.tables.settings, { name: chainName, value: head }, { key: ['name'], update: ['value'] });
  return head;
}

async function currentHead(tx: Transaction): Promise<Head> {
  const [row] = await tx.db.select().from(tx.tables.settings).where(eq(tx.tables.settings.name, chainName));
  return readHead(row?.value) ?? genesis;
}

function chunks<T>(list: T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / insertRows) }, (_, index) =>
    list.slice(index * insertRows, (index + 1) * insertRows),
  );
}
