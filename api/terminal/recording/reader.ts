import type { Store } from '#migrations/store.ts';
import type { KeyProvider } from '../../kube/encryption.ts';
import { BrokenRecording } from './broken.ts';
import type { CastHeader } from './cast.ts';
import { type ChunkRow, openChunk, unpack } from './chunk.ts';
import { openRecordingKey } from './keys.ts';
import { type Manifest, openManifest } from './manifest.ts';
import { findTerminal, hashBefore, listChunks, readChunks, type TerminalRow } from './rows.ts';

/** Chunks whose places are looked up at once, and those that are held at once. */
const listedAtOnce = 64;
const readAtOnce = 4;

/** A recording that can be read. */
export interface Opened {
  readonly row: TerminalRow;
  readonly key: Buffer;
  /** Undefined while it is not sealed. */
  readonly manifest: Manifest | undefined;
}

export interface OutputChunk {
  readonly seq: number;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Lines of an asciicast. */
  readonly lines: string;
}

export interface Keyframe {
  readonly atMs: number;
  readonly cols: number;
  readonly rows: number;
  /** What draws the screen on a fresh terminal of that size. */
  readonly screen: string;
}

export interface ReaderDeps {
  readonly store: Store;
  readonly keys: KeyProvider;
}

/** Whether there is, or was, anything to read. */
export function isRecorded({ recording, recordingKey }: TerminalRow): boolean {
  return recording !== 'none' && recording !== 'removed' && recordingKey !== null;
}

/** Undefined when the terminal has no recording. Throws BrokenRecording when its key or manifest is not its own. */
export async function openRecording({ store, keys }: ReaderDeps, id: string): Promise<Opened | undefined> {
  const row = await findTerminal(store, id);
  if (!row || !isRecorded(row)) return undefined;
  const key = await openRecordingKey(keys, id, row.recordingKey);
  const isSealed = row.recording === 'sealed' || row.recording === 'interrupted';
  return { row, key, manifest: isSealed ? await openManifest(key, id, row.manifest) : undefined };
}

/** What it is of, from where it stands first. */
export async function readHeader(store: Store, { row, key, manifest }: Opened): Promise<CastHeader> {
  if (manifest) return manifest;
  const [first] = await readChunks(store, row.id, [0]);
  if (!first) throw new BrokenRecording({ seq: 0, what: 'missing' });
  const { kind, packed } = openChunk(key, row.id, first, (await hashBefore(store, row.id, 0)) ?? '');
  if (kind !== 'h') throw new BrokenRecording({ seq: 0, what: 'altered' });
  return JSON.parse(await unpack(packed)) as CastHeader;
}

/**
 * At most `limit` chunks of output from a number on. Each is checked against the one before it, and that none is missing between them; throws
 * BrokenRecording at the first that is not as it was stored.
 */
export async function* readOutput(
  store: Store,
  { row, key, manifest }: Opened,
  { from = 0, limit = Infinity }: { from?: number; limit?: number } = {},
): AsyncGenerator<OutputChunk> {
  const outputs = manifest && new Set(manifest.chunks.map(({ seq }) => seq));
  const count = manifest?.count ?? row.chunks;
  let left = limit;
  let next = from;
  let previous = await hashBefore(store, row.id, from);
  while (left > 0) {
    const listed = await listChunks(store, row.id, next, next + listedAtOnce);
    const hashes = new Map<number, string | undefined>();
    const wanted: number[] = [];
    for (const { seq, kind, hash } of listed) {
      if (seq !== next) break;
      hashes.set(seq, previous);
      if ((outputs ? outputs.has(seq) : kind === 'o') && wanted.length < left) wanted.push(seq);
      previous = hash;
      next += 1;
    }
    for (let at = 0; at < wanted.length; at += readAtOnce) {
      for (const chunk of await readChunks(store, row.id, wanted.slice(at, at + readAtOnce))) {
        yield await openOutput(key, row.id, chunk, hashes.get(chunk.seq));
      }
    }
    left -= wanted.length;
    const hasGap = (listed.at(-1)?.seq ?? 0) > next;
    if (left > 0 && next < count && (hasGap || listed.length === 0))
      throw new BrokenRecording({ seq: next, what: hasGap ? 'missing' : 'cut' });
    if (listed.length === 0 || hasGap) return;
  }
}

async function openOutput(key: Buffer, id: string, chunk: ChunkRow, previous: string | undefined): Promise<OutputChunk> {
  if (previous === undefined) throw new BrokenRecording({ seq: chunk.seq - 1, what: 'missing' });
  const { kind, packed } = openChunk(key, id, chunk, previous);
  if (kind !== 'o') throw new BrokenRecording({ seq: chunk.seq, what: 'altered' });
  return { seq: chunk.seq, fromMs: chunk.fromMs, untilMs: chunk.untilMs, lines: await unpack(packed) };
}

/** Undefined when there is none of that number. */
export async function readKeyframe(store: Store, { row, key }: Opened, seq: number): Promise<Keyframe | undefined> {
  const [chunk] = await readChunks(store, row.id, [seq]);
  if (!chunk) return undefined;
  const previous = await hashBefore(store, row.id, seq);
  if (previous === undefined) throw new BrokenRecording({ seq: seq - 1, what: 'missing' });
  const { kind, packed } = openChunk(key, row.id, chunk, previous);
  if (kind !== 'k') return undefined;
  return { atMs: chunk.fromMs, ...(JSON.parse(await unpack(packed)) as Omit<Keyframe, 'atMs'>) };
}
