/** How often drift of one field was put right lately; `status.corrections`. */
export interface Correction {
  readonly path: string;
  readonly times: number;
  /** RFC 3339. */
  readonly firstAt: string;
  readonly lastAt: string;
  /** Another generation of the spec begins to count anew. */
  readonly generation: number;
}

/** A field that was put right so often within the time below, and differs again, is contested: somebody else wants it otherwise. */
export const CONTESTED_AFTER = 5;
const LATELY_MS = 3_600_000;

/** Paths that are not corrected any more, until an hour has passed or the spec changes. */
export function contestedPaths(corrections: readonly Correction[], generation: number, now: number): ReadonlySet<string> {
  return new Set(recent(corrections, generation, now).flatMap((one) => (one.times >= CONTESTED_AFTER ? [one.path] : [])));
}

/** The book after these paths were put right; what is long ago, or of another generation, is dropped. */
export function bookCorrections(book: readonly Correction[], paths: readonly string[], generation: number, now: number): Correction[] {
  const at = new Date(now).toISOString();
  const kept = recent(book, generation, now);
  const booked = [...new Set(paths)].map((path): Correction => {
    const before = kept.find((one) => one.path === path);
    return { path, times: (before?.times ?? 0) + 1, firstAt: before?.firstAt ?? at, lastAt: at, generation };
  });
  return [...kept.filter((one) => !paths.includes(one.path)), ...booked].toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/** The sentence for a condition and the audit. */
export function contestedMessage(book: readonly Correction[], paths: readonly string[], changedBy: readonly string[]): string {
  const told = paths.map((path) => {
    const one = book.find((entry) => entry.path === path);
    return one ? `${path} (put right ${one.times} times since ${one.firstAt})` : path;
  });
  const who = changedBy.length > 0 ? ` Known to have changed it: ${changedBy.join(', ')}.` : ' The cloud does not say who.';
  return `Somebody keeps changing it back: ${told.join(', ')}.${who} It is left as it is for an hour, or until the spec changes; settle who owns it, declare what the cloud holds, or add it to spec.ignore.`;
}

function recent(book: readonly Correction[], generation: number, now: number): Correction[] {
  return book.filter((one) => one.generation === generation && now - Date.parse(one.lastAt) < LATELY_MS);
}
