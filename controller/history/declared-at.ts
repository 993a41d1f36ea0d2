import { and, asc, desc, eq, gt, inArray, lte, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/mysql-core';
import type { Store } from '#migrations/store.ts';
import { type Page, type Place, readCursor, writeCursor } from './place.ts';
import type { RevisionRow } from './record.ts';
import { type Declaration, firstOfName, toDeclaration } from './revisions.ts';
import { scalar } from './scalar.ts';

export interface Present extends Declaration {
  readonly state: 'declared';
  /** Revisions right after this one that nobody saw: one of them may have held at the time asked for. */
  readonly missingAfter: number;
}

/** What was declared under a name at a time. */
export type Declared =
  | Present
  /** Never yet, or no longer: then `deletion` says who took it away. */
  | { readonly state: 'notDeclared'; readonly deletion?: Declaration }
  /** Recording began later. */
  | { readonly state: 'unknown'; readonly knownSince: number };

/** An object of a list. */
export interface DeclaredObject extends Place {
  readonly declared: Present;
}

export interface ObjectFilter {
  readonly kind?: string;
  readonly namespace?: string;
  readonly cluster?: string;
}

/** Undefined when no object of this name was ever seen. `since` is when recording began. */
export async function declaredAt(store: Store, place: Place, time: number, since: number): Promise<Declared | undefined> {
  const { revisions } = store.tables;
  const [row] = await store.db
    .select()
    .from(revisions)
    .where(
      and(
        eq(revisions.kind, place.kind),
        eq(revisions.namespace, place.namespace),
        eq(revisions.name, place.name),
        lte(revisions.at, time),
      ),
    )
    .orderBy(desc(revisions.at), desc(revisions.version))
    .limit(1);
  if (row?.action === 'deleted') return { state: 'notDeclared', deletion: toDeclaration(row) };
  if (row) return presentRow(row, await nextRevision(store, row));
  const first = await firstOfName(store, place);
  if (!first) return undefined;
  // Found as it was, in the middle of its life; or another object of this name may have been there before recording began.
  const isKnown = first.action === 'declared' && time >= since;
  return isKnown
    ? { state: 'notDeclared' }
    : { state: 'unknown', knownSince: first.action === 'declared' ? Math.min(since, first.at) : first.at };
}

async function nextRevision(store: Store, { uid, revision }: RevisionRow): Promise<number | null> {
  const { revisions } = store.tables;
  const [next] = await store.db
    .select({ revision: revisions.revision })
    .from(revisions)
    .where(and(eq(revisions.uid, uid), gt(revisions.revision, revision)))
    .orderBy(asc(revisions.revision))
    .limit(1);
  return next?.revision ?? null;
}

/**
 * What was declared at a time, by kind, namespace and name; a page costs a page and the names in between that were not declared then,
 * never their revisions. `kinds` are all there are. Throws BadCursor.
 */
export async function listDeclaredAt(
  store: Store,
  filter: ObjectFilter,
  time: number,
  page: Page & { readonly kinds: readonly string[] },
): Promise<{ items: DeclaredObject[]; next?: string }> {
  const after = readCursor(page.cursor, 5);
  const found: DeclaredObject[] = [];
  const wanted = filter.kind === undefined ? page.kinds.toSorted() : [filter.kind];
  for (const kind of wanted.filter((each) => after === undefined || each >= (after[0] ?? ''))) {
    let behind = kind === after?.[0] ? after : undefined;
    while (found.length <= page.limit) {
      const known = await knownObjects(store, { ...filter, kind }, time, behind);
      found.push(...(await alive(store, known)));
      const last = known.at(-1);
      if (!last || known.length < knownAtOnce) break;
      behind = cursorOf(last);
    }
    if (found.length > page.limit) break;
  }
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  if (found.length <= page.limit || !last) return { items };
  return { items, next: writeCursor(cursorOf({ ...last, ...last.declared })) };
}

function cursorOf({ kind, namespace, name, uid, cluster }: Omit<Known, 'revision'>): string[] {
  return [kind, namespace, name, uid, cluster];
}

/** Objects looked at with one statement: about a page. */
const knownAtOnce = 128;

interface Known extends Place {
  readonly uid: string;
  readonly cluster: string;
  /** Of the time asked for; null before its first. */
  readonly revision: number | null;
}

function knownObjects(
  store: Store,
  { kind, namespace, cluster }: ObjectFilter & { kind: string },
  time: number,
  behind: readonly string[] | undefined,
): Promise<Known[]> {
  const { revisedObjects: objects, revisions } = store.tables;
  const past = alias(revisions, 'past');
  const revision = scalar(
    sql`select ${past.revision} from ${revisions} ${past} where ${past.uid} = ${objects.uid} and ${past.at} <= ${time} order by ${past.at} desc, ${past.version} desc limit 1`,
  );
  return store.db
    .select({ uid: objects.uid, cluster: objects.cluster, kind: objects.kind, namespace: objects.namespace, name: objects.name, revision })
    .from(objects)
    .where(
      and(
        eq(objects.kind, kind),
        namespace === undefined ? undefined : eq(objects.namespace, namespace),
        cluster === undefined ? undefined : eq(objects.cluster, cluster),
        behind && isBehind(store, behind),
      ),
    )
    .orderBy(asc(objects.namespace), asc(objects.name), asc(objects.uid), asc(objects.cluster))
    .limit(knownAtOnce)
    .then((rows) => rows);
}

function isBehind(store: Store, [, namespace = '', name = '', uid = '', cluster = '']: readonly string[]): SQL | undefined {
  const { revisedObjects: t } = store.tables;
  const sameNamespace = eq(t.namespace, namespace);
  const sameName = and(sameNamespace, eq(t.name, name));
  return or(
    gt(t.namespace, namespace),
    and(sameNamespace, gt(t.name, name)),
    and(sameName, gt(t.uid, uid)),
    and(sameName, eq(t.uid, uid), gt(t.cluster, cluster)),
  );
}

/** Those that were declared, for the cluster they are listed under, in the order given. */
async function alive(store: Store, known: readonly Known[]): Promise<DeclaredObject[]> {
  const { revisions } = store.tables;
  const seen = known.filter((each): each is Known & { revision: number } => each.revision !== null);
  if (seen.length === 0) return [];
  const later = alias(revisions, 'later');
  const next = scalar(
    sql`select min(${later.revision}) from ${revisions} ${later} where ${later.uid} = ${revisions.uid} and ${later.revision} > ${revisions.revision}`,
  );
  const byRevision = new Map<number, string[]>();
  for (const { uid, revision } of seen) byRevision.set(revision, [...(byRevision.get(revision) ?? []), uid]);
  const isWanted = [...byRevision].map(([revision, uids]) => and(inArray(revisions.uid, uids), eq(revisions.revision, revision)));
  const rows = await store.db
    .select({ row: revisions, next })
    .from(revisions)
    .where(or(...isWanted));
  const byUid = new Map(rows.map(({ row, next: following }) => [row.uid, { row, following }]));
  return seen.flatMap(({ uid, cluster, kind, namespace, name }) => {
    const { row, following = null } = byUid.get(uid) ?? {};
    if (!row || row.action === 'deleted' || row.cluster !== cluster) return [];
    return [{ kind, namespace, name, declared: presentRow(row, following) }];
  });
}

function presentRow(row: RevisionRow, next: number | null): Present {
  return { state: 'declared', ...toDeclaration(row), missingAfter: next === null ? 0 : next - row.revision - 1 };
}
