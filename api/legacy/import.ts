import { appendIn } from '#controller/audit/append.ts';
import { toDraft } from '#controller/audit/row.ts';
import type { Store } from '#migrations/store.ts';
import type { OwnKube } from '../own-kube.ts';
import { importClouds } from './clouds.ts';
import type { LegacyDatabase } from './database.ts';
import { recognize } from './fingerprint.ts';
import { importLog } from './log.ts';
import { type Importing, importer, importPeople } from './people.ts';
import { createProgress } from './progress.ts';
import { createBook, type ImportReport, type Tally } from './report.ts';

export interface ImportOptions {
  readonly old: LegacyDatabase;
  readonly store: Store;
  readonly kube: OwnKube;
  /** What the Kubernetes API takes it from. */
  readonly authorization: string;
  /** The name the old database is known by. */
  readonly source: string;
  readonly isDryRun: boolean;
  readonly now: () => number;
  readonly came?: (table: string, rows: number) => void;
}

/** Without these columns a row of the table says nothing. */
const needed = {
  user: ['id', 'username'],
  openstack_cluster: ['id', 'name', 'credentials'],
  operation_log: ['id', 'operation_type', 'created_at'],
} as const;
type Table = keyof typeof needed;

/**
 * Brings people, then clouds, then the log, each row once however often it runs. Throws CommandError when the source is not what its name
 * stood for before; rows it cannot take are in the report instead.
 */
export async function importLegacy(options: ImportOptions): Promise<ImportReport> {
  const { old, store, source, isDryRun, now, came } = options;
  const book = createBook();
  const progress = createProgress(store, source, now);
  const importing: Importing = { old, store, progress, book, now, ...(came && { came }) };
  const columns = {
    user: await usable(importing, 'user'),
    openstack_cluster: await usable(importing, 'openstack_cluster'),
    operation_log: await usable(importing, 'operation_log'),
  };
  await recognize(importing, columns);
  const none = { tally: book.tally(), names: new Map<number, string>() };
  const people = columns.user ? await importPeople(importing, columns.user) : none;
  const clouds = columns.openstack_cluster ? await importClouds(importing, columns.openstack_cluster, options) : none;
  for (const [table, tally] of [
    ['user', people.tally],
    ['openstack_cluster', clouds.tally],
  ] as const)
    if (columns[table]) await countUnreadable(importing, table, tally);
  const names = { user: (id: number) => people.names.get(id), cluster: (id: number) => clouds.names.get(id) };
  const log = columns.operation_log ? await importLog(importing, columns.operation_log, names) : book.tally();
  const { leftOut, differences } = book;
  const report = { source, isDryRun, people: { ...people.tally }, clusters: { ...clouds.tally }, log, leftOut, differences };
  await record(importing, report);
  return report;
}

/** The columns of a table that is there and says enough; what is missing is told. */
async function usable({ old, book }: Importing, table: Table): Promise<readonly string[] | undefined> {
  const columns = await old.columns(table);
  if (columns.length === 0) {
    book.leaveOut(table, undefined, 'there is no such table');
    return undefined;
  }
  const missing = needed[table].filter((column) => !columns.includes(column));
  if (missing.length === 0) return columns;
  const { rows } = await countOf(old, table, columns);
  book.leaveOut(table, undefined, `the table has no column ${missing.join(' and no ')}`, Math.max(rows, 1));
  return undefined;
}

async function countOf(old: LegacyDatabase, table: Table, columns: readonly string[]): Promise<{ rows: number; unreadable: number }> {
  return columns.includes('id') ? old.count(table) : { rows: 0, unreadable: 0 };
}

async function countUnreadable({ old, book }: Importing, table: Table, tally: Tally): Promise<void> {
  const { unreadable } = await old.count(table);
  if (unreadable === 0) return;
  tally.found += unreadable;
  tally.leftOut += unreadable;
  book.leaveOut(table, undefined, 'its id is no whole number, or another row has the same', unreadable);
}

async function record({ progress, now }: Importing, { source, people, clusters, log }: ImportReport): Promise<void> {
  const taken = { people: people.taken, clusters: clusters.taken, log: log.taken };
  if (taken.people + taken.clusters + taken.log === 0) return;
  const entry = {
    type: 'LegacyImported',
    actor: importer,
    changes: [{ path: 'import', from: null, to: { source, ...taken } }],
    result: 'ok' as const,
    message: `Imported from ${source}: ${taken.people} people, ${taken.clusters} clusters, ${taken.log} entries of the operation log.`,
    requestIds: [],
  };
  await progress.step((tx) => appendIn(tx, [toDraft(entry, now())]));
}
