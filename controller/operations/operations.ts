import { randomUUID } from 'node:crypto';
import type { AnyAction } from '#controller/actions/action.ts';
import type { Audit } from '#controller/audit/audit.ts';
import type { Json, JsonObject } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { Clock } from '#controller/engine/ports.ts';
import type { Store } from '#migrations/store.ts';
import { isDuplicate } from '#migrations/store-error.ts';
import { endedEntry, nameOf, requestedEntry } from './entries.ts';
import type { OperationEvents } from './events.ts';
import { listOperations, type OperationFilter, type OperationPage } from './list.ts';
import {
  bulkAction,
  type DeclaredTarget,
  hasEnded,
  type Operation,
  type OperationProblem,
  type OperationState,
  type Origin,
} from './operation.ts';
import { problem } from './problem.ts';
import type { OperationRows, StoredOperation } from './rows.ts';

/** Who asks, and whence. */
export interface Asker {
  readonly actor: string;
  readonly userId?: string;
  readonly origin: Origin;
}

/** What is done to one target, thought over before: that it may be done, and what it would change. */
export interface Ask {
  readonly action: AnyAction;
  readonly cluster: string;
  /** Undefined for an action without a target. */
  readonly target?: { readonly id: string; readonly name: string; readonly row: Json };
  readonly input: JsonObject;
  readonly changes: readonly Change[];
  readonly declared?: DeclaredTarget;
}

/** One target of a bulk; with a problem it is not done, and shown as failed. */
export type BulkItem = Ask & { readonly problem?: OperationProblem };

export interface AskOptions {
  /** Given, a second operation of this id is not made: the first is answered. */
  readonly id?: string;
  readonly retryOf?: string;
  /** Wait for its end so long, and get its secrets. */
  readonly waitMs?: number;
}

export interface Answered {
  readonly operation: Operation;
  /** What is told once, to who waited for it. */
  readonly secret?: Readonly<Record<string, string>>;
}

/** What people asked for that takes time, in this process and others. */
export interface Operations {
  ask(asker: Asker, ask: Ask, options?: AskOptions): Promise<Answered>;
  /** One parent with an item for each target; resolves when all are stored. */
  askMany(asker: Asker, action: AnyAction, input: JsonObject, items: readonly BulkItem[], options?: AskOptions): Promise<Answered>;
  get(id: string): Promise<Operation | undefined>;
  /** Newest first. Throws BadOperationCursor. */
  list(filter: OperationFilter, page: OperationPage): Promise<{ items: Operation[]; next?: string }>;
  /** How many items of a bulk are in each state. */
  countsOf(parent: string): Promise<Readonly<Partial<Record<OperationState, number>>>>;
  /** Stops it if it can still be stopped; false when it has ended. A bulk is cancelled with all its items. */
  cancel(id: string, by: Asker): Promise<boolean>;
  /** Resolves when it has ended or the time is over. */
  wait(id: string, waitMs: number): Promise<Operation | undefined>;
}

export interface OperationsDeps {
  readonly store: Store;
  readonly rows: OperationRows;
  readonly audit: Audit;
  readonly events: OperationEvents;
  readonly clock: Clock;
  /** How often to look whether an operation that another process runs has ended; 500 ms. */
  readonly pollMs?: number;
}

