import { and, eq } from 'drizzle-orm';
import type { Log } from '../../log.ts';
import { BrokenRecording } from './broken.ts';
import { sealManifest } from './manifest.ts';
import { openRecording, type ReaderDeps } from './reader.ts';
import { surveyRecording } from './survey.ts';

/**
 * Ends a recording whose process ended first: what is stored of it is verified, and sealed as interrupted. One that is not whole becomes
 * `failed`, and can be read up to there. Nothing happens to one that ended, or goes on after all.
 */
export async function recoverRecording({ store, keys, log }: ReaderDeps & { readonly log: Log }, id: string): Promise<void> {
  const { terminals } = store.tables;
  try {
    const opened = await openRecording({ store, keys }, id);
    if (opened?.row.recording !== 'running' || opened.row.head === null) return;
    const { manifest, problem } = await surveyRecording(store, opened);
    if (problem) throw new BrokenRecording(problem);
    const sealed = await sealManifest(opened.key, id, manifest);
    await store.db
      .update(terminals)
      .set({ recording: 'interrupted', manifest: sealed, durationMs: manifest.durationMs })
      .where(and(eq(terminals.id, id), eq(terminals.recording, 'running'), eq(terminals.head, opened.row.head)));
  } catch (error) {
    if (!(error instanceof BrokenRecording)) throw error;
    log('error', 'a recording that was cut off is not whole', { terminal: id, ...error.problem });
    await store.db
      .update(terminals)
      .set({ recording: 'failed' })
      .where(and(eq(terminals.id, id), eq(terminals.recording, 'running')));
  }
}
