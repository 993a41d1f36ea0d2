import { createHash } from 'node:crypto';
import { and, eq, ne } from 'drizzle-orm';
import { CommandError } from '../commands/command.ts';
import type { LegacyDatabase } from './database.ts';
import type { Importing } from './people.ts';

const kind = 'fingerprint';

/**
 * Notes by what an old database can be known again, and throws CommandError when it is not the one its name stood for, or has another
 * name already: what is there would be skipped, or doubled.
 */
export async function recognize(importing: Importing, columns: Readonly<Record<string, readonly string[] | undefined>>): Promise<void> {
  const { old, store, progress } = importing;
  const { imports } = store.tables;
  const prints = await fingerprints(old, columns);
  if (prints.length === 0)
    throw new CommandError(`${old.name} holds nothing to import: no rows in tables user, openstack_cluster and operation_log.`);
  for (const [table, print] of prints) {
    const known = await progress.target(kind, table);
    if (known !== undefined && known !== print)
      throw new CommandError(
        `What was imported as ${progress.source} before began with another row in ${table}. If this is another database, name it with --source NAME.`,
      );
    const [other] = await store.db
      .select()
      .from(imports)
      .where(and(eq(imports.kind, kind), eq(imports.id, table), eq(imports.target, print), ne(imports.source, progress.source)))
      .limit(1);
    if (other)
      throw new CommandError(
        `${old.name} begins with the same row in ${table} as ${other.source}, which was imported. Go on with --source ${other.source}.`,
      );
  }
  await progress.step(async (tx) => {
    for (const [table, print] of prints) await progress.mark(tx, kind, table, print);
  });
}

/** Of what never changes in the first row of each table that has one and says when. */
async function fingerprints(
  old: LegacyDatabase,
  columns: Readonly<Record<string, readonly string[] | undefined>>,
): Promise<(readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const [table, known] of Object.entries(columns)) {
    if (!known) continue;
    const lasting = ['created_at', 'username', 'operation_type'].filter((column) => known.includes(column));
    const [first] = await old.rows(table, lasting, -Number.MAX_SAFE_INTEGER, 1);
    if (first) found.push([table, createHash('sha256').update(JSON.stringify(first)).digest('hex')]);
  }
  return found;
}
