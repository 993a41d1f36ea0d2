import type { TerminalEnd } from '#api/terminal/protocol.ts';
import type { Socket, StreamDeps } from '../data/terminal-stream.ts';
import { fetchTerminal, newTicket } from '../data/terminals.ts';

/** What a stream needs of a browser and of the server. */
export function streamDeps(id: string, purpose: 'attach' | 'watch'): StreamDeps {
  return {
    open: (path, protocols) => new WebSocket(new URL(path, window.location.href), [...protocols]) as Socket,
    ticket: () => newTicket(id, purpose),
    async fate() {
      const { state, endReason, endDetail } = await fetchTerminal(id);
      return state === 'ended' && endReason !== null ? { reason: endReason as TerminalEnd['reason'], detail: endDetail ?? '' } : undefined;
    },
    later(call, ms) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    now: Date.now,
    random: Math.random,
  };
}
