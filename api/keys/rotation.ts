import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import type { Audit } from '#controller/audit/audit.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { Queries, Store, Transaction } from '#migrations/store.ts';
import { rewrap } from '../kube/encryption.ts';
import type { KeyRing } from '../kube/key-file.ts';
import type { Log } from '../log.ts';
import { mapSealed, type SealedRow, type SealedTable, sealedTables } from './sealed-rows.ts';

export interface KeyRotationDeps {
  readonly store: Store;
  readonly keys: KeyRing;
  readonly audit: Audit;
  readonly log: Log;
  readonly now?: () => number;
  /** How long a write may take that wrapped its key before it was rotated; default 5 s. */
  readonly settleMs?: number;
}

/** Who asked for it. */
export interface Asker {
  readonly user: string;
  readonly source?: AuditEntry['source'];
}

export interface KeyStatus {
  /** The one that wraps comes first; rows under each. */
  readonly keys: readonly { readonly id: string; readonly current: boolean; readonly rows: number }[];
  /** Rows with anything sealed in them. */
  readonly rows: number;
  /** Rows under a key that is not here: they cannot be read. */
  readonly unreadable: number;
  /** Whether keys are made and taken off here; else that is for whoever gives them. */
  readonly ours: boolean;
  /** The newest rotation; absent before the first. */
  readonly rotation?: Progress;
}

export interface Progress {
  readonly state: 'running' | 'done' | 'failed';
  readonly to: string;
  readonly from: readonly string[];
  readonly startedAt: number;
  readonly startedBy: string;
  readonly endedAt?: number;
  /** Rows wrapped anew so far, also by earlier processes. */
  readonly rewrapped: number;
  /** Why it ended early; it goes on at the next start, or when it is asked for again. */
  readonly problem?: string;
}

