import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

/**
 * `npm test`: the suites that need no cloud, one after the other, with the real parts they need (kubectl, MariaDB, Chromium). What is missing is
 * installed with apt when we are root on Debian; otherwise the command that installs it is printed and the run fails: nothing is
 * skipped silently. `npm test -- SUITE...` runs the named suites: unit, kubectl, mariadb, terminal, browser,
 * kubernetes, openstack-calls, openstack-pairs, openstack.
 * With STACKWARDEN_REPORTS=DIR each suite leaves DIR/SUITE.json.
 */
interface Suite {
  readonly name: string;
  /** Commands it needs, or whole paths of files, and the Debian packages that bring them. */
  readonly needs?: readonly { readonly command: string; readonly packages: readonly string[] }[];
  /** Needs a cloud or a Kubernetes that somebody has to bring up; runs only when it is named. */
  readonly isAsked?: true;
}

const aBrowser = [
  { command: 'chromium', packages: ['chromium'] },
  // Else Chinese pages are rows of boxes, and nothing says so.
  { command: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', packages: ['fonts-noto-cjk'] },
];

/** One that stands for an instance, and what people use in a terminal. */
const anSshServer = [
  { command: 'sshd', packages: ['openssh-server'] },
  { command: 'ssh', packages: ['openssh-client'] },
  { command: 'tmux', packages: ['tmux'] },
  { command: 'vim', packages: ['vim-tiny', 'vim'] },
];

const suites: readonly Suite[] = [
  { name: 'unit' },
  // Which kubectl is new enough, and where to get it from, is known to tests/parts/kubectl.ts.
  { name: 'kubectl', needs: [{ command: 'curl', packages: ['curl'] }] },
  {
    name: 'mariadb',
    needs: [
      { command: 'mariadbd', packages: ['mariadb-server'] },
      { command: 'redis-server', packages: ['redis-server'] },
    ],
  },
  { name: 'terminal', needs: anSshServer },
  { name: 'browser', needs: [...aBrowser, ...anSshServer] },
  { name: 'kubernetes', isAsked: true },
  // What is asked of the cloud call by call, and bears other work beside it.
  { name: 'openstack-calls', needs: aBrowser, isAsked: true },
  { name: 'openstack-pairs', isAsked: true },
  // What has to be seen in time, and has the cloud to itself.
  { name: 'openstack', needs: [{ command: 'mariadbd', packages: ['mariadb-server'] }], isAsked: true },
];

process.env['PATH'] = [resolve('node_modules/.bin'), process.env['PATH'], '/usr/sbin', '/sbin'].join(delimiter);
// Of all that is started here hundreds of times, what was compiled once: it saves a Stackwarden half of what its start costs.
process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/compiled');
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) fail(`There is no suite ${unknown.join(', ')}; there are ${suites.map((suite) => suite.name).join(', ')}.`);
const chosen = suites.filter((suite) => (asked.length > 0 ? asked.includes(suite.name) : !suite.isAsked));
const missing = chosen.flatMap(({ needs = [] }) => needs.flatMap(({ command, packages }) => (isOnPath(command) ? [] : packages)));
if (missing.length > 0) install([...new Set(missing)]);
const failed = chosen.filter((suite) => run(suite) !== 0);
if (failed.length > 0) fail(`Failed: ${failed.map((suite) => suite.name).join(', ')}`);

function run({ name }: Suite): number {
  console.log(`\n-- suite ${name}`);
  const reports = process.env['STACKWARDEN_REPORTS'];
  const report = reports
    ? ['--reporter=default', '--reporter=json', `--outputFile.json=${resolve(reports, `${name}.json`)}`, '--reporter=./.ci/hook-errors.ts']
    : [];
  return spawnSync('vitest', ['run', '--project', name, ...report], { stdio: 'inherit' }).status ?? 1;
}

function isOnPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((dir) => existsSync(resolve(dir, command)));
}

function install(packages: readonly string[]): void {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    fail(`Missing for the tests: ${packages.join(', ')}. Install with: sudo sh -c '${command}'`);
  }
  console.log(`Installing for the tests: ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (spawnSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'], env }).status !== 0) {
    fail(`Could not install ${packages.join(', ')}. Try by hand: ${command}`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
