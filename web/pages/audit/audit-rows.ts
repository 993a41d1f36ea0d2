import type { AuditEntry, AuditPage } from '../../data/audit.ts';
import type { RowSource } from '../../elements/table-rows.ts';

type Read = (cursor: string | undefined, signal: AbortSignal) => Promise<AuditPage>;

/** Entries from the newest back, read page by page as one scrolls down; new ones come on top, or wait while somebody reads further below. */
export class AuditRows implements RowSource<AuditEntry> {
  readonly #read: Read;
  readonly #listeners = new Set<() => void>();
  readonly #end = new AbortController();
  #entries: readonly AuditEntry[] = [];
  #waiting: readonly AuditEntry[] = [];
  #next: string | undefined;
  #isRead = false;
  #isReading = false;
  /** Why the newest page did not come. */
  error: unknown;

  constructor(read: Read) {
    this.#read = read;
  }

  /** With one more where older ones can be read. */
  get total(): number | undefined {
    return this.#isRead ? this.#entries.length + (this.#next === undefined ? 0 : 1) : undefined;
  }

  /** New entries that are not shown yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Number of the newest entry that is known; 0 of none. */
  get newest(): number {
    return (this.#waiting[0] ?? this.#entries[0])?.seq ?? 0;
  }

  at(index: number): AuditEntry | undefined {
    return this.#entries[index];
  }

  find(seq: number): AuditEntry | undefined {
    return this.#entries.find((entry) => entry.seq === seq);
  }

  want(_first: number, end: number): void {
    const isMissing = !this.#isRead || (this.#next !== undefined && end > this.#entries.length);
    if (isMissing && this.error === undefined) void this.#bring();
  }

  /** Asks again for what did not come. */
  retry(): void {
    this.error = undefined;
    void this.#bring();
  }

  /** A new entry; `holds`: it waits until `show`. */
  came(entry: AuditEntry, holds: boolean): void {
    if (entry.seq <= this.newest) return;
    if (holds || this.#waiting.length > 0) this.#waiting = [entry, ...this.#waiting];
    else this.#entries = [entry, ...this.#entries];
    this.#tell();
  }

  /** Shows what waits. */
  show(): void {
    this.#entries = [...this.#waiting, ...this.#entries];
    this.#waiting = [];
    this.#tell();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#end.abort();
  }

  async #bring(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const { signal } = this.#end;
    try {
      const { items, next } = await this.#read(this.#next, signal);
      this.#entries = [...this.#entries, ...items];
      this.#next = next;
      this.#isRead = true;
      this.error = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
    } finally {
      this.#isReading = false;
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
