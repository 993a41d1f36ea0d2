import type { Store } from '#migrations/store.ts';
import { castEvents } from './cast.ts';
import { PlainText } from './plain-text.ts';
import { type Opened, readOutput } from './reader.ts';

export interface Found {
  readonly items: readonly { readonly atMs: number; readonly line: string }[];
  /** There is more than was asked for, or it took too long to look through all. */
  readonly isCut: boolean;
}

const mostMs = 10_000;
const mostChars = 300;

/** Lines that hold a text, upper and lower case alike, and when each was there. One chunk is in memory at a time. */
export async function searchRecording(
  store: Store,
  opened: Opened,
  { text, limit, signal }: { readonly text: string; readonly limit: number; readonly signal?: AbortSignal },
): Promise<Found> {
  const wanted = text.toLowerCase();
  const items: { atMs: number; line: string }[] = [];
  const plain = new PlainText();
  const endsAt = performance.now() + mostMs;
  let atMs = 0;
  const look = (line: string) => {
    if (line.toLowerCase().includes(wanted)) items.push({ atMs, line: around(line, wanted) });
  };
  for await (const { fromMs, lines } of readOutput(store, opened)) {
    atMs = fromMs;
    for (const { intervalMs, code, data } of castEvents(lines)) {
      atMs += intervalMs;
      if (code === 'o') plain.write(data, look);
    }
    if (items.length > limit || performance.now() > endsAt || signal?.aborted) return { items: items.slice(0, limit), isCut: true };
  }
  plain.end(look);
  return { items: items.slice(0, limit), isCut: items.length > limit };
}

/** The part of a line that shows what was found in it. */
function around(line: string, wanted: string): string {
  if (line.length <= mostChars) return line;
  const start = Math.max(0, line.toLowerCase().indexOf(wanted) - 100);
  return line.slice(start, start + mostChars);
}
