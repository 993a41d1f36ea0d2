import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { endChild } from './child.ts';
import { freePort } from './free-port.ts';

/** A real OpenSSH server on loopback that stands for an instance: own host key, own configuration, nothing else on the machine is touched. */
export interface Sshd {
  readonly port: number;
  /** SHA-256, as `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
  /** `ssh-ed25519 AAAA...`. */
  readonly hostKey: string;
  /** Ends it and everybody's sessions, as a power cut would. */
  kill(): Promise<void>;
  /** Again on the same port, after `kill`: with its key, or with another one. */
  restart(hostKey?: 'same' | 'another'): Promise<void>;
  stop(): Promise<void>;
}

/** Somebody who may sign in: a user of this machine, and keys. MUST be removed. */
export interface Guest {
  readonly name: string;
  /** Only root can make a user with a password of its own. */
  readonly password: string;
  readonly home: string;
  /** OpenSSH format. */
  readonly privateKey: string;
  /** The same under a passphrase. */
  readonly encryptedKey: string;
  readonly passphrase: string;
  /** One that is let in nowhere. */
  readonly foreignKey: string;
  readonly authorizedKeys: string;
  remove(): void;
}

const sshd = '/usr/sbin/sshd';
const startMs = 20_000;

export function makeGuest(): Guest {
  if (!existsSync(sshd))
    throw new Error('sshd is not installed. Install it with: apt-get install -y --no-install-recommends openssh-server openssh-client');
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-guest-'));
  // Others than root have to get to the home in it.
  execFileSync('chmod', ['755', room]);
  const isRoot = process.getuid?.() === 0;
  const name = isRoot ? `sw-${randomBytes(4).toString('hex')}` : userInfo().username;
  const home = join(room, 'home');
  const passphrase = 'open sesame';
  const password = `pw-${randomBytes(9).toString('base64url')}`;
  mkdirSync(home);
  for (const file of ['key', 'foreign']) keygen(join(room, file));
  const privateKey = readFileSync(join(room, 'key'), 'utf8');
  writeFileSync(join(room, 'encrypted'), privateKey, { mode: 0o600 });
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', passphrase, '-f', join(room, 'encrypted')]);
  writeFileSync(join(room, 'authorized_keys'), readFileSync(join(room, 'key.pub')));
  if (isRoot) {
    execFileSync('/usr/sbin/useradd', ['--no-create-home', '--home-dir', home, '--shell', '/bin/bash', name], { stdio: 'pipe' });
    execFileSync('/usr/sbin/chpasswd', { input: `${name}:${password}\n`, stdio: ['pipe', 'pipe', 'pipe'] });
    execFileSync('chown', ['-R', `${name}:`, home]);
  }
  return {
    name,
    get password() {
      if (isRoot) return password;
      throw new Error('Signing in by password is tested with a user of its own, which only root can make. Run the suite as root.');
    },
    home: isRoot ? home : userInfo().homedir,
    privateKey,
    encryptedKey: readFileSync(join(room, 'encrypted'), 'utf8'),
    passphrase,
    foreignKey: readFileSync(join(room, 'foreign'), 'utf8'),
    authorizedKeys: join(room, 'authorized_keys'),
    remove() {
      if (isRoot) execFileSync('/usr/sbin/userdel', ['--force', name], { stdio: 'pipe' });
      rmSync(room, { recursive: true, force: true });
    },
  };
}

/** `config`: further lines of sshd_config, which come first and so win. */
export async function startSshd(guest: Guest, config: readonly string[] = []): Promise<Sshd> {
  const room = mkdtempSync(join(tmpdir(), 'stackwarden-sshd-'));
  const port = await freePort();
  // Where it locks itself in before somebody is signed in.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  for (const name of ['host', 'another']) keygen(join(room, name));
  let child: ChildProcess;
  let key = 'host';
  const start = async () => {
    const lines = [
      ...config,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(room, key)}`,
      `PidFile ${join(room, 'pid')}`,
      `AuthorizedKeysFile ${guest.authorizedKeys}`,
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'UseDNS no',
      'PrintMotd no',
      'PrintLastLog no',
      'MaxStartups 200',
      'MaxSessions 100',
      'AcceptEnv LANG',
      'Subsystem sftp internal-sftp',
    ];
    writeFileSync(join(room, 'config'), `${lines.join('\n')}\n`);
    child = spawn(sshd, ['-D', '-E', join(room, 'log'), '-f', join(room, 'config')], { stdio: 'ignore' });
    await answers(port, child, join(room, 'log'));
  };
  const kill = async () => {
    const sessions = descendants(child.pid ?? 0);
    await endChild(child, 'SIGKILL');
    for (const pid of sessions) end(pid);
  };
  await start();
  return {
    port,
    get fingerprint() {
      return execFileSync('ssh-keygen', ['-l', '-f', join(room, `${key}.pub`)], { encoding: 'utf8' }).split(' ')[1] ?? '';
    },
    get hostKey() {
      return readFileSync(join(room, `${key}.pub`), 'utf8')
        .split(' ')
        .slice(0, 2)
        .join(' ');
    },
    kill,
    async restart(hostKey = 'same') {
      if (hostKey === 'another') key = key === 'host' ? 'another' : 'host';
      await start();
    },
    async stop() {
      await kill();
      rmSync(room, { recursive: true });
    },
  };
}

function keygen(file: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'stackwarden-tests', '-f', file]);
}

/** Processes below one, the nearest first. */
function descendants(pid: number): number[] {
  let children: number[];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    // It has ended meanwhile.
    return [];
  }
  return [...children, ...children.flatMap(descendants)];
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function answers(port: number, child: ChildProcess, log: string): Promise<void> {
  for (const startedAt = Date.now(); ; ) {
    const isUp = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        done(true);
      }).on('error', () => done(false));
    });
    if (isUp) return;
    if (child.exitCode !== null || Date.now() - startedAt > startMs)
      throw new Error(`sshd does not start: ${existsSync(log) ? readFileSync(log, 'utf8') : 'it left no log'}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
