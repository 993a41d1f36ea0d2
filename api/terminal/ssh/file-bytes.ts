import { Readable } from 'node:stream';
import { FileRefused } from './file-refused.ts';
import type { Sftp } from './sftp.ts';

/** Of one request; a multiple of what SSH packs into one of its packets. */
const pieceBytes = 64 * 1024;
/** Asked for, or sent, and not answered yet: what a channel's window holds. */
const underwayBytes = 2 * 1024 * 1024;
const depth = underwayBytes / pieceBytes;
/** Of the protocol: open for writing; made if missing; emptied (draft-ietf-secsh-filexfer-02, 6.3). */
const openFlags = { write: 0x02, makeEmpty: 0x02 | 0x08 | 0x10 } as const;

export interface Span {
  readonly start: number;
  /** Without it: as far as the file goes. */
  readonly end?: number;
}

/** Bytes of a file, in order, with many requests on their way at once. The stream fails when the file is shorter than `end`. */
export async function readSpan(sftp: Sftp, path: string, { start, end }: Span): Promise<Readable> {
  const handle = await sftp.ask<Buffer>(path, (to, done) => to.open(path, 'r', done));
  return Readable.from(piecesOf(sftp, path, handle, { start, end: end ?? Number.MAX_SAFE_INTEGER, isExact: end !== undefined }), {
    objectMode: false,
    highWaterMark: pieceBytes,
  });
}

async function* piecesOf(
  sftp: Sftp,
  path: string,
  handle: Buffer,
  { start, end, isExact }: Required<Span> & { readonly isExact: boolean },
): AsyncGenerator<Buffer> {
  const coming: Promise<Buffer>[] = [];
  let next = start;
  try {
    while (next < end || coming.length > 0) {
      while (next < end && coming.length < depth) {
        const length = Math.min(pieceBytes, end - next);
        const piece = readPiece(sftp, path, handle, { at: next, length });
        // Whoever reads may have gone before it comes.
        piece.catch(() => undefined);
        coming.push(piece);
        next += length;
      }
      const piece = await coming.shift();
      if (piece === undefined || piece.length === 0) break;
      start += piece.length;
      yield piece;
      if (piece.length < pieceBytes) break;
    }
    if (isExact && start < end) throw new FileRefused('changed', `${path} became shorter while it was read.`);
  } finally {
    await Promise.allSettled(coming);
    await sftp.ask(path, (to, done: (error?: Error | null) => void) => to.close(handle, done)).catch(() => undefined);
  }
}

/** Shorter only at the end of the file: a host may answer with less than it was asked for. */
async function readPiece(
  sftp: Sftp,
  path: string,
  handle: Buffer,
  { at, length }: { readonly at: number; readonly length: number },
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const offset = filled;
    const read = await sftp.ask<number>(path, (to, done) => to.read(handle, buffer, offset, length - offset, at + offset, done));
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}

/**
 * Writes a piece at `start`, with many requests on their way at once; `start` 0 empties the file or makes it. Resolves to its size. When it
 * fails, what is there is whole up to where it ends, so that one may go on from there.
 */
export async function writeAt(sftp: Sftp, path: string, start: number, piece: Readable): Promise<number> {
  const handle = await sftp.ask<Buffer>(path, (to, done) => to.open(path, start === 0 ? openFlags.makeEmpty : openFlags.write, done));
  const writes: { readonly at: number; readonly written: Promise<void> }[] = [];
  let at = start;
  let wholeUpTo = start;
  const settleOldest = async (): Promise<void> => {
    const [oldest] = writes;
    if (!oldest) return;
    await oldest.written;
    writes.shift();
    wholeUpTo = writes[0]?.at ?? at;
  };
  try {
    for await (const chunk of gathered(piece)) {
      while (writes.length >= depth) await settleOldest();
      const position = at;
      at += chunk.length;
      const written = sftp.ask(path, (to, done: (error?: Error | null) => void) =>
        to.write(handle, chunk, 0, chunk.length, position, done),
      );
      written.catch(() => undefined);
      writes.push({ at: position, written });
    }
    while (writes.length > 0) await settleOldest();
  } catch (error) {
    const left = await Promise.allSettled(writes.map(({ written }) => written));
    const failed = left.findIndex(({ status }) => status === 'rejected');
    wholeUpTo = failed === -1 ? at : (writes[failed]?.at ?? wholeUpTo);
    // What was written behind a failure would leave a hole that looks like data.
    if (failed !== -1)
      await sftp
        .ask(path, (to, done: (error?: Error | null) => void) => to.fsetstat(handle, { size: wholeUpTo }, done))
        .catch(() => undefined);
    throw error;
  } finally {
    await sftp.ask(path, (to, done: (error?: Error | null) => void) => to.close(handle, done)).catch(() => undefined);
  }
  const { size } = await sftp.ask<{ size: number }>(path, (to, done) => to.stat(path, done));
  return size;
}

/** The same bytes in pieces that are worth a request. What it reads from is left as it is when it ends early: it may be a request to answer. */
async function* gathered(from: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const part of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length < pieceBytes) continue;
    yield parts.length === 1 ? part : Buffer.concat(parts, length);
    parts = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(parts, length);
}
