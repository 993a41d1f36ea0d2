import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/**
 * `npm test`: every suite that needs no cloud, with the real parts it can bring up (MariaDB, kubectl). What is missing is installed with apt
 * when we are root on Debian; otherwise the command that installs it is printed and the run fails: nothing is skipped silently.
 * `npm test -- --project openstack` runs a named suite only.
 */
const named = process.argv.slice(2);
const projects = named.length > 0 ? named : ['--project', 'unit', '--project', 'kubectl', '--project', 'mariadb'];

interface Part {
  readonly project: string;
  readonly command: string;
  readonly packages: readonly string[];
}
const parts: readonly Part[] = [
  { project: 'kubectl', command: 'kubectl', packages: ['kubernetes-client'] },
  { project: 'mariadb', command: 'mariadbd', packages: ['mariadb-server'] },
];

process.env.PATH = [resolve('node_modules/.bin'), process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter);
const missing = parts.filter((part) => projects.includes(part.project) && !isOnPath(part.command));
if (missing.length > 0) install(missing.flatMap((part) => part.packages));
const report = process.env.STACKWARDEN_REPORT;
const reporters = report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : [];
const runner = spawn('vitest', ['run', ...projects, ...reporters], { stdio: 'inherit' });
runner.on('exit', (code) => process.exit(code ?? 1));

function isOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(resolve(dir, command)));
}

function install(packages: readonly string[]): void {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    console.error(`Missing for the tests: ${packages.join(', ')}. Install with: sudo sh -c '${command}'`);
    process.exit(1);
  }
  console.log(`Installing for the tests: ${packages.join(', ')}`);
  const result = spawnSync('sh', ['-c', command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status !== 0) {
    console.error(`Could not install ${packages.join(', ')}. Try by hand: ${command}`);
    process.exit(1);
  }
}
