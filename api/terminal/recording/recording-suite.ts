import { and, asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#migrations/store.ts';
import { seededRandom } from '#tests/parts/random.ts';
import type { TerminalEnd } from '../protocol.ts';
import { createEmulator } from './emulator.ts';
import { randomOutput } from './output.fixture.ts';
import { addTerminal, counting, recordingsOver, replay } from './recording.fixture.ts';
import { createScreen } from './screen.ts';

const closed: TerminalEnd = { reason: 'closed', detail: 'The shell ended.' };
const kilobytes = (count: number, line = 'a line of output that is like many others, yet numbered ') => {
  const lines: string[] = [];
  for (let at = 0, number = 0; at < count * 1024; number++) {
    lines.push(`${line}${number}\r\n`);
    at += line.length + 8;
  }
  return lines.join('');
};

/** What recordings promise, on each engine. `open` gives a fresh, empty database. */
export function recordingSuite(engine: string, open: () => Promise<Store>): void {
  describe(`recordings on ${engine}`, () => {
    let store: Store;
    let at: ReturnType<typeof recordingsOver>;
    beforeEach(async () => {
      store = await open();
      at = recordingsOver(store);
    });
    afterEach(() => store.close());

    const begin = async (id: string, size = { cols: 80, rows: 24 }) => {
      await addTerminal(store, id);
      return at.recordings.start({ id, ...size, title: 'debian@web-1' });
    };
    /** Output of so many chunks, sealed. */
    const record = async (id: string, chunks: number) => {
      const recorder = await begin(id);
      for (let chunk = 0; chunk < chunks; chunk++) {
        recorder.output(`chunk ${chunk} of ${id}\r\n`);
        await at.clock.advance(2000);
      }
      await at.clock.until(recorder.end(closed));
    };
    /** A chunk is on its way for as long as compressing it takes. */
    const stored = (id: string, chunks: number) => expect.poll(async () => (await row(id))?.chunks, { timeout: 10_000 }).toBe(chunks);
    const row = async (id: string) => at.recordings.terminal(id);
    const chunksOf = (id: string) => {
      const { terminalChunks: chunks } = store.tables;
      return store.db.select().from(chunks).where(eq(chunks.terminal, id)).orderBy(asc(chunks.seq));
    };

    it('gives back what was shown, byte for byte, whatever was written and when', async () => {
      const random = seededRandom(`recording on ${engine}`);
      for (let round = 0; round < 2; round++) {
        const id = `random-${round}`;
        const recorder = await begin(id);
        let written = '';
        const resizes: string[] = [];
        for (let step = 0; step < 40; step++) {
          const dice = random();
          const text = dice < 0.1 ? kilobytes(Math.floor(random() * 600)) : randomOutput(random, Math.floor(random() * 30));
          written += text;
          // Cut anywhere between characters.
          const cut = Array.from(text)
            .slice(0, Math.floor(random() * 50))
            .join('').length;
          recorder.output(text.slice(0, cut));
          recorder.output(text.slice(cut));
          if (dice > 0.9) {
            const [cols, rows] = [20 + Math.floor(random() * 100), 5 + Math.floor(random() * 40)];
            recorder.resize(cols, rows);
            resizes.push(`r ${cols}x${rows}`);
          }
          if (dice > 0.5) await at.clock.advance(Math.floor(random() * 5000));
        }
        await at.clock.until(recorder.end({ ...closed, exitCode: 0 }));
        const { output, events } = await replay(at.recordings, id);
        expect(output === written, `round ${round}: ${output.length} of ${written.length}`).toBe(true);
        expect(events.filter((event) => event.includes(' r ')).map((event) => event.replace(/^\d+ /, ''))).toEqual(resizes);
        expect(events.at(-1)).toMatch(/ x 0$/);
        expect(await at.recordings.verify(id)).toMatchObject({ ok: true });
        expect(await row(id)).toMatchObject({ recording: 'sealed', bytes: Buffer.byteLength(written) });
      }
    });

    it('shows any moment by a keyframe and the few chunks behind it', async () => {
      const recorder = await begin('seek');
      const random = seededRandom('seeking');
      const shown: { atMs: number; text: string }[] = [];
      let text = '';
      for (let step = 0; step < 40; step++) {
        const piece = kilobytes(Math.floor(random() * 300), `step ${step} `);
        text += piece;
        recorder.output(piece);
        shown.push({ atMs: step * 3000, text });
        await at.clock.advance(3000);
      }
      await at.clock.until(recorder.end(closed));
      const counted = counting(store);
      const { recordings } = recordingsOver(counted.store);
      const opened = await recordings.open('seek');
      if (!opened) throw new Error('unreachable');
      const { chunks, keyframes } = await recordings.describe(opened);
      expect(keyframes.length).toBeGreaterThan(3);
      for (const { atMs, text: whole } of shown.filter((_, index) => index % 7 === 3)) {
        const read = counted.chunksRead();
        const start = keyframes.findLast((one) => one.atMs <= atMs);
        const keyframe = start && (await recordings.keyframe(opened, start.seq));
        const first = start?.seq ?? 0;
        const limit = chunks.filter(({ seq, fromMs }) => seq > first && fromMs <= atMs).length;
        const size = { cols: 80, rows: 24 };
        const terminal = createEmulator(size);
        const draw = (piece: string) => new Promise<void>((done) => terminal.write(piece, done));
        await draw(keyframe?.screen ?? '');
        let when = 0;
        for await (const { fromMs, lines } of recordings.output(opened, { from: first, limit })) {
          when = fromMs;
          for (const line of lines.trim().split('\n')) {
            const [interval, code, data] = JSON.parse(line) as [number, string, string];
            when += Math.round(interval * 1000);
            if (code === 'o' && when <= atMs) await draw(data);
          }
        }
        const fresh = createScreen(size);
        fresh.write(whole);
        const again = createEmulator(size);
        const picture = await fresh.snapshot();
        await new Promise<void>((done) => again.write(picture, done));
        const screenOf = (one: typeof terminal) =>
          Array.from({ length: 24 }, (_, y) => one.buffer.active.getLine(one.buffer.active.baseY + y)?.translateToString(true));
        expect(screenOf(terminal)).toEqual(screenOf(again));
        expect(counted.chunksRead() - read).toBeGreaterThan(0);
        expect(counted.chunksRead() - read).toBeLessThanOrEqual(12);
      }
    });

    it('is an asciicast v3 with intervals that come to its length', async () => {
      const recorder = await begin('cast', { cols: 100, rows: 30 });
      recorder.output('$ ');
      await at.clock.advance(1500);
      recorder.output('ls\r\n');
      recorder.resize(90, 20);
      recorder.mark('ls');
      await at.clock.advance(4250);
      recorder.output('中文 "quoted" \u0007\r\n');
      await at.clock.until(recorder.end({ ...closed, exitCode: 2 }));
      const opened = await at.recordings.open('cast');
      let text = '';
      if (opened) for await (const piece of at.recordings.cast(opened)) text += piece;
      const [header, ...events] = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      expect(header).toEqual({
        version: 3,
        term: { cols: 100, rows: 30, type: 'xterm-256color' },
        timestamp: 1_795_474_198,
        title: 'debian@web-1',
      });
      expect(events).toEqual([
        [0, 'o', '$ '],
        [1.5, 'o', 'ls\r\n'],
        [0, 'r', '90x20'],
        [0, 'm', 'ls'],
        [4.25, 'o', '中文 "quoted" \u0007\r\n'],
        [0, 'x', '2'],
      ]);
      expect(opened && (await at.recordings.describe(opened))).toMatchObject({
        durationMs: 5750,
        interrupted: false,
        marks: [{ atMs: 1500, label: 'ls' }],
        resizes: [{ atMs: 1500, cols: 90, rows: 20 }],
      });
    });

    it('has nothing readable in the database, nor what was typed anywhere', async () => {
      const recorder = await begin('secret');
      recorder.output('planted-output\r\nPassword: ');
      await at.clock.advance(10);
      recorder.typed('planted-password');
      recorder.typed('\r');
      await at.clock.advance(1000);
      recorder.output('\r\n$ ');
      await at.clock.until(recorder.end(closed));
      const stored = JSON.stringify([await chunksOf('secret'), await row('secret')]);
      expect(stored).not.toContain('planted');
      expect(stored).not.toContain(Buffer.from('planted-output').toString('base64').slice(0, 12));
      const opened = await at.recordings.open('secret');
      expect(opened && (await at.recordings.describe(opened)).marks).toEqual([]);
      expect(JSON.stringify(await replay(at.recordings, 'secret'))).not.toContain('planted-password');
    });

    it('can be read while it goes on, up to the last seconds', async () => {
      const recorder = await begin('live');
      recorder.output('first\r\n');
      recorder.mark('one');
      await at.clock.advance(2000);
      await stored('live', 2);
      recorder.output('not stored yet');
      expect((await replay(at.recordings, 'live')).output).toBe('first\r\n');
      const opened = await at.recordings.open('live');
      expect(opened && (await at.recordings.describe(opened))).toMatchObject({ marks: [{ label: 'one' }], chunks: [{ seq: 1 }] });
      expect(await at.recordings.verify('live')).toEqual({ ok: true, chunks: 2 });
      await at.clock.until(recorder.end(closed));
      expect((await replay(at.recordings, 'live')).output).toBe('first\r\nnot stored yet');
    });

    it('is sealed as interrupted when its process is gone, and then ends for whoever still writes', async () => {
      const recorder = await begin('gone');
      let failure = '';
      recorder.onFailure((error) => (failure = error.message));
      recorder.output('before\r\n');
      recorder.resize(100, 40);
      await at.clock.advance(2000);
      await stored('gone', 2);
      await at.recordings.recover('gone');
      expect(await row('gone')).toMatchObject({ recording: 'interrupted' });
      const opened = await at.recordings.open('gone');
      expect(opened?.manifest).toMatchObject({ interrupted: true, resizes: [{ cols: 100, rows: 40 }] });
      expect(await at.recordings.verify('gone')).toEqual({ ok: true, chunks: 2 });
      recorder.output('after\r\n');
      await at.clock.until(recorder.end(closed));
      expect(failure).toMatch(/taken over/);
      expect((await replay(at.recordings, 'gone')).output).toBe('before\r\n');
      expect(await row('gone')).toMatchObject({ recording: 'interrupted' });
    });

    it('tells once that it could not be stored, and is failed with what there is', async () => {
      const recorder = await begin('full');
      const failures: string[] = [];
      recorder.onFailure((error) => failures.push(error.message));
      recorder.output('kept\r\n');
      await at.clock.advance(2000);
      await stored('full', 2);
      // In the way of the next chunk.
      const [last] = (await chunksOf('full')).slice(-1);
      if (!last) throw new Error('nothing was stored');
      await store.db.insert(store.tables.terminalChunks).values({ ...last, seq: last.seq + 1 });
      recorder.output('lost\r\n');
      await at.clock.advance(2000);
      await at.clock.until(recorder.end(closed));
      expect(failures.length).toBe(1);
      expect(recorder.backlog).toBe(0);
      expect(await row('full')).toMatchObject({ recording: 'failed' });
      expect((await replay(at.recordings, 'full').catch(() => ({ output: '' }))).output).toBe('');
      expect(await at.recordings.verify('full')).toMatchObject({ ok: false, problem: { seq: 2, what: 'moved' } });
      expect(at.logged).toContain('error a recording could not be stored');
    });

    it('is begun once for a terminal', async () => {
      await begin('once');
      await expect(at.recordings.start({ id: 'once', cols: 80, rows: 24, title: '' })).rejects.toThrow('begun before');
      await expect(at.recordings.start({ id: 'never-made', cols: 80, rows: 24, title: '' })).rejects.toThrow('begun before');
    });

    it('counts what waits to be stored, and says when it is little again', async () => {
      const recorder = await begin('flood');
      recorder.output(kilobytes(4096));
      expect(recorder.backlog).toBeGreaterThan(2 * 1024 * 1024);
      await at.clock.until(new Promise<void>((done) => recorder.onDrain(done)));
      expect(recorder.backlog).toBeLessThan(512 * 1024);
      await at.clock.until(recorder.end(closed));
    });

    it('finds lines whatever their colours, with the time they were there', async () => {
      const recorder = await begin('search');
      recorder.output('$ cat log\r\n\u001b[31mErr\u001b[1mor\u001b[0m: disk full\r\n');
      await at.clock.advance(2000);
      recorder.output('fine\r\nan er');
      await at.clock.advance(2000);
      recorder.output('ror across chunks\r\n');
      await at.clock.until(recorder.end(closed));
      const opened = await at.recordings.open('search');
      const find = (text: string, limit = 10) => opened && at.recordings.search(opened, { text, limit });
      expect(await find('error')).toEqual({
        items: [
          { atMs: 0, line: 'Error: disk full' },
          { atMs: 4000, line: 'an error across chunks' },
        ],
        isCut: false,
      });
      expect(await find('e', 2)).toMatchObject({ isCut: true, items: { length: 2 } });
      expect(await find('nowhere')).toEqual({ items: [], isCut: false });
    });

    describe('that was tampered with in the database', () => {
      const problem = async (id = 'a') => (await at.recordings.verify(id))?.problem;
      const chunk = async (seq: number, id = 'a') => (await chunksOf(id)).find((one) => one.seq === seq) ?? expect.fail(`no chunk ${seq}`);
      const put = async (seq: number, values: object, id = 'a') => {
        const { terminalChunks: chunks } = store.tables;
        await store.db
          .update(chunks)
          .set(values)
          .where(and(eq(chunks.terminal, id), eq(chunks.seq, seq)));
      };
      const drop = async (seq: number, id = 'a') => {
        const { terminalChunks: chunks } = store.tables;
        await store.db.delete(chunks).where(and(eq(chunks.terminal, id), eq(chunks.seq, seq)));
      };
      const set = (values: object, id = 'a') =>
        store.db.update(store.tables.terminals).set(values).where(eq(store.tables.terminals.id, id));
      /** What is read up to the damage. */
      const readable = async () => {
        const opened = await at.recordings.open('a');
        let seqs = '';
        try {
          if (opened) for await (const { seq } of at.recordings.output(opened)) seqs += `${seq} `;
          return seqs;
        } catch (error) {
          return `${seqs}${(error as Error).name}`;
        }
      };
      beforeEach(async () => {
        await record('a', 6);
        await record('b', 6);
      });

      it('is whole at first', async () => {
        expect(await at.recordings.verify('a')).toEqual({ ok: true, chunks: 7 });
        expect(await readable()).toBe('1 2 3 4 5 6 ');
      });
      it.each([10, 40, 90])('tells an altered letter, %s from the end', async (from) => {
        const { data } = await chunk(3);
        const index = data.length - from;
        await put(3, { data: `${data.slice(0, index)}${data[index] === 'A' ? 'B' : 'A'}${data.slice(index + 1)}` });
        expect(await problem()).toEqual({ seq: 3, what: 'altered' });
        expect(await readable()).toBe('1 2 BrokenRecording');
      });
      it.each([
        ['fromMs', { fromMs: 1 }],
        ['untilMs', { untilMs: 999_999 }],
        ['bytes', { bytes: 1 }],
        ['hash', { hash: 'ab'.repeat(32) }],
      ])('tells another %s', async (_, values) => {
        await put(3, values);
        expect(await problem()).toMatchObject({ seq: 3, what: 'altered' });
      });
      it('tells another kind', async () => {
        await put(3, { data: (await chunk(3)).data.replace(/^o/, 'k') });
        expect(await problem()).toEqual({ seq: 3, what: 'altered' });
        expect(await readable()).toBe('1 2 BrokenRecording');
      });
      it('tells a chunk that is gone', async () => {
        await drop(3);
        expect(await problem()).toEqual({ seq: 3, what: 'missing' });
        expect(await readable()).toBe('1 2 BrokenRecording');
      });
      it('tells a chunk that is gone where those behind it moved up', async () => {
        await drop(3);
        for (const seq of [4, 5, 6]) await put(seq, { seq: seq - 1 });
        expect(await problem()).toEqual({ seq: 3, what: 'moved' });
      });
      it('tells two that changed places', async () => {
        const [third, fourth] = [await chunk(3), await chunk(4)];
        await put(3, { data: fourth.data, hash: fourth.hash });
        await put(4, { data: third.data, hash: third.hash });
        expect(await problem()).toEqual({ seq: 3, what: 'moved' });
        expect(await readable()).toBe('1 2 BrokenRecording');
      });
      it('tells one that is there twice', async () => {
        await store.db.insert(store.tables.terminalChunks).values({ ...(await chunk(6)), seq: 7 });
        expect(await problem()).toEqual({ seq: 7, what: 'moved' });
      });
      it('tells the end that was cut off, with the row made to fit', async () => {
        await drop(6);
        const { hash } = await chunk(5);
        await set({ chunks: 6, head: hash });
        expect(await problem()).toEqual({ seq: 6, what: 'cut' });
        expect(await readable()).toBe('1 2 3 4 5 BrokenRecording');
      });
      it('tells a manifest of another recording, one that was altered, and one that is gone', async () => {
        const other = await row('b');
        await set({ manifest: other?.manifest });
        expect(await problem()).toEqual({ seq: 0, what: 'manifest' });
        await set({ manifest: { sealed: 'AAAA' } });
        expect(await problem()).toEqual({ seq: 0, what: 'manifest' });
        await set({ manifest: null });
        expect(await problem()).toEqual({ seq: 0, what: 'manifest' });
      });
      it('tells a chunk of another recording, with its words about itself or without', async () => {
        const foreign = await chunk(3, 'b');
        await put(3, { data: foreign.data, hash: foreign.hash });
        expect(await problem()).toEqual({ seq: 3, what: 'foreign' });
        await put(3, { data: foreign.data.replace('|b|', '|a|') });
        expect(await problem()).toEqual({ seq: 3, what: 'altered' });
      });
      it('tells a whole recording that stands in place of another', async () => {
        const other = await row('b');
        const chunks = await chunksOf('b');
        for (const { seq, data, hash, bytes, fromMs, untilMs } of chunks)
          await put(seq, { data: data.replace('|b|', '|a|'), hash, bytes, fromMs, untilMs });
        await set({ recordingKey: other?.recordingKey, manifest: other?.manifest, head: other?.head });
        expect(await problem()).toEqual({ seq: 0, what: 'key' });
      });
      it('tells one that was cut while it went on, unless the row was made to fit', async () => {
        const recorder = await begin('c');
        for (const text of ['one', 'two']) {
          recorder.output(text);
          await at.clock.advance(2000);
        }
        await stored('c', 3);
        await drop(2, 'c');
        expect(await problem('c')).toEqual({ seq: 2, what: 'cut' });
        await at.recordings.recover('c');
        expect(await row('c')).toMatchObject({ recording: 'failed' });
      });
    });
  });
}
