import { and, asc, count, eq, inArray, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Store } from '#migrations/store.ts';
import { bulkAction, type Operation, type OperationState, type Origin, type Progress } from './operation.ts';

/** An operation with what only its runner needs. */
export interface StoredOperation extends Operation {
  readonly progress: Progress;
  readonly origin: Origin;
}

type Row = Store['tables']['operations']['$inferSelect'];
type NewRow = Store['tables']['operations']['$inferInsert'];

/** What of a row may change once it is there. */
export type RowChange = Partial<
  Pick<
    NewRow,
    | 'state'
    | 'percent'
    | 'steps'
    | 'progress'
    | 'result'
    | 'problem'
    | 'requestIds'
    | 'cancelRequestedAt'
    | 'startedAt'
    | 'endedAt'
    | 'heartbeatAt'
    | 'runner'
  >
>;

/** The table of operations. Whatever a runner writes counts only while the operation is its own. */
export interface OperationRows {
  /** All or none. Throws a duplicate error when one of the ids is taken. */
  insert(operations: readonly StoredOperation[]): Promise<void>;
  get(id: string): Promise<StoredOperation | undefined>;
  /** Takes a queued operation, or one whose runner gave no sign since `deadSince`; undefined when somebody else was faster. */
  claim(id: string, runner: string, now: number, deadSince: number): Promise<StoredOperation | undefined>;
  /** False when it is no longer this runner's: nothing was written, and nothing MUST be done any more. */
  save(id: string, runner: string, change: RowChange): Promise<boolean>;
  /** Shows that the runner lives; ids of those somebody wants cancelled. */
  beat(runner: string, now: number): Promise<readonly string[]>;
  /** Lets go of whatever this runner has, for the next to take up at once. */
  release(runner: string): Promise<void>;
  /** Ids that wait for a runner, of each cluster the oldest `limit`, ended ones' parents left out. */
  waiting(deadSince: number, limit: number): Promise<readonly Waiting[]>;
  /** Ends a queued one at once; marks a running one. What became of it. */
  cancel(id: string, now: number): Promise<'ended' | 'marked' | 'too-late'>;
  cancelQueuedOf(parent: string, now: number): Promise<void>;
  /** How many items of a bulk are in each state. */
  countsOf(parent: string): Promise<Readonly<Partial<Record<OperationState, number>>>>;
  /** Ends a bulk whose items have all ended; false when some have not, or it had ended. */
  endParent(parent: string, now: number): Promise<boolean>;
}

export interface Waiting {
  readonly id: string;
  readonly cluster: string;
  readonly type: string;
  readonly target: string;
  readonly createdAt: number;
}

const insertRows = 100;

