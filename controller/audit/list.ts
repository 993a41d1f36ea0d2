import { and, asc, desc, eq, getTableColumns, gt, gte, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/mysql-core';
import type { Store } from '#migrations/store.ts';
import type { AuditRow } from './chain.ts';
import { type AuditRecord, addressTerm, pathTerm, requestTerm, sessionTerm, toRecord } from './row.ts';

/** Every field that is set has to hold; an empty filter is everything. */
export interface AuditFilter {
  /** One of these, if there are any. */
  readonly type?: string | readonly string[];
  readonly actor?: string;
  /** One of these, if there are any. */
  readonly cluster?: string | readonly string[];
  /** One of these, if there are any. */
  readonly kind?: string | readonly string[];
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly cloudId?: string;
  readonly result?: AuditRecord['result'];
  /** An id a cloud gave to a request, or we gave to the request of a person. */
  readonly requestId?: string;
  readonly reconcileId?: string;
  /** The network address a person asked from. */
  readonly address?: string;
  /** The session or token a person asked with. */
  readonly session?: string;
  /** The database entries were brought from. */
  readonly origin?: string;
  /** Whether it was brought from another database. */
  readonly imported?: boolean;
  /** Epoch ms; the moment itself included. */
  readonly since?: number;
  /** Epoch ms; the moment itself excluded. */
  readonly until?: number;
  /** A change at this path or below: `spec.metadata` finds `spec.metadata.tier`. */
  readonly path?: string;
  /** Anywhere in the message, upper and lower case alike. */
  readonly text?: string;
}

/** By number: the order in which entries were stored. */
export type AuditOrder = 'newest' | 'oldest';

export interface AuditPage {
  /** 1 to 500; 50. */
  readonly limit?: number;
  /** What comes first; newest. */
  readonly order?: AuditOrder;
  /** `next` of the page before, in the same order. */
  readonly cursor?: string;
}

/** A cursor that `list` did not give. */
export class BadCursor extends Error {
  constructor() {
    super('The cursor is not one this server gave for this order. Leave it out to start at the first page.');
  }
}

/** What no index helps with is read this many rows at a time, so that a search through a long log holds nobody up. */
const searchedRows = 5000;

/** Entries with numbers above `above` and below `below`. */
export interface Span {
  readonly above: number;
  readonly below: number;
}

/** The cursor names an entry, so entries appended meanwhile neither repeat nor hide one. */
export async function list(store: Store, filter: AuditFilter, page: AuditPage): Promise<{ items: AuditRecord[]; next?: string }> {
  const limit = Math.min(Math.max(Math.trunc(page.limit ?? 50), 1), 500);
  const order = page.order ?? 'newest';
  const at = page.cursor === undefined ? undefined : readCursor(page.cursor, order);
  const span = order === 'newest' ? { above: 0, below: at ?? Infinity } : { above: at ?? 0, below: Infinity };
  const rows = await entriesIn(store, filter, span, { order, limit: limit + 1 });
  const items = rows.slice(0, limit).map(toRecord);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next: writeCursor(last.seq, order) } : { items };
}

const marks: Record<AuditOrder, string> = { newest: 'a1', oldest: 'o1' };

function writeCursor(seq: number, order: AuditOrder): string {
  return Buffer.from(`${marks[order]}.${seq}`).toString('base64url');
}

function readCursor(cursor: string, order: AuditOrder): number {
  const [, mark, seq] = /^([ao]1)\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (seq === undefined || mark !== marks[order]) throw new BadCursor();
  return Number(seq);
}

interface Reading {
  readonly order: AuditOrder;
  readonly limit: number;
}

/** The first `limit` rows of a span that the filter holds for. */
export async function entriesIn(store: Store, filter: AuditFilter, span: Span, reading: Reading): Promise<AuditRow[]> {
  const slow = slowConditions(store, filter);
  return slow.length === 0 ? read(store, filter, span, reading) : search(store, filter, slow, span, reading);
}

