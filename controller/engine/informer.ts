import { isExpired, type KubeApi, type ResourceName, type WatchEvent } from './kube-api.ts';
import type { KubeObject } from './object.ts';
import type { ObjectStore, StoreChange } from './object-store.ts';
import type { Clock, LoopDeps } from './ports.ts';
import { isOlder } from './resource-version.ts';

export interface InformerOptions {
  readonly api: KubeApi;
  readonly resource: ResourceName;
  readonly clock: Clock;
  random(): number;
  readonly log: LoopDeps<unknown>['log'];
  readonly store: ObjectStore;
  /** Called after the cache changed, in order; what it throws is logged and goes no further. */
  on(change: StoreChange): void;
  readonly pageSize?: number;
  /** The server ends a watch after about this long. */
  readonly watchSeconds?: number;
  /** A watch that shows neither event nor bookmark for this long is taken for dead. */
  readonly silenceMs?: number;
  readonly listTimeoutMs?: number;
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
}

/** A watch that ends sooner than this counts as a fault: a server that closes at once must not be called in a tight loop. */
const SHORTEST_WATCH_MS = 1_000;
/** After so many watches in a row that brought nothing, the version to resume from is given up and everything listed anew. */
const FRUITLESS_WATCHES = 5;

/**
 * List + watch + local cache of one kind. Goes on through every fault until stopped: an expired version is listed anew, anything
 * else is tried again after a growing delay, from where it was.
 */
export class Informer {
  readonly resource: ResourceName;
  readonly store: ObjectStore;
  /** Resolves after the first complete list. */
  readonly synced: Promise<void>;
  readonly #options: InformerOptions;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #markSynced: () => void = () => undefined;
  #version: string | undefined;
  #failures = 0;

  constructor(options: InformerOptions) {
    this.#options = options;
    this.resource = options.resource;
    this.store = options.store;
    this.synced = new Promise((resolve) => {
      this.#markSynced = resolve;
    });
    this.#ended = this.#run();
  }

  /** Takes what Kubernetes answered to our own write: older watch events no longer count. */
  remember(object: KubeObject): void {
    this.#tell(this.store.apply(object));
  }

  /** Kubernetes says there is no such object (any more). */
  forget(object: KubeObject): void {
    this.#tell(this.store.remove(object));
  }

  /** Ends list and watch; resolves when neither runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        this.#version ??= await this.#list();
        await this.#watch(this.#version);
      } catch (error) {
        await this.#recover(error);
      }
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const { resource, backoff } = this.#options;
    this.#failures += 1;
    const expired = isExpired(error);
    if (expired || this.#failures % FRUITLESS_WATCHES === 0) this.#version = undefined;
    // The first expiry is everyday life (a quiet night, a compaction): listing at once is right. A second in a row is a fault.
    if (expired && this.#failures === 1) return;
    const { baseMs, maxMs } = backoff ?? { baseMs: 500, maxMs: 30_000 };
    const delay = Math.min(maxMs, baseMs * 2 ** Math.min(this.#failures - 1, 20)) * (0.5 + this.#options.random() / 2);
    this.#options.log('warn', 'Watching Kubernetes failed; going on after a delay', {
      kind: resource.kind,
      delayMs: Math.round(delay),
      error: messageOf(error),
    });
    await this.#sleep(delay);
  }

  async #list(): Promise<string> {
    const { api, resource, pageSize = 500, listTimeoutMs = 60_000 } = this.#options;
    let items: KubeObject[] = [];
    let limit = pageSize;
    let next: string | undefined;
    for (;;) {
      const page = { ...(limit > 0 && { limit }), ...(next !== undefined && { continue: next }) };
      try {
        const answer = await this.#within(listTimeoutMs, 'list', () => api.list(resource, page));
        items.push(...answer.items);
        if (answer.continue === undefined || answer.continue === '') return this.#take(items, answer.resourceVersion);
        next = answer.continue;
      } catch (error) {
        // The pages outlived the version they were cut from: one page with everything cannot.
        if (!isExpired(error) || limit === 0) throw error;
        items = [];
        limit = 0;
        next = undefined;
      }
    }
  }

  #take(items: readonly KubeObject[], version: string): string {
    // A version older than one we have seen means the server was restored from a backup: what we hold is from a future that never was.
    const fromThePast = isOlder(version, this.store.newest);
    for (const change of this.store.replace(items, version, { fromThePast })) this.#tell([change]);
    this.#markSynced();
    return version;
  }

  async #watch(version: string): Promise<void> {
    const { api, resource, clock, watchSeconds = 300, silenceMs = 150_000 } = this.#options;
    const startedAt = clock.now();
    const silence = new Silence(clock, silenceMs);
    const signal = AbortSignal.any([this.#stopping.signal, silence.signal]);
    let events = 0;
    const take = (event: WatchEvent): void => {
      if (signal.aborted) return;
      events += 1;
      silence.broken();
      this.#event(event);
    };
    // Spread, so that the watches of all kinds do not end together.
    const timeoutSeconds = Math.round(watchSeconds * (0.75 + this.#options.random() / 2));
    try {
      await untilAborted(signal, api.watch(resource, { resourceVersion: version, bookmarks: true, timeoutSeconds, signal }, take));
    } finally {
      silence.end();
      if (events > 0) this.#failures = 0;
    }
    if (clock.now() - startedAt < SHORTEST_WATCH_MS && events === 0) throw new Error('the watch ended at once');
    this.#failures = 0;
  }

  #event(event: WatchEvent): void {
    if (event.type === 'BOOKMARK') {
      this.#version = event.resourceVersion;
      this.store.saw(event.resourceVersion);
      return;
    }
    this.#tell(event.type === 'DELETED' ? this.store.remove(event.object) : this.store.apply(event.object));
    const seen = event.object.metadata.resourceVersion;
    // Duplicates and stragglers MUST NOT turn the clock back: the watch would replay for ever.
    if (this.#version === undefined || isOlder(this.#version, seen)) this.#version = seen;
    this.store.saw(seen);
  }

  #tell(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      try {
        this.#options.on(change);
      } catch (error) {
        this.#options.log('error', 'Handling a change of an object failed', { kind: this.#options.resource.kind, error: messageOf(error) });
      }
    }
  }

  async #within<T>(ms: number, what: string, call: () => Promise<T>): Promise<T> {
    const deadline = new Silence(this.#options.clock, ms);
    try {
      return await untilAborted(AbortSignal.any([this.#stopping.signal, deadline.signal]), call(), `no answer to ${what} within ${ms} ms`);
    } finally {
      deadline.end();
    }
  }

  #sleep(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, wake);
      signal.addEventListener('abort', wake);
    });
  }
}

/** Aborts its signal when nothing breaks it for `ms`. */
class Silence {
  readonly #controller = new AbortController();
  readonly #clock: Clock;
  readonly #ms: number;
  #cancel: () => void;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
    this.#cancel = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  broken(): void {
    this.#cancel();
    this.#cancel = this.#start();
  }

  end(): void {
    this.#cancel();
  }

  #start(): () => void {
    return this.#clock.after(this.#ms, () => this.#controller.abort());
  }
}

/** Gives up waiting when aborted, whether or not the call listens to its signal. */
function untilAborted<T>(signal: AbortSignal, call: Promise<T>, message = 'no event and no bookmark for too long'): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error(message));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
