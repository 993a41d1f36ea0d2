import type { Store } from '#migrations/store.ts';
import { BrokenRecording, type Problem } from './broken.ts';
import { type ChunkRow, genesisOf, openChunk, unpack } from './chunk.ts';
import { Index, type Manifest } from './manifest.ts';
import { type Opened, openRecording, type ReaderDeps, readHeader } from './reader.ts';
import { listChunks, readChunks } from './rows.ts';

const listedAtOnce = 256;
const readAtOnce = 8;

export interface Verification {
  readonly ok: boolean;
  /** Chunks that were found whole. */
  readonly chunks: number;
  readonly problem?: Problem;
}

/** All of a recording that is whole, chunk by chunk from the first, and what is wrong behind it. */
interface Walk {
  readonly count: number;
  readonly head: string;
  readonly lastMs: number;
  readonly problem?: Problem;
}

/**
 * Opens each chunk there is, in order, and compares what there is with what the manifest says, or the row where there is none. A recording
 * without a manifest that was cut at its end, row included, cannot be told from one that ended there.
 */
export async function verifyRecording(deps: ReaderDeps, id: string): Promise<Verification | undefined> {
  try {
    const opened = await openRecording(deps, id);
    if (!opened) return undefined;
    const { count, problem } = await walk(deps.store, opened);
    return { ok: !problem, chunks: count, ...(problem && { problem }) };
  } catch (error) {
    if (!(error instanceof BrokenRecording)) throw error;
    return { ok: false, chunks: 0, problem: error.problem };
  }
}

/** What a manifest would say of a recording that has none. Its problem, if there is one, lies behind what is listed. */
export async function surveyRecording(store: Store, opened: Opened): Promise<{ readonly manifest: Manifest; readonly problem?: Problem }> {
  const index = new Index(await readHeader(store, opened));
  const { head, lastMs, problem } = await walk(store, opened, index);
  return { manifest: index.manifest({ head, durationMs: lastMs, interrupted: true }), ...(problem && { problem }) };
}

async function walk(store: Store, { row, key, manifest }: Opened, index?: Index): Promise<Walk> {
  let head = genesisOf(row.id);
  let count = 0;
  let lastMs = 0;
  // One that goes on is looked at as far as its row told.
  const until = row.recording === 'running' ? row.chunks : Infinity;
  try {
    for await (const chunk of inOrder(store, row.id, until)) {
      const { kind, packed } = openChunk(key, row.id, chunk, head);
      head = chunk.hash;
      count += 1;
      lastMs = chunk.untilMs;
      index?.add({ ...chunk, kind });
      if (index && kind === 'o') index.lines(chunk.fromMs, await unpack(packed));
    }
  } catch (error) {
    if (!(error instanceof BrokenRecording)) throw error;
    return { count, head, lastMs, problem: error.problem };
  }
  const problem = compare(manifest ?? { count: row.chunks, head: row.head }, { count, head });
  return { count, head, lastMs, ...(problem && { problem }) };
}

function compare(claim: { count: number; head: string | null }, found: { count: number; head: string }): Problem | undefined {
  if (found.count < claim.count) return { seq: found.count, what: 'cut' };
  if (found.count > claim.count) return { seq: claim.count, what: 'added' };
  return found.head === claim.head ? undefined : { seq: found.count - 1, what: 'altered' };
}

async function* inOrder(store: Store, id: string, until: number): AsyncGenerator<ChunkRow> {
  for (let next = 0; next < until; ) {
    const listed = await listChunks(store, id, next, Math.min(next + listedAtOnce, until));
    if (listed.length === 0) {
      // Chunks far behind are a gap as well.
      const [further] = await listChunks(store, id, next, Number.MAX_SAFE_INTEGER, 1);
      if (further) throw new BrokenRecording({ seq: next, what: 'missing' });
      return;
    }
    for (let at = 0; at < listed.length; at += readAtOnce) {
      const seqs = listed.slice(at, at + readAtOnce).map(({ seq }) => seq);
      for (const chunk of await readChunks(store, id, seqs)) {
        if (chunk.seq !== next) throw new BrokenRecording({ seq: next, what: 'missing' });
        yield chunk;
        next += 1;
      }
    }
  }
}