async function read(store: Store, filter: AuditFilter, span: Span, { order, limit }: Reading, also?: readonly SQL[]): Promise<AuditRow[]> {
  const { audit, auditTerms } = store.tables;
  const joined = termsIn(filter).map((term, index) => ({ term, rows: alias(auditTerms, `term_${index}`) }));
  // A term's rows lie in the order of their entries: read from there, a page costs a page, however rare or common the term.
  const place = joined[0]?.rows.seq ?? audit.seq;
  const query = store.db.select(getTableColumns(audit)).from(audit).$dynamic();
  for (const { term, rows } of joined) query.innerJoin(rows, and(eq(rows.seq, audit.seq), eq(rows.term, term)));
  const inSpan = [span.above > 0 ? gt(place, span.above) : undefined, Number.isFinite(span.below) ? lt(place, span.below) : undefined];
  return query
    .where(and(...conditions(store, filter), ...inSpan, ...(also ?? [])))
    .orderBy(order === 'newest' ? desc(place) : asc(place))
    .limit(limit)
    .then((rows) => rows);
}

/** Slice by slice from the end that comes first. */
async function search(store: Store, filter: AuditFilter, slow: readonly SQL[], span: Span, { order, limit }: Reading): Promise<AuditRow[]> {
  const found: AuditRow[] = [];
  let { above, below } = await narrowed(store, span);
  while (below - above > 1 && found.length < limit) {
    const slice =
      order === 'newest'
        ? { above: Math.max(above, below - searchedRows - 1), below }
        : { above, below: Math.min(below, above + searchedRows + 1) };
    found.push(...(await read(store, filter, slice, { order, limit: limit - found.length }, slow)));
    if (order === 'newest') below = slice.above + 1;
    else above = slice.below - 1;
    await new Promise((done) => setImmediate(done));
  }
  return found;
}

/** The span without the numbers beyond the ends of the log. */
async function narrowed(store: Store, { above, below }: Span): Promise<Span> {
  const { audit } = store.tables;
  const end = (order: SQL) => store.db.select({ seq: audit.seq }).from(audit).orderBy(order).limit(1);
  const [[first], [last]] = [await end(asc(audit.seq)), await end(desc(audit.seq))];
  return { above: Math.max(above, (first?.seq ?? 1) - 1), below: Math.min(below, (last?.seq ?? 0) + 1) };
}

function termsIn({ requestId, address, session, path }: AuditFilter): string[] {
  return [
    ...(requestId === undefined ? [] : [requestTerm(requestId)]),
    ...(session === undefined ? [] : [sessionTerm(session)]),
    ...(address === undefined ? [] : [addressTerm(address)]),
    ...(path === undefined ? [] : [pathTerm(path)]),
  ];
}

function conditions(store: Store, filter: AuditFilter): SQL[] {
  const { audit } = store.tables;
  const { type, actor, cluster, kind, namespace, name, uid, cloudId, result, reconcileId, since, until } = filter;
  const same = Object.entries({ type, actor, cluster, kind, namespace, name, uid, cloudId, result, reconcileId })
    .filter((field): field is [string, string | readonly string[]] => field[1] !== undefined && !isEmptyList(field[1]))
    .map(([field, wanted]) => {
      const column = audit[field as 'type'];
      return typeof wanted === 'string' ? eq(column, wanted) : inArray(column, [...wanted]);
    });
  return [...same, ...(since === undefined ? [] : [gte(audit.at, since)]), ...(until === undefined ? [] : [lt(audit.at, until)])];
}

function isEmptyList(wanted: string | readonly string[]): boolean {
  return typeof wanted !== 'string' && wanted.length === 0;
}

function slowConditions(store: Store, { text, origin, imported }: AuditFilter): SQL[] {
  const { audit } = store.tables;
  return [
    ...(text === undefined || text === '' ? [] : [sql`instr(lower(${audit.message}), ${text.toLowerCase()}) > 0`]),
    ...(origin === undefined ? [] : [eq(audit.origin, origin)]),
    ...(imported === undefined ? [] : [imported ? isNotNull(audit.origin) : isNull(audit.origin)]),
  ];
}
