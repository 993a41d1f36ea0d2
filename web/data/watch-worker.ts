import type { FromWorker, ToWorker } from './watch-messages.ts';
import { type LiveState, WatchStream } from './watch-stream.ts';

/** The stream of one person for all pages of this browser, in a worker that they share. */
interface Shared {
  readonly stream: WatchStream;
  readonly pages: Set<MessagePort>;
  state: LiveState;
}

const streams = new Map<string, Shared>();

function sharedOf(user: string): Shared {
  const known = streams.get(user);
  if (known) return known;
  const shared: Shared = {
    pages: new Set(),
    state: { state: 'idle', since: Date.now() },
    stream: new WatchStream({
      open: (url) => new EventSource(url),
      told(state) {
        shared.state = state;
        for (const page of shared.pages) tell(page, { is: 'state', state });
      },
      later(call, ms) {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
      now: Date.now,
      random: Math.random,
    }),
  };
  streams.set(user, shared);
  return shared;
}

const tell = (page: MessagePort, message: FromWorker) => page.postMessage(message);

function serve(page: MessagePort): void {
  const leaves = new Map<number, () => void>();
  let shared: Shared | undefined;
  const leaveAll = () => {
    for (const leave of leaves.values()) leave();
    leaves.clear();
    shared?.pages.delete(page);
  };
  const obey = (message: ToWorker): void => {
    if (message.is === 'hello') {
      leaveAll();
      shared = sharedOf(message.user);
      shared.pages.add(page);
      tell(page, { is: 'state', state: shared.state });
      // A port does not tell when its page is gone; a lock that comes free does.
      return void navigator.locks.request(message.lock, leaveAll);
    }
    if (message.is === 'again') return shared?.stream.again();
    const { id } = message;
    leaves.get(id)?.();
    leaves.delete(id);
    if (message.is === 'leave' || !shared) return;
    const { stream } = shared;
    leaves.set(
      id,
      stream.join(message.types, {
        changed: (change) => tell(page, { is: 'change', id, change }),
        reset: () => tell(page, { is: 'reset', id }),
      }),
    );
  };
  page.addEventListener('message', ({ data }) => obey(data as ToWorker));
  page.start();
}

addEventListener('connect', (event) => {
  for (const page of (event as MessageEvent).ports) serve(page);
});
