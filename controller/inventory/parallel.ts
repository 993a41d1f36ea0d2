/** Runs `work` over all items, at most `limit` at a time; rejects with the first error once all that had begun are done. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const [at, item] of waiting) {
      if (failures.length > 0) return;
      try {
        results[at] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/**
 * One run at a time; whoever calls while one is under way shares the next. So what a caller gets was begun after the call, however
 * many call at once.
 */
export function oneAtATime<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let current: Promise<Result> | undefined;
  let next: Promise<Result> | undefined;
  const begin = (): Promise<Result> => {
    const running = run().finally(() => {
      if (current === running) current = undefined;
    });
    current = running;
    return running;
  };
  const beginAfter = async (running: Promise<Result>): Promise<Result> => {
    await Promise.allSettled([running]);
    next = undefined;
    return begin();
  };
  return () => {
    if (next !== undefined) return next;
    if (current === undefined) return begin();
    next = beginAfter(current);
    return next;
  };
}
