import type { Clock } from './moment.ts';
import { oneAtATime } from './parallel.ts';
import type { InventoryRepository, StoredChange } from './repository.ts';

/** Carries changes from memory to the database, in order; what cannot be stored now is kept and tried again. */
export interface Recorder {
  /** Takes a change; stored by the next flush, at the latest shortly afterwards. */
  add(change: StoredChange): void;
  /** Stores what is waiting; resolves also when that failed: see `state`. */
  flush(): Promise<void>;
  state(): RecorderState;
  /** A last flush; nothing is tried again afterwards. */
  stop(): Promise<void>;
}

export interface RecorderState {
  /** Changes the database does not hold yet. */
  readonly waiting: number;
  /** Why the newest attempt failed; absent when it worked. */
  readonly error?: string;
}

export interface RecorderDeps {
  readonly repository: Pick<InventoryRepository, 'save'>;
  readonly clock: Clock;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>): void;
}

/** Single changes (a write's answer, a reread) are gathered this long. */
const GATHER_MS = 200;
/** Changes of one transaction: short enough for others on the same SQLite file. */
const CHUNK = 200;
const RETRY_MS = { first: 1_000, longest: 60_000 };
/** From here on several changes of one row become one: the rows stay right, the history in between is given up. */
const KEPT_CHANGES = 20_000;

export function createRecorder(deps: RecorderDeps): Recorder {
  const { repository, clock } = deps;
  let waiting: StoredChange[] = [];
  let cancel: (() => void) | undefined;
  let failures = 0;
  let error: string | undefined;
  let isStopped = false;
  let isClosed = false;

  const later = (ms: number) => {
    if (isStopped || cancel !== undefined) return;
    cancel = clock.after(ms, () => {
      cancel = undefined;
      void flush();
    });
  };
  const failed = (cause: unknown) => {
    error = cause instanceof Error ? cause.message : String(cause);
    if (failures === 0)
      deps.log('error', 'inventory changes cannot be stored; they are kept and tried again', { error, waiting: waiting.length });
    failures += 1;
    if (waiting.length > KEPT_CHANGES) waiting = merged(waiting);
    later(Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** (failures - 1)));
  };
  const storeAll = async () => {
    while (waiting.length > 0) {
      if (isClosed) return;
      const chunk = waiting.slice(0, CHUNK);
      try {
        await repository.save(chunk);
      } catch (cause) {
        failed(cause);
        return;
      }
      waiting = waiting.slice(chunk.length);
      if (failures > 0) deps.log('info', 'inventory changes are stored again', { waiting: waiting.length });
      failures = 0;
      error = undefined;
    }
  };
  const flush = oneAtATime(storeAll);
  return {
    add(change) {
      waiting.push(change);
      later(GATHER_MS);
    },
    flush,
    state: () => ({ waiting: waiting.length, ...(error !== undefined && { error }) }),
    async stop() {
      isStopped = true;
      cancel?.();
      cancel = undefined;
      await flush();
      isClosed = true;
    },
  };
}

/** One change per row: from what is stored to what is there now. Rows that came and went in between leave nothing. */
function merged(changes: readonly StoredChange[]): StoredChange[] {
  const byRow = new Map<string, StoredChange>();
  for (const next of changes) {
    const key = `${next.type}/${next.id}`;
    const first = byRow.get(key);
    byRow.delete(key);
    const one = first === undefined ? next : spanning(first, next);
    if (one !== undefined) byRow.set(key, one);
  }
  return [...byRow.values()];
}

function spanning(first: StoredChange, last: StoredChange): StoredChange | undefined {
  const { type, id, at } = last;
  const { before } = first;
  const { after } = last;
  if (before === undefined && after === undefined) return undefined;
  const change = before === undefined ? 'appeared' : after === undefined ? 'gone' : 'changed';
  return { type, id, at, change, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
