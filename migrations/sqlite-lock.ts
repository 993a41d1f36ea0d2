import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fromSqlite, StoreError } from './store-error.ts';

/** Files this process holds. Looked at before any file is: closing a descriptor of a file drops every lock the process has on it (POSIX). */
const held = new Set<string>();

/**
 * Makes this process the only Stackwarden on a SQLite file, and returns how to let go. The lock is the system's, on `FILE.lock` (itself a
 * tiny SQLite database whose header holds the owner's pid), so a killed owner leaves nothing to clean up; other programs can still read FILE.
 */
export function lockSqliteFile(file: string): () => void {
  const directory = dirname(file);
  if (!existsSync(directory))
    throw new StoreError('readonly', `${file} cannot be created: there is no directory ${directory}. Create it, or choose another place.`);
  const path = `${join(realpathSync(directory), basename(file))}.lock`;
  if (held.has(path)) throw new StoreError('locked', `${file} is open already in this process (${process.pid}). Close it first.`);
  const lock = openLock(file, path);
  held.add(path);
  return () => {
    held.delete(path);
    lock.close();
  };
}

function openLock(file: string, path: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: 1000 });
    // Without a journal file there is nothing to leave behind. Not exclusive yet: in that mode the lock of the first read is kept too, and
    // of several that start at once each would hold what the others need.
    lock.exec('pragma journal_mode = memory; begin exclusive');
    // From here the lock is kept beyond the commit, until close.
    lock.exec(`pragma locking_mode = exclusive; pragma user_version = ${process.pid}; commit`);
    return lock;
  } catch (error) {
    lock?.close();
    const found = fromSqlite(error, path);
    if (!(found instanceof StoreError) || found.code !== 'locked') throw found;
    throw new StoreError(
      'locked',
      `${file} is in use by another Stackwarden, process ${ownerOf(path)}. Stop that one, or give this one a data directory of its own.`,
    );
  }
}

/** user_version: four bytes at offset 60 of the file header, https://sqlite.org/fileformat.html#user_version_number */
function ownerOf(path: string): string {
  const header = readFileSync(path).subarray(0, 64);
  return header.length === 64 ? String(header.readInt32BE(60)) : 'that is just starting';
}
