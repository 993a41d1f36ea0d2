import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Builds the web once for all files of project `browser`, so that what is tested is what the sources say now. */
export function setup(): void {
  const root = resolve(import.meta.dirname, '../..');
  const built = spawnSync('npm', ['run', '--silent', 'build:web'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The web could not be built:\n${built.stdout}${built.stderr}`);
}
