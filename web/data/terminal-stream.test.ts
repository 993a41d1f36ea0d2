import { describe, expect, it } from 'vitest';
import type { ServerFrame } from '#api/terminal/protocol.ts';
import { seededRandom } from '#tests/parts/random.ts';
import { Problem } from './http.ts';
import { type Socket, type StreamOptions, type StreamState, TerminalStream } from './terminal-stream.ts';

const ringBytes = 200;

/** A terminal as the server keeps it: counted output, of which the end is kept; and time, the network and the pace of drawing in a test's hand. */
function world({ random = (() => 1) as () => number, purpose = 'attach' as StreamOptions['purpose'], credentials = {} } = {}) {
  let output = '';
  let time = 0;
  let waiting: { call: () => void; at: number }[] = [];
  let drawing: (() => void)[] = [];
  const seen = { text: '', states: [] as StreamState[], frames: [] as ServerFrame[], restarts: 0 };
  const server = {
    isDown: false,
    isGone: false,
    tickets: 0,
    protocols: [] as (readonly string[])[],
    heard: [] as Record<string, unknown>[],
    typed: '',
    acknowledged: 0,
    socket: undefined as Socket | undefined,
    isAttached: false,
  };
  const send = (frame: ServerFrame) => server.socket?.onmessage?.({ data: JSON.stringify(frame) });
  const bytes = (text: string) => server.socket?.onmessage?.({ data: new TextEncoder().encode(text).buffer });
  const attach = (since: number | undefined) => {
    server.isAttached = true;
    const from = since !== undefined && since >= output.length - ringBytes && since <= output.length ? since : undefined;
    const snapshot = from === undefined ? output : '';
    send({ type: 'attached', at: from ?? output.length, snapshot: snapshot.length, cols: 80, rows: 24 });
    send({ type: 'state', state: 'open' });
    const rest = snapshot || output.slice(from);
    // A slow network cuts where it likes.
    const cut = Math.floor(random() * rest.length);
    for (const part of [rest.slice(0, cut), rest.slice(cut)]) if (part !== '') bytes(part);
  };
  const stream = new TerminalStream(
    {
      open(_, protocols) {
        server.protocols.push(protocols);
        const socket: Socket = {
          binaryType: '',
          bufferedAmount: 0,
          onopen: null,
          onmessage: null,
          onclose: null,
          send(data) {
            if (typeof data !== 'string') server.typed += new TextDecoder().decode(data);
            else {
              const frame = JSON.parse(data) as Record<string, unknown>;
              server.heard.push(frame);
              if (frame['type'] === 'attach') attach(frame['since'] as number | undefined);
              if (frame['type'] === 'ack') server.acknowledged = frame['at'] as number;
            }
          },
          close: () => undefined,
        };
        server.socket = socket;
        server.isAttached = false;
        return socket;
      },
      async ticket() {
        server.tickets += 1;
        if (server.isGone) throw new Problem(410, { title: 'TerminalGone', detail: 'It has ended.' });
        if (server.isDown) throw new Problem(0, { title: 'Unreachable' });
        return { ticket: `t${server.tickets}`, expiresAt: '', stream: '/stream' };
      },
      fate: async () => ({ reason: 'left', detail: 'Nobody came back.' }),
      later(call, ms) {
        const one = { call, at: time + ms };
        waiting.push(one);
        return () => {
          waiting = waiting.filter((other) => other !== one);
        };
      },
      now: () => time,
      random: () => 1,
    },
    {
      changed: (state) => seen.states.push(state),
      restart() {
        seen.restarts += 1;
        seen.text = '';
      },
      draw(drawn, done) {
        seen.text += new TextDecoder().decode(drawn);
        drawing.push(done);
      },
      told: (frame) => seen.frames.push(frame),
    },
    { purpose, size: { cols: 80, rows: 24 }, ticket: { ticket: 'first', expiresAt: '', stream: '/stream' }, credentials },
  );
  return {
    stream,
    seen,
    server,
    say: send,
    write(text: string) {
      output += text;
      if (server.isAttached) bytes(text);
    },
    written: () => output,
    come() {
      const socket = server.socket;
      if (!server.isAttached) socket?.onopen?.();
    },
    cut(code = 1006, reason = '') {
      const socket = server.socket;
      server.socket = undefined;
      server.isAttached = false;
      socket?.onclose?.({ code, reason });
    },
    draw() {
      for (const done of drawing.splice(0)) done();
    },
    async pass(ms: number) {
      time += ms;
      const due = waiting.filter(({ at }) => at <= time);
      waiting = waiting.filter((one) => !due.includes(one));
      for (const { call } of due) call();
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
  };
}

describe('the stream of a terminal', () => {
  it('comes in by its ticket, which stands in no address, and gives the secrets once', async () => {
    const { stream, server, come, cut, pass } = world({ credentials: { password: 'tea' } });
    stream.begin();
    await pass(0);
    expect(server.protocols).toEqual([['stackwarden.terminal.v1', 'stackwarden.ticket.first']]);
    come();
    cut();
    await pass(500);
    come();
    const attached = server.heard.filter(({ type }) => type === 'attach');
    expect(attached.map(({ credentials, since }) => ({ credentials, since }))).toEqual([
      { credentials: { password: 'tea' }, since: undefined },
      { credentials: undefined, since: 0 },
    ]);
    expect(server.tickets).toBe(1);
  });

  it('acknowledges what is drawn, and nothing before', async () => {
    const { stream, server, come, write, draw, pass } = world();
    stream.begin();
    await pass(0);
    come();
    write('x'.repeat(100_000));
    expect(server.acknowledged).toBe(0);
    draw();
    expect(server.acknowledged).toBe(100_000);
  });

  it('types only where it is received at once', async () => {
    const { stream, server, come, cut, pass } = world();
    stream.begin();
    await pass(0);
    expect(stream.type('early')).toBe(false);
    come();
    expect(stream.type('ls\r')).toBe(true);
    cut();
    expect(stream.type('rm -rf build\r')).toBe(false);
    await pass(500);
    come();
    expect(server.typed).toBe('ls\r');
  });

  it('types nothing for who watches', async () => {
    const { stream, server, come, pass } = world({ purpose: 'watch' });
    stream.begin();
    await pass(0);
    come();
    expect(stream.type('ls\r')).toBe(false);
    stream.resize(100, 30);
    expect([server.typed, server.heard.filter(({ type }) => type === 'resize')]).toEqual(['', []]);
  });

  it('waits longer each time the server cannot be reached, and goes on where it was', async () => {
    const { stream, server, seen, come, cut, write, pass } = world();
    stream.begin();
    await pass(0);
    come();
    write('before ');
    server.isDown = true;
    cut();
    const waits: number[] = [];
    for (let step = 0; step < 7; step += 1) {
      const state = seen.states.at(-1);
      if (state?.is !== 'away') throw new Error(`it is ${state?.is}`);
      const tried = server.tickets;
      await pass(state.retryAt - waits.reduce((sum, one) => sum + one, 0));
      waits.push(state.retryAt - waits.reduce((sum, one) => sum + one, 0));
      expect(server.tickets).toBe(tried + 1);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    write('meanwhile ');
    server.isDown = false;
    await pass(15_000);
    come();
    write('after');
    expect([seen.text, seen.restarts, seen.states.at(-1)]).toEqual(['before meanwhile after', 0, { is: 'open' }]);
  });

  it('ends, and says why, when the server keeps it no more', async () => {
    const { stream, server, seen, come, cut, pass } = world();
    stream.begin();
    await pass(0);
    come();
    server.isGone = true;
    cut();
    await pass(500);
    await pass(60_000);
    expect(seen.states.at(-1)).toEqual({ is: 'ended', end: { reason: 'left', detail: 'Nobody came back.' } });
    expect(server.tickets).toBe(1);
  });

  it('gives up after an hour without the server', async () => {
    const { stream, server, seen, come, cut, pass } = world();
    stream.begin();
    await pass(0);
    come();
    server.isDown = true;
    cut();
    for (let minute = 0; minute < 70; minute += 1) await pass(60_000);
    const { tickets } = server;
    expect(seen.states.at(-1)).toMatchObject({ is: 'ended', end: { reason: 'left' } });
    await pass(3_600_000);
    expect(server.tickets).toBe(tickets);
  });

  it('lets another page have it, and takes it back only when asked', async () => {
    const { stream, server, seen, come, cut, pass } = world();
    stream.begin();
    await pass(0);
    come();
    cut(4009);
    await pass(60_000);
    expect([seen.states.at(-1), server.tickets]).toEqual([{ is: 'taken' }, 0]);
    stream.again();
    await pass(0);
    come();
    expect([seen.states.at(-1), server.tickets]).toEqual([{ is: 'open' }, 1]);
  });

  it('tells how it ended, and does not come back', async () => {
    const { stream, server, seen, come, say, cut, pass } = world();
    stream.begin();
    await pass(0);
    come();
    say({ type: 'ended', reason: 'closed', detail: 'The shell ended.', exitCode: 3 });
    cut(4000);
    await pass(60_000);
    expect(seen.states.at(-1)).toEqual({ is: 'ended', end: { reason: 'closed', detail: 'The shell ended.', exitCode: 3 } });
    expect(server.tickets).toBe(0);
  });

  it('shows every byte once, whatever happens to the network', async () => {
    const random = seededRandom('the stream of a terminal');
    for (let run = 0; run < 40; run += 1) {
      const { stream, server, seen, come, cut, write, written, draw, pass } = world({ random });
      stream.begin();
      for (let step = 0; step < 60; step += 1) {
        const die = random();
        if (die < 0.4) write(`${step}:${'.'.repeat(Math.floor(random() * 120))} `);
        else if (die < 0.55) cut();
        else if (die < 0.65) draw();
        else if (die < 0.7) stream.lost();
        else if (die < 0.75) server.isDown = !server.isDown;
        else if (die < 0.9) await pass(20_000);
        else stream.again();
        if (random() < 0.7) come();
      }
      server.isDown = false;
      cut();
      await pass(0);
      await pass(20_000);
      come();
      draw();
      expect(seen.text).toBe(written());
      expect(server.acknowledged).toBeLessThanOrEqual(written().length);
    }
  });
});
