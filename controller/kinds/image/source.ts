import { createHash } from 'node:crypto';
import { Obstacle } from '../obstacle.ts';
import { download, shownUrl } from './download.ts';
import { readFileBelow } from './file.ts';

/** Exactly one of `url`, `file` and `content`. */
export type ImageSource = { readonly url?: string; readonly file?: string; readonly content?: string; readonly sha256?: string };

/** Property that says what an image was filled with, so that another source can be told from it. */
export const SOURCE_KEY = 'stackwarden.source';

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

/** Names the data: by its hash where that is known, else by the address without what may be secret in it. */
export function labelOf(source: ImageSource): string {
  if (source.sha256 !== undefined) return `sha256:${source.sha256}`;
  if (source.content !== undefined) return `sha256:${sha256(Buffer.from(source.content, 'base64'))}`;
  if (source.file !== undefined) return `file ${source.file}`.slice(0, 255);
  const url = source.url ?? '';
  return `${shownUrl(url).slice(0, 200)} #${sha256(url).slice(0, 12)}`;
}

export interface OpenOptions {
  readonly signal: AbortSignal;
  /** Where files are read. */
  readonly imageDirectory?: string;
}

/** The data from its start. Ends with an error before its last part when it is not what was declared, so that nobody takes it for whole. */
export async function* openSource(source: ImageSource, options: OpenOptions): AsyncGenerator<Uint8Array> {
  const chunks = chunksOf(source, options);
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (held !== undefined) yield held;
    hash.update(chunk);
    held = chunk;
  }
  const found = hash.digest('hex');
  if (source.sha256 !== undefined && found !== source.sha256) {
    const message = `The data of ${placeOf(source)} has SHA-256 ${found}, not ${source.sha256} as declared. Correct spec.source.`;
    throw new Obstacle('ChecksumMismatch', message, { passes: false });
  }
  if (held !== undefined) yield held;
}

function chunksOf(source: ImageSource, { signal, imageDirectory }: OpenOptions): AsyncGenerator<Uint8Array> {
  if (source.url !== undefined) return download(source.url, { signal });
  return source.file === undefined ? inline(source.content ?? '') : readFileBelow(imageDirectory, source.file, signal);
}

function placeOf({ url, file }: ImageSource): string {
  if (url !== undefined) return shownUrl(url);
  return file === undefined ? 'spec.source.content' : `spec.source.file ${file}`;
}

async function* inline(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content, 'base64');
}
