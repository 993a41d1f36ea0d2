import { and, desc, eq, gte, isNull, lt, or, type SQL } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import type { OperationState } from './operation.ts';
import { fromRow, type StoredOperation } from './rows.ts';

/** All that is set has to hold. Times are epoch ms; `until` itself is left out. */
export interface OperationFilter {
  readonly state?: OperationState;
  readonly action?: string;
  readonly actor?: string;
  readonly cluster?: string;
  readonly type?: string;
  readonly target?: string;
  readonly since?: number;
  readonly until?: number;
  /** Items of this bulk; items are left out otherwise. */
  readonly parent?: string;
  /** Only what this person asked for, or is done at one of these places (`*` is all); absent: everything. */
  readonly visible?: { readonly actor: string; readonly places: readonly { readonly cluster: string; readonly namespace: string }[] };
}

export interface OperationPage {
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** A cursor that `list` did not give. */
export class BadOperationCursor extends Error {
  constructor() {
    super('The cursor is not one this server gave. Leave it out to start at the newest operation.');
  }
}

export async function listOperations(
  store: Store,
  filter: OperationFilter,
  { limit, cursor }: OperationPage,
): Promise<{ items: StoredOperation[]; next?: string }> {
  const table = store.tables.operations;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const { since, until, parent, visible, ...same } = filter;
  const wanted: (SQL | undefined)[] = [
    ...Object.entries(same).map(([column, value]) => eq(table[column as keyof typeof same], value as never)),
    parent === undefined ? isNull(table.parent) : eq(table.parent, parent),
    since === undefined ? undefined : gte(table.createdAt, since),
    until === undefined ? undefined : lt(table.createdAt, until),
    visible && or(eq(table.actor, visible.actor), ...visible.places.map((place) => at(table, place))),
    after && or(lt(table.createdAt, after.at), and(eq(table.createdAt, after.at), lt(table.id, after.id))),
  ];
  const rows = await store.db
    .select()
    .from(table)
    .where(and(...wanted))
    .orderBy(desc(table.createdAt), desc(table.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(fromRow);
  const last = items.at(-1);
  if (rows.length <= limit || !last) return { items };
  return { items, next: Buffer.from(`o1.${last.createdAt}.${last.id}`).toString('base64url') };
}

function at(table: Store['tables']['operations'], { cluster, namespace }: { cluster: string; namespace: string }): SQL | undefined {
  return and(
    gte(table.createdAt, 0),
    cluster === '*' ? undefined : eq(table.cluster, cluster),
    namespace === '*' ? undefined : eq(table.namespace, namespace),
  );
}

function readCursor(cursor: string): { at: number; id: string } {
  const found = /^o1\.(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!found) throw new BadOperationCursor();
  return { at: Number(found[1]), id: found[2] ?? '' };
}
