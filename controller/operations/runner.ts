import { type AnyAction, Cancelled } from '#controller/actions/action.ts';
import type { Audit } from '#controller/audit/audit.ts';
import type { Clock, NoConnection } from '#controller/engine/ports.ts';
import type { CloudInventory } from '#controller/inventory/inventory.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { carryOut } from './carry-out.ts';
import type { DeclaredObjects } from './declared.ts';
import type { OperationEvents } from './events.ts';
import type { OperationRows, StoredOperation, Waiting } from './rows.ts';
import { Surrendered } from './run.ts';

/** The clouds as they are known here. */
export interface Clouds {
  look(cluster: string): { readonly client: Cloud; readonly inventory: CloudInventory } | NoConnection;
}

export interface RunnerDeps {
  readonly rows: OperationRows;
  readonly audit: Audit;
  readonly actions: ReadonlyMap<string, AnyAction>;
  readonly clouds: Clouds;
  readonly objects: DeclaredObjects;
  readonly events: OperationEvents;
  readonly clock: Clock;
  /** Unlike that of any other process, now and before. */
  readonly id: string;
  /** No other process has this database: what runs there was left by one that is gone, and is taken up at once. */
  readonly isAlone: boolean;
  /** At a time, of one cloud; 8. */
  readonly perCloud?: number;
  /** How often to look for what other processes queued; 1 s. */
  readonly pollMs?: number;
  /** Silent for so long, a runner counts as dead; 30 s. */
  readonly deadMs?: number;
  log(level: 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
}

export interface Runner {
  /** Takes nothing new, lets writes under way end, and leaves the rest to whoever runs next. */
  stop(): Promise<void>;
}

/** How long a cloud may be away before what is asked of it fails. */
const connectMs = 10 * 60_000;

interface Running {
  readonly cluster: string;
  readonly target: string | undefined;
  readonly abort: AbortController;
  readonly end: Promise<void>;
}

/** Carries out operations: oldest first, of each cloud so many at a time, of each target one. */
export function startRunner(deps: RunnerDeps): Runner {
  const { rows, clock, events, perCloud = 8, pollMs = 1000, deadMs = 30_000 } = deps;
  const running = new Map<string, Running>();
  const startedAt = clock.now();
  let isStopped = false;
  let looking: Promise<void> | undefined;
  let isWanted = false;
  let lastBeat = 0;
  /** What was last read of the queue; of thousands that wait, the oldest are enough until others come. */
  let waiting: readonly Waiting[] = [];
  let isStale = true;

  const hasStopped = () => isStopped;
  const deadSince = () => (deps.isAlone ? Math.max(startedAt, clock.now() - deadMs) : clock.now() - deadMs);
  const countOf = (cluster: string) => [...running.values()].filter((one) => one.cluster === cluster).length;
  const targets = () => new Set([...running.values()].map(({ target }) => target));

  async function look(): Promise<void> {
    if (clock.now() - lastBeat >= deadMs / 6 || lastBeat === 0) {
      lastBeat = clock.now();
      for (const id of await rows.beat(deps.id, lastBeat)) running.get(id)?.abort.abort(new Cancelled());
    }
    if (isStale || waiting.length === 0) {
      isStale = false;
      waiting = await rows.waiting(deadSince(), perCloud * 8);
    }
    const rest: Waiting[] = [];
    for (const one of waiting) {
      if (hasStopped()) return;
      if (running.has(one.id)) continue;
      if (!isNext(one)) {
        rest.push(one);
        continue;
      }
      const operation = await rows.claim(one.id, deps.id, clock.now(), deadSince());
      if (operation) begin(operation);
    }
    // A cloud whose part is used up may have more waiting, whatever the others still have here.
    const left = new Set(rest.map(({ cluster }) => cluster));
    if (waiting.some(({ cluster }) => !left.has(cluster))) isStale = true;
    waiting = rest;
  }

  function isNext(one: Waiting): boolean {
    if (countOf(one.cluster) >= perCloud || targets().has(targetOf(one))) return false;
    // After a start the clouds are still being looked at; one that stays away ends the wait with a failure.
    const isPatient = clock.now() - Math.max(startedAt, one.createdAt) < connectMs;
    return !isPatient || !('reason' in deps.clouds.look(one.cluster));
  }

  function begin(operation: StoredOperation): void {
    const abort = new AbortController();
    if (operation.cancelRequestedAt !== undefined) abort.abort(new Cancelled());
    const end = carry(operation, abort.signal);
    running.set(operation.id, { cluster: operation.cluster, target: targetOf(operation), abort, end });
  }

  async function carry(operation: StoredOperation, signal: AbortSignal): Promise<void> {
    try {
      await carryOut({ ...deps, deadMs }, operation, signal);
    } catch (error) {
      if (!(error instanceof Surrendered)) deps.log('error', 'an operation could not be ended', { id: operation.id, error: String(error) });
    }
    running.delete(operation.id);
    want();
  }

  /** One look at a time; asked for during one, another follows. */
  function want(): void {
    isWanted = true;
    looking ??= lookWhileWanted();
  }

  async function lookWhileWanted(): Promise<void> {
    for (; isWanted && !hasStopped(); ) {
      isWanted = false;
      await look().catch((error: unknown) => deps.log('error', 'operations could not be read', { error: String(error) }));
    }
    looking = undefined;
  }

  let cancelPoll = () => {};
  const poll = () => {
    cancelPoll = clock.after(pollMs, poll);
    isStale = true;
    want();
  };
  const offWake = events.onWake(() => {
    // A cancel is told with the next sign of life: make it this one.
    lastBeat = 0;
    isStale = true;
    want();
  });
  poll();

  return {
    async stop() {
      isStopped = true;
      cancelPoll();
      offWake();
      await looking;
      for (const { abort } of running.values()) abort.abort(new Surrendered());
      await Promise.all([...running.values()].map(({ end }) => end));
      await rows.release(deps.id);
    },
  };
}

function targetOf({ cluster, type, target }: Pick<Waiting, 'cluster' | 'type' | 'target'>): string | undefined {
  return target === '' ? undefined : `${cluster}/${type}/${target}`;
}
