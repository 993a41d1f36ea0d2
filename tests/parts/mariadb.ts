import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { endChild } from './child.ts';
import { freePort } from './free-port.ts';

/** A private MariaDB on loopback, in a directory of its own; nothing else on the machine is touched. */
export interface Mariadb {
  readonly port: number;
  /** Makes an empty database with a user of its own, and returns its address as openStore takes it. */
  createDatabase(): Promise<string>;
  /** Runs a statement as root. */
  query(sql: string): Promise<unknown>;
  /** Ends it as a power cut would; the data stays. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const startMs = 60_000;

export async function startMariadb(): Promise<Mariadb> {
  const server = find('mariadbd');
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-mariadb-'));
  const data = join(room, 'data');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  execFileSync(
    find('mariadb-install-db'),
    ['--no-defaults', ...asRoot, `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'pipe' },
  );
  const port = await freePort();
  const place = [
    `--datadir=${data}`,
    `--port=${port}`,
    `--socket=${join(room, 'socket')}`,
    '--bind-address=127.0.0.1',
    `--log-error=${join(room, 'log')}`,
  ];
  let child: ChildProcess;
  let root: Connection;
  let databases = 0;
  const start = async () => {
    // The server's defaults for names and letters are left as they are: what matters must not depend on them.
    child = spawn(server, ['--no-defaults', ...asRoot, ...place], { stdio: 'ignore' });
    root = await connect(port, child);
  };
  const end = async (signal: NodeJS.Signals) => {
    root.destroy();
    await endChild(child, signal);
  };
  await start();
  return {
    port,
    async createDatabase() {
      const name = `stackwarden_${++databases}`;
      await root.query(`create database ${name}`);
      await root.query(`create user '${name}'@'127.0.0.1' identified by 'p@ss/word'`);
      await root.query(`grant all on ${name}.* to '${name}'@'127.0.0.1'`);
      return `mysql://${name}:p%40ss%2Fword@127.0.0.1:${port}/${name}`;
    },
    query: async (sql) => (await root.query(sql))[0],
    kill: () => end('SIGKILL'),
    restart: start,
    async stop() {
      await end('SIGTERM');
      rmSync(room, { recursive: true });
    },
  };
}

function find(command: string): string {
  const found = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/bin'].map((dir) => join(dir, command)).find(existsSync);
  if (!found) throw new Error(`${command} is not installed. Install it with: apt-get install -y --no-install-recommends mariadb-server`);
  return found;
}

async function connect(port: number, child: ChildProcess): Promise<Connection> {
  for (const startedAt = Date.now(); ; ) {
    try {
      return await createConnection({ host: '127.0.0.1', port, user: 'root' });
    } catch (error) {
      if (child.exitCode !== null || Date.now() - startedAt > startMs) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
