import type { ClientChannel } from 'ssh2';

/**
 * How much a host may send before we have taken it. ssh2 lets it send 2 MiB, which a page draws for half a second: too long to wait behind when
 * somebody has pressed Ctrl-C.
 */
export const windowBytes = 256 * 1024;

/** What of ssh2 1.17.0 has no other way to it. A test of a flood, which holds the bound against a paused terminal, fails when it changes. */
interface Inside {
  readonly incoming: { window: number };
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _client: {
    readonly _sock: { readonly writable: boolean };
    readonly _protocol: { channelWindowAdjust(id: number, bytes: number): void };
  };
}

/** Takes the window of a channel that was just opened over from ssh2. Returns what to call with the size of all that was taken. */
export function keepWindowSmall(channel: ClientChannel): (bytes: number) => void {
  const { incoming, outgoing, _client: client } = channel as unknown as Inside;
  let mayCome = incoming.window;
  // ssh2 opens a window again when it falls below a half, which this one never does.
  incoming.window = Number.MAX_SAFE_INTEGER;
  return (bytes) => {
    mayCome -= bytes;
    if (mayCome > windowBytes / 2) return;
    const { _protocol: protocol, _sock: socket } = client;
    // Nobody is there to be told any more.
    if (outgoing.state !== 'open' || !socket.writable) return;
    protocol.channelWindowAdjust(outgoing.id, windowBytes - mayCome);
    mayCome = windowBytes;
  };
}
