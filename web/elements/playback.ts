import type { CastEvent, Keyframe, RecordingIndex } from '../data/recordings.ts';
import { countUpTo, type Moment, momentAfter } from './player-clock.ts';
import { PlayerFeed } from './player-feed.ts';

/** Where a recording is drawn. */
export interface PlayerScreen {
  /** An empty screen of this size. */
  reset(cols: number, rows: number): void;
  resize(cols: number, rows: number): void;
  /** `drawn`: it was taken in. */
  write(text: string, drawn: () => void): void;
}

export interface PlaybackOptions {
  readonly index: RecordingIndex;
  readonly screen: PlayerScreen;
  readonly chunks: (from: number, limit: number, signal: AbortSignal) => AsyncIterable<CastEvent>;
  readonly keyframe: (seq: number, signal: AbortSignal) => Promise<Keyframe>;
  /** Something that is shown about it is otherwise. */
  readonly changed: () => void;
}

/** What may wait to be drawn: a screen that is slower than the recording makes it wait. */
const undrawnMost = 512 * 1024;
/** Nothing for so long is idle time. */
export const idleMs = 2000;

/** Plays a recording: its clock, what is drawn when, and jumps to any moment by the keyframe before it and the few pieces behind that. */
export class Playback {
  readonly #options: PlaybackOptions;
  readonly #feed: PlayerFeed;
  #moment: Moment = { atMs: 0, sinceMs: 0 };
  #undrawn = 0;
  /** Where one wants to be, until that is shown. */
  #goal: number | undefined;
  #jump: AbortController | undefined;
  readonly #drawing = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  /** The screen shows the recording at `#moment`. */
  #isDrawing = false;
  /** Of what was shown since the last jump, for steps back. */
  #passed: number[] = [];
  isPlaying = false;
  speed = 1;
  skipsIdle = true;
  problem: unknown;

  constructor(options: PlaybackOptions) {
    this.#options = options;
    const { chunks, durationMs } = options.index;
    this.#feed = new PlayerFeed({ chunks, durationMs, fetch: options.chunks, changed: () => this.#came() });
  }

  get atMs(): number {
    return this.#goal ?? this.#moment.atMs;
  }

  get isAtEnd(): boolean {
    return this.atMs >= this.#options.index.durationMs;
  }

  /** It has to wait: for the server, or for the screen. */
  get isBusy(): boolean {
    return this.#goal !== undefined || (this.isPlaying && this.#moment.atMs >= this.#feed.knownMs);
  }

  play(): void {
    if (this.isAtEnd) void this.seek(0);
    this.isPlaying = true;
    this.#options.changed();
  }

  pause(): void {
    this.isPlaying = false;
    this.#options.changed();
  }

