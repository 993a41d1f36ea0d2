import { urlOf } from './http.ts';
import { Stored } from './stored.ts';

/** Something changed on the server; `body` is what it is now, whole, and null when it is gone. */
export interface WatchChange {
  readonly resource: string;
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>> | null;
}

export interface Watcher {
  /** Names of what to watch: `server`, `volume`, ..., `object`, `cluster`, `operation`. */
  readonly types: readonly string[];
  changed(change: WatchChange): void;
  /** Changes may have been missed: read again what is shown. Also called once the stream is open for the first time. */
  reset(): void;
}

/** What there is of live changes; `since` is epoch ms of the newest sign of life. */
export interface LiveState {
  readonly state: 'idle' | 'connecting' | 'live' | 'lost';
  readonly since: number;
}

export const live = new Stored<LiveState>({ state: 'idle', since: Date.now() });

const watchers = new Set<Watcher>();
let source: EventSource | undefined;
let watched = '';
let newestId: string | undefined;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Watches until the function returned is called. All watchers of a page share one stream. */
export function watch(watcher: Watcher): () => void {
  watchers.add(watcher);
  connectSoon();
  return () => {
    watchers.delete(watcher);
    connectSoon();
  };
}

/** Pages come and go together: what they watch is settled a moment later. */
function connectSoon(delayMs = 50): void {
  clearTimeout(timer);
  timer = setTimeout(connect, delayMs);
}

function connect(): void {
  const types = [...new Set([...watchers].flatMap((one) => one.types))].toSorted().join(',');
  if (source && source.readyState !== EventSource.CLOSED && types === watched) return;
  source?.close();
  source = undefined;
  // What was not watched before may have changed meanwhile.
  const isSame = types === watched;
  watched = types;
  if (types === '') return tell('idle');
  tell(failures === 0 ? 'connecting' : 'lost');
  const opened = new EventSource(urlOf('/api/v1/watch', { types, since: isSame ? newestId : undefined }));
  source = opened;
  opened.addEventListener('snapshot', (event) => {
    failures = 0;
    tell('live');
    const { resumed } = JSON.parse(event.data as string) as { resumed: boolean };
    newestId = event.lastEventId;
    if (!resumed) for (const watcher of watchers) watcher.reset();
  });
  opened.addEventListener('reset', (event) => {
    failures = 0;
    tell('live');
    newestId = event.lastEventId;
    for (const watcher of watchers) watcher.reset();
  });
  opened.addEventListener('change', (event) => {
    newestId = event.lastEventId;
    const change = JSON.parse(event.data as string) as WatchChange;
    for (const watcher of watchers) if (watcher.types.some((type) => isOf(type, change.resource))) watcher.changed(change);
  });
  // The browser's own tries come at a fixed pace and stop at any refusal; ours grow apart and go on.
  opened.addEventListener('error', () => again(opened));
  opened.addEventListener('end', () => again(opened));
}

function again(ended: EventSource): void {
  if (source !== ended) return;
  ended.close();
  failures += 1;
  tell('lost');
  connectSoon(Math.min(30_000, 500 * 2 ** failures) * (0.5 + Math.random() / 2));
}

/** `instance` and `server` name the same. */
function isOf(type: string, resource: string): boolean {
  return type === resource || (type === 'instance' && resource === 'server');
}

function tell(state: LiveState['state']): void {
  if (live.value.state !== state) live.set({ state, since: Date.now() });
}
