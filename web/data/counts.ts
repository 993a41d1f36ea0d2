import { ask } from './http.ts';
import { Stored } from './stored.ts';

/** How many rows the list of a type has; `exact` false: about. */
export interface Count {
  readonly count: number;
  readonly exact: boolean;
}

/** By type, of the clusters in view; empty until they are known. */
export const counts = new Stored<Readonly<Record<string, Count>>>({});

const everyMs = 15_000;
let asked = 0;

/** Asks for them once; none: all clusters. They stay as they were when the server does not answer, which the page itself tells. */
export async function readCounts(clusters: readonly string[]): Promise<void> {
  asked += 1;
  const mine = asked;
  try {
    const query = { clusters: clusters.join(',') };
    const { items } = await ask<{ items: readonly (Count & { readonly type: string })[] }>('/api/v1/resources', { query });
    if (mine === asked) counts.set(Object.fromEntries(items.map(({ type, ...count }) => [type, count])));
  } catch {
    // The next time comes.
  }
}

/** Keeps `counts` until the function returned is called. They are asked for now and then: a stream of all rows would cost more than they say. */
export function watchCounts(clusters: () => readonly string[]): { again(): void; end(): void } {
  const read = () => void readCounts(clusters());
  const timer = setInterval(() => !document.hidden && read(), everyMs);
  read();
  return { again: read, end: () => clearInterval(timer) };
}
