import { CommandError } from '../commands/command.ts';
import type { LegacyDatabase } from './database.ts';
import { openMysqlDatabase } from './mysql-database.ts';
import { openSqliteDatabase } from './sqlite-database.ts';

/** Opens a SQLite file or `mysql://USER:PASSWORD@HOST[:PORT]/DATABASE`. Throws CommandError without the password. */
export async function openLegacyDatabase(from: string): Promise<LegacyDatabase> {
  if (from.startsWith('mysql://')) return openMysqlDatabase(from);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(from))
    throw new CommandError('--from takes a SQLite file, or mysql://USER:PASSWORD@HOST[:PORT]/DATABASE.');
  return openSqliteDatabase(from);
}
