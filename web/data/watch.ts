import { session } from './session.ts';
import { Stored } from './stored.ts';
import type { FromWorker, ToWorker } from './watch-messages.ts';
import { type LiveState, type Sink, type WatchChange, WatchStream } from './watch-stream.ts';

export type { LiveState, WatchChange };

export interface Watcher extends Sink {
  /** Names of what to watch: `server`, `volume`, ..., `object`, `cluster`, `operation`. */
  readonly types: readonly string[];
  changed(change: WatchChange): void;
  /** Changes may have been missed: read again what is shown. Also called once the stream is open for the first time. */
  reset(): void;
}

export const live = new Stored<LiveState>({ state: 'idle', since: Date.now() });

/** Where the stream is: in a worker that all pages of the browser share, or in this page. */
interface Carrier {
  join(watcher: Watcher): () => void;
  again(): void;
  close(): void;
}

const watchers = new Map<Watcher, (() => void) | undefined>();
let carrier: Carrier | undefined;
let user: string | undefined;

/** Watches until the function returned is called. */
export function watch(watcher: Watcher): () => void {
  watchers.set(watcher, carrier?.join(watcher));
  return () => {
    watchers.get(watcher)?.();
    watchers.delete(watcher);
  };
}

/** Tries at once instead of waiting for the next turn. */
export const watchAgain = (): void => carrier?.again();

/** The stream is that of whoever is signed in, and of nobody without. */
function settle(): void {
  if (session.value === undefined || session.value?.username === user) return;
  user = session.value?.username;
  if (user === undefined) live.set({ state: 'idle', since: Date.now() });
  carryOn(user === undefined ? undefined : carrierFor(user));
}

session.subscribe(settle);

/** Puts another carrier in place of the one there is, for all who watch. */
function carryOn(next: Carrier | undefined): void {
  carrier?.close();
  carrier = next;
  for (const watcher of watchers.keys()) watchers.set(watcher, carrier?.join(watcher));
}

function carrierFor(name: string): Carrier {
  return typeof SharedWorker === 'undefined' || navigator.locks === undefined ? inPage() : inWorker(name);
}

function inPage(): Carrier {
  const stream = new WatchStream({
    open: (url) => new EventSource(url),
    told: (state) => live.set(state),
    later(call, ms) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    now: Date.now,
    random: Math.random,
  });
  const leaves = new Set<() => void>();
  return {
    join(watcher) {
      const leave = stream.join(watcher.types, watcher);
      leaves.add(leave);
      return leave;
    },
    again: () => stream.again(),
    close() {
      for (const leave of leaves) leave();
    },
  };
}

function inWorker(name: string): Carrier {
  const worker = new SharedWorker(new URL('./watch-worker.ts', import.meta.url), { type: 'module' });
  const joined = new Map<number, Watcher>();
  let lastId = 0;
  let isClosed = false;
  let letGo: (() => void) | undefined;
  // Held until the page is gone, which the worker could not find out otherwise; before it knows of the lock, or it would get it itself.
  const lock = `watch ${crypto.randomUUID()}`;
  const held = new Promise<void>((isHeld) => {
    void navigator.locks.request(lock, () => {
      isHeld();
      return new Promise<void>((done) => (letGo = done));
    });
  });
  let wasLive = false;
  const tell = (message: ToWorker) => void held.then(() => worker.port.postMessage(message));
  /** What lets a page through, such as a certificate that somebody accepted, may not let a worker through. */
  const heard = (state: LiveState) => {
    wasLive ||= state.state === 'live';
    if (state.state === 'lost' && !wasLive) carryOn(inPage());
    else live.set(state);
  };
  worker.port.addEventListener('message', ({ data }) => {
    const message = data as FromWorker;
    if (isClosed) return;
    if (message.is === 'state') heard(message.state);
    else if (message.is === 'reset') joined.get(message.id)?.reset();
    else joined.get(message.id)?.changed(message.change);
  });
  worker.port.start();
  tell({ is: 'hello', user: name, lock });
  return {
    join(watcher) {
      lastId += 1;
      const id = lastId;
      joined.set(id, watcher);
      tell({ is: 'join', id, types: watcher.types });
      return () => {
        joined.delete(id);
        tell({ is: 'leave', id });
      };
    },
    again: () => tell({ is: 'again' }),
    close() {
      isClosed = true;
      void held.then(() => letGo?.());
    },
  };
}
