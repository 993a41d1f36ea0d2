import type { ResourceType } from './inventory.ts';
import type { LookReport } from './looker.ts';
import type { Clock } from './moment.ts';

export interface ScheduleDeps {
  readonly clock: Clock;
  /** [0, 1). */
  random(): number;
  readonly types: readonly ResourceType[];
  readonly sweepIntervalMs: number;
  readonly lookIntervalMs: number;
  isLookedAt(type: ResourceType): boolean;
  sweep(type: ResourceType): Promise<LookReport>;
  look(type: ResourceType): Promise<LookReport | undefined>;
  /** Newest report of a complete list. */
  lastSweep(type: ResourceType): LookReport | undefined;
  log(level: 'error', message: string, fields: Record<string, unknown>): void;
}

/** The loop of each type. They run apart from each other: a service that hangs costs the others nothing. */
export interface Schedule {
  /** Does nothing once stopped. */
  start(): void;
  /** Begins nothing more and waits for what is under way, but not for a service that hangs. */
  stop(): Promise<void>;
}

/** Intervals are stretched or shortened by up to a tenth, so that clouds and types do not fall into step. */
const JITTER = 0.1;
const STOP_WAIT_MS = 5_000;

export function createSchedule(deps: ScheduleDeps): Schedule {
  const { clock, sweepIntervalMs, lookIntervalMs } = deps;
  const cancels = new Map<ResourceType, () => void>();
  const running = new Set<Promise<void>>();
  const failures = new Map<ResourceType, number>();
  let isStopped = false;

  const isDue = (type: ResourceType) => {
    const last = deps.lastSweep(type);
    if (last === undefined) return true;
    const count = failures.get(type) ?? 0;
    // A failed list is tried again soon, then less and less often, down to the usual interval.
    const wait = last.error === undefined ? sweepIntervalMs : Math.min(sweepIntervalMs, lookIntervalMs * 2 ** count);
    return clock.now() + lookIntervalMs / 2 >= last.askedAt + wait;
  };
  const turn = async (type: ResourceType) => {
    if (isDue(type)) {
      const { error } = await deps.sweep(type);
      failures.set(type, error === undefined ? 0 : (failures.get(type) ?? 0) + 1);
      return;
    }
    if (deps.isLookedAt(type)) await deps.look(type);
  };
  const arm = (type: ResourceType, ms: number) => {
    if (isStopped) return;
    const run = () => {
      const one = turn(type)
        .catch((error: unknown) => deps.log('error', 'a look at the cloud broke off', { type, error: String(error) }))
        .finally(() => {
          running.delete(one);
          arm(type, lookIntervalMs * (1 - JITTER + 2 * JITTER * deps.random()));
        });
      running.add(one);
    };
    cancels.set(type, clock.after(ms, run));
  };
  return {
    start() {
      if (isStopped) return;
      for (const type of deps.types) arm(type, lookIntervalMs * deps.random());
    },
    async stop() {
      isStopped = true;
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
      const { promise: waitedEnough, resolve } = Promise.withResolvers<void>();
      const cancel = clock.after(STOP_WAIT_MS, resolve);
      await Promise.race([Promise.all(running), waitedEnough]);
      cancel();
    },
  };
}
