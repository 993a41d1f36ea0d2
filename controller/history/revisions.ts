import { and, asc, desc, eq, lt, ne, or, type SQL } from 'drizzle-orm';
import type { JsonObject } from '#controller/engine/json.ts';
import type { Store } from '#migrations/store.ts';
import { BadCursor, type Page, type Place, readCursor, writeCursor } from './place.ts';
import type { RevisionRow } from './record.ts';

/** What somebody declared: one state of a spec, or its end. */
export interface Declaration {
  readonly uid: string;
  /** metadata.generation; of a deletion the one behind the last. */
  readonly revision: number;
  readonly cluster: string;
  /** Epoch ms. */
  readonly at: number;
  readonly action: 'declared' | 'changed' | 'deleted';
  readonly actor: string;
  readonly through: string;
  /** Absent for a deletion. */
  readonly spec?: JsonObject;
}

export interface Revision extends Declaration {
  /** Revisions between this one and the one before that nobody saw, or that are no longer kept. */
  readonly missingBefore: number;
}

export interface RevisionPage {
  readonly items: readonly Revision[];
  /** There when older ones follow. */
  readonly next?: string;
  /** uid of the object that had this name before, on the last page. */
  readonly predecessor?: string;
}

/** uid of the newest object of this name, also when it is deleted; undefined when there never was one. */
export async function newestUid(store: Store, place: Place): Promise<string | undefined> {
  const { revisions } = store.tables;
  const [row] = await store.db
    .select({ uid: revisions.uid })
    .from(revisions)
    .where(at(store, place))
    .orderBy(desc(revisions.at), desc(revisions.version))
    .limit(1);
  return row?.uid;
}

/** Newest first. Throws BadCursor. */
export async function listRevisions(store: Store, place: Place, uid: string, page: Page): Promise<RevisionPage> {
  const { revisions } = store.tables;
  const [before] = readCursor(page.cursor, 1) ?? [];
  if (before !== undefined && !/^\d{1,15}$/.test(before)) throw new BadCursor();
  const behind = before === undefined ? undefined : lt(revisions.revision, Number(before));
  const rows = await store.db
    .select()
    .from(revisions)
    .where(and(eq(revisions.uid, uid), behind))
    .orderBy(desc(revisions.revision))
    .limit(page.limit + 1);
  const shown = rows.slice(0, page.limit);
  const items = shown.map((row, index) => toRevision(row, rows[index + 1]));
  const last = shown.at(-1);
  if (rows.length > page.limit && last) return { items, next: writeCursor([String(last.revision)]) };
  const predecessor = last && (await predecessorOf(store, place, last));
  return { items, ...(predecessor === undefined ? {} : { predecessor }) };
}

/** A revision and, where it is kept, the one before it. */
export async function readRevision(
  store: Store,
  place: Place,
  uid: string,
  revision: number,
): Promise<{ revision: Revision; before?: Declaration } | undefined> {
  const { revisions } = store.tables;
  const rows = await store.db
    .select()
    .from(revisions)
    .where(and(eq(revisions.uid, uid), at(store, place), lt(revisions.revision, revision + 1)))
    .orderBy(desc(revisions.revision))
    .limit(2);
  const [row, earlier] = rows;
  if (row?.revision !== revision) return undefined;
  return { revision: toRevision(row, earlier), ...(earlier ? { before: toDeclaration(earlier) } : {}) };
}

async function predecessorOf(store: Store, place: Place, first: RevisionRow): Promise<string | undefined> {
  const { revisions } = store.tables;
  const earlier = or(lt(revisions.at, first.at), and(eq(revisions.at, first.at), lt(revisions.version, first.version)));
  const [row] = await store.db
    .select({ uid: revisions.uid })
    .from(revisions)
    .where(and(at(store, place), ne(revisions.uid, first.uid), earlier))
    .orderBy(desc(revisions.at), desc(revisions.version))
    .limit(1);
  return row?.uid;
}

/** `earlier` is the row before it, as far as it is kept. */
function toRevision(row: RevisionRow, earlier: Pick<RevisionRow, 'revision'> | undefined): Revision {
  return { ...toDeclaration(row), missingBefore: row.revision - 1 - (earlier?.revision ?? 0) };
}

export function toDeclaration({ uid, revision, cluster, at: when, action, actor, through, spec }: RevisionRow): Declaration {
  const parsed = spec === null ? {} : { spec: JSON.parse(spec) as JsonObject };
  return { uid, revision, cluster, at: when, action, actor, through, ...parsed };
}

function at({ tables: { revisions } }: Store, { kind, namespace, name }: Place): SQL | undefined {
  return and(eq(revisions.kind, kind), eq(revisions.namespace, namespace), eq(revisions.name, name));
}

/** The revision that was recorded first, for its time: nothing of this name is known before. */
export async function firstOfName(store: Store, place: Place): Promise<RevisionRow | undefined> {
  const { revisions } = store.tables;
  const [row] = await store.db.select().from(revisions).where(at(store, place)).orderBy(asc(revisions.at), asc(revisions.version)).limit(1);
  return row;
}
