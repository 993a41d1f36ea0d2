import { bulkAction, type Operation, type OperationState, operationStates } from '#controller/operations/operation.ts';

/** How many items of a bulk are in each state. */
export type Counts = Readonly<Partial<Record<OperationState, number>>>;

const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());

/** An operation as the API shows it; times are RFC 3339, `elapsed` is seconds. */
export function presentOperation(operation: Operation, now: number, counts?: Counts) {
  const { createdAt, startedAt, endedAt, cancelRequestedAt, steps, percent, userId: _userId, ...rest } = operation;
  return {
    ...rest,
    percent: counts ? percentOf(counts) : percent,
    steps: steps.map(({ at, ...step }) => ({ ...step, at: time(at) })),
    ...(counts && { counts }),
    createdAt: time(createdAt),
    startedAt: time(startedAt),
    endedAt: time(endedAt),
    cancelRequestedAt: time(cancelRequestedAt),
    elapsed: startedAt === undefined ? 0 : Math.max(0, Math.round(((endedAt ?? now) - startedAt) / 100) / 10),
  };
}

/** Changes with whatever `presentOperation` shows, but for the time that passes. */
export function tagOf({ version, action }: Operation, counts: Counts | undefined): string {
  if (action !== bulkAction || !counts) return `"v${version}"`;
  return `"v${version}-${operationStates.map((state) => counts[state] ?? 0).join('.')}"`;
}

function percentOf(counts: Counts): number {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const open = (counts.queued ?? 0) + (counts.running ?? 0);
  return all === 0 ? 100 : Math.floor((100 * (all - open)) / all);
}
