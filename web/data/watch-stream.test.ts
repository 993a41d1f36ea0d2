import { describe, expect, it } from 'vitest';
import { type LiveState, type Source, WatchStream } from './watch-stream.ts';

/** A server that a test speaks for, and time that it lets pass. */
function world() {
  const opened: { url: string; isClosed: boolean; say(name: string, id: string, data?: unknown): void }[] = [];
  const states: LiveState['state'][] = [];
  let waiting: { call: () => void; at: number; isOff: boolean }[] = [];
  let time = 0;
  const stream = new WatchStream({
    open(url) {
      const listeners = new Map<string, (event: MessageEvent) => void>();
      const source = {
        url,
        isClosed: false,
        say: (name: string, id: string, data: unknown = {}) =>
          listeners.get(name)?.({ data: JSON.stringify(data), lastEventId: id } as MessageEvent),
      };
      opened.push(source);
      return {
        close: () => (source.isClosed = true),
        addEventListener: (name: string, told: (event: MessageEvent) => void) => listeners.set(name, told),
      } as unknown as Source;
    },
    told: ({ state }) => states.push(state),
    later(call, ms) {
      const one = { call, at: time + ms, isOff: false };
      waiting.push(one);
      return () => (one.isOff = true);
    },
    now: () => time,
    random: () => 1,
  });
  return {
    stream,
    opened,
    states,
    newest: () => opened.at(-1),
    pass(ms: number) {
      time += ms;
      const due = waiting.filter(({ at, isOff }) => at <= time && !isOff);
      waiting = waiting.filter((one) => !due.includes(one));
      for (const { call } of due) call();
    },
    /** A watcher that writes down what it is told. */
    watcher() {
      const told: string[] = [];
      return { told, changed: ({ key }: { key: string }) => told.push(key), reset: () => told.push('reset') };
    },
  };
}

const change = (resource: string, key: string) => ({ resource, key, body: {} });

describe('the stream of changes', () => {
  it('is one for all who watch, and tells each what it asked for', () => {
    const { stream, opened, newest, pass, watcher } = world();
    const [instances, operations] = [watcher(), watcher()];
    stream.join(['instance'], instances);
    stream.join(['operation'], operations);
    pass(50);
    expect(opened.map(({ url }) => url)).toEqual(['/api/v1/watch?types=instance%2Coperation']);
    newest()?.say('snapshot', 'a-1', { resumed: false });
    newest()?.say('change', 'a-2', change('server', 's-1'));
    newest()?.say('change', 'a-3', change('operation', 'o-1'));
    expect([instances.told, operations.told]).toEqual([
      ['reset', 's-1'],
      ['reset', 'o-1'],
    ]);
  });

  it('has only who joins later read, and goes on for the others where it was', () => {
    const { stream, opened, newest, pass, watcher } = world();
    const [first, second, third] = [watcher(), watcher(), watcher()];
    stream.join(['server'], first);
    pass(50);
    newest()?.say('snapshot', 'a-1', { resumed: false });
    stream.join(['volume'], second);
    pass(50);
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false]);
    expect(newest()?.url).toBe('/api/v1/watch?types=server%2Cvolume&since=a-1');
    newest()?.say('snapshot', 'a-4', { resumed: true });
    stream.join(['volume'], third);
    pass(50);
    expect(opened).toHaveLength(2);
    expect([first.told, second.told, third.told]).toEqual([['reset'], ['reset'], ['reset']]);
  });

  it('follows a new page at once although the one before left meanwhile', () => {
    const { stream, newest, pass, watcher } = world();
    const [before, behind] = [watcher(), watcher()];
    const leave = stream.join(['server'], before);
    pass(50);
    newest()?.say('snapshot', 'a-1', { resumed: false });
    stream.join(['volume'], behind);
    leave();
    pass(50);
    newest()?.say('snapshot', 'a-1', { resumed: true });
    expect(newest()?.url).toContain('types=volume&');
    expect([before.told, behind.told]).toEqual([['reset'], ['reset']]);
  });

  it('comes back by itself, more and more slowly, and has all read when changes were missed', () => {
    const { stream, opened, newest, pass, states, watcher } = world();
    const one = watcher();
    stream.join(['server'], one);
    pass(50);
    newest()?.say('snapshot', 'a-1', { resumed: false });
    newest()?.say('error', '');
    pass(999);
    expect(opened).toHaveLength(1);
    pass(1);
    newest()?.say('error', '');
    pass(1999);
    expect(opened).toHaveLength(2);
    pass(1);
    newest()?.say('snapshot', 'b-9', { resumed: false });
    expect(one.told).toEqual(['reset', 'reset']);
    expect(states).toEqual(['connecting', 'live', 'lost', 'live']);
  });

  it('ends with the last who watches, and hears nothing of a stream it let go', () => {
    const { stream, opened, newest, pass, states, watcher } = world();
    const one = watcher();
    const leave = stream.join(['server'], one);
    pass(50);
    newest()?.say('snapshot', 'a-1', { resumed: false });
    leave();
    pass(50);
    expect(opened[0]?.isClosed).toBe(true);
    expect(states.at(-1)).toBe('idle');
    newest()?.say('error', '');
    pass(60_000);
    expect(opened).toHaveLength(1);
  });
});