export interface KeyRotation {
  status(): Promise<KeyStatus>;
  /** Begins a rotation, or goes on with one that was cut off; it runs on after this resolves. Throws KeysNotOurs. */
  start(asker: Asker): Promise<void>;
  /** Goes on with what an earlier process was at, if it was. */
  resume(): Promise<void>;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** There is one key, and no other can be made here. */
export class KeysNotOurs extends Error {
  override name = 'KeysNotOurs';
}

const settingName = 'keyRotation';
/** One process at a time changes the keys; the row is the lock. */
const lockName = 'key_rotation';
const rowsAtOnce = 50;

export function createKeyRotation(deps: KeyRotationDeps): KeyRotation {
  const { store, keys, audit, log, now = Date.now, settleMs = 5000 } = deps;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function progress(): Promise<Progress | undefined> {
    const { settings } = store.tables;
    const [row] = await store.db.select().from(settings).where(eq(settings.name, settingName));
    return row?.value as Progress | undefined;
  }

  async function save(tx: Pick<Transaction, 'upsert' | 'tables'>, value: Progress): Promise<void> {
    await tx.upsert(tx.tables.settings, { name: settingName, value }, { key: ['name'], update: ['value'] });
  }

  /** The keys there are to be, and a record of who asked. What was cut off is gone on with. */
  async function begin({ user }: Asker): Promise<Progress> {
    const before = await progress();
    return store.tx(async (tx) => {
      await tx.next(lockName);
      if (keys.ids().length === 1) {
        if (!keys.isOurs)
          throw new KeysNotOurs(
            'The key comes from outside and there is only one: put a new one (64 hex digits) in front of it, separated by a comma, start again, and rotate then.',
          );
        keys.renew();
      }
      const [to = '', ...from] = keys.ids();
      const isSame = before?.to === to && before.state !== 'done';
      const begun: Progress = {
        state: 'running',
        to,
        from,
        startedAt: isSame ? before.startedAt : now(),
        startedBy: isSame ? before.startedBy : user,
        rewrapped: isSame ? before.rewrapped : 0,
      };
      await save(tx, begun);
      return begun;
    });
  }

  /** Every row under another key, once; how many were wrapped anew. */
  async function pass(state: { progress: Progress }): Promise<number> {
    let total = 0;
    for (const table of sealedTables) {
      let after: SealedRow['cursor'] | undefined;
      for (;;) {
        stopping.signal.throwIfAborted();
        const rows = await table.others(store, keys.id, after, rowsAtOnce);
        const last = rows.at(-1);
        if (!last) break;
        after = last.cursor;
        total += await rewrapRows(table, rows, state);
      }
    }
    return total;
  }

  async function rewrapRows(table: SealedTable, rows: readonly SealedRow[], state: { progress: Progress }): Promise<number> {
    const fresh: { row: SealedRow; texts: readonly string[] }[] = [];
    for (const row of rows) {
      try {
        const texts = await Promise.all(row.texts.map(async (text) => (await mapSealed(text, (sealed) => rewrap(keys, sealed))) ?? text));
        fresh.push({ row, texts });
      } catch (error) {
        // Under a key that is not here: nothing is lost by leaving it as it is.
        log('warn', 'a sealed row could not be wrapped anew', { table: table.name, error: String(error) });
      }
    }
    const saved = await store.tx(async (tx) => {
      let count = 0;
      for (const { row, texts } of fresh) if (await table.replace(tx, row, texts)) count += 1;
      const next = { ...state.progress, rewrapped: state.progress.rewrapped + count };
      await save(tx, next);
      return { count, next };
    });
    state.progress = saved.next;
    return saved.count;
  }

  async function rotate(begun: Progress, asker: Asker): Promise<void> {
    const state = { progress: begun };
    do {
      while ((await pass(state)) > 0);
      // What was wrapped before the new key came is stored by then.
      await sleep(settleMs, undefined, { signal: stopping.signal });
    } while ((await pass(state)) > 0 || !(await finish(state.progress)));
    const message = `rotated the key that secrets are encrypted under: ${state.progress.rewrapped} rows are under ${begun.to} now`;
    await tell(asker, 'KeyRotated', 'ok', keys.isOurs ? `${message}.` : `${message}; take the old key off where it is given.`);
  }

  function doneOf({ problem: _problem, ...at }: Progress): Progress {
    return { ...at, state: 'done', endedAt: now() };
  }

  /** Takes the old keys off, unless something was written under them in the meantime. */
  async function finish(at: Progress): Promise<boolean> {
    return store.tx(async (tx) => {
      await tx.next(lockName);
      if ((await count(tx, at.from)) > 0) return false;
      // Not the keys of a later rotation, begun by another process.
      if (keys.isOurs && keys.id === at.to) keys.retire();
      await save(tx, doneOf(at));
      return true;
    });
  }

  async function tell({ user, source }: Asker, type: string, result: 'ok' | 'failed', message: string): Promise<void> {
    await audit.record({
      type,
      actor: user,
      changes: [],
      result,
      message: `${user} ${message}`,
      requestIds: [],
      ...(source && { source }),
    });
  }

  function run(begun: Progress, asker: Asker): void {
    running = rotate(begun, asker)
      .catch(async (error: unknown) => {
        if (stopping.signal.aborted) return;
        log('error', 'the rotation of the key was cut off', { error });
        const problem = error instanceof Error ? error.message : 'unknown';
        const at = await progress();
        await save(store, { ...(at ?? begun), state: 'failed', problem });
        await tell(asker, 'KeyRotated', 'failed', `could not finish rotating the key: ${problem}`);
      })
      .catch((error: unknown) => log('error', 'the rotation of the key could not be recorded', { error }))
      .finally(() => {
        running = undefined;
      });
  }

  const rotation: KeyRotation = {
    async status() {
      const current = keys.id;
      const ids = keys.ids();
      const each = await Promise.all(ids.map(async (id) => ({ id, current: id === current, rows: await count(store, [id]) })));
      const rows = await count(store);
      const newest = await progress();
      return { keys: each, rows, unreadable: rows - (await count(store, ids)), ours: keys.isOurs, ...(newest && { rotation: newest }) };
    },
    async start(asker) {
      if (running) return;
      const begun = await begin(asker);
      await tell(asker, 'KeyRotationStarted', 'ok', `asked for another key to encrypt secrets under: ${begun.to}.`);
      run(begun, asker);
    },
    async resume() {
      const before = await progress();
      const isCutOff = keys.isOurs ? keys.ids().length > 1 : before?.state === 'running' && keys.ids().length > 1;
      const asker = { user: before?.startedBy ?? 'system:stackwarden-api' };
      if (isCutOff) run(await begin(asker), asker);
      // It had taken the old key off, and was cut off before it could say so.
      else if (before && before.state !== 'done' && before.to === keys.id) await save(store, doneOf(before));
    },
    idle: async () => {
      await running;
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
  return rotation;
}

async function count(queries: Queries, keks?: readonly string[]): Promise<number> {
  let rows = 0;
  for (const table of sealedTables) rows += await table.count(queries, keks);
  return rows;
}
