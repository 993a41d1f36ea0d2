import type { Clock } from '../ports.ts';

/** A clock that moves when told, and lets everything that follows from a moment happen before the next one. */
export class FakeClock implements Clock {
  #now: number;
  #serial = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly call: () => void }>();

  constructor(now = Date.parse('2026-11-23T12:00:00Z')) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    this.#serial += 1;
    const id = this.#serial;
    this.#timers.set(id, { at: this.#now + Math.max(0, ms), call });
    return () => void this.#timers.delete(id);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Lets `ms` pass, with every timer in its turn. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let due = this.#next(end); due !== undefined; due = this.#next(end)) {
      const timer = this.#timers.get(due);
      this.#timers.delete(due);
      if (!timer) continue;
      this.#now = Math.max(this.#now, timer.at);
      timer.call();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number): number | undefined {
    let next: number | undefined;
    let at = end;
    for (const [id, timer] of this.#timers) {
      if (timer.at > at || (timer.at === at && next !== undefined)) continue;
      next = id;
      at = timer.at;
    }
    return next;
  }
}

/** Lets all promises that can go on go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Random numbers that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
