import { BrokenRecording } from './broken.ts';
import { type CastHeader, castEvents } from './cast.ts';
import { type ChunkKind, type ChunkMeta, decrypt, encrypt, pack, unpack } from './chunk.ts';

/** What a recording holds, made when it ended, or while it is read that has not. */
export interface Manifest extends CastHeader {
  /** Chunks there are, of all kinds, and the hash of the last. */
  readonly count: number;
  readonly head: string;
  readonly durationMs: number;
  readonly bytes: number;
  /** Its process ended before it did. */
  readonly interrupted: boolean;
  readonly chunks: readonly { readonly seq: number; readonly fromMs: number; readonly untilMs: number; readonly bytes: number }[];
  readonly keyframes: readonly { readonly seq: number; readonly atMs: number }[];
  readonly marks: readonly { readonly atMs: number; readonly label: string }[];
  readonly resizes: readonly { readonly atMs: number; readonly cols: number; readonly rows: number }[];
}

/** As it stands in the row of a terminal. */
export interface SealedManifest {
  readonly sealed: string;
}

/** More are counted as output and not listed. */
export const mostMarks = 5000;
const mostResizes = 5000;

/** Gathers a manifest, chunk by chunk. */
export class Index {
  readonly #header: CastHeader;
  readonly #chunks: Manifest['chunks'][number][] = [];
  readonly #keyframes: Manifest['keyframes'][number][] = [];
  readonly #marks: Manifest['marks'][number][] = [];
  readonly #resizes: Manifest['resizes'][number][] = [];
  #count = 1;
  #bytes = 0;

  constructor(header: CastHeader) {
    this.#header = header;
  }
  add({ seq, kind, fromMs, untilMs, bytes }: ChunkMeta): void {
    this.#count = seq + 1;
    this.#bytes += bytes;
    if (kind === 'o') this.#chunks.push({ seq, fromMs, untilMs, bytes });
    if (kind === 'k') this.#keyframes.push({ seq, atMs: fromMs });
  }
  mark(atMs: number, label: string): boolean {
    if (this.#marks.length >= mostMarks) return false;
    this.#marks.push({ atMs, label });
    return true;
  }
  resize(atMs: number, cols: number, rows: number): void {
    if (this.#resizes.length < mostResizes) this.#resizes.push({ atMs, cols, rows });
  }
  /** Of a chunk that was read again: what its lines say beside output. */
  lines(fromMs: number, lines: string): void {
    let atMs = fromMs;
    for (const { intervalMs, code, data } of castEvents(lines)) {
      atMs += intervalMs;
      if (code === 'm') this.mark(atMs, data);
      const [cols = 0, rows = 0] = code === 'r' ? data.split('x').map(Number) : [];
      if (code === 'r') this.resize(atMs, cols, rows);
    }
  }
  manifest({ head, durationMs, interrupted }: Pick<Manifest, 'head' | 'durationMs' | 'interrupted'>): Manifest {
    const lists = { chunks: this.#chunks, keyframes: this.#keyframes, marks: this.#marks, resizes: this.#resizes };
    return { ...this.#header, count: this.#count, head, durationMs, bytes: this.#bytes, interrupted, ...lists };
  }
}

export async function sealManifest(key: Buffer, recording: string, manifest: Manifest): Promise<SealedManifest> {
  return { sealed: encrypt(key, await pack(JSON.stringify(manifest)), contextOf(recording)).toString('base64') };
}

/** Throws BrokenRecording when it is not the recording's own. */
export async function openManifest(key: Buffer, recording: string, sealed: unknown): Promise<Manifest> {
  try {
    const packed = decrypt(key, Buffer.from((sealed as SealedManifest).sealed, 'base64'), contextOf(recording));
    return JSON.parse(await unpack(packed)) as Manifest;
  } catch {
    throw new BrokenRecording({ seq: 0, what: 'manifest' });
  }
}

function contextOf(recording: string): string {
  return `manifest|${recording}`;
}

export type { ChunkKind };
