import type { Audit } from '#controller/audit/audit.ts';
import type { Clock } from '#controller/engine/ports.ts';
import type { Log } from '../log.ts';
import { recordDeed } from './record.ts';
import type { Home, TerminalRow, TerminalRows } from './rows.ts';

export interface TendOptions {
  readonly rows: TerminalRows;
  readonly home: Home;
  /** Ids of the terminals that live in this process. */
  readonly live: () => readonly string[];
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  readonly recoverRecording?: (id: string) => Promise<void>;
}

const beatMs = 15_000;
/** A process that was silent for so long is gone. */
export const DEAD_MS = 60_000;

/**
 * Shows that the terminals of this process live, and writes down the end of those whose process is gone: at once what an earlier one left in
 * this very place, later what any other leaves. The returned function ends it.
 */
export async function tendRows(options: TendOptions): Promise<() => void> {
  const { rows, home, live, clock, log } = options;
  let isOver = false;
  let cancel: () => void = () => undefined;

  async function closeLost(isLost: (row: TerminalRow) => boolean): Promise<void> {
    const own = new Set(live());
    for (const row of await rows.live()) if (!isOver && !own.has(row.id) && isLost(row)) await close(options, row);
  }

  async function beat(): Promise<void> {
    try {
      await rows.seen(live(), clock.now());
      await closeLost(({ seenAt }) => seenAt + DEAD_MS <= clock.now());
    } catch (error) {
      log('warn', 'terminals could not be tended; tries again', { error });
    }
    if (!isOver) cancel = clock.after(beatMs, () => void beat());
  }

  await closeLost((row) => homeOf(row)?.id === home.id);
  await beat();
  return () => {
    isOver = true;
    cancel();
  };
}

/** Where a row says that its terminal lives. */
export function homeOf({ home }: Pick<TerminalRow, 'home'>): Home | undefined {
  const { id, url, ca } = (home ?? {}) as Partial<Home>;
  return id !== undefined && url !== undefined && ca !== undefined ? { id, url, ca } : undefined;
}

async function close({ rows, audit, clock, log, recoverRecording }: TendOptions, row: TerminalRow): Promise<void> {
  const end = { reason: 'shutdown', detail: 'The process it lived in is gone.' } as const;
  // Several processes may find it; one of them writes it down.
  if (!(await rows.ended(row.id, end, clock.now()))) return;
  await recordDeed(audit, {
    type: 'TerminalEnded',
    actor: row.user,
    target: row,
    result: 'failed',
    message: `Terminal to ${row.serverName}${row.remote && `, ${row.remote},`} ended: shutdown. ${end.detail} (terminal ${row.id})`,
    source: { address: row.address, ...(row.session !== null && { session: row.session }) },
  });
  try {
    if (row.recording === 'running') await recoverRecording?.(row.id);
  } catch (error) {
    log('warn', 'a recording whose process is gone could not be sealed', { terminal: row.id, error });
  }
}
