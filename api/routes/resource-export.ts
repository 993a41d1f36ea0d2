import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { Entry } from '#controller/lists/entry.ts';
import { present, presentFlat } from '#controller/lists/present.ts';

/** Rows as CSV, made as fast as they are read: quoted, with a byte order mark for Excel, and no cell that a spreadsheet takes for a formula. */
export function csvOf(rows: Iterable<Entry>, columns: readonly string[]): Readable {
  const records = function* () {
    for (const entry of rows) yield presentFlat(entry, columns);
  };
  const csv = stringify({
    header: true,
    columns: [...columns],
    bom: true,
    quoted: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
  // An end before time, of either, ends both; there is nobody left to tell.
  return pipeline(Readable.from(records()), csv, () => undefined);
}

/** Rows as JSON, one a line. */
export function* jsonLinesOf(rows: Iterable<Entry>, columns: readonly string[] | undefined): Iterable<string> {
  let chunk = '';
  for (const entry of rows) {
    chunk += `${JSON.stringify(present(entry, columns))}\n`;
    if (chunk.length < 16_384) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
