import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CastEvent, Chunk, RecordingIndex } from '../data/recordings.ts';
import { Playback } from './playback.ts';
import { batchBytes, endOfBatch } from './player-feed.ts';

interface Recorded {
  readonly index: RecordingIndex;
  readonly events: readonly CastEvent[];
  readonly pieces: ReadonlyMap<number, readonly CastEvent[]>;
}

/** A recording of these events, so many to a piece, with a keyframe before each so manieth piece. */
function recorded(events: readonly CastEvent[], { perPiece = 3, piecesToKeyframe = 2, tailMs = 0 } = {}): Recorded {
  const pieces = new Map<number, readonly CastEvent[]>();
  const chunks: Chunk[] = [];
  const keyframes: { seq: number; atMs: number }[] = [];
  let seq = 0;
  for (let first = 0; first < events.length; first += perPiece) {
    const own = events.slice(first, first + perPiece);
    const fromMs = own[0]?.atMs ?? 0;
    if (chunks.length > 0 && chunks.length % piecesToKeyframe === 0) {
      keyframes.push({ seq, atMs: fromMs });
      seq += 1;
    }
    pieces.set(seq, own);
    chunks.push({ seq, fromMs, untilMs: own.at(-1)?.atMs ?? 0, bytes: own.reduce((sum, { data }) => sum + data.length, 0) });
    seq += 1;
  }
  const durationMs = (events.at(-1)?.atMs ?? 0) + tailMs;
  const index = { durationMs, bytes: 0, cols: 80, rows: 24, startedAt: '', isSealed: true, interrupted: false, marks: [], resizes: [] };
  return { index: { ...index, chunks, keyframes }, events, pieces };
}

/** A screen that keeps what was written since it was empty; a keyframe on it is all that was written before. */
function world({ index, pieces }: Recorded, { slowly = false } = {}) {
  let screen = '';
  let size = '';
  let undrawn = 0;
  const asked: (readonly [from: number, limit: number])[] = [];
  const before = (seq: number) => [...pieces].filter(([one]) => one < seq).flatMap(([, events]) => events);
  const playback = new Playback({
    index,
    screen: {
      reset: (cols, rows) => {
        screen = '';
        size = `${cols}x${rows}`;
      },
      resize: (cols, rows) => (size = `${cols}x${rows}`),
      write: (text, drawn) => {
        screen += text;
        undrawn += 1;
        const draw = () => {
          undrawn -= 1;
          drawn();
        };
        if (slowly) setTimeout(draw);
        else draw();
      },
    },
    async *chunks(from, limit) {
      asked.push([from, limit]);
      for (const seq of [...pieces.keys()].filter((one) => one >= from).slice(0, limit)) {
        await Promise.resolve();
        yield* pieces.get(seq) ?? [];
      }
    },
    keyframe: async (seq) => {
      const earlier = before(seq);
      const [cols = 80, rows = 24] = (earlier.findLast(({ code }) => code === 'r')?.data ?? '80x24').split('x').map(Number);
      return { atMs: index.keyframes.find((key) => key.seq === seq)?.atMs ?? 0, cols, rows, screen: outputOf(earlier) };
    },
    changed: () => undefined,
  });
  return { playback, asked, screen: () => screen, size: () => size, undrawn: () => undrawn };
}

const outputOf = (events: readonly CastEvent[]) => events.map(({ code, data }) => (code === 'o' ? data : '')).join('');

/** What the screen holds at a moment by the events alone. */
function expected(events: readonly CastEvent[], atMs: number) {
  const until = events.filter((event) => event.atMs <= atMs);
  return { screen: outputOf(until), size: until.findLast(({ code }) => code === 'r')?.data ?? '80x24' };
}

const gap = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 2000, max: 20_000 }));
const someEvent = fc.oneof(
  fc.record({ gap, code: fc.constant('o' as const), data: fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }) }),
  fc.record({ gap, code: fc.constant('r' as const), data: fc.constantFrom('100x30', '20x5') }),
  fc.record({ gap, code: fc.constant('m' as const), data: fc.constant('ls') }),
);
const recording = fc
  .record({
    events: fc.array(someEvent, { minLength: 1, maxLength: 30 }),
    perPiece: fc.integer({ min: 1, max: 5 }),
    piecesToKeyframe: fc.integer({ min: 1, max: 4 }),
    tailMs: fc.integer({ min: 0, max: 5000 }),
  })
  .map(({ events, ...shape }) => {
    let at = 0;
    return recorded(
      events.map(({ gap: since, code, data }) => ({ atMs: (at += since), code, data })),
      shape,
    );
  });
