import type { OpenOptions, OpenRemote, Remote, Target } from '../ports.ts';
import { OpenFailed } from '../ports.ts';
import type { TerminalEnd } from '../protocol.ts';
import { type ConsoleParts, type OpenedConsole, openConsole } from './open.ts';
import { silentClose } from './refusals.ts';

/** What is written and not taken by the proxy; more ends the console. */
const maxUnsentBytes = 1024 * 1024;

interface InUse {
  readonly actor: string;
  end(detail: string): void;
}

/**
 * Serial consoles. A serial port has room for one: QEMU lets a second connection wait, without a word, until the first is gone. So whoever
 * comes second is asked, and then the first is ended with words; one's own is ended without being asked.
 */
export function createSerialOpener(parts: ConsoleParts): OpenRemote {
  const inUse = new Map<string, InUse>();

  return async (options) => {
    const { target, actor } = options;
    const port = `${target.cluster} ${target.serverId}`;
    const before = inUse.get(port);
    if (before && before.actor !== actor) await mayEnd(before, options);
    inUse.get(port)?.end(`${actor} opened the serial console of ${target.name}, and a serial port has room for one.`);
    const opened = await openConsole(parts, 'serial', { target, say: (detail) => options.talk.say(detail), signal: options.signal });
    // Somebody else may have come while we were connecting.
    inUse.get(port)?.end(`${actor} opened the serial console of ${target.name}, and a serial port has room for one.`);
    const remote = serialRemote(opened, target);
    const mine: InUse = { actor, end: (detail) => remote.endedByOther(detail) };
    inUse.set(port, mine);
    remote.onRelease(() => {
      if (inUse.get(port) === mine) inUse.delete(port);
    });
    return remote;
  };
}

async function mayEnd({ actor }: InUse, { target, talk }: OpenOptions): Promise<void> {
  const answers = await talk.ask({
    title: `${actor} has the serial console of ${target.name} open`,
    instructions: `A serial port has room for one. If you go on, the console of ${actor} is closed, and ${actor} is told that you did it.`,
    prompts: [],
  });
  if (!answers) throw new OpenFailed({ reason: 'closed', detail: `The serial console of ${target.name} was left to ${actor}.` });
}

interface SerialRemote extends Remote {
  endedByOther(detail: string): void;
  onRelease(call: () => void): void;
}

/** No resize: a serial line does not tell its size; inside, `stty rows R cols C` sets it. */
function serialRemote({ socket, host }: OpenedConsole, target: Target): SerialRemote {
  let ended: TerminalEnd | undefined;
  let tell: ((end: TerminalEnd) => void) | undefined;
  let release = (): void => undefined;

  function end(how: TerminalEnd): void {
    if (ended) return;
    ended = how;
    release();
    socket.close();
    tell?.(how);
  }
  socket.onClose(({ saidNothing }) => {
    const hungUp = `The console proxy at ${host} closed the serial console of ${target.name}: the instance was stopped, or the proxy ended it.`;
    end({ reason: 'lost', detail: saidNothing ? silentClose(target, 'serial') : hungUp });
  });
  return {
    label: `serial console of ${target.name} by ${host}`,
    onData: (call) => socket.onData(call),
    onEnd(call) {
      tell = call;
      if (ended) call(ended);
    },
    write(bytes) {
      socket.write(bytes);
      if (socket.unsent > maxUnsentBytes) end({ reason: 'lost', detail: `The serial console of ${target.name} takes no more input.` });
    },
    resize: () => undefined,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: () => end({ reason: 'closed', detail: 'The serial console was closed.' }),
    endedByOther: (detail) => end({ reason: 'ended-by', detail }),
    onRelease(call) {
      release = call;
    },
  };
}
