import { type SQL, sql } from 'drizzle-orm';

/**
 * A select that gives one value, as a column of another. Nested on purpose: drizzle takes the table names off the columns of a select
 * from one table, but not off those further inside.
 */
export function scalar(query: SQL): SQL<number | null> {
  return sql<number | null>`(${query})`;
}
