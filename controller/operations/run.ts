import { ActionFailed, Cancelled, type Run } from '#controller/actions/action.ts';
import type { Json } from '#controller/engine/json.ts';
import type { Clock } from '#controller/engine/ports.ts';
import type { CloudInventory, ResourceType } from '#controller/inventory/inventory.ts';
import type { TracedCloud } from '#controller/openstack/cloud.ts';
import { classifyOpenStackError, OpenStackError } from '#controller/openstack/errors.ts';
import type { Progress, Step } from './operation.ts';
import type { RowChange, StoredOperation } from './rows.ts';

/** The operation is no longer this runner's, or the runner ends: whoever has it goes on with it. */
export class Surrendered extends Error {
  override name = 'Surrendered';
}

export interface RunDeps {
  readonly operation: StoredOperation;
  readonly cloud: TracedCloud;
  readonly inventory: CloudInventory;
  readonly clock: Clock;
  /** How long a runner may be silent before another takes its operations. */
  readonly deadMs: number;
  /** Stores; false when the operation is no longer ours. */
  save(change: RowChange): Promise<boolean>;
  /** Aborted with a Cancelled or a Surrendered. */
  readonly signal: AbortSignal;
}

const shortestWaitMs = 250;
const longestWaitMs = 5_000;
const defaultTimeoutMs = 10 * 60_000;
/** Looks that may fail in a row with what passes by itself. */
const patience = 10;

/** What an action is given to carry itself out with. */
export function createRun(deps: RunDeps): Run<ResourceType> {
  const { operation, cloud, inventory, clock, signal } = deps;
  const before = operation.progress.before as Run<ResourceType>['before'];
  let { progress } = operation;
  const earlier = operation.requestIds;
  const steps: Step[] = [...operation.steps];
  let percent = operation.percent;

  /** Nothing is done for an operation that somebody else has by now. */
  const store = async (change: RowChange) => {
    giveUpIfSurrendered(signal);
    if (!(await deps.save(change))) throw new Surrendered();
    giveUpIfSurrendered(signal);
  };
  const storeSent = async (name: string, sent: { readonly answer?: Json } | undefined) => {
    const { [name]: _old, ...others } = progress.sent ?? {};
    progress = { ...progress, sent: sent ? { ...others, [name]: sent } : others } satisfies Progress;
    await store({ progress, requestIds: [...earlier, ...cloud.requestIds()] });
  };
  const answered = async <Answer extends Json>(name: string, answer: Answer | undefined): Promise<Answer | null> => {
    const plain = JSON.parse(JSON.stringify(answer ?? null)) as Answer | null;
    await storeSent(name, { answer: plain });
    return plain;
  };

  return {
    id: operation.target,
    cloud,
    inventory,
    before,
    cancelled: signal,
    async step(name, done) {
      percent = Math.max(percent, clamp(done));
      // Taken up again, it goes through its steps once more; each is told once.
      if (!steps.some((step) => step.name === name)) steps.push({ name, percent: clamp(done), at: clock.now() });
      await store({ steps: [...steps], percent });
    },
    async send<Answer extends Json>(name: string, write: () => Promise<Answer>, found?: () => Promise<Answer | undefined>) {
      const known = progress.sent?.[name];
      if (known && 'answer' in known) return (known.answer ?? null) as Answer | null;
      if (known) {
        if (!found) return await answered<Answer>(name, undefined);
        const seen = await found();
        if (seen !== undefined) return await answered(name, seen);
      }
      // Once something was sent, what a cancelled action sends calls the cloud off.
      if (Object.keys(progress.sent ?? {}).length === 0) signal.throwIfAborted();
      const at = clock.now();
      await storeSent(name, {});
      // A process that slept meanwhile may have been taken for dead, and somebody else be at it.
      if (clock.now() - at > deps.deadMs / 3) throw new Surrendered();
      const target = operation.target === '' ? undefined : operation.target;
      try {
        const answer = await write();
        if (target !== undefined) inventory.wrote(operation.type as ResourceType, target);
        return await answered(name, answer);
      } catch (error) {
        if (!(error instanceof OpenStackError)) throw error;
        if (!error.mayHaveActed) await storeSent(name, undefined);
        const seen = error.mayHaveActed && found ? await found() : undefined;
        if (seen === undefined) throw error;
        return await answered(name, seen);
      }
    },
    async until(what, done, options = {}) {
      const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
      const begin = clock.now();
      let failures = 0;
      for (let wait = shortestWaitMs; ; wait = Math.min(wait * 1.5, longestWaitMs)) {
        signal.throwIfAborted();
        try {
          const found = await done();
          if (found !== undefined) return found;
          failures = 0;
        } catch (error) {
          if (!(error instanceof OpenStackError) || classifyOpenStackError(error).kind !== 'transient' || ++failures > patience)
            throw error;
        }
        const now = options.percent?.();
        if (now !== undefined && clamp(now) > percent) await store({ percent: (percent = clamp(now)) });
        if (clock.now() - begin >= timeoutMs) throw timedOut(what, timeoutMs);
        await pause(clock, wait, signal);
      }
    },
  };
}

function giveUpIfSurrendered(signal: AbortSignal): void {
  if (signal.reason instanceof Surrendered) throw signal.reason;
}

function clamp(percent: number): number {
  return Math.max(0, Math.min(100, Math.round(percent)));
}

function timedOut(what: string, timeoutMs: number): ActionFailed {
  return new ActionFailed(
    'Timeout',
    `After ${Math.round(timeoutMs / 1000)} s ${what} has not come about; look at the resource, and try again.`,
  );
}

/** Resolves after a while; rejects with the signal's reason as soon as that is given. */
function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const stop = () => {
      cancel();
      fail(signal.reason instanceof Error ? signal.reason : new Cancelled());
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      done();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
