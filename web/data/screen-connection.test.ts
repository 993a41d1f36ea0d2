import { describe, expect, it } from 'vitest';
import type { TerminalEnd } from '#api/terminal/protocol.ts';
import { Problem } from './http.ts';
import { ScreenConnection } from './screen-connection.ts';
import type { StreamState } from './terminal-stream.ts';

/** A server in the test's hand, and a clock that stands still until it is turned. */
function world(first = true) {
  const states: StreamState[] = [];
  const tickets: string[] = [];
  let timers: { call: () => void; at: number }[] = [];
  let now = 0;
  let open: { opened(): void; closed(code: number): void } | undefined;
  const server = { end: undefined as TerminalEnd | undefined, refusal: undefined as unknown, dropped: 0, issued: 0 };
  const ticketOf = (ticket: string) => ({ ticket, expiresAt: '', stream: '/stream' });
  const screen = new ScreenConnection(
    {
      connect({ ticket }, told) {
        tickets.push(ticket);
        open = told;
        return () => (server.dropped += 1);
      },
      async ticket() {
        if (server.refusal !== undefined) throw server.refusal;
        server.issued += 1;
        return ticketOf(`ticket-${server.issued}`);
      },
      fate: async () => server.end,
      later(call, ms) {
        const timer = { call, at: now + ms };
        timers.push(timer);
        return () => (timers = timers.filter((one) => one !== timer));
      },
      now: () => now,
      random: () => 1,
    },
    (state) => states.push(state),
    first ? ticketOf('first') : undefined,
  );
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    states,
    tickets,
    server,
    screen,
    settled,
    opened: () => open?.opened(),
    async closed(code: number) {
      open?.closed(code);
      await settled();
    },
    async pass(ms: number) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { call } of due) call();
      await settled();
    },
    waiting: () => timers.length,
  };
}

const last = (states: readonly StreamState[]) => states.at(-1);

describe('the connection of a screen', () => {
  it('begins with the ticket the terminal came with, and asks for others after that', async () => {
    const { screen, tickets, opened, closed, pass, states } = world();
    screen.begin();
    opened();
    expect(states).toEqual([{ is: 'open' }]);
    await closed(1006);
    expect(last(states)).toEqual({ is: 'away', retryAt: 500 });
    await pass(500);
    opened();
    expect([tickets, last(states)]).toEqual([['first', 'ticket-1'], { is: 'open' }]);
  });

  it('waits longer each time, and not at all when somebody asks', async () => {
    const { screen, closed, pass, states, tickets } = world();
    screen.begin();
    await closed(1006);
    await pass(500);
    await closed(1006);
    expect(last(states)).toEqual({ is: 'away', retryAt: 1500 });
    screen.again();
    await pass(0);
    expect(tickets).toHaveLength(3);
  });

  it('tells how it ended, as the server has it', async () => {
    const { screen, server, closed, states, waiting } = world();
    server.end = { reason: 'lost', detail: 'the instance was stopped' };
    screen.begin();
    await closed(4000);
    expect([last(states), waiting()]).toEqual([{ is: 'ended', end: server.end }, 0]);
  });

  it('does not fight over the screen with another page', async () => {
    const { screen, closed, pass, states, tickets, opened } = world();
    screen.begin();
    await closed(4009);
    await pass(600_000);
    expect([last(states), tickets.length]).toEqual([{ is: 'taken' }, 1]);
    screen.again();
    await pass(0);
    opened();
    expect(states.slice(-2)).toEqual([{ is: 'connecting' }, { is: 'open' }]);
  });

  it('ends when the server gives out no ticket any more, and goes on trying while it only cannot', async () => {
    const { screen, server, states, pass, settled } = world(false);
    server.refusal = new TypeError('no network');
    screen.begin();
    await settled();
    expect(last(states)?.is).toBe('away');
    server.refusal = new Problem(410, { title: 'TerminalGone', detail: 'gone' });
    await pass(500);
    expect(last(states)).toEqual({ is: 'ended', end: { reason: 'lost', detail: 'gone' } });
  });

  it('does nothing more once it was left', async () => {
    const { screen, server, closed, pass, tickets, waiting } = world();
    screen.begin();
    screen.close();
    expect(server.dropped).toBe(1);
    await closed(1006);
    await pass(60_000);
    expect([tickets.length, waiting()]).toEqual([1, 0]);
  });
});
