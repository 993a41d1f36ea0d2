import { compareSequences } from './diff-sequence.ts';
import { trails } from './diff-text.ts';

/** A part of a line; `isMarked` where the lines of a pair differ. */
export interface Part {
  readonly text: string;
  readonly isMarked: boolean;
}

export interface Side {
  /** From 1. */
  readonly number: number;
  readonly parts: readonly Part[];
}

/** One line of a comparison; `changed` has both sides and they differ. */
export interface DiffRow {
  readonly kind: 'same' | 'removed' | 'added' | 'changed';
  readonly before?: Side;
  readonly after?: Side;
}

/** Rows to show, or so many that are the same and left out, with where the document goes on behind them. */
export type Hunk =
  | { readonly isHidden: false; readonly rows: readonly DiffRow[] }
  | { readonly isHidden: true; readonly rows: readonly DiffRow[]; readonly trail: readonly string[] };

/** Compares two texts line by line, and lines that took each other's place word by word. */
export function rowsOf(before: readonly string[], after: readonly string[]): DiffRow[] {
  const rows: DiffRow[] = [];
  const stretches = compareSequences(before, after);
  for (let index = 0; index < stretches.length; index += 1) {
    const { kind, a, b, length } = stretches[index] as (typeof stretches)[number];
    const next = stretches[index + 1];
    if (kind === 'same') {
      for (let at = 0; at < length; at += 1) rows.push({ kind, before: plain(before, a + at), after: plain(after, b + at) });
    } else if (kind === 'removed' && next?.kind === 'added') {
      rows.push(...paired(before.slice(a, a + length), after.slice(next.b, next.b + next.length), { a, b: next.b }));
      index += 1;
    } else if (kind === 'removed') {
      for (let at = 0; at < length; at += 1) rows.push({ kind, before: plain(before, a + at) });
    } else {
      for (let at = 0; at < length; at += 1) rows.push({ kind, after: plain(after, b + at) });
    }
  }
  return rows;
}

function plain(lines: readonly string[], index: number): Side {
  return { number: index + 1, parts: [{ text: lines[index] ?? '', isMarked: false }] };
}

/** Lines that came instead of others: those that speak of the same stand beside each other. */
function paired(removed: readonly string[], added: readonly string[], { a, b }: { a: number; b: number }): DiffRow[] {
  const rows: DiffRow[] = [];
  let [left, right] = [0, 0];
  while (left < removed.length || right < added.length) {
    const [old, fresh] = [removed[left], added[right]];
    if (old !== undefined && fresh !== undefined && isLike(old, fresh)) {
      const { before, after } = compareWords(old, fresh);
      rows.push({ kind: 'changed', before: { number: a + left + 1, parts: before }, after: { number: b + right + 1, parts: after } });
      left += 1;
      right += 1;
    } else if (old !== undefined && (fresh === undefined || goesFirst(removed, added, { left, right }))) {
      rows.push({ kind: 'removed', before: { number: a + left + 1, parts: [{ text: old, isMarked: false }] } });
      left += 1;
    } else {
      rows.push({ kind: 'added', after: { number: b + right + 1, parts: [{ text: fresh ?? '', isMarked: false }] } });
      right += 1;
    }
  }
  return rows;
}

/** Of two lines that are not alike: whether the one that came has its like further down, so that the one that went comes before it. */
function goesFirst(removed: readonly string[], added: readonly string[], { left, right }: { left: number; right: number }): boolean {
  const fresh = added[right] ?? '';
  if (removed.slice(left + 1).some((line) => isLike(line, fresh))) return true;
  return !added.slice(right + 1).some((line) => isLike(removed[left] ?? '', line));
}

/** Whether two lines are about the same key, or share most of their words. */
function isLike(one: string, other: string): boolean {
  const key = (line: string) => /^\s*(?:- )*"?([\w./-]+)"?:/.exec(line)?.[1];
  if (key(one) !== undefined) return key(one) === key(other);
  const words = new Set(wordsOf(one));
  const shared = wordsOf(other).filter((word) => words.has(word)).length;
  return shared * 2 > words.size;
}

/** Words, blanks and signs; addresses and versions are one, each Chinese character by itself. */
function wordsOf(line: string): string[] {
  return line.match(/\d+(?:\.\d+)+|[A-Za-z0-9_]+|\s+|./gu) ?? [];
}

/** Two texts with what differs marked in each. */
export function compareWords(before: string, after: string): { readonly before: Part[]; readonly after: Part[] } {
  const [first, second] = [wordsOf(before), wordsOf(after)];
  const found = { before: [] as Part[], after: [] as Part[] };
  const stretches = compareSequences(first, second);
  const isShared = stretches.some(({ kind, a, length }) => kind === 'same' && /[\p{L}\p{N}]/u.test(first.slice(a, a + length).join('')));
  // Of texts that share no word all is marked by the line itself.
  if (!isShared) return { before: [{ text: before, isMarked: false }], after: [{ text: after, isMarked: false }] };
  for (const { kind, a, b, length } of stretches) {
    if (kind !== 'added') found.before.push({ text: first.slice(a, a + length).join(''), isMarked: kind !== 'same' });
    if (kind !== 'removed') found.after.push({ text: second.slice(b, b + length).join(''), isMarked: kind !== 'same' });
  }
  return found;
}

/** Puts what is the same and far from any change aside; `around` lines stay in sight. */
export function hunksOf(rows: readonly DiffRow[], around = 3): Hunk[] {
  const isNear = rows.map((_, index) => rows.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== 'same'));
  const lines = rows.map(({ after, before }) => textOf(after ?? before));
  const places = trails(lines);
  const hunks: { isHidden: boolean; rows: DiffRow[]; trail: readonly string[] }[] = [];
  rows.forEach((row, index) => {
    const isHidden = !(isNear[index] ?? false);
    const last = hunks.at(-1);
    if (last?.isHidden === isHidden) last.rows.push(row);
    else hunks.push({ isHidden, rows: [row], trail: [] });
    const hunk = hunks.at(-1);
    if (hunk) hunk.trail = places[index + 1]?.slice(0, -1) ?? [];
  });
  return hunks;
}

export function textOf(side: Side | undefined): string {
  return side?.parts.map(({ text }) => text).join('') ?? '';
}

/** How many lines came and went. */
export function sumOf(rows: readonly DiffRow[]): { readonly added: number; readonly removed: number } {
  const count = (...kinds: readonly DiffRow['kind'][]) => rows.filter(({ kind }) => kinds.includes(kind)).length;
  return { added: count('added', 'changed'), removed: count('removed', 'changed') };
}
