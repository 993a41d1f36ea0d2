import type { LiveState, WatchChange } from './watch-stream.ts';

/** What a page tells the worker that keeps the stream of all pages. */
export type ToWorker =
  /** `user`: whose stream; `lock`: what the page holds for as long as it is there. */
  | { readonly is: 'hello'; readonly user: string; readonly lock: string }
  | { readonly is: 'join'; readonly id: number; readonly types: readonly string[] }
  | { readonly is: 'leave'; readonly id: number }
  | { readonly is: 'again' };

/** What the worker tells a page. */
export type FromWorker =
  | { readonly is: 'state'; readonly state: LiveState }
  | { readonly is: 'reset'; readonly id: number }
  | { readonly is: 'change'; readonly id: number; readonly change: WatchChange };
