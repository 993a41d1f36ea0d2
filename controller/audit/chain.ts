import { createHash } from 'node:crypto';
import type { Tables } from '#migrations/schema.ts';

export type AuditRow = Tables['audit']['$inferSelect'];

/** What the first entry follows. */
export const genesis: Head = { seq: 0, hash: '0'.repeat(64) };

/** The newest entry, kept apart from it so that a cut tail is noticed. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** Name of the settings row with the head, and of the counter under whose lock entries are appended. */
export const chainName = 'audit';

/** Columns that came later count only where they hold something: entries from before them keep their hash. */
const laterColumns: ReadonlySet<string> = new Set(['address', 'session', 'requestId', 'origin']);

/** SHA-256 over the hash before and every column of the row but the hashes, as canonical JSON; hex. */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { previousHash, hash: _, ...columns } = row as AuditRow;
  const content = Object.fromEntries(Object.entries(columns).filter(([name, value]) => value !== null || !laterColumns.has(name)));
  return createHash('sha256').update(previousHash).update('\n').update(canonical(content)).digest('hex');
}

/** JSON with sorted keys and no spaces: one text for one value, whichever engine or version wrote it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const fields = value as Record<string, unknown>;
  const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
  return `{${keys
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`)
    .join(',')}}`;
}

/** The head as it was stored; undefined when there is none or it is not one. */
export function readHead(value: unknown): Head | undefined {
  const head = value as Partial<Head> | null | undefined;
  return typeof head?.seq === 'number' && typeof head.hash === 'string' ? { seq: head.seq, hash: head.hash } : undefined;
}
