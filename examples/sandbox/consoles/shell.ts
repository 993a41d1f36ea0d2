import { once } from 'node:events';
import type { Duplex } from 'node:stream';

/** What one finds at the serial port: a boot log, a place to sign in, and a few commands. It goes on whoever is connected. */
export interface Shell {
  attach(stream: Duplex): void;
  detach(): void;
  type(bytes: Buffer): void;
  reboot(): void;
}

const help = `help            this
echo TEXT       says TEXT
hostname        the name of this machine
uptime          since when it runs
flood N         N lines, as fast as they are taken; Ctrl-C ends it
reboot          starts it anew
exit            signs out`;

export function createShell(machine: { readonly name: string; uptimeMs(): number }): Shell {
  const decoder = new TextDecoder();
  let stream: Duplex | undefined;
  let user: string | undefined;
  let line = '';
  let flood: AbortController | undefined;
  /** Nobody has seen the log of this start yet. */
  let isFresh = true;

  const write = (text: string) => stream?.write(text.replaceAll('\n', '\r\n'));
  const prompt = () => (user === undefined ? `${machine.name} login: ` : `${user}@${machine.name}:~$ `);
  const start = () => {
    user = undefined;
    line = '';
    isFresh = false;
    write(bootLog(machine.name));
    write(prompt());
  };

  const reboot = () => {
    flood?.abort();
    isFresh = true;
    write('The system will reboot now!\n\n');
    if (stream) start();
  };

  /** Waits whenever the far side does not take more. */
  async function pour(lines: number): Promise<void> {
    const ending = new AbortController();
    flood = ending;
    for (let number = 1; number <= lines && !ending.signal.aborted; number += atOnce) {
      const some = Array.from({ length: Math.min(atOnce, lines - number + 1) }, (_, index) => floodLine(number + index));
      const target = stream;
      if (!target) break;
      if (target.write(some.join(''))) continue;
      await once(target, 'drain', { signal: ending.signal }).catch(() => undefined);
    }
    if (flood === ending) flood = undefined;
    write(prompt());
  }

  function run(command: string): void {
    const [name = '', ...rest] = command.trim().split(/\s+/);
    if (user === undefined) {
      if (name !== '') {
        user = name;
        write(`Welcome to ${machine.name}. Type help.\n`);
      }
    } else if (name === 'flood' && Number(rest[0]) > 0) return void pour(Number(rest[0]));
    else if (name === 'reboot') return reboot();
    else if (name === 'exit') user = undefined;
    else if (name !== '') write(`${answer(name, rest)}\n`);
    write(prompt());
  }

  function answer(name: string, rest: readonly string[]): string {
    if (name === 'help') return help;
    if (name === 'echo') return rest.join(' ');
    if (name === 'hostname') return machine.name;
    if (name === 'uptime') return `up ${Math.floor(machine.uptimeMs() / 1000)} seconds, 1 user, load average: 0.00, 0.01, 0.05`;
    return `sh: ${name}: not found`;
  }

  function take(character: string): void {
    if (character === '\u0003') {
      flood?.abort();
      line = '';
      write('^C\n');
      if (!flood) write(prompt());
    } else if (flood) return;
    else if (character === '\r') {
      const command = line;
      line = '';
      write('\n');
      run(command);
    } else if (character === '\u007f' || character === '\b') {
      const last = Array.from(line).at(-1);
      if (last === undefined) return;
      line = line.slice(0, -last.length);
      write('\b \b'.repeat(isWide(last) ? 2 : 1));
    } else if (character >= ' ') {
      line += character;
      write(character);
    }
  }

  return {
    attach(next) {
      stream = next;
      if (isFresh) start();
      else write(`\n${prompt()}${line}`);
    },
    detach() {
      stream = undefined;
      flood?.abort();
    },
    reboot,
    type(bytes) {
      for (const character of decoder.decode(bytes, { stream: true })) take(character);
    },
  };
}

/** Takes two columns: what is written in China, Japan and Korea. */
function isWide(character: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u.test(character);
}

/** Lines written in one go. */
const atOnce = 64;

function floodLine(number: number): string {
  return `${String(number).padStart(8, '0')} ${'the quick brown fox jumps over the lazy dog '.repeat(2)}\r\n`;
}

function bootLog(name: string): string {
  const ok = (what: string) => `[\u001b[0;32m  OK  \u001b[0m] ${what}\n`;
  return [
    'SeaBIOS (version 1.16.3-sandbox)\n',
    '[    0.000000] Linux version 6.12.0-sandbox (sandbox@stackwarden)\n',
    '[    0.412305] virtio_net virtio0 ens3: renamed from eth0\n',
    ok('Started Network Service.'),
    ok('Reached target Multi-User System.'),
    `\nSandbox GNU/Linux 1 ${name} ttyS0\n\n`,
  ].join('');
}
