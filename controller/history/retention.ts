import { and, asc, desc, eq, gt, lt, lte } from 'drizzle-orm';
import type { Transaction } from '#migrations/store.ts';

/** Kept of an object however old: somebody who edits once a day finds three months, and a list of them is still read by a person. */
export const keptRevisions = 100;
/** Kept however many unless told otherwise: a quarter, the longest anybody is asked "what was it when ...?" about in practice. */
export const keptMs = 90 * 24 * 3600_000;
/** Rows removed with one write: more than a write adds, so it shrinks, and few enough to be felt by nobody. */
const removedAtOnce = 50;

/**
 * Removes what is neither among an object's newest nor younger than `before` (epoch ms), a few rows at a time. Its first revision stays for good: who declared it,
 * and when, is asked longest.
 */
export async function forgetOld(tx: Transaction, uid: string, before: number): Promise<void> {
  await forgetRevisions(tx, uid, before);
  await forgetBindings(tx, uid, before);
}

async function forgetRevisions(tx: Transaction, uid: string, before: number): Promise<void> {
  const { revisions } = tx.tables;
  const { revision, at } = revisions;
  const own = eq(revisions.uid, uid);
  const select = () => tx.db.select({ revision, at }).from(revisions);
  const [oldestKept] = await select()
    .where(own)
    .orderBy(desc(revision))
    .limit(1)
    .offset(keptRevisions - 1);
  const [first] = await select().where(own).orderBy(asc(revision)).limit(1);
  if (!oldestKept || !first) return;
  const between = and(own, gt(revision, first.revision), lt(revision, oldestKept.revision));
  const oldest = await select().where(between).orderBy(asc(revision)).limit(removedAtOnce);
  const last = oldest.filter((row) => row.at < before).at(-1);
  if (last) await tx.db.delete(revisions).where(and(between, lte(revision, last.revision)));
}

async function forgetBindings(tx: Transaction, uid: string, before: number): Promise<void> {
  const { bindings } = tx.tables;
  const { version, at } = bindings;
  const own = eq(bindings.uid, uid);
  const rows = await tx.db
    .select({ version, at })
    .from(bindings)
    .where(own)
    .orderBy(desc(version))
    .limit(removedAtOnce)
    .offset(keptRevisions);
  const newest = rows.find((row) => row.at < before);
  if (newest) await tx.db.delete(bindings).where(and(own, lte(version, newest.version)));
}
