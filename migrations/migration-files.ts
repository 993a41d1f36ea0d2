import { join } from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { StoreError } from './store-error.ts';

/** One generated step from one schema to the next. */
export interface Migration {
  /** When it was generated, epoch ms; what it is known by. */
  readonly id: number;
  readonly hash: string;
  readonly statements: readonly string[];
}

/** A row of `schema_migrations`. `done` counts the statements that were carried out. */
export interface Applied {
  readonly id: number;
  readonly hash: string;
  readonly done: number;
}

/** Generated for this engine, oldest first. */
export function readMigrations(engine: 'sqlite' | 'mysql'): Migration[] {
  const files = readMigrationFiles({ migrationsFolder: join(import.meta.dirname, engine) });
  return files.map((file) => ({ id: file.folderMillis, hash: file.hash, statements: file.sql }));
}

/** The migrations not yet complete in a database. Throws when it holds one that this program does not know. */
export function pending(
  migrations: readonly Migration[],
  applied: readonly Applied[],
  place: string,
): { migration: Migration; done: number; isResumed: boolean }[] {
  for (const row of applied) {
    const known = migrations.find((migration) => migration.id === row.id);
    if (!known) {
      throw new StoreError(
        'newer',
        `${place} was written by a newer Stackwarden. Start that version again, or put back a backup from before the upgrade.`,
      );
    }
    if (known.hash !== row.hash) {
      throw new StoreError(
        'newer',
        `${place} was set up by another build of Stackwarden (schema step ${row.id} differs). Start the build that made it, or use another database.`,
      );
    }
  }
  return migrations
    .map((migration) => ({ migration, row: applied.find((row) => row.id === migration.id) }))
    .filter(({ migration, row }) => (row?.done ?? 0) < migration.statements.length)
    .map(({ migration, row }) => ({ migration, done: row?.done ?? 0, isResumed: row !== undefined }));
}

/** The table both engines keep their progress in; in no schema file, since it has to be there before the first of them. */
export const createMigrationsTable =
  'create table if not exists schema_migrations (id bigint not null primary key, hash varchar(64) not null, done integer not null)';
