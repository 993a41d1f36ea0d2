import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
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
  const rows = filter.text
    ? await search(store, { ...filter, text: filter.text }, before, limit + 1)
    : await read(store, conditions(store, filter, before), limit + 1);
  const items = rows.slice(0, limit).map(toRecord);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next: Buffer.from(`a1.${last.seq}`).toString('base64url') } : { items };
}

function readCursor(cursor: string): number {
  const seq = /^a1\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (seq === undefined) throw new BadCursor();
  return Number(seq);
}

function read(store: Store, where: SQL | undefined, limit: number) {
  const { audit } = store.tables;
  return store.db.select().from(audit).where(where).orderBy(desc(audit.seq)).limit(limit);
}

async function search(store: Store, filter: AuditFilter & { text: string }, before: number | undefined, wanted: number) {
  const { audit } = store.tables;
  const contains = sql`instr(lower(${audit.message}), ${filter.text.toLowerCase()}) > 0`;
  const found: Awaited<ReturnType<typeof read>> = [];
  const [newest] = await store.db.select({ seq: audit.seq }).from(audit).orderBy(desc(audit.seq)).limit(1);
  for (let end = Math.min(before ?? Infinity, (newest?.seq ?? 0) + 1); end > 1 && found.length < wanted; end -= searchedRows) {
    const where = and(conditions(store, filter, end), gte(audit.seq, end - searchedRows), contains);
    found.push(...(await read(store, where, wanted - found.length)));
    await new Promise((done) => setImmediate(done));
  }
  return found;
}

function conditions(store: Store, filter: AuditFilter, before: number | undefined): SQL | undefined {
  const { audit, auditTerms } = store.tables;
  const { type, actor, cluster, kind, namespace, name, uid, cloudId, result, reconcileId } = filter;
  const same = Object.entries({ type, actor, cluster, kind, namespace, name, uid, cloudId, result, reconcileId })
    .filter((field): field is [keyof typeof audit.$inferSelect, string] => field[1] !== undefined)
    .map(([field, value]) => eq(audit[field as 'type'], value));
  const terms = [
    ...(filter.path === undefined ? [] : [pathTerm(filter.path)]),
    ...(filter.requestId === undefined ? [] : [requestTerm(filter.requestId)]),
  ];
  const hasTerm = terms.map(
    (term) => sql`${audit.seq} in (select ${auditTerms.seq} from ${auditTerms} where ${auditTerms.term} = ${term})`,
  );
  return and(
    ...same,
    ...hasTerm,
    filter.since === undefined ? undefined : gte(audit.at, filter.since),
    filter.until === undefined ? undefined : lt(audit.at, filter.until),
    before === undefined ? undefined : lt(audit.seq, before),
  );
}
