import type { FileEntry } from '#api/terminal/ports.ts';
import { ask, csrfToken, isReachable, Problem, urlOf } from './http.ts';

export type { FileEntry };

/** A folder of the far side of a terminal. */
export interface Folder {
  /** Absolute, also when `~` was asked for. */
  readonly path: string;
  readonly entries: readonly FileEntry[];
  /** There are more than are shown. */
  readonly isCut: boolean;
}

/** What is known before a file is uploaded. */
export interface FileState {
  /** Of an upload to this path that was not finished. */
  readonly partialBytes?: number;
}

const of = (terminal: string, more = '') => `/api/v1/terminals/${encodeURIComponent(terminal)}/files${more}`;

/** All of these throw Problem. */
export const listFiles = (terminal: string, path: string, signal?: AbortSignal) =>
  ask<Folder>(of(terminal), { query: { path }, ...(signal && { signal }) });

export const fileState = (terminal: string, path: string, totalBytes: number, signal?: AbortSignal) =>
  ask<FileState>(of(terminal, '/stat'), { query: { path, total: totalBytes }, ...(signal && { signal }) });

export const makeDirectory = (terminal: string, path: string) =>
  ask<unknown>(of(terminal, '/directories'), { method: 'POST', body: { path } });

export const renameFile = (terminal: string, from: string, to: string) =>
  ask<unknown>(of(terminal, '/rename'), { method: 'POST', body: { from, to } });

export const removeFile = (terminal: string, path: string) => ask<void>(of(terminal), { method: 'DELETE', query: { path } });

/** Where the browser fetches a file. */
export const fileUrl = (terminal: string, path: string): string => urlOf(of(terminal, '/content'), { path });

export interface Piece {
  readonly bytes: Blob;
  readonly offset: number;
  readonly totalBytes: number;
  readonly signal: AbortSignal;
  /** Of the piece. */
  sent(bytes: number): void;
}

/** Sends a piece of a file, and resolves to how much of it is there then. By XMLHttpRequest: fetch does not tell how far it is. Throws Problem. */
export async function putPiece(terminal: string, path: string, { bytes, offset, totalBytes, signal, sent }: Piece): Promise<number> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const failed = () => {
      isReachable.set(false);
      fail(new Problem(0, { title: 'Unreachable' }));
    };
    const aborted = () => request.abort();
    request.open('PUT', urlOf(of(terminal, '/content'), { path, offset: String(offset), total: String(totalBytes) }));
    request.setRequestHeader('content-type', 'application/octet-stream');
    if (csrfToken.value !== undefined) request.setRequestHeader('x-csrf-token', csrfToken.value);
    request.upload.addEventListener('progress', ({ loaded }) => sent(loaded));
    request.addEventListener('error', failed);
    request.addEventListener('abort', () => fail(new DOMException('The upload was stopped.', 'AbortError')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', aborted));
    request.addEventListener('load', () => {
      const answer = jsonOf(request.responseText);
      if (request.status >= 200 && request.status < 300) done(Number(answer['sizeBytes']));
      else fail(new Problem(request.status, answer));
    });
    signal.addEventListener('abort', aborted);
    request.send(bytes);
  });
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
