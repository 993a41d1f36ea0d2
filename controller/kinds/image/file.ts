import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { Obstacle } from '../obstacle.ts';

const FIELD = 'spec.source.file';

/** The setting that says where files may be read; how messages call it. */
export const IMAGES_SETTING = '--images DIR (STACKWARDEN_IMAGES)';

/**
 * A regular file below `directory`, as it comes. Ends with an Obstacle when there is none, or when the path leads out of the directory:
 * whoever may declare an image could read any file of this machine otherwise.
 */
export async function* readFileBelow(directory: string | undefined, path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (directory === undefined) throw noDirectory(path);
  const file = await openBelow(directory, path);
  try {
    if (!(await file.stat()).isFile()) throw refused(path, 'is no regular file');
    for await (const chunk of file.createReadStream({ autoClose: false, signal })) yield chunk as Uint8Array;
  } finally {
    await file.close();
  }
}

/** What stops an image from a file where nobody said which files may be read. */
export function noDirectory(path: string): Obstacle {
  const message = `${FIELD}: ${shown(path)} cannot be read: this controller has no directory of images. Start it with ${IMAGES_SETTING}.`;
  return new Obstacle('NoImageDirectory', message, { passes: false });
}

async function openBelow(directory: string, path: string): Promise<FileHandle> {
  const parts = path.split('/');
  if (path.includes('\0') || parts.some((part) => ['', '.', '..'].includes(part)))
    throw refused(path, 'is no path below the directory of images');
  const root = await found(realpath(directory), `The directory of images ${IMAGES_SETTING}`);
  const real = await found(realpath(resolve(root, path)), `${FIELD}: ${shown(path)}`);
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) throw refused(path, 'leads out of the directory of images');
  // A link put there meanwhile is not followed, and a pipe holds nobody up.
  return found(open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK), `${FIELD}: ${shown(path)}`);
}

/** Whoever puts files there may be at it: what is missing may come. */
async function found<T>(looking: Promise<T>, what: string): Promise<T> {
  try {
    return await looking;
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new Obstacle('SourceUnavailable', `${what} ${why}. Tries again.`, { passes: true });
  }
}

function refused(path: string, why: string): Obstacle {
  return new Obstacle('SourceRefused', `${FIELD}: ${shown(path)} ${why}. Correct ${FIELD}.`, { passes: false });
}

const shown = (path: string) => JSON.stringify(path.slice(0, 200));
