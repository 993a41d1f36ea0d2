import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type Kek, kekOf, newKey } from './kek.ts';

/** Several versions of the key: the first wraps, the others only open. */
export interface KeyRing {
  /** Of the key that wraps now. */
  readonly id: string;
  current(): Kek;
  find(id: string): Kek | undefined;
  /** Of all keys, the one that wraps first. */
  ids(): readonly string[];
  /** Whether keys can be added and taken off here; else who gave them has to. */
  readonly isOurs: boolean;
  /** Adds a key, which wraps from now on. */
  renew(): void;
  /** Takes off all keys but the one that wraps; they go where a backup of the database from before can still be read with them. */
  retire(): void;
}

/** 64 hex digits each; separated by commas, spaces or line ends. */
export function readKeys(text: string, where: string): string[] {
  const keys = text.split(/[\s,]+/).filter((key) => key !== '');
  if (keys.length === 0 || keys.some((key) => !/^[0-9a-f]{64}$/.test(key)))
    throw new Error(`${where} does not hold 64 hex digits a key: restore it from a backup`);
  return [...new Set(keys)];
}

/** Keys that somebody else looks after: an environment variable, or a file we may not write. */
export function fixedKeys(hexKeys: readonly string[]): KeyRing {
  const keks = hexKeys.map(kekOf);
  const refuse = () => {
    throw new Error('these keys are not ours to change');
  };
  return ringOf(() => keks, { isOurs: false, renew: refuse, retire: refuse });
}

/** Keys in a file, one a line, the one that wraps first. Another process that changes the file is noticed before anything is wrapped. */
export function openKeyFile(path: string, { create }: { create: boolean }): KeyRing {
  let known: { readonly mark: string; readonly hex: readonly string[]; readonly keks: readonly Kek[] } | undefined;
  const load = () => {
    const mark = markOf(path);
    // A file that is gone for a moment is no reason to lose what was read from it.
    if (known && (mark === undefined || mark === known.mark)) return known;
    const hex = readFile(path) ?? (create ? makeFile(path) : undefined);
    if (!hex) throw new Error(`the key file ${path} is missing: restore it from a backup; secrets cannot be read without it`);
    known = { mark: mark ?? markOf(path) ?? '', hex, keks: hex.map(kekOf) };
    return known;
  };
  load();
  return ringOf(() => load().keks, {
    isOurs: true,
    renew: () => writeKeys(path, [newKey(), ...load().hex]),
    retire() {
      const [current = '', ...old] = load().hex;
      if (old.length === 0) return;
      const retired = `${path}.retired`;
      const before = existsSync(retired) ? readKeys(readFileSync(retired, 'utf8'), retired) : [];
      writeKeys(retired, [...new Set([...before, ...old])]);
      writeKeys(path, [current]);
    },
  });
}

function ringOf(keks: () => readonly Kek[], upkeep: Pick<KeyRing, 'isOurs' | 'renew' | 'retire'>): KeyRing {
  const current = () => {
    const [first] = keks();
    if (!first) throw new Error('there is no key');
    return first;
  };
  return {
    get id() {
      return current().id;
    },
    current,
    find: (id) => keks().find((kek) => kek.id === id),
    ids: () => keks().map(({ id }) => id),
    ...upkeep,
  };
}

/** Changes with the file; undefined when there is none. */
function markOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat && `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}

function readFile(path: string): string[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if ((statSync(path).mode & 0o077) !== 0)
    throw new Error(`the key file ${path} can be read by others: chmod 600 it, and consider its key known`);
  return readKeys(text, `the key file ${path}`);
}

/** Written beside and linked into place: never half a key, and never a second one when two processes start at once. */
function makeFile(path: string): string[] | undefined {
  const draft = writeDraft(path, [newKey()]);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFile(path);
}

/** The old file or the new one, never half of one, also after a power cut: what is wrapped next could not be opened again. */
function writeKeys(path: string, keys: readonly string[]): void {
  renameSync(writeDraft(path, keys), path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function writeDraft(path: string, keys: readonly string[]): string {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${keys.join('\n')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(draft, 0o600);
  return draft;
}