  /** Time went by for the viewer. */
  tick(elapsedMs: number): void {
    if (!this.isPlaying || this.#goal !== undefined || this.#undrawn > undrawnMost) return;
    const pace = { speed: this.speed, idleMs: this.skipsIdle ? idleMs : undefined };
    this.#moment = momentAfter(this.#moment, elapsedMs, this.#feed, pace);
    this.#show(this.#moment.atMs);
    if (this.isAtEnd) this.isPlaying = false;
    this.#options.changed();
  }

  /** Shows a moment; resolves when it is drawn, or another one is wanted. */
  async seek(atMs: number): Promise<void> {
    const { index } = this.#options;
    const goal = Math.round(Math.max(0, Math.min(atMs, index.durationMs)));
    this.#jump?.abort();
    const jump = new AbortController();
    this.#jump = jump;
    this.problem = undefined;
    this.#goal = goal;
    this.#options.changed();
    try {
      if (this.#isJustAhead(goal)) this.#feed.goOn();
      else await this.#begin(goal, jump.signal);
      await this.#runTo(goal, jump.signal);
      if (jump.signal.aborted) return;
      this.#moment = { atMs: goal, sinceMs: goal };
      this.#goal = undefined;
      this.#feed.goOn();
    } catch (error) {
      if (jump.signal.aborted) return;
      this.problem = error;
      this.#goal = undefined;
      this.isPlaying = false;
    }
    this.#options.changed();
  }

  /** To the next thing that happened, or the one before. */
  step(direction: 1 | -1): Promise<void> {
    const { chunks } = this.#options.index;
    const at = this.atMs;
    if (direction === 1) return this.seek(this.#feed.times.find((time) => time > at) ?? this.#feed.knownMs + 1);
    const passed = this.#passed.findLast((time) => time < at);
    return this.seek(passed ?? chunks.findLast(({ fromMs }) => fromMs < at)?.fromMs ?? 0);
  }

  /** Tries again what did not come. */
  retry(): void {
    if (this.#feed.error !== undefined) this.#feed.retry();
    void this.seek(this.atMs);
  }

  close(): void {
    this.#jump?.abort();
    this.#feed.close();
    this.isPlaying = false;
  }

  /** Nothing has to be drawn anew: what is wanted lies behind what is shown, with no keyframe in between that would be sooner there. */
  #isJustAhead(goal: number): boolean {
    const { atMs } = this.#moment;
    if (!this.#isDrawing || goal < atMs || this.#feed.error !== undefined) return false;
    return goal <= this.#feed.knownMs || !this.#options.index.keyframes.some((key) => key.atMs > atMs && key.atMs <= goal);
  }

  /** Draws the keyframe before a moment, together with what lies close behind it, so that nothing in between is seen. */
  async #begin(goal: number, signal: AbortSignal): Promise<void> {
    const { index, screen, keyframe } = this.#options;
    this.#isDrawing = false;
    const key = index.keyframes.findLast(({ atMs }) => atMs <= goal);
    const first = key ? index.chunks.findIndex(({ seq }) => seq >= key.seq) : 0;
    this.#feed.start(first < 0 ? index.chunks.length : first, goal);
    const found = key && (await keyframe(key.seq, signal));
    while (!signal.aborted && !this.#feed.isFull && this.#feed.knownMs < goal) await this.#more(signal);
    if (signal.aborted) return;
    screen.reset(found?.cols ?? index.cols, found?.rows ?? index.rows);
    this.#passed = [];
    const atMs = found?.atMs ?? 0;
    this.#moment = { atMs, sinceMs: atMs };
    this.#isDrawing = true;
    if (found) this.#write(found.screen);
  }

  async #runTo(goal: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const known = Math.min(goal, this.#feed.knownMs);
      this.#moment = { atMs: Math.max(this.#moment.atMs, known), sinceMs: known };
      this.#show(known);
      if (goal <= this.#feed.knownMs) return this.#drawnTo(0, signal);
      if (this.#undrawn > undrawnMost) await this.#drawnTo(undrawnMost, signal);
      else await this.#more(signal);
    }
  }

  /** Draws what happened up to a moment. */
  #show(atMs: number): void {
    const events = this.#feed.take(countUpTo(this.#feed.times, atMs));
    let text = '';
    for (const { atMs: time, code, data } of events) {
      if (this.#passed.at(-1) !== time) this.#passed.push(time);
      if (code === 'o') text += data;
      if (code !== 'r') continue;
      this.#write(text);
      text = '';
      const [cols = 0, rows = 0] = data.split('x').map(Number);
      if (cols > 0 && rows > 0) this.#options.screen.resize(cols, rows);
    }
    this.#write(text);
    if (this.#passed.length > 2000) this.#passed = this.#passed.slice(-1000);
  }

  #write(text: string): void {
    if (text === '') return;
    this.#undrawn += text.length;
    this.#options.screen.write(text, () => {
      this.#undrawn -= text.length;
      for (const look of this.#drawing) look();
    });
  }

  /** Resolves once no more than this waits to be drawn, or nobody waits any more. */
  async #drawnTo(most: number, signal: AbortSignal): Promise<void> {
    if (this.#undrawn <= most || signal.aborted) return;
    await new Promise<void>((done) => {
      const look = () => {
        if (this.#undrawn > most && !signal.aborted) return;
        this.#drawing.delete(look);
        signal.removeEventListener('abort', look);
        done();
      };
      this.#drawing.add(look);
      signal.addEventListener('abort', look);
    });
  }

  #came(): void {
    for (const look of this.#waiting) look();
    const { error } = this.#feed;
    if (error !== undefined && this.#goal === undefined && this.isPlaying) {
      this.problem = error;
      this.isPlaying = false;
    }
    this.#options.changed();
  }

  /** Resolves once more has come, or nobody waits any more; rejects when it does not come. */
  async #more(signal: AbortSignal): Promise<void> {
    if (this.#feed.error === undefined)
      await new Promise<void>((done) => {
        const look = () => {
          this.#waiting.delete(look);
          signal.removeEventListener('abort', look);
          done();
        };
        this.#waiting.add(look);
        signal.addEventListener('abort', look);
      });
    if (this.#feed.error !== undefined && !signal.aborted) throw this.#feed.error;
  }
}
