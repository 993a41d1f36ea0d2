import { urlOf } from './http.ts';

/** Something changed on the server; `body` is what it is now, whole, and null when it is gone. */
export interface WatchChange {
  readonly resource: string;
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** What there is of live changes; `since` is epoch ms. */
export interface LiveState {
  readonly state: 'idle' | 'connecting' | 'live' | 'lost';
  readonly since: number;
}

/** Who is told. */
export interface Sink {
  changed(change: WatchChange): void;
  /** Changes may have been missed: read again what is shown. */
  reset(): void;
}

interface Member {
  readonly types: ReadonlySet<string>;
  readonly sink: Sink;
  /** Not told yet that what it reads from now on is followed. */
  isNew: boolean;
}

/** As far as a stream is needed here; tests bring their own. */
export type Source = Pick<EventSource, 'close' | 'addEventListener'>;

export interface WatchStreamDeps {
  open(url: string): Source;
  told(state: LiveState): void;
  later(call: () => void, ms: number): () => void;
  now(): number;
  random(): number;
}

const settleMs = 50;
/** What nobody watches any more is left out of the stream at the next occasion, or after this time. */
const narrowMs = 20_000;
const longestWaitMs = 30_000;

/**
 * One stream of changes for all who watch, in this page or in all pages of the browser: a browser opens six connections to a server, and
 * each stream keeps one. Goes on where it broke off; who joins is told to read once what it watches is followed.
 */
export class WatchStream {
  readonly #deps: WatchStreamDeps;
  readonly #members = new Set<Member>();
  #source: Source | undefined;
  #open: ReadonlySet<string> = new Set();
  #newest: string | undefined;
  #failures = 0;
  #settling: { readonly at: number; readonly cancel: () => void } | undefined;
  #state: LiveState['state'] = 'idle';

  constructor(deps: WatchStreamDeps) {
    this.#deps = deps;
  }

  /** The function returned leaves. */
  join(types: readonly string[], sink: Sink): () => void {
    const member: Member = { types: new Set(types), sink, isNew: true };
    this.#members.add(member);
    this.#soon(settleMs);
    return () => {
      this.#members.delete(member);
      this.#soon(this.#members.size === 0 ? settleMs : narrowMs);
    };
  }

  /** Tries at once, such as after signing in again. */
  again(): void {
    if (this.#source && this.#state === 'live') return;
    this.#failures = 0;
    this.#drop();
    this.#soon(0);
  }

  /** What is due earlier already stays. */
  #soon(ms: number): void {
    const at = this.#deps.now() + ms;
    if (this.#settling && this.#settling.at <= at) return;
    this.#settling?.cancel();
    this.#settling = { at, cancel: this.#deps.later(() => this.#settle(), ms) };
  }

  #settle(): void {
    this.#settling = undefined;
    const wanted = new Set([...this.#members].flatMap(({ types }) => [...types]));
    if (wanted.size === 0) {
      this.#drop();
      return this.#tell('idle');
    }
    const isSame = this.#source !== undefined && wanted.size === this.#open.size && isWithin(wanted, this.#open);
    if (isSame) return this.#greet();
    this.#connect(wanted);
  }

  #connect(wanted: ReadonlySet<string>): void {
    this.#drop();
    this.#open = wanted;
    this.#tell(this.#failures === 0 ? 'connecting' : 'lost');
    const source = this.#deps.open(urlOf('/api/v1/watch', { types: [...wanted].toSorted().join(','), since: this.#newest }));
    this.#source = source;
    const on = (name: string, told: (event: MessageEvent<string>) => void) =>
      source.addEventListener(name, (event) => {
        if (this.#source === source) told(event as MessageEvent<string>);
      });
    on('snapshot', ({ data, lastEventId }) => this.#begin(lastEventId, (JSON.parse(data) as { resumed: boolean }).resumed));
    on('reset', ({ lastEventId }) => this.#begin(lastEventId, false));
    on('change', ({ data, lastEventId }) => {
      this.#newest = lastEventId;
      this.#pass(JSON.parse(data) as WatchChange);
    });
    // The browser's own tries come at a fixed pace and stop at any refusal; ours grow apart and go on.
    on('error', () => this.#lose());
    on('end', () => this.#lose());
  }

  #begin(version: string, isResumed: boolean): void {
    this.#failures = 0;
    this.#newest = version;
    this.#tell('live');
    if (!isResumed) for (const member of this.#members) member.isNew = true;
    this.#greet();
  }

  /** Has who is followed from now on read what it shows. */
  #greet(): void {
    if (this.#state !== 'live') return;
    for (const member of this.#members) {
      if (!member.isNew || !isWithin(member.types, this.#open)) continue;
      member.isNew = false;
      member.sink.reset();
    }
  }

  #pass(change: WatchChange): void {
    for (const { types, sink } of this.#members) if (names(change.resource).some((name) => types.has(name))) sink.changed(change);
  }

  #lose(): void {
    this.#drop();
    this.#failures += 1;
    this.#tell('lost');
    this.#settling?.cancel();
    this.#settling = undefined;
    this.#soon(Math.min(longestWaitMs, 500 * 2 ** this.#failures) * (0.5 + this.#deps.random() / 2));
  }

  #drop(): void {
    this.#source?.close();
    this.#source = undefined;
    this.#open = new Set();
  }

  #tell(state: LiveState['state']): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#deps.told({ state, since: this.#deps.now() });
  }
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((one) => all.has(one));
}

/** `instance` and `server` name the same. */
function names(resource: string): readonly string[] {
  return resource === 'server' ? ['server', 'instance'] : [resource];
}
