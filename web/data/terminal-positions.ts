/** So much may be drawn before the server is told again. */
const ackBytes = 32 * 1024;

/**
 * Where a page is in the output of a terminal, which is counted from its beginning. What draws an older screen anew is not counted.
 */
export class Positions {
  #received: number | undefined;
  #isBegun = false;
  #acknowledged = 0;
  #snapshotLeft = 0;
  /** Counted up at each attachment: what an older one drew is acknowledged to nobody. */
  #attachment = 0;
  #isAttached = false;

  get isAttached(): boolean {
    return this.#isAttached;
  }

  /** Everything before this has come; undefined: nothing one could go on from. */
  get received(): number | undefined {
    return this.#received;
  }

  /** Whether what is shown has to be drawn anew. */
  attach({ at, snapshot }: { readonly at: number; readonly snapshot: number }): boolean {
    const isAnew = this.#isBegun && (snapshot > 0 || at !== this.#received);
    this.#isBegun = true;
    this.#attachment += 1;
    this.#isAttached = true;
    this.#snapshotLeft = snapshot;
    this.#received = at;
    this.#acknowledged = at;
    return isAnew;
  }

  detach(): void {
    this.#isAttached = false;
    // A screen that is half drawn is no place to go on from.
    if (this.#snapshotLeft > 0) this.#received = undefined;
    this.#snapshotLeft = 0;
  }

  /** Counts bytes that came. What it returns is called once they are drawn, and gives the position to acknowledge, if it is time. */
  take(bytes: number): () => number | undefined {
    const ofSnapshot = Math.min(bytes, this.#snapshotLeft);
    this.#snapshotLeft -= ofSnapshot;
    const at = (this.#received ?? 0) + bytes - ofSnapshot;
    this.#received = at;
    const attachment = this.#attachment;
    return () => {
      if (attachment !== this.#attachment || !this.#isAttached) return undefined;
      const isTime = at - this.#acknowledged >= ackBytes || (at === this.#received && at > this.#acknowledged);
      if (!isTime) return undefined;
      this.#acknowledged = at;
      return at;
    };
  }
}
