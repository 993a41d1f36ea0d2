import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Builds the web where its sources are newer than what was built, so that what is tested is what the sources say now. */
export function setup(): void {
  if (newest('web/dist') > newest('web', 'dist') && newest('web/dist') > changedAt('package-lock.json')) return;
  // Tests run under another name, for which libraries bring what only developers want.
  const built = spawnSync('npm', ['run', '--silent', 'build:web'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (built.status !== 0) throw new Error(`The web could not be built:\n${built.stdout}${built.stderr}`);
}

/** When a file under a folder was changed last, leaving out one folder; 0 when there is none. */
function newest(dir: string, except = ''): number {
  if (!existsSync(join(root, dir))) return 0;
  const files = readdirSync(join(root, dir), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => except === '' || !path.startsWith(join(root, dir, except)));
  return Math.max(0, ...files.map((path) => statSync(path).mtimeMs));
}

function changedAt(file: string): number {
  return statSync(join(root, file)).mtimeMs;
}
