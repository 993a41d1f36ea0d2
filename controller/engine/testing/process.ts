import type { Clock } from '../ports.ts';

/**
 * Stands for an operating system process: once killed, none of its calls has an effect any more, none of its timers fires, and
 * nothing it waits for comes. A kill can be set to strike at its n-th call, before or after that call took effect.
 */
export class Process {
  readonly clock: Clock;
  /** Calls so far. */
  calls = 0;
  isAlive = true;
  #fatal: { readonly call: number; readonly when: 'before' | 'after' } | undefined;

  constructor(clock: Clock) {
    this.clock = {
      now: () => clock.now(),
      after: (ms, call) =>
        clock.after(ms, () => {
          if (this.isAlive) call();
        }),
    };
  }

  killAt(call: number, when: 'before' | 'after'): void {
    this.#fatal = { call: this.calls + call, when };
  }

  kill(): void {
    this.isAlive = false;
  }

  /** Carries out a call to the outside world, if the process lives to do it, and answers if it lives to hear. */
  async call<T>(effect: () => T | Promise<T>): Promise<T> {
    if (!this.isAlive) return never();
    this.calls += 1;
    const isFatal = this.#fatal?.call === this.calls;
    if (isFatal) this.kill();
    if (isFatal && this.#fatal?.when === 'before') return never();
    try {
      const answer = await effect();
      return this.isAlive ? answer : await never<T>();
    } catch (error) {
      if (!this.isAlive) return never();
      throw error;
    }
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
