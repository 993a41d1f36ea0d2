import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { HttpProblem } from '../../http/http-problem.ts';
import type { FileEntry, Files } from '../ports.ts';
import { FileRefused } from './file-refused.ts';
import { type PieceQuery, pieceBytes } from './file-request.ts';

/** Of one terminal at a time, up and down. */
const mostTransfers = 8;

/** Counts what is underway; a terminal is slow to type in behind too much of it. */
export function createTransfers() {
  const underway = new Map<string, number>();
  return {
    /** Returns what to call when it is over. Throws 429. */
    begin(terminal: string): () => void {
      const count = underway.get(terminal) ?? 0;
      if (count >= mostTransfers)
        throw new HttpProblem(429, 'TooManyTransfers', `${count} files are on their way over this terminal. Wait until one is done.`);
      underway.set(terminal, count + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const left = (underway.get(terminal) ?? 1) - 1;
        if (left === 0) underway.delete(terminal);
        else underway.set(terminal, left);
      };
    },
  };
}

/** The hidden file that an upload grows in. It is another one when the file is of another size: what is there then is of something else. */
export function partialOf(path: string, total: number): string {
  const cut = path.lastIndexOf('/') + 1;
  const name = path.slice(cut);
  const hash = createHash('sha256').update(`${path}\0${total}`).digest('hex').slice(0, 12);
  // A name takes 255 bytes.
  return `${path.slice(0, cut)}.${Buffer.byteLength(name) > 200 ? '' : name}.part-${hash}`;
}

/** Undefined when there is none. Throws FileRefused for anything else. */
export async function statOrNothing(files: Files, path: string): Promise<FileEntry | undefined> {
  try {
    return await files.stat(path);
  } catch (error) {
    if (error instanceof FileRefused && error.trouble === 'not-found') return undefined;
    throw error;
  }
}

/** One piece of an upload at a time for each file: whoever comes back after a lost network takes the place of what still hangs. */
export function createUploads() {
  const writing = new Map<string, { readonly stop: () => void; readonly done: Promise<unknown> }>();
  return {
    /** Writes a piece behind what is there. Resolves to how much of the file is there then; with the last piece the file has its name. */
    async write(
      terminal: string,
      files: Files,
      piece: PieceQuery & { readonly body: Readable; readonly onBytes: () => void },
    ): Promise<number> {
      const partial = partialOf(piece.path, piece.total);
      const key = `${terminal} ${partial}`;
      const former = writing.get(key);
      former?.stop();
      const done = (former?.done ?? Promise.resolve()).then(() => append(files, partial, piece));
      const settled = done.then(
        () => undefined,
        () => undefined,
      );
      const entry = { stop: () => void piece.body.destroy(), done: settled };
      writing.set(key, entry);
      void settled.then(() => writing.get(key) === entry && writing.delete(key));
      return await done;
    },
  };
}

async function append(
  files: Files,
  partial: string,
  { path, offset, total, body, onBytes }: PieceQuery & { readonly body: Readable; readonly onBytes: () => void },
): Promise<number> {
  if (offset > 0) {
    const there = (await statOrNothing(files, partial))?.sizeBytes ?? 0;
    if (there !== offset) {
      const detail = `Of this upload ${there} bytes are there, so the next piece begins there and not at ${offset}.`;
      throw new HttpProblem(409, 'UploadOutdated', detail, { sizeBytes: there });
    }
  }
  const most = Math.min(pieceBytes, total - offset);
  const size = await files.write(partial, offset, Readable.from(counted(body, most, onBytes), { objectMode: false }));
  if (size === total) await files.rename(partial, path);
  return size;
}

async function* counted(body: Readable, most: number, onBytes: () => void): AsyncGenerator<Buffer> {
  let count = 0;
  // Left as it is when this ends early: it is a request that is still to be answered.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    count += chunk.length;
    if (count > most) throw new HttpProblem(413, 'BodyTooLarge', `A piece is 16 MiB at most, and ends where the file does.`);
    onBytes();
    yield chunk;
  }
}
