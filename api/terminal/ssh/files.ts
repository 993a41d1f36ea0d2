import { constants } from 'node:fs';
import { Readable } from 'node:stream';
import type { Attributes, Client, FileEntry as SftpEntry } from 'ssh2';
import type { Clock } from '#controller/engine/ports.ts';
import type { FileEntry, Files } from '../ports.ts';
import { readSpan, writeAt } from './file-bytes.ts';
import { FileRefused } from './file-refused.ts';
import { type Sftp, sftpOf } from './sftp.ts';

/** Of one directory; more are not told. */
export const mostEntries = 5000;

/** Files of the far side of a connection. */
export function createFiles(client: Client, clock: Pick<Clock, 'after'>): () => Promise<Files> {
  const open = sftpOf(client, clock);
  return async () => {
    // So that a host without SFTP is found out at once.
    await open();
    return {
      async list(path) {
        const sftp = await open();
        const real = await realPath(sftp, path);
        const { entries, isCut } = await readDirectory(sftp, real);
        return { path: real, entries: entries.toSorted(inOrder), isCut };
      },
      async stat(path) {
        const sftp = await open();
        const whole = checked(path);
        const attributes = await sftp.ask<Attributes>(path, (to, done) => to.stat(whole, done));
        return entryOf(path.slice(path.lastIndexOf('/') + 1), attributes);
      },
      async read(path, range) {
        return await readSpan(await open(), checked(path), range);
      },
      async write(path, start, piece) {
        return await writeAt(await open(), checked(path), start, piece instanceof Readable ? piece : new Readable().wrap(piece));
      },
      async makeDirectory(path) {
        const sftp = await open();
        await refuseIfThere(sftp, path);
        await sftp.ask(path, (to, done: Done) => to.mkdir(checked(path), done));
      },
      async remove(path) {
        const sftp = await open();
        const isDirectory = entryOf('', await look(sftp, path)).kind === 'directory';
        const what = isDirectory ? `Removing ${path}, which has to be empty,` : path;
        await sftp.ask(what, (to, done: Done) => (isDirectory ? to.rmdir(path, done) : to.unlink(path, done)));
      },
      async rename(from, to) {
        await replace(await open(), checked(from), checked(to));
      },
    };
  };
}

type Done = (error?: Error | null) => void;
type Entries = (error: Error | undefined | null, list: readonly SftpEntry[]) => void;
/** With a handle, which the types do not know of: the next entries. `full`: as they come. */
type ReadMore = (handle: Buffer, options: { readonly full: true }, done: Entries) => void;

/** The end of a directory comes as an error of code 1. */
function atEnd(done: Entries): Entries {
  return (error, list) => ((error as { code?: unknown } | undefined)?.code === 1 ? done(undefined, []) : done(error, list));
}

function checked(path: string): string {
  if (path.startsWith('/')) return path;
  throw new FileRefused('not-found', `${path} is not a whole path: it has to begin with /.`);
}

async function realPath(sftp: Sftp, path: string): Promise<string> {
  return await sftp.ask<string>(path, (to, done) => to.realpath(path === '~' ? '.' : checked(path), done));
}

/** Without following a link. */
async function look(sftp: Sftp, path: string): Promise<Attributes> {
  return await sftp.ask<Attributes>(path, (to, done) => to.lstat(checked(path), done));
}

async function refuseIfThere(sftp: Sftp, path: string): Promise<void> {
  const isThere = await look(sftp, path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof FileRefused && error.trouble === 'not-found') return false;
      throw error;
    },
  );
  if (isThere) throw new FileRefused('exists', `${path} is there already.`);
}

/** A file takes the place of another, and its mode, in one step where the host can (OpenSSH). */
async function replace(sftp: Sftp, from: string, to: string): Promise<void> {
  const there = await look(sftp, to).catch(() => undefined);
  const isFile = there !== undefined && entryOf('', there).kind === 'file';
  if (there && !isFile) throw new FileRefused('exists', `${to} is there already, and is no file.`);
  // Only its owner can, who an upload is made by.
  if (there) await sftp.ask(from, (asked, done: Done) => asked.chmod(from, there.mode & 0o7777, done)).catch(() => undefined);
  try {
    await sftp.ask(from, (asked, done: Done) => asked.ext_openssh_rename(from, to, done));
  } catch (error) {
    // ssh2 throws where the host has no such extension.
    if (error instanceof FileRefused) throw error;
    if (there) await sftp.ask(to, (asked, done: Done) => asked.unlink(to, done));
    await sftp.ask(from, (asked, done: Done) => asked.rename(from, to, done));
  }
}

async function readDirectory(sftp: Sftp, path: string): Promise<{ entries: FileEntry[]; isCut: boolean }> {
  const handle = await sftp.ask<Buffer>(path, (to, done) => to.opendir(path, done));
  const entries: FileEntry[] = [];
  try {
    while (entries.length <= mostEntries) {
      const batch = await sftp.ask<readonly SftpEntry[]>(path, (to, done) =>
        (to as unknown as { readonly readdir: ReadMore }).readdir(handle, { full: true }, atEnd(done)),
      );
      if (batch.length === 0) break;
      entries.push(...batch.filter(isInside).map(({ filename, attrs }) => entryOf(filename, attrs)));
    }
  } finally {
    await sftp.ask(path, (to, done: Done) => to.close(handle, done)).catch(() => undefined);
  }
  return { entries: entries.slice(0, mostEntries), isCut: entries.length > mostEntries };
}

/** A name with a slash would lead elsewhere. */
function isInside({ filename }: SftpEntry): boolean {
  return filename !== '.' && filename !== '..' && !filename.includes('/');
}

function entryOf(name: string, { mode = 0, size = 0, mtime = 0 }: Partial<Attributes>): FileEntry {
  return { name, kind: kindOf(mode), sizeBytes: size, modifiedAt: mtime * 1000, mode: (mode & 0o7777).toString(8).padStart(3, '0') };
}

function kindOf(mode: number): FileEntry['kind'] {
  switch (mode & constants.S_IFMT) {
    case constants.S_IFREG:
      return 'file';
    case constants.S_IFDIR:
      return 'directory';
    case constants.S_IFLNK:
      return 'link';
    default:
      return 'other';
  }
}

const byName = new Intl.Collator('en', { numeric: true });

function inOrder(one: FileEntry, other: FileEntry): number {
  const rank = ({ kind }: FileEntry) => (kind === 'directory' ? 0 : 1);
  return rank(one) - rank(other) || byName.compare(one.name, other.name);
}
