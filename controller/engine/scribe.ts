import type { Change } from './kind.ts';
import type { KubeObject } from './object.ts';
import type { AuditEntry, Clock, LoopDeps } from './ports.ts';
import { clusterOf } from './references.ts';

/** Name under which the loop's own doings are audited. */
export const CONTROLLER = 'system:stackwarden-controller';

/** The audit log did not take an entry that must be there before the next step. */
export class AuditUnavailable extends Error {
  override readonly name = 'AuditUnavailable';
}

/** What of an entry differs from pass to pass; the rest is known. */
export interface Note {
  readonly type: string;
  readonly message: string;
  readonly result?: AuditEntry['result'];
  readonly actor?: string;
  readonly changes?: readonly Change[];
  readonly cloudId?: string;
  readonly requestIds?: readonly string[];
}

/** An entry that could not be stored waits here; so many do, then the oldest is given up with a log line. */
const OUTBOX = 10_000;
const PATIENCE_MS = 5_000;
const RESEND_MS = 5_000;

/**
 * Entries whose deed is done: they are sent again until stored, for the deed cannot be undone and nobody must wait for it (an id has
 * to reach status first).
 */
export class Outbox {
  readonly #deps: Pick<LoopDeps<unknown>, 'audit' | 'clock' | 'log'>;
  readonly #waiting: AuditEntry[] = [];
  #cancel: (() => void) | undefined;

  constructor(deps: Pick<LoopDeps<unknown>, 'audit' | 'clock' | 'log'>) {
    this.#deps = deps;
  }

  /** Returns once the entry is stored, or kept for later. */
  async send(entry: AuditEntry): Promise<void> {
    const stored = this.#deps.audit(entry).then(
      () => true,
      (error: unknown) => this.#keep(entry, error),
    );
    await Promise.race([stored, elapsed(this.#deps.clock, PATIENCE_MS)]);
  }

  /** Tries once more to store what waits; returns how many entries still do. */
  async flush(): Promise<number> {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const entry of this.#waiting.splice(0)) {
      await this.#deps.audit(entry).catch((error: unknown) => this.#keep(entry, error));
    }
    return this.#waiting.length;
  }

  #keep(entry: AuditEntry, error: unknown): false {
    this.#deps.log('error', 'Storing an audit entry failed; it is kept and sent again', {
      type: entry.type,
      reconcileId: entry.reconcileId,
      error: String(error),
    });
    this.#waiting.push(entry);
    if (this.#waiting.length > OUTBOX)
      this.#deps.log('error', 'Too many audit entries wait; the oldest is given up', { entry: this.#waiting.shift() });
    this.#cancel ??= this.#deps.clock.after(RESEND_MS, () => void this.flush());
    return false;
  }
}

/** Writes down what one pass sees and does. */
export class Scribe {
  readonly written: Note[] = [];
  readonly #deps: Pick<LoopDeps<unknown>, 'audit'>;
  readonly #outbox: Outbox;
  readonly #object: KubeObject;
  readonly #reconcileId: string;

  constructor(deps: Pick<LoopDeps<unknown>, 'audit'>, outbox: Outbox, object: KubeObject, reconcileId: string) {
    this.#deps = deps;
    this.#outbox = outbox;
    this.#object = object;
    this.#reconcileId = reconcileId;
  }

  /** Stores an entry that must be there before anything is done about it; throws AuditUnavailable. */
  async before(note: Note): Promise<void> {
    try {
      await this.#deps.audit(this.#entry(note));
    } catch (error) {
      throw new AuditUnavailable(
        'The audit log does not take entries, so nothing is changed; see the log of the controller and its database.',
        { cause: error },
      );
    }
    this.written.push(note);
  }

  /** Stores an entry about what is done; never throws. */
  async after(note: Note): Promise<void> {
    this.written.push(note);
    await this.#outbox.send(this.#entry(note));
  }

  #entry(note: Note): AuditEntry {
    const { metadata, kind, status } = this.#object;
    const cluster = clusterOf(this.#object);
    const cloudId = note.cloudId ?? status?.id;
    return {
      type: note.type,
      actor: note.actor ?? CONTROLLER,
      ...(cluster !== undefined && { cluster }),
      object: { kind, namespace: metadata.namespace ?? '', name: metadata.name, uid: metadata.uid },
      ...(cloudId !== undefined && { cloudId }),
      changes: note.changes ?? [],
      result: note.result ?? 'ok',
      message: note.message,
      requestIds: note.requestIds ?? [],
      reconcileId: this.#reconcileId,
    };
  }
}

function elapsed(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