export function createOperations({ store, rows, audit, events, clock, pollMs = 500 }: OperationsDeps): Operations {
  const shown = async (id: string): Promise<Operation | undefined> => {
    const found = await rows.get(id);
    return found && show(found);
  };

  async function insert(operations: readonly StoredOperation[]): Promise<void> {
    try {
      await rows.insert(operations);
    } catch (error) {
      // The same request came twice, and was stored by the first.
      if (!isDuplicate(error) || !(await rows.get(operations[0]?.id ?? ''))) throw error;
    }
    events.wake();
  }

  async function answer(id: string, waitMs: number | undefined): Promise<Answered> {
    if (waitMs !== undefined) await wait(id, waitMs);
    const secret = events.results.get(id);
    events.results.delete(id);
    const operation = await shown(id);
    if (!operation) throw new Error(`Operation ${id} was stored and is not there.`);
    return { operation, ...(secret && { secret }) };
  }

  async function wait(id: string, waitMs: number): Promise<Operation | undefined> {
    const until = clock.now() + waitMs;
    for (;;) {
      // Listened for before the look, so that an end in between is not missed.
      const { promise: ended, stop } = endOrPause(id, Math.min(pollMs, Math.max(0, until - clock.now())));
      const operation = await shown(id);
      if (!operation || hasEnded(operation.state) || clock.now() >= until) {
        stop();
        return operation;
      }
      await ended;
    }
  }

  function endOrPause(id: string, ms: number): { promise: Promise<void>; stop: () => void } {
    let stop = () => {};
    const promise = new Promise<void>((done) => {
      const cancel = clock.after(ms, () => stop());
      const off = events.onEnded(id, () => stop());
      stop = () => {
        cancel();
        off();
        done();
      };
    });
    return { promise, stop };
  }

  return {
    async ask(asker, ask, { id = randomUUID(), retryOf, waitMs } = {}) {
      const earlier = await rows.get(id);
      if (earlier) return await answer(id, waitMs);
      const { operation, secrets } = newOperation(asker, ask, { id, now: clock.now(), ...(retryOf !== undefined && { retryOf }) });
      await audit.record(requestedEntry(operation, `${nameOf(operation)} was asked for.`));
      if (secrets) events.inputs.set(id, secrets);
      if (waitMs !== undefined) events.results.set(id, undefined);
      await insert([operation]);
      return await answer(id, waitMs);
    },

    async askMany(asker, action, input, items, { id = randomUUID(), retryOf, waitMs } = {}) {
      const earlier = await rows.get(id);
      if (earlier) return await answer(id, waitMs);
      const now = clock.now();
      const clusters = [...new Set(items.map(({ cluster }) => cluster))];
      const parent: StoredOperation = {
        ...blank(asker, id, now),
        action: bulkAction,
        cluster: clusters.length === 1 ? (clusters[0] ?? '') : '',
        type: '',
        input: { action: action.name, input: storable(action, input).stored, count: items.length },
        state: 'running',
        startedAt: now,
        ...(retryOf !== undefined && { retryOf }),
      };
      const children = items.map((item) => {
        const child = newOperation(asker, item, { id: randomUUID(), now, parent: id });
        if (!item.problem) return child;
        return { operation: { ...child.operation, state: 'failed' as const, problem: item.problem, endedAt: now } };
      });
      await audit.record([
        requestedEntry(parent, `${action.name} of ${items.length} was asked for.`),
        ...children.flatMap(({ operation }) =>
          operation.problem ? [endedEntry(operation, { problem: operation.problem, changes: [], requestIds: [] })] : [],
        ),
      ]);
      for (const child of children) if ('secrets' in child && child.secrets) events.inputs.set(child.operation.id, child.secrets);
      await insert([parent, ...children.map(({ operation }) => operation)]);
      await rows.endParent(id, clock.now());
      return await answer(id, waitMs);
    },

    get: shown,
    list: async (filter, page) => {
      const { items, next } = await listOperations(store, filter, page);
      return { items: items.map(show), ...(next !== undefined && { next }) };
    },
    countsOf: (parent) => rows.countsOf(parent),

    async cancel(id, by) {
      const operation = await rows.get(id);
      if (!operation || hasEnded(operation.state)) return false;
      const asked = { ...operation, actor: by.actor, origin: by.origin };
      await audit.record({
        ...requestedEntry(asked, `The end of ${nameOf(operation)} was asked for.`),
        type: 'CancelRequested',
        changes: [],
      });
      if (operation.action === bulkAction) {
        await rows.cancelQueuedOf(id, clock.now());
        if (await rows.endParent(id, clock.now())) events.ended(id);
        events.wake();
        return true;
      }
      const outcome = await rows.cancel(id, clock.now());
      if (outcome === 'ended') {
        const cancelled = problem(409, 'Cancelled', 'It was cancelled before it began.');
        await audit.record(endedEntry(operation, { problem: cancelled, changes: [], requestIds: [] }));
        events.inputs.delete(id);
        events.ended(id);
        if (operation.parent !== undefined && (await rows.endParent(operation.parent, clock.now()))) events.ended(operation.parent);
      }
      events.wake();
      return outcome !== 'too-late';
    },
    wait,
  };
}

function newOperation(asker: Asker, ask: Ask, base: { id: string; now: number; parent?: string; retryOf?: string }) {
  const { stored, secrets } = storable(ask.action, ask.input);
  const { id, now, ...more } = base;
  const operation: StoredOperation = {
    ...blank(asker, id, now),
    ...more,
    action: ask.action.name,
    cluster: ask.cluster,
    type: ask.action.type,
    target: ask.target?.id ?? '',
    targetName: ask.target?.name ?? '',
    namespace: ask.declared?.namespace ?? '',
    input: stored,
    progress: {
      changes: ask.changes,
      ...(ask.target && { before: ask.target.row }),
      ...(ask.declared && { declared: ask.declared }),
      ...(secrets && { secrets: Object.keys(secrets) }),
    },
  };
  return { operation, ...(secrets && { secrets }) };
}

function blank({ actor, userId, origin }: Asker, id: string, now: number) {
  return {
    id,
    actor,
    ...(userId !== undefined && { userId }),
    target: '',
    targetName: '',
    namespace: '',
    state: 'queued' as const,
    percent: 0,
    steps: [],
    requestIds: [],
    attempts: 0,
    createdAt: now,
    version: 1,
    progress: {},
    origin,
  };
}

/** What of an input may be stored, and what is a secret. */
export function storable(action: Pick<AnyAction, 'input'>, input: JsonObject): { stored: JsonObject; secrets?: JsonObject } {
  const isSecret = ([field]: [string, Json]) => action.input.properties?.[field]?.format === 'password';
  const secrets = Object.entries(input).filter(isSecret);
  if (secrets.length === 0) return { stored: input };
  return { stored: Object.fromEntries(Object.entries(input).filter((one) => !isSecret(one))), secrets: Object.fromEntries(secrets) };
}

function show({ progress: _progress, origin: _origin, ...operation }: StoredOperation): Operation {
  return operation;
}
