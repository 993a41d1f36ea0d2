import { TRACKED } from '../inventory/tracked.ts';
import type { Entry } from './entry.ts';

/** How well a row answers: what is exactly that comes before what begins with it, a name before an id or address. */
export interface Hit {
  readonly entry: Entry;
  readonly rank: number;
}

export interface SearchOptions {
  /** Rows differ in type, so this is asked for the row; undefined when everything may be seen. */
  readonly maySee: ((entry: Entry) => boolean) | undefined;
  readonly limit: number;
}

/** What a row's text has to hold. */
export function wordsOf(text: string): string {
  return text.trim().toLowerCase();
}

/** The best rows for a text, best first; of equal ones by name. `rows` are of types the person may see at all. */
export function search(rows: Iterable<Entry>, text: string, { maySee, limit }: SearchOptions): Hit[] {
  const wanted = wordsOf(text);
  const hits: Hit[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (const entry of rows) {
    if (!entry.text.includes(wanted)) continue;
    const rank = rankOf(entry, wanted);
    if (rank > worst || (maySee && !maySee(entry))) continue;
    hits.push({ entry, rank });
    // A text that fits everything must not gather everything.
    if (hits.length >= limit * 20) worst = kept(hits, limit);
  }
  kept(hits, limit);
  return hits;
}

function rankOf({ text, cells, type }: Entry, wanted: string): number {
  const name = typeof cells['name'] === 'string' ? cells['name'].toLowerCase() : '';
  const own = name === wanted ? 0 : text.includes(`\n${wanted}\n`) ? 1 : name.startsWith(wanted) ? 2 : text.includes(`\n${wanted}`) ? 3 : 4;
  // An instance is looked for more often than the port that has the same address.
  return own * 2 + (TRACKED[type].service === 'network' ? 1 : 0);
}

/** Leaves the best `limit` in place, sorted, and tells the rank of the last. */
function kept(hits: Hit[], limit: number): number {
  hits.sort((a, b) => a.rank - b.rank || compareNames(a.entry, b.entry));
  hits.length = Math.min(hits.length, limit);
  return hits.length < limit ? Number.POSITIVE_INFINITY : (hits.at(-1)?.rank ?? Number.POSITIVE_INFINITY);
}

function compareNames(a: Entry, b: Entry): number {
  const [one, other] = [String(a.cells['name']), String(b.cells['name'])];
  if (one !== other) return one < other ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