export function createOperationRows(store: Store): OperationRows {
  const table = store.tables.operations;
  const bump = { version: sql`${table.version} + 1` as unknown as number };
  const isClaimable = (deadSince: number) =>
    or(eq(table.state, 'queued'), and(eq(table.state, 'running'), lt(table.heartbeatAt, deadSince))) as SQL;
  const get = async (id: string) => {
    const [row] = await store.db.select().from(table).where(eq(table.id, id));
    return row && fromRow(row);
  };
  return {
    get,
    async insert(operations) {
      const rows = operations.map(toRow);
      await store.tx(async (tx) => {
        for (let at = 0; at < rows.length; at += insertRows) await tx.db.insert(table).values(rows.slice(at, at + insertRows));
      });
    },
    async claim(id, runner, now, deadSince) {
      const taken = { state: 'running' as const, runner, heartbeatAt: now, startedAt: sql`coalesce(${table.startedAt}, ${now})` as never };
      const update = store.db
        .update(table)
        .set({ ...taken, attempts: sql`${table.attempts} + 1`, ...bump })
        .where(and(eq(table.id, id), ne(table.action, bulkAction), isClaimable(deadSince)));
      return (await store.changed(update)) === 1 ? await get(id) : undefined;
    },
    async save(id, runner, change) {
      const isOwn = and(eq(table.id, id), eq(table.runner, runner), eq(table.state, 'running'));
      return (
        (await store.changed(
          store.db
            .update(table)
            .set({ ...change, ...bump })
            .where(isOwn),
        )) === 1
      );
    },
    async beat(runner, now) {
      const own = and(eq(table.runner, runner), eq(table.state, 'running'));
      await store.db.update(table).set({ heartbeatAt: now }).where(own);
      const wanted = and(own, sql`${table.cancelRequestedAt} is not null`);
      return (await store.db.select({ id: table.id }).from(table).where(wanted)).map(({ id }) => id);
    },
    async release(runner) {
      await store.db
        .update(table)
        .set({ heartbeatAt: 0 })
        .where(and(eq(table.runner, runner), eq(table.state, 'running')));
    },
    async waiting(deadSince, limit) {
      const isOpen = and(ne(table.action, bulkAction), isClaimable(deadSince));
      const clusters = await store.db.selectDistinct({ cluster: table.cluster }).from(table).where(isOpen);
      const found: Waiting[] = [];
      for (const { cluster } of clusters) {
        found.push(
          ...(await store.db
            .select({ id: table.id, cluster: table.cluster, type: table.type, target: table.target, createdAt: table.createdAt })
            .from(table)
            .where(and(isOpen, eq(table.cluster, cluster)))
            .orderBy(asc(table.createdAt), asc(table.id))
            .limit(limit)),
        );
      }
      return found;
    },
    async cancel(id, now) {
      const end = store.db
        .update(table)
        .set({ state: 'cancelled', cancelRequestedAt: now, endedAt: now, ...bump })
        .where(and(eq(table.id, id), eq(table.state, 'queued')));
      if ((await store.changed(end)) === 1) return 'ended';
      const mark = store.db
        .update(table)
        .set({ cancelRequestedAt: now, ...bump })
        .where(and(eq(table.id, id), eq(table.state, 'running')));
      return (await store.changed(mark)) === 1 ? 'marked' : 'too-late';
    },
    async cancelQueuedOf(parent, now) {
      const own = eq(table.parent, parent);
      await store.db
        .update(table)
        .set({ state: 'cancelled', cancelRequestedAt: now, endedAt: now, ...bump })
        .where(and(own, eq(table.state, 'queued')));
      await store.db
        .update(table)
        .set({ cancelRequestedAt: now, ...bump })
        .where(and(own, eq(table.state, 'running')));
    },
    async countsOf(parent) {
      const rows = await store.db
        .select({ state: table.state, count: count() })
        .from(table)
        .where(eq(table.parent, parent))
        .groupBy(table.state);
      return Object.fromEntries(rows.map((row) => [row.state, row.count]));
    },
    async endParent(parent, now) {
      const open = and(eq(table.parent, parent), inArray(table.state, ['queued', 'running']));
      if ((await store.db.select({ id: table.id }).from(table).where(open).limit(1)).length > 0) return false;
      const counts = await this.countsOf(parent);
      const state = counts.failed ? 'failed' : counts.cancelled ? 'cancelled' : 'succeeded';
      const end = store.db
        .update(table)
        .set({ state, percent: 100, endedAt: now, result: counts, ...bump })
        .where(and(eq(table.id, parent), eq(table.state, 'running')));
      return (await store.changed(end)) === 1;
    },
  };
}

function toRow({ progress, origin, ...operation }: StoredOperation): NewRow {
  return {
    ...operation,
    progress,
    address: origin.address ?? null,
    session: origin.session ?? null,
    requestId: origin.requestId ?? null,
    heartbeatAt: null,
    runner: null,
  };
}

export function fromRow(row: Row): StoredOperation {
  const { runner: _runner, heartbeatAt: _beat, address, session, requestId, ...rest } = row;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  return {
    ...(given as unknown as Operation),
    progress: row.progress ?? {},
    origin: { ...(address !== null && { address }), ...(session !== null && { session }), ...(requestId !== null && { requestId }) },
  };
}
