/** Lets one in at a time, in the order they came. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /** Takes the turn if nobody has it or waits for it. */
  takeNow(): boolean {
    if (this.#taken) return false;
    this.#taken = true;
    return true;
  }

  async take(): Promise<void> {
    if (this.takeNow()) return;
    await new Promise<void>((turn) => this.#waiting.push(turn));
  }

  /** Gives the turn to whoever waited longest. */
  give(): void {
    const turn = this.#waiting.shift();
    this.#taken = turn !== undefined;
    turn?.();
  }
}
