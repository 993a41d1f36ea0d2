import { accessSync, constants, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fixedKeys, type KeyRing, openKeyFile, readKeys } from '../kube/key-file.ts';
import { UsageError } from '../settings.ts';

/**
 * The keys that secrets are encrypted under: `STACKWARDEN_KEY` (64 hex digits; several separated by commas, the one that wraps first), else the
 * file `STACKWARDEN_KEY_FILE`, else `ownFile`, which is made when it is missing. Throws UsageError, or an Error that says what to do.
 */
export function openKeys(env: Readonly<Record<string, string | undefined>>, ownFile: string): KeyRing {
  const { STACKWARDEN_KEY: key, STACKWARDEN_KEY_FILE: file } = env;
  if (key && file) throw new UsageError('STACKWARDEN_KEY and STACKWARDEN_KEY_FILE both name the key: set one of them.');
  if (key) return fixedKeys(readKeys(key, 'STACKWARDEN_KEY'));
  if (!file) return openKeyFile(ownFile, { create: true });
  if (isWritable(dirname(file))) return openKeyFile(file, { create: false });
  // Mounted for us to read, by who also sees to its mode.
  return fixedKeys(readKeys(readFileSync(file, 'utf8'), `the key file ${file}`));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
