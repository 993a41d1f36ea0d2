import { and, asc, count, eq, gt, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { Tables } from '#migrations/schema.ts';
import type { Queries } from '#migrations/store.ts';
import type { Sealed } from '../kube/encryption.ts';

/** One row that holds something sealed, as it was read. */
export interface SealedRow {
  /** Where the next page begins. */
  readonly cursor: readonly (string | number)[];
  /** The columns with something sealed in them, as JSON text. */
  readonly texts: readonly string[];
}

/** A table with sealed columns. */
export interface SealedTable {
  readonly name: string;
  /** Rows behind the cursor, in order, that name another key than this anywhere. */
  others(queries: Queries, kek: string, after: SealedRow['cursor'] | undefined, limit: number): Promise<SealedRow[]>;
  /** Writes the texts over those of a row that is still as it was read; whether it was. */
  replace(queries: Queries, row: SealedRow, texts: readonly string[]): Promise<boolean>;
  /** All rows with something sealed in them, or those that name any of these keys. */
  count(queries: Queries, keks?: readonly string[]): Promise<number>;
}

/** Ours are plain text, and what is sealed has no quotes in it. */
const names = (column: unknown, kek: string): SQL => sql`${column} like ${`%"kek":"${kek}"%`}`;
const anyOf = (keks: readonly string[], ...columns: readonly unknown[]) =>
  or(...columns.flatMap((column) => keks.map((kek) => names(column, kek))));
const seals = (column: unknown): SQL => sql`${column} like ${'%"kek":"%'}`;

const secrets: SealedTable = {
  name: 'objects',
  async others({ db, tables: { objects } }, kek, after, limit) {
    const [namespace = '', name = ''] = (after ?? []) as string[];
    const behind = or(gt(objects.namespace, namespace), and(eq(objects.namespace, namespace), gt(objects.name, name)));
    const rows = await db
      .select()
      .from(objects)
      .where(and(eq(objects.resource, 'secrets'), sql`not ${names(objects.body, kek)}`, after && behind))
      .orderBy(asc(objects.namespace), asc(objects.name))
      .limit(limit);
    return rows.map((row) => ({ cursor: [row.namespace, row.name], texts: [row.body] }));
  },
  async replace(queries, { cursor: [namespace, name], texts: [was = ''] }, [body = '']) {
    const {
      db,
      tables: { objects },
    } = queries;
    const isAsRead = and(
      eq(objects.resource, 'secrets'),
      eq(objects.namespace, `${namespace}`),
      eq(objects.name, `${name}`),
      eq(objects.body, was),
    );
    return (await queries.changed(db.update(objects).set({ body }).where(isAsRead))) > 0;
  },
  async count({ db, tables: { objects } }, keks) {
    const where = and(eq(objects.resource, 'secrets'), keks && anyOf(keks, objects.body));
    return first(await db.select({ rows: count() }).from(objects).where(where));
  },
};

const secretEvents: SealedTable = {
  name: 'object_events',
  async others({ db, tables: { objectEvents: events } }, kek, after, limit) {
    const isOther = or(sql`not ${names(events.body, kek)}`, and(isNotNull(events.previous), sql`not ${names(events.previous, kek)}`));
    const rows = await db
      .select()
      .from(events)
      .where(and(eq(events.resource, 'secrets'), isOther, after && gt(events.resourceVersion, Number(after[0]))))
      .orderBy(asc(events.resourceVersion))
      .limit(limit);
    return rows.map((row) => ({ cursor: [row.resourceVersion], texts: [row.body, ...(row.previous === null ? [] : [row.previous])] }));
  },
  async replace(queries, { cursor: [version], texts: [was = ''] }, [body = '', previous]) {
    const {
      db,
      tables: { objectEvents: events },
    } = queries;
    // An event never changes; that it is the one that was read is checked all the same.
    const isAsRead = and(eq(events.resourceVersion, Number(version)), eq(events.body, was));
    return (
      (await queries.changed(
        db
          .update(events)
          .set({ body, previous: previous ?? null })
          .where(isAsRead),
      )) > 0
    );
  },
  async count({ db, tables: { objectEvents: events } }, keks) {
    const where = and(eq(events.resource, 'secrets'), keks && anyOf(keks, events.body, events.previous));
    return first(await db.select({ rows: count() }).from(events).where(where));
  },
};

/** The tables with one sealed column, and ids. */
type WithSealed = { readonly [Name in keyof Tables]: 'id' extends keyof Tables[Name] ? Name : never }[keyof Tables];

/** One column of JSON in a table with ids. */
function sealedColumn<Name extends WithSealed>(label: string, name: Name, property: keyof Tables[Name] & string): SealedTable {
  const parts = (tables: Tables) => {
    // All tables have the same form as far as this goes.
    const table = tables[name] as unknown as Tables['users'];
    return { table, id: table.id, column: tables[name][property] as Tables['users']['totp'] };
  };
  return {
    name: label,
    async others({ db, tables }, kek, after, limit) {
      const { table, id, column } = parts(tables);
      const rows = await db
        .select({ id, text: sql<string>`${column}` })
        .from(table)
        .where(and(seals(column), sql`not ${names(column, kek)}`, after && gt(id, `${after[0]}`)))
        .orderBy(asc(id))
        .limit(limit);
      return rows.map((row) => ({ cursor: [row.id], texts: [row.text] }));
    },
    async replace(queries, { cursor: [key], texts: [was] }, [text = '']) {
      const { table, id, column } = parts(queries.tables);
      const isAsRead = and(eq(id, `${key}`), sql`${column} = ${was}`);
      return (
        (await queries.changed(
          queries.db
            .update(table)
            .set({ [property]: JSON.parse(text) as unknown })
            .where(isAsRead),
        )) > 0
      );
    },
    async count({ db, tables }, keks) {
      const { table, column } = parts(tables);
      return first(
        await db
          .select({ rows: count() })
          .from(table)
          .where(and(seals(column), keks && anyOf(keks, column))),
      );
    },
  };
}

/** Second factors. */
const users = sealedColumn('users', 'users', 'totp');
/** Private keys to sign in to instances with. */
const terminalKeys = sealedColumn('terminal_keys', 'terminalKeys', 'secret');
/** Keys of recordings. */
const recordings = sealedColumn('terminals', 'terminals', 'recordingKey');

/** Every place where something sealed is stored. */
export const sealedTables: readonly SealedTable[] = [secrets, secretEvents, users, terminalKeys, recordings];

function first(rows: readonly { readonly rows: number }[]): number {
  return rows[0]?.rows ?? 0;
}

/** Calls `change` for everything sealed in a JSON text, wherever it stands; undefined when it changed nothing. */
export async function mapSealed(text: string, change: (sealed: Sealed) => Promise<Sealed | undefined>): Promise<string | undefined> {
  let isChanged = false;
  const walk = async (value: unknown): Promise<unknown> => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return Promise.all(value.map(walk));
    if (isSealed(value)) {
      const fresh = await change(value);
      isChanged ||= fresh !== undefined;
      return fresh ?? value;
    }
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, inner]) => [key, await walk(inner)] as const)));
  };
  const mapped = await walk(JSON.parse(text));
  return isChanged ? JSON.stringify(mapped) : undefined;
}

function isSealed(value: object): value is Sealed {
  return ['kek', 'key', 'nonce', 'data'].every((field) => typeof (value as Record<string, unknown>)[field] === 'string');
}
