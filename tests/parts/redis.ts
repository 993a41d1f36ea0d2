import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild } from './child.ts';
import { freePort } from './free-port.ts';

/** A private Redis on loopback that keeps nothing. */
export interface RedisServer {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const startMs = 30_000;

export async function startRedis(): Promise<RedisServer> {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-redis-'));
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', room, '--save', '', '--appendonly', 'no'];
    child = spawn('redis-server', flags, { stdio: 'ignore' });
    let failure: Error | undefined;
    child.once('error', (error: NodeJS.ErrnoException) => {
      failure =
        error.code === 'ENOENT'
          ? new Error('redis-server is not installed. Install it with: apt-get install -y --no-install-recommends redis-server')
          : error;
    });
    for (const startedAt = Date.now(); !(await answers(port)); ) {
      if (failure) throw failure;
      if (child.exitCode !== null || Date.now() - startedAt > startMs) throw new Error('redis-server did not start');
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => endChild(child, 'SIGKILL'),
    restart: start,
    async stop() {
      await endChild(child, 'SIGTERM');
      rmSync(room, { recursive: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
