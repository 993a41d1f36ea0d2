import { conditionOf, timestamp } from './conditions.ts';
import type { KubeApi } from './kube-api.ts';
import type { KubeObject } from './object.ts';
import type { Outcome } from './outcome.ts';
import type { Clock, LoopDeps } from './ports.ts';
import type { Note } from './scribe.ts';

export interface EventsOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  random(): number;
  readonly log: LoopDeps<unknown>['log'];
}

/** Events of one object and one text are one Kubernetes Event with a count; so many are remembered. */
const REMEMBERED = 4_000;
/** A burst beyond this is dropped: Events are a courtesy and must never hold up the loop. */
const MOST_WAITING = 1_000;
const COMPONENT = 'stackwarden-controller';

/** Tells `kubectl describe` what has happened to an object. In the background; failures are logged and forgotten. */
export class KubeEvents {
  readonly #options: EventsOptions;
  readonly #known = new Map<string, { readonly name: string; count: number }>();
  #chain: Promise<void> = Promise.resolve();
  #waiting = 0;
  #serial = 0;

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  /** Reports what a pass did and found, where that is news. */
  report(object: KubeObject, outcome: Outcome, notes: readonly Note[]): void {
    for (const note of notes) this.#post(object, isBad(note) ? 'Warning' : 'Normal', note.type, note.message);
    const before = conditionOf(object, 'Ready');
    const isNews = before?.status !== outcome.ready || before.reason !== outcome.reason;
    if (!isNews || outcome.next.look === 'never' || notes.some((note) => note.type === outcome.reason)) return;
    const needsCare = outcome.phase === 'Stalled' || outcome.next.look === 'backoff';
    this.#post(object, needsCare ? 'Warning' : 'Normal', outcome.reason, outcome.message);
  }

  /** Resolves when everything posted so far is sent or given up. */
  flush(): Promise<void> {
    return this.#chain;
  }

  #post(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    if (this.#waiting >= MOST_WAITING) return;
    this.#waiting += 1;
    this.#chain = this.#chain
      .then(() => this.#send(object, type, reason, message.slice(0, 1_000)))
      .catch((error: unknown) => this.#options.log('debug', 'Sending a Kubernetes Event failed', { error: String(error) }))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  async #send(object: KubeObject, type: string, reason: string, message: string): Promise<void> {
    const { api, clock } = this.#options;
    const now = timestamp(clock.now());
    const namespace = object.metadata.namespace || 'default';
    const key = [object.metadata.uid, type, reason, message].join('\0');
    const known = this.#known.get(key);
    if (known) {
      known.count += 1;
      await api.patchEvent({ namespace, name: known.name }, { count: known.count, lastTimestamp: now }).catch((error: unknown) => {
        // The server forgets Events after an hour.
        this.#known.delete(key);
        throw error;
      });
      return;
    }
    const name = this.#nameFor(object);
    await api.createEvent({
      metadata: { namespace, name },
      involvedObject: {
        apiVersion: object.apiVersion,
        kind: object.kind,
        namespace: object.metadata.namespace ?? '',
        name: object.metadata.name,
        uid: object.metadata.uid,
        resourceVersion: object.metadata.resourceVersion,
      },
      type,
      reason,
      message,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      source: { component: COMPONENT },
      reportingComponent: COMPONENT,
      reportingInstance: '',
    });
    this.#remember(key, name);
  }

  #nameFor(object: KubeObject): string {
    this.#serial += 1;
    const { clock } = this.#options;
    const suffix = `${clock.now().toString(16)}${Math.floor(this.#options.random() * 0x10000)
      .toString(16)
      .padStart(4, '0')}${this.#serial.toString(16)}`;
    return `${object.metadata.name.slice(0, 200)}.${suffix}`;
  }

  #remember(key: string, name: string): void {
    this.#known.set(key, { name, count: 1 });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) return;
      this.#known.delete(oldest);
    }
  }
}

function isBad(note: Note): boolean {
  return note.result === 'failed' || note.type === 'DriftDetected' || note.type === 'Missing';
}
