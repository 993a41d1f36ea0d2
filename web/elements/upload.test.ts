import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../data/http.ts';
import { pieceBytes, Upload } from './upload.ts';

/** A host that keeps what it is sent, and a network that fails as often as told: before or after a piece has come through, or in the middle. */
function createHost({ there = 0, fails = [] as readonly ('before' | 'after' | 'resent' | 'refused')[] } = {}) {
  let kept = there;
  const pieces: (readonly [offset: number, bytes: number])[] = [];
  const waits: number[] = [];
  const schedule = [...fails];
  let clock = 0;
  return {
    pieces,
    waits,
    kept: () => kept,
    deps: {
      partial: async () => kept,
      put: async ({ bytes, offset, sent }: { bytes: Blob; offset: number; sent: (count: number) => void }) => {
        const fail = schedule.shift();
        clock += 1000;
        if (fail === 'refused') throw new Problem(409, { title: 'FileRefused', detail: 'No space left there.' });
        if (fail === 'before') throw new Problem(0, { title: 'Unreachable' });
        if (offset !== 0 && offset !== kept) throw new Error(`a hole: ${kept} bytes are there, and ${offset} was written`);
        if (fail === 'resent' && offset > 0) {
          kept = offset + Math.floor(bytes.size / 2);
          throw new Problem(409, { title: 'UploadOutdated' });
        }
        sent(bytes.size);
        kept = offset + bytes.size;
        pieces.push([offset, bytes.size]);
        if (fail === 'after') throw new Problem(0, { title: 'Unreachable' });
        return kept;
      },
      changed: () => undefined,
      now: () => clock,
      wait: async (ms: number) => void waits.push(ms),
    },
  };
}

const fileOf = (size: number) => ({
  name: 'a',
  path: '/a',
  bytes: { size, slice: (from: number, to: number) => blob(from, to, size) } as Blob,
});
const blob = (from: number, to: number, size: number) => ({ size: Math.max(0, Math.min(to, size) - from) }) as Blob;

describe('an upload', () => {
  it('sends every byte once it is over, however often the network fails', async () => {
    const schedule = fc.array(fc.constantFrom('before' as const, 'after' as const, 'resent' as const), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 5 * pieceBytes }), schedule, async (size, fails) => {
        const host = createHost({ fails });
        const upload = new Upload({ ...fileOf(size), mayResume: false }, host.deps);
        await upload.run();
        expect([upload.state, host.kept(), upload.sentBytes]).toEqual(['done', size, size]);
        expect(host.waits.every((ms) => ms >= 1000 && ms <= 30_000)).toBe(true);
      }),
    );
  });

  it('goes on where one before it ended', async () => {
    const host = createHost({ there: pieceBytes + 5 });
    await new Upload({ ...fileOf(2 * pieceBytes), mayResume: true }, host.deps).run();
    expect(host.pieces).toEqual([[pieceBytes + 5, pieceBytes - 5]]);
  });

  it('begins anew where it is not known to be the same file, or more is there than it has', async () => {
    const other = createHost({ there: 5 });
    await new Upload({ ...fileOf(10), mayResume: false }, other.deps).run();
    expect(other.pieces).toEqual([[0, 10]]);
    const longer = createHost({ there: 50 });
    await new Upload({ ...fileOf(10), mayResume: true }, longer.deps).run();
    expect(longer.pieces).toEqual([[0, 10]]);
  });

  it('says why it was refused, and does not insist', async () => {
    const host = createHost({ fails: ['refused'] });
    const upload = new Upload({ ...fileOf(10), mayResume: false }, host.deps);
    await upload.run();
    expect(upload).toMatchObject({ state: 'failed', problem: { message: 'No space left there.' } });
    expect(host.waits).toEqual([]);
  });

  it('stops when paused, and sends the rest when woken', async () => {
    const host = createHost();
    const upload = new Upload(
      { ...fileOf(3 * pieceBytes), mayResume: false },
      {
        ...host.deps,
        put: async (piece) => {
          const there = await host.deps.put(piece);
          if (there === pieceBytes) upload.pause();
          return there;
        },
      },
    );
    await upload.run();
    expect([upload.state, host.kept()]).toEqual(['paused', pieceBytes]);
    upload.wake();
    await upload.run();
    expect([upload.state, host.kept()]).toEqual(['done', 3 * pieceBytes]);
  });
});
