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

/** Keeps `counts` until the function returned is called. They are asked for now and then: a stream of all rows would cost more than they say. */
export function watchCounts(clusters: () => readonly string[]): { again(): void; end(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  const read = async (): Promise<void> => {
    asked += 1;
    const mine = asked;
    clearTimeout(timer);
    if (!document.hidden) {
      const named = clusters().join(',');
      try {
        const { items } = await ask<{ items: readonly (Count & { readonly type: string })[] }>('/api/v1/resources', {
          query: { clusters: named },
        });
        if (mine === asked) counts.set(Object.fromEntries(items.map(({ type, ...count }) => [type, count])));
      } catch {
        // They stay as they were; the page itself says when the server does not answer.
      }
    }
    if (mine === asked) timer = setTimeout(() => void read(), everyMs);
  };
  void read();
  return {
    again: () => void read(),
    end() {
      asked += 1;
      clearTimeout(timer);
    },
  };
}
