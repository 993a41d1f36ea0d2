import type { AuditEntry } from '../../data/audit.ts';
import { CursorRows } from '../../elements/cursor-rows.ts';

/** Entries from the newest back; new ones come on top, or wait while somebody reads further below. */
export class AuditRows extends CursorRows<AuditEntry> {
  #waiting: readonly AuditEntry[] = [];

  /** New entries that are not shown yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Number of the newest entry that is known; 0 of none. */
  get newest(): number {
    return (this.#waiting[0] ?? this.rows[0])?.seq ?? 0;
  }

  find(seq: number): AuditEntry | undefined {
    return this.rows.find((entry) => entry.seq === seq);
  }

  /** A new entry; `holds`: it waits until `show`. */
  came(entry: AuditEntry, holds: boolean): void {
    if (entry.seq <= this.newest) return;
    if (holds || this.#waiting.length > 0) this.#waiting = [entry, ...this.#waiting];
    else this.rows = [entry, ...this.rows];
    this.tell();
  }

  /** Shows what waits. */
  show(): void {
    this.rows = [...this.#waiting, ...this.rows];
    this.#waiting = [];
    this.tell();
  }
}