const deed = fc.oneof(
  fc.record({ seek: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ play: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ step: fc.constantFrom(1 as const, -1 as const) }),
);

describe('playing a recording', () => {
  it('shows at any moment exactly what was seen then, whatever one did before', async () => {
    await fc.assert(
      fc.asyncProperty(recording, fc.array(deed, { maxLength: 8 }), fc.boolean(), async (made, deeds, slowly) => {
        const { playback, screen, size, undrawn } = world(made, { slowly });
        await playback.seek(0);
        for (const one of deeds) {
          if ('seek' in one) await playback.seek(one.seek * made.index.durationMs);
          else if ('step' in one) await playback.step(one.step);
          else {
            playback.play();
            playback.tick(one.play);
            playback.pause();
          }
          if (playback.isBusy) await playback.seek(playback.atMs);
          if (!('play' in one)) expect(undrawn()).toBe(0);
          expect(playback.problem).toBeUndefined();
          expect({ screen: screen(), size: size() }).toEqual(expected(made.events, playback.atMs));
        }
      }),
    );
  });

  it('plays to the end by itself', async () => {
    await fc.assert(
      fc.asyncProperty(recording, async (made) => {
        const { playback, screen } = world(made);
        await playback.seek(0);
        playback.play();
        for (let ticks = 0; playback.isPlaying && ticks < 10_000; ticks++) {
          playback.tick(500);
          await new Promise((done) => setTimeout(done, 0));
        }
        expect(playback.isAtEnd).toBe(true);
        expect(screen()).toBe(outputOf(made.events));
      }),
      { numRuns: 20 },
    );
  });

  it('steps from one thing that happened to the next, and back', async () => {
    const { playback } = world(recorded([100, 200, 200, 5000].map((atMs) => ({ atMs, code: 'o' as const, data: 'x' }))));
    await playback.seek(0);
    const at: number[] = [];
    for (const direction of [1, 1, 1, -1, -1] as const) {
      await playback.step(direction);
      at.push(playback.atMs);
    }
    expect(at).toEqual([100, 200, 5000, 200, 100]);
  });

  it('asks for no more than a window of a large recording', async () => {
    const data = 'x'.repeat(256 * 1024);
    const events = Array.from({ length: 400 }, (_, n) => ({ atMs: n * 1000, code: 'o' as const, data }));
    const { playback, asked } = world(recorded(events, { perPiece: 1, piecesToKeyframe: 4 }));
    await playback.seek(0);
    await playback.seek(300_500);
    await new Promise((done) => setTimeout(done, 10));
    expect(asked.reduce((sum, [, limit]) => sum + limit, 0)).toBeLessThanOrEqual(16);
  });

  it('asks for no more than a window of a quiet one, however long it is', async () => {
    const events = Array.from({ length: 4000 }, (_, n) => ({ atMs: n * 5000, code: 'o' as const, data: 'x' }));
    const { playback, asked } = world(recorded(events, { perPiece: 1, piecesToKeyframe: 6 }));
    await playback.seek(0);
    await playback.seek(10_000_000);
    await new Promise((done) => setTimeout(done, 10));
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('says why it cannot go on, and goes on when asked again', async () => {
    const made = recorded([1, 2, 3, 4].map((n) => ({ atMs: n * 1000, code: 'o' as const, data: String(n) })));
    const { index, pieces } = made;
    let isDown = true;
    let screen = '';
    const playback = new Playback({
      index,
      screen: {
        reset: () => (screen = ''),
        resize: () => undefined,
        write: (text, drawn) => {
          screen += text;
          drawn();
        },
      },
      async *chunks(from) {
        await Promise.resolve();
        if (isDown) throw new Error('no connection');
        for (const [seq, events] of pieces) if (seq >= from) yield* events;
      },
      keyframe: () => Promise.reject(new Error('there is none')),
      changed: () => undefined,
    });
    await playback.seek(2500);
    expect(playback.problem).toMatchObject({ message: 'no connection' });
    isDown = false;
    await playback.seek(2500);
    expect(playback.problem).toBeUndefined();
    expect(screen).toBe('12');
  });
});

describe('a batch', () => {
  it('is at least one piece, else as much as it may show', () => {
    const piece = (bytes: number) => ({ seq: 0, fromMs: 0, untilMs: 0, bytes });
    expect(endOfBatch([piece(batchBytes * 3), piece(1)], 0)).toBe(1);
    expect(
      endOfBatch(
        Array.from({ length: 100 }, () => piece(1)),
        10,
      ),
    ).toBe(74);
    expect(endOfBatch([piece(batchBytes / 2), piece(batchBytes / 2), piece(1)], 0)).toBe(2);
  });
});
