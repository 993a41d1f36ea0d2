const firstMs = 500;
const longestMs = 15_000;

/** How long to wait before each next try: twice as long each time up to a bound, and never in step with others. */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  begin(): void {
    this.#failures = 0;
  }

  next(): number {
    const waitMs = Math.min(longestMs, firstMs * 2 ** this.#failures) * (0.5 + this.#random() / 2);
    this.#failures = Math.min(this.#failures + 1, 10);
    return waitMs;
  }
}
