import { and, desc, eq, getTableColumns, gte, lt, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/mysql-core';
import type { Store } from '#migrations/store.ts';
import type { AuditRow } from './chain.ts';
import { type AuditRecord, pathTerm, requestTerm, toRecord } from './row.ts';

/** Every field that is set has to hold; an empty filter is everything. */
export interface AuditFilter {
  readonly type?: string;
  readonly actor?: string;
  readonly cluster?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly cloudId?: string;
  readonly result?: AuditRecord['result'];
  readonly requestId?: string;
  readonly reconcileId?: string;
  /** Epoch ms; the moment itself included. */
  readonly since?: number;
  /** Epoch ms; the moment itself excluded. */
  readonly until?: number;
  /** A change at this path or below: `spec.metadata` finds `spec.metadata.tier`. */
  readonly path?: string;
  /** Anywhere in the message, upper and lower case alike. */
  readonly text?: string;
}

export interface AuditPage {
  /** 1 to 500; 50. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** A cursor that `list` did not give. */
export class BadCursor extends Error {
  constructor() {
    super('The cursor is not one this server gave. Leave it out to start at the newest entry.');
  }
}

/** Messages are read this many rows at a time, so that a search through a long log holds nobody up. */
const searchedRows = 5000;

/** Newest first. The cursor names an entry, so entries appended meanwhile neither repeat nor hide one. */
export async function list(store: Store, filter: AuditFilter, page: AuditPage): Promise<{ items: AuditRecord[]; next?: string }> {
  const limit = Math.min(Math.max(Math.trunc(page.limit ?? 50), 1), 500);
  const before = page.cursor === undefined ? undefined : readCursor(page.cursor);
  const { text } = filter;
  const rows = text ? await search(store, { ...filter, text }, before, limit + 1) : await read(store, filter, { before }, limit + 1);
  const items = rows.slice(0, limit).map(toRecord);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next: Buffer.from(`a1.${last.seq}`).toString('base64url') } : { items };
}

function readCursor(cursor: string): number {
  const seq = /^a1\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (seq === undefined) throw new BadCursor();
  return Number(seq);
}

/** Entries numbered from `from` up to before `before`. */
interface Span {
  readonly from?: number;
  readonly before: number | undefined;
}

function read(store: Store, filter: AuditFilter, { from, before }: Span, limit: number, also?: SQL): Promise<AuditRow[]> {
  const { audit, auditTerms } = store.tables;
  const terms = [
    ...(filter.requestId === undefined ? [] : [requestTerm(filter.requestId)]),
    ...(filter.path === undefined ? [] : [pathTerm(filter.path)]),
  ];
  const joined = terms.map((term, index) => ({ term, rows: alias(auditTerms, `term_${index}`) }));
  // A term's rows lie in the order of their entries: read from there, a page costs a page, however rare or common the term.
  const place = joined[0]?.rows.seq ?? audit.seq;
  const query = store.db.select(getTableColumns(audit)).from(audit).$dynamic();
  for (const { term, rows } of joined) query.innerJoin(rows, and(eq(rows.seq, audit.seq), eq(rows.term, term)));
  const inSpan = [from === undefined ? undefined : gte(place, from), before === undefined ? undefined : lt(place, before)];
  return query
    .where(and(...conditions(store, filter), ...inSpan, also))
    .orderBy(desc(place))
    .limit(limit)
    .then((rows) => rows);
}

async function search(
  store: Store,
  filter: AuditFilter & { text: string },
  before: number | undefined,
  wanted: number,
): Promise<AuditRow[]> {
  const { audit } = store.tables;
  const contains = sql`instr(lower(${audit.message}), ${filter.text.toLowerCase()}) > 0`;
  const found: AuditRow[] = [];
  const [newest] = await store.db.select({ seq: audit.seq }).from(audit).orderBy(desc(audit.seq)).limit(1);
  for (let end = Math.min(before ?? Infinity, (newest?.seq ?? 0) + 1); end > 1 && found.length < wanted; end -= searchedRows) {
    found.push(...(await read(store, filter, { from: end - searchedRows, before: end }, wanted - found.length, contains)));
    await new Promise((done) => setImmediate(done));
  }
  return found;
}

function conditions(store: Store, filter: AuditFilter): SQL[] {
  const { audit } = store.tables;
  const { type, actor, cluster, kind, namespace, name, uid, cloudId, result, reconcileId, since, until } = filter;
  const same = Object.entries({ type, actor, cluster, kind, namespace, name, uid, cloudId, result, reconcileId })
    .filter((field): field is [string, string] => field[1] !== undefined)
    .map(([field, value]) => eq(audit[field as 'type'], value));
  return [...same, ...(since === undefined ? [] : [gte(audit.at, since)]), ...(until === undefined ? [] : [lt(audit.at, until)])];
}
