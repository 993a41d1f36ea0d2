/** One value of a row: times are epoch ms, a list has no order that means anything; null is none. */
export type Cell = string | number | boolean | readonly string[] | null;

export type CellKind = 'text' | 'number' | 'time' | 'flag' | 'list' | 'addresses';

/** What a row is sorted by in one column; null counts as the greatest. */
export type SortKey = string | number | null;

export function sortKeyOf(cell: Cell, kind: CellKind): SortKey {
  if (cell === null) return null;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (typeof cell === 'number') return cell;
  const text = typeof cell === 'string' ? cell : cell[0];
  if (text === undefined || text === '') return null;
  return kind === 'addresses' ? addressKey(text) : text.toLowerCase();
}

/** By key, then by the row's own; both are the same for the same row only. */
export function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

/** So that 10.0.0.9 comes before 10.0.0.10. */
function addressKey(address: string): string {
  return /^[\d.]+$/.test(address) ? address.replaceAll(/\d+/g, (part) => part.padStart(3, '0')) : address.toLowerCase();
}

/** Nova writes `created`, the others `created_at`, Cinder without a zone; all mean UTC. Epoch ms; null for none. */
export function timeOf(text: unknown): number | null {
  if (typeof text !== 'string' || text === '') return null;
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? null : at;
}
