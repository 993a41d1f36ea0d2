import { stringify } from 'csv-stringify/sync';
import type { AuditRecord } from '#controller/audit/row.ts';

/** An entry as the API gives it out. */
export function present({ seq, at, ...entry }: AuditRecord) {
  return { seq, at: new Date(at).toISOString(), ...entry, changes: entry.changes.map(({ path, from, to }) => ({ path, from, to })) };
}

const columns = [
  'seq',
  'at',
  'type',
  'actor',
  'result',
  'cluster',
  'kind',
  'namespace',
  'name',
  'uid',
  'cloudId',
  'message',
  'changed',
  'before',
  'after',
  'requestIds',
  'reconcileId',
  'address',
  'session',
  'requestId',
  'origin',
  'hash',
] as const;

/** The head of a CSV export. The mark in front tells spreadsheets that it is UTF-8. */
export function csvHead(): string {
  return `\ufeff${stringify([columns], { quoted: true, record_delimiter: 'windows' })}`;
}

/** Entries as lines of CSV. What a spreadsheet would take for a formula gets a `'` in front. */
export function csvLines(entries: readonly AuditRecord[]): string {
  return stringify(entries.map(csvRow), { quoted: true, escape_formulas: true, record_delimiter: 'windows' });
}

function csvRow(entry: AuditRecord): string[] {
  const { seq, at, type, actor, result, cluster, object, cloudId, message, changes, requestIds, reconcileId, source, origin, hash } = entry;
  const values: Record<(typeof columns)[number], string | undefined> = {
    seq: String(seq),
    at: new Date(at).toISOString(),
    type,
    actor,
    result,
    cluster,
    kind: object?.kind,
    namespace: object?.namespace,
    name: object?.name,
    uid: object?.uid,
    cloudId,
    message,
    changed: changes.map(({ path }) => path).join(', '),
    before: side(changes.map(({ path, from }) => [path, from])),
    after: side(changes.map(({ path, to }) => [path, to])),
    requestIds: requestIds.join(' '),
    reconcileId,
    address: source?.address,
    session: source?.session,
    requestId: source?.requestId,
    origin,
    hash,
  };
  return columns.map((column) => values[column] ?? '');
}

function side(values: readonly (readonly [string, unknown])[]): string {
  return values.length === 0 ? '' : JSON.stringify(Object.fromEntries(values));
}

/** Entries as lines of JSON. */
export function jsonLines(entries: readonly AuditRecord[]): string {
  return entries.map((entry) => `${JSON.stringify(present(entry))}\n`).join('');
}
