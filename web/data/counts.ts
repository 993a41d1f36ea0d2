import { surveyDrift } from './drift.ts';
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

/** How many things drifted, are missing or contested; undefined until it is known. What nobody declared is no alarm. */
export const driftCount = new Stored<number | undefined>(undefined);

const driftEveryMs = 60_000;

async function readDrift(clusters: readonly string[]): Promise<void> {
  try {
    const { counts: found } = await surveyDrift({ limit: 1, ...(clusters.length > 0 && { cluster: clusters.join(',') }) });
    driftCount.set(found.cause.drifted + found.cause.missing + found.cause.contested);
  } catch {
    // The next time comes.
  }
}

/** Keeps these counts until the function returned is called. They are asked for now and then: a stream of all rows would cost more than they say. */
export function watchCounts(clusters: () => readonly string[]): { again(): void; end(): void } {
  const reads = [
    { read: () => void readCounts(clusters()), everyMs },
    { read: () => void readDrift(clusters()), everyMs: driftEveryMs },
  ];
  const again = () => {
    for (const { read } of reads) read();
  };
  const timers = reads.map(({ read, everyMs: ms }) => setInterval(() => !document.hidden && read(), ms));
  again();
  return {
    again,
    end() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
