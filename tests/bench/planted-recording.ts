import { addTerminal } from '#api/terminal/recording/recording.fixture.ts';
import type { Recordings } from '#api/terminal/recording/recordings.ts';
import type { createScreen } from '#api/terminal/recording/screen.ts';
import type { Store } from '#migrations/store.ts';

export const size = { cols: 100, rows: 30 };
const megabytes = 100;

/** A log as a service writes it, 32 KiB at a time; each line says which one it is. */
export function createLog(): { piece(): string; lines(): number } {
  let number = 0;
  return {
    lines: () => number,
    piece() {
      let text = '';
      while (text.length < 32 * 1024) {
        number += 1;
        text += `\u001b[32m2026-11-30T04:00:${number % 60}\u001b[0m unit-${number % 17}.service[${number}]: request ${number * 7919} took ${number % 977} ms\r\n`;
      }
      return text;
    },
  };
}

export interface Planting {
  readonly store: Store;
  readonly recordings: Recordings;
  readonly id: string;
  /** Undefined: the recording has one of its own. */
  readonly screen?: ReturnType<typeof createScreen>;
  /** Somebody works in the terminal, so that `screen` shows it. */
  readonly isDrawn?: boolean;
  readonly log?: ReturnType<typeof createLog>;
  /** Waited for after each piece. */
  readonly between?: () => Promise<void>;
}

/** Records 100 MB of a log, as fast as it is stored; returns how many. */
export async function plantRecording(planting: Planting): Promise<number> {
  const { store, recordings, id, screen, isDrawn = false, log = createLog(), between } = planting;
  await addTerminal(store, id, { state: 'ended', endReason: 'closed', endDetail: '', endedAt: Date.now(), createdAt: Date.now() });
  const recorder = await recordings.start({ id, ...size, title: id, ...(screen && { screen }) });
  for (let bytes = 0; bytes < megabytes * 1_000_000; ) {
    const text = log.piece();
    bytes += text.length;
    if (isDrawn) screen?.write(text);
    recorder.output(text);
    await between?.();
    while (recorder.backlog + (screen?.backlog ?? 0) > 1024 * 1024) await new Promise((done) => setTimeout(done, 1));
  }
  await recorder.end({ reason: 'closed', detail: '' });
  return megabytes;
}
