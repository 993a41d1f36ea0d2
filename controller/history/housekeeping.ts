import type { LoopDeps } from '#controller/engine/ports.ts';
import type { History } from './history.ts';

const everyMs = 3_600_000;

/** Forgets what is older than it is kept, now and every hour. The returned function ends it, and waits for a round that runs. `what` is for the log. */
export function keepTidy(
  history: Pick<History, 'forget'>,
  { clock, log }: Pick<LoopDeps<never>, 'clock' | 'log'>,
  what = 'history',
): () => Promise<void> {
  let isStopping = false;
  let cancel: () => void = () => undefined;
  let running = Promise.resolve();
  const round = async (): Promise<void> => {
    try {
      const removed = await history.forget(() => isStopping);
      if (removed > 0) log('info', `removed old ${what}`, { removed });
    } catch (error) {
      log('warn', `old ${what} could not be removed; tries again in an hour`, { error: String(error) });
    }
    if (isStopping) return;
    cancel = clock.after(everyMs, () => {
      running = round();
    });
  };
  running = round();
  return async () => {
    isStopping = true;
    cancel();
    await running;
  };
}
