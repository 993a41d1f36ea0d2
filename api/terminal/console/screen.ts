import { OpenFailed, type OpenScreen, type Screenful, type Target } from '../ports.ts';
import type { TerminalEnd } from '../protocol.ts';
import { type ConsoleParts, type OpenedConsole, openConsole } from './open.ts';
import { silentClose } from './refusals.ts';

/** The server speaks first: `RFB 003.008\n` (RFC 6143, 7.1.1). */
const greeting = 'RFB ';
const greetingMs = 10_000;
const maxUnsentBytes = 4 * 1024 * 1024;

/** Screens of instances. What passes is not read here, but for the first bytes, which tell whether a screen answers at all. */
export function createScreenOpener(parts: ConsoleParts): OpenScreen {
  return async ({ target, talk, signal }) => {
    const opened = await openConsole(parts, 'novnc', { target, say: (detail) => talk.say(detail), signal });
    talk.say('waiting for the screen');
    const first = await firstBytes(opened, target, signal);
    return screenful(opened, target, first);
  };
}

/** Those that came with the greeting; the socket is paused behind them. */
function firstBytes({ socket, host }: OpenedConsole, target: Target, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const fail = (detail: string) => {
      settle();
      socket.close();
      reject(new OpenFailed({ reason: 'unreachable', detail }));
    };
    const timer = setTimeout(() => fail(`The screen of ${target.name} does not answer behind the console proxy at ${host}.`), greetingMs);
    const abort = () => fail('It was not waited for any longer.');
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    socket.onClose(() => fail(silentClose(target, 'novnc')));
    socket.onData((bytes) => {
      seen = Buffer.concat([seen, bytes]);
      const start = seen.subarray(0, greeting.length).toString('latin1');
      if (!greeting.startsWith(start)) fail(`What answers behind the console proxy at ${host} is no screen: it does not speak RFB.`);
      else if (seen.length >= greeting.length) {
        socket.pause();
        settle();
        resolve(seen);
      }
    });
  });
}

function screenful({ socket, host }: OpenedConsole, target: Target, first: Buffer): Screenful {
  let ended: TerminalEnd | undefined;
  let tell: ((end: TerminalEnd) => void) | undefined;
  let isPaused = true;

  function end(how: TerminalEnd): void {
    if (ended) return;
    ended = how;
    socket.close();
    tell?.(how);
  }
  socket.onClose(() => {
    end({
      reason: 'lost',
      detail: `The console proxy at ${host} closed the screen of ${target.name}: the instance was stopped, or the proxy ended it.`,
    });
  });
  return {
    label: `screen of ${target.name} by ${host}`,
    onData(call) {
      // Still paused: nothing comes before what came first, and nothing after if the listener wants it so.
      socket.onData(call);
      isPaused = false;
      call(first);
      if (!isPaused) socket.resume();
    },
    onEnd(call) {
      tell = call;
      if (ended) call(ended);
    },
    write(bytes) {
      socket.write(bytes);
      if (socket.unsent > maxUnsentBytes) end({ reason: 'lost', detail: `The screen of ${target.name} takes no more input.` });
    },
    pause() {
      isPaused = true;
      socket.pause();
    },
    resume: () => socket.resume(),
    end: () => end({ reason: 'closed', detail: 'The screen was closed.' }),
  };
}
