import type { Clock } from '#controller/engine/ports.ts';
import type { History } from './history.ts';
import type { Sighting } from './sighting.ts';

/** Carries sightings to the database, in order, without anybody waiting; what cannot be stored now is kept and tried again. */
export interface SightingQueue {
  add(...sightings: readonly (Sighting | undefined)[]): void;
  /** Stores what is left, once more; nothing is tried again afterwards. */
  flush(): Promise<void>;
}

export interface SightingQueueDeps {
  readonly history: Pick<History, 'record' | 'complete'>;
  readonly clock: Clock;
  log(level: 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
}

const batchSize = 100;
const retryMs = { first: 1_000, longest: 60_000 };
/** Beyond this the oldest are given up: their revisions show as a gap. */
const keptSightings = 20_000;

export function createSightingQueue(deps: SightingQueueDeps): SightingQueue {
  const { history, clock } = deps;
  let waiting: Sighting[] = [];
  let storing: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  let failures = 0;

  const store = (): Promise<void> => {
    storing ??= storeAll().finally(() => {
      storing = undefined;
    });
    return storing;
  };
  async function storeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize);
      try {
        // The first time this is when recording begins.
        await history.complete(nothing());
        await history.record(batch);
        waiting = waiting.filter((sighting) => !batch.includes(sighting));
        failures = 0;
      } catch (error) {
        if (failures === 0) deps.log('error', 'revisions cannot be stored; they are kept and tried again', { error: String(error) });
        failures += 1;
        later(Math.min(retryMs.longest, retryMs.first * 2 ** (failures - 1)));
        return;
      }
    }
  }
  const later = (ms: number): void => {
    cancel = clock.after(ms, () => {
      cancel = undefined;
      void store();
    });
  };
  const stopWaiting = (): void => {
    cancel?.();
    cancel = undefined;
  };

  return {
    add(...sightings) {
      waiting.push(...sightings.filter((sighting) => sighting !== undefined));
      if (waiting.length > keptSightings) waiting = waiting.slice(-keptSightings);
      if (waiting.length > 0 && !cancel) void store();
    },
    async flush() {
      stopWaiting();
      await storing;
      await store();
      stopWaiting();
    },
  };
}

async function* nothing(): AsyncGenerator<[]> {}
