import type { HostKeys, OpenOptions, Remote, Target, Wanted } from '#api/terminal/ports.ts';
import type { TerminalEnd } from '#api/terminal/protocol.ts';
import { fingerprintOf } from '#api/terminal/ssh/host-check.ts';
import { createSshOpener } from '#api/terminal/ssh/opener.ts';
import type { Bastion, Profile } from '#api/terminal/ssh/ports.ts';
import { systemClock } from '#controller/start.ts';
import type { Guest } from '#tests/parts/sshd.ts';

/** What is known of hosts, for one test: kept by fingerprint. */
export interface Pins extends HostKeys {
  readonly known: Set<string>;
}

export function pins(...fingerprints: string[]): Pins {
  const known = new Set(fingerprints);
  const foundOf = (key: Buffer) => ({ fingerprint: fingerprintOf(key), algorithm: 'ssh-ed25519' });
  return {
    known,
    async check(_target, _port, key) {
      const found = foundOf(key);
      if (known.has(found.fingerprint)) return { verdict: 'known' };
      if (known.size === 0) return { verdict: 'unknown', found };
      const pinned = [...known].map((fingerprint) => ({ fingerprint, algorithm: 'ssh-ed25519' }));
      return { verdict: 'changed', found, pinned, wasRebuilt: false };
    },
    async accept(_target, _port, key) {
      known.add(fingerprintOf(key));
    },
  };
}

export interface Way {
  readonly port: number;
  readonly guest: Guest;
  readonly hostKeys: HostKeys;
  readonly wanted?: Partial<Wanted>;
  readonly credentials?: OpenOptions['credentials'];
  readonly profile?: Partial<Profile>;
  readonly bastion?: Bastion;
  readonly addresses?: Target['addresses'];
  readonly localTargets?: boolean;
  readonly size?: OpenOptions['size'];
  readonly signal?: AbortSignal;
  /** Answers of the person at the page, by the text of the prompt; undefined cancels. */
  readonly answer?: (prompt: string, count: number) => string | undefined;
  readonly accepts?: boolean;
}

export interface Said {
  readonly steps: string[];
  readonly questions: { title: string; instructions: string; prompts: string[]; areSecret: boolean[] }[];
  readonly keys: string[];
}

export const loopback: Target['addresses'] = [{ address: '127.0.0.1', kind: 'fixed', network: 'front' }];

/** Opens a terminal as the core does. What was said to the person is kept in `said`. */
export async function openTerminal(way: Way, said: Said = { steps: [], questions: [], keys: [] }): Promise<Remote> {
  const { guest, port, addresses = loopback, localTargets = true } = way;
  const open = createSshOpener({
    hostKeys: way.hostKeys,
    profiles: {
      profile: async () => way.profile && { id: 'p', name: 'ops', user: guest.name, port, via: 'any', ...way.profile },
    },
    bastions: { bastion: async () => way.bastion },
    settings: { localTargets },
    clock: systemClock,
  });
  return await open({
    target: { cluster: 'main', serverId: 's-1', name: 'web-1', place: { cluster: 'main', namespace: 'shop' }, addresses },
    wanted: { purpose: 'ssh', user: guest.name, port, ...way.wanted },
    credentials: way.credentials ?? {},
    size: way.size ?? { cols: 80, rows: 24 },
    talk: {
      say: (detail) => void said.steps.push(detail),
      ask: async ({ title, instructions, prompts }) => {
        said.questions.push({
          title,
          instructions,
          prompts: prompts.map(({ text }) => text),
          areSecret: prompts.map((one) => one.isSecret),
        });
        const answers = prompts.map(({ text }) => way.answer?.(text, said.questions.length));
        return answers.includes(undefined) ? undefined : (answers as string[]);
      },
      acceptHostKey: async ({ fingerprint }) => {
        said.keys.push(fingerprint);
        return way.accepts ?? false;
      },
    },
    actor: 'ann',
    signal: way.signal ?? new AbortController().signal,
  });
}

/** How opening ended that did not succeed. */
export async function refusalOf(way: Way, said?: Said): Promise<TerminalEnd> {
  const opened = await openTerminal(way, said).catch((error: unknown) => error as { end: TerminalEnd });
  if ('write' in opened) {
    opened.end();
    throw new Error('It opened.');
  }
  return opened.end;
}

/** Reads a terminal as a person does. */
export function reader(remote: Remote) {
  const decoder = new TextDecoder();
  const ended = Promise.withResolvers<TerminalEnd>();
  let text = '';
  let bytes = 0;
  let look = (): void => undefined;
  remote.onData((data) => {
    bytes += data.length;
    // The end of it is enough to look for a prompt in.
    text = (text + decoder.decode(data, { stream: true })).slice(-100_000);
    look();
  });
  remote.onEnd((end) => {
    ended.resolve(end);
    look();
  });
  return {
    get text() {
      return text;
    },
    get bytes() {
      return bytes;
    },
    ended: ended.promise,
    type: (line: string) => remote.write(Buffer.from(line)),
    /** Resolves with what was shown once it matches, and forgets it. */
    async until(pattern: RegExp, ms = 20_000): Promise<string> {
      const late = Date.now() + ms;
      for (;;) {
        const match = pattern.exec(text);
        if (match) {
          const seen = text.slice(0, match.index + match[0].length);
          text = text.slice(match.index + match[0].length);
          return seen;
        }
        if (Date.now() > late)
          throw new Error(`${String(pattern)} was not seen within ${ms} ms; at the end there is ${JSON.stringify(text.slice(-500))}`);
        await new Promise<void>((done) => {
          const timer = setTimeout(done, 200);
          look = () => {
            clearTimeout(timer);
            done();
          };
        });
      }
    },
  };
}
