import { type BroughtEntry, bringEntries } from '#controller/audit/bring.ts';
import { CommandError } from '../commands/command.ts';
import type { LegacyRow } from './database.ts';
import { logColumns, type Names, readLogRow } from './log-entry.ts';
import type { Importing } from './people.ts';
import type { Tally } from './report.ts';

const table = 'operation_log';
/** The newest row that was brought: rows come in the order of their ids. */
const mark = 'through';
const batchRows = 1000;
const start = -Number.MAX_SAFE_INTEGER;

/** Brings the old operation log to the end of ours, a batch a transaction. */
export async function importLog(importing: Importing, columns: readonly string[], names: Names): Promise<Tally> {
  const { old, progress, book, came } = importing;
  const tally = book.tally();
  const wanted = logColumns.filter((column) => columns.includes(column));
  const done = Number((await progress.target(table, mark)) ?? start);
  const { rows: all, unreadable } = await old.count(table);
  for (let after = done; ; ) {
    const rows = await old.rows(table, wanted, after, batchRows);
    const last = rows.at(-1);
    if (!last) break;
    await bring(importing, readAll(importing, rows, names, tally), { before: after, last: last.id });
    tally.found += rows.length;
    after = last.id;
    came?.(table, rows.length);
  }
  tally.before = all - unreadable - tally.found;
  tally.found = all;
  tally.leftOut += unreadable;
  if (unreadable > 0) book.leaveOut(table, undefined, 'its id is no whole number, or another row has the same', unreadable);
  return tally;
}

function readAll({ book }: Importing, rows: readonly LegacyRow[], names: Names, tally: Tally): BroughtEntry[] {
  const brought: BroughtEntry[] = [];
  for (const row of rows) {
    const read = readLogRow(row, names);
    if ('problem' in read) {
      tally.leftOut += 1;
      book.leaveOut(table, row.id, read.problem);
      continue;
    }
    tally.taken += 1;
    brought.push(read.brought);
    for (const difference of read.differences) book.differs(table, row.id, difference);
  }
  return brought;
}

/** The entries and how far they reach, together or not at all. */
async function bring(
  { store, progress }: Importing,
  entries: readonly BroughtEntry[],
  { before, last }: { before: number; last: number },
): Promise<void> {
  await bringEntries(store, entries, {
    origin: progress.source,
    alongside: async (tx) => {
      await progress.enter(tx);
      const seen = await progress.targetIn(tx, table, mark);
      if (Number(seen ?? start) !== before)
        throw new CommandError(`Another import of ${progress.source} is running. Wait for its end, then start this one again.`);
      await progress.mark(tx, table, mark, String(last));
    },
  });
}
