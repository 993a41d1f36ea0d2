import { and, asc, eq, gt, gte, inArray, isNull, lt, or } from 'drizzle-orm';
import { appendIn } from '#controller/audit/append.ts';
import { toDraft } from '#controller/audit/row.ts';
import type { AuditEntry, Clock } from '#controller/engine/ports.ts';
import type { Store } from '#migrations/store.ts';
import type { TerminalRow } from './rows.ts';

export interface RetentionState {
  readonly days: number;
  /** Who decided so, and when (epoch ms); absent while it is what the operator set. */
  readonly setBy?: string;
  readonly setAt?: number;
}

type By = Pick<AuditEntry, 'actor' | 'source'>;

/** How long recordings are kept, and their end. The row of the terminal stays. */
export interface RecordingRetention {
  read(): Promise<RetentionState>;
  set(days: number, by: By): Promise<RetentionState>;
  /** Makes a recording unreadable at once, by its key, and then takes its chunks away. False when it goes on, or is gone. */
  remove(row: TerminalRow, by: By, why?: string): Promise<boolean>;
  /** Removes what is older, and what a killed process left half removed; seals what nobody sealed. Returns how many were removed. */
  forget(isStopping?: () => boolean): Promise<number>;
}

interface RetentionDeps {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** While nobody decided. */
  readonly usualDays: number;
  readonly recover: (id: string) => Promise<void>;
}

const settingName = 'terminal-retention';
const dayMs = 24 * 3_600_000;
/** Chunks of one removing transaction: on SQLite everybody waits for it. */
const removedChunks = 16;
const recordingsAtOnce = 20;
/** A terminal that ended is sealed by whoever ran it, if that is still there. */
const sealingMs = 10 * 60_000;
const actor = 'system:stackwarden';
const ended = ['sealed', 'interrupted', 'failed'] as const;

export function createRecordingRetention({ store, clock, usualDays, recover }: RetentionDeps): RecordingRetention {
  const { terminals, terminalChunks: chunks, settings } = store.tables;

  async function read(): Promise<RetentionState> {
    const [row] = await store.db.select().from(settings).where(eq(settings.name, settingName));
    return (row?.value as RetentionState | undefined) ?? { days: usualDays };
  }
  async function remove(row: TerminalRow, by: By, why = `${by.actor} removed it`): Promise<boolean> {
    const entry: AuditEntry = {
      type: 'RecordingRemoved',
      ...by,
      cluster: row.cluster,
      cloudId: row.serverId,
      changes: [],
      result: 'ok',
      message: `The recording of terminal ${row.id}, ${row.user} at ${row.serverName}, is gone: ${why}.`,
      requestIds: [],
    };
    const isRemoved = await store.tx(async (tx) => {
      const values = { recording: 'removed', recordingKey: null, manifest: null, head: null } as const;
      const query = tx.db
        .update(terminals)
        .set(values)
        .where(and(eq(terminals.id, row.id), inArray(terminals.recording, [...ended])));
      if ((await tx.changed(query)) !== 1) return false;
      await appendIn(tx, [toDraft(entry, clock.now())]);
      return true;
    });
    if (isRemoved) await removeChunks(row.id);
    return isRemoved;
  }
  async function removeChunks(id: string, isStopping: () => boolean = () => false): Promise<void> {
    while (!isStopping()) {
      const some = await store.db
        .select({ seq: chunks.seq })
        .from(chunks)
        .where(eq(chunks.terminal, id))
        .orderBy(asc(chunks.seq))
        .limit(removedChunks);
      const [first, last] = [some[0], some.at(-1)];
      if (!first || !last) {
        await store.db.update(terminals).set({ chunks: 0 }).where(eq(terminals.id, id));
        return;
      }
      await store.db.delete(chunks).where(and(eq(chunks.terminal, id), gte(chunks.seq, first.seq), lt(chunks.seq, last.seq + 1)));
    }
  }
  const rowsWhere = (condition: ReturnType<typeof and>) =>
    store.db.select().from(terminals).where(condition).orderBy(asc(terminals.createdAt)).limit(recordingsAtOnce);

  return {
    read,
    remove,
    async set(days, by) {
      const before = (await read()).days;
      const value: RetentionState = { days, setBy: by.actor, setAt: clock.now() };
      const entry: AuditEntry = {
        type: 'RecordingRetention',
        ...by,
        changes: [{ path: 'terminal.recordingDays', from: before, to: days }],
        result: 'ok',
        message: `${by.actor} decided that recordings of terminals are kept for ${days} days.`,
        requestIds: [],
      };
      await store.tx(async (tx) => {
        await appendIn(tx, [toDraft(entry, clock.now())]);
        await tx.upsert(settings, { name: settingName, value }, { key: ['name'], update: ['value'] });
      });
      return value;
    },
    async forget(isStopping = () => false) {
      const halfRemoved = await rowsWhere(and(eq(terminals.recording, 'removed'), gt(terminals.chunks, 0)));
      for (const { id } of halfRemoved) await removeChunks(id, isStopping);
      const unsealed = await rowsWhere(
        and(eq(terminals.recording, 'running'), eq(terminals.state, 'ended'), lt(terminals.endedAt, clock.now() - sealingMs)),
      );
      for (const { id } of unsealed) if (!isStopping()) await recover(id);
      const { days } = await read();
      const before = clock.now() - days * dayMs;
      let removed = 0;
      for (;;) {
        const isOld = and(lt(terminals.createdAt, before), or(isNull(terminals.endedAt), lt(terminals.endedAt, before)));
        const old = await rowsWhere(and(inArray(terminals.recording, [...ended]), isOld));
        for (const row of old) {
          if (isStopping()) return removed;
          if (await remove(row, { actor }, `it is older than ${days} days`)) removed += 1;
        }
        if (old.length < recordingsAtOnce) return removed;
      }
    },
  };
}
