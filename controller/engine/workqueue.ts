import type { Priority, QueueStats } from './loop.ts';
import type { Clock } from './ports.ts';

/** One key in line. `group` is the fairness class: the cluster whose cloud the work needs. */
export interface Work {
  readonly key: string;
  readonly group: string;
  readonly priority: Priority;
}

export interface WorkqueueOptions {
  readonly clock: Clock;
  random(): number;
  readonly workers: number;
  /** Keys of one group that may be worked on at a time. */
  readonly perGroup: number;
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
}

const ORDER: readonly Priority[] = ['person', 'wake', 'sweep'];
/** Every so often the lowest priority goes first, so that a stream of changes cannot starve the sweeps. */
const TURN_OF_THE_LAST = 8;

interface Waiting extends Work {
  readonly since: number;
}

interface Group {
  readonly lines: Record<Priority, Map<string, Waiting>>;
  running: number;
}

/**
 * Keys waiting for a worker. A key is in line once and worked on by one worker at a time; added while it is worked on, it comes
 * again afterwards. Groups take turns, and a group of which everything hangs leaves workers to the others.
 */
export class Workqueue {
  readonly #options: WorkqueueOptions;
  readonly #groups = new Map<string, Group>();
  readonly #where = new Map<string, Waiting>();
  readonly #running = new Map<string, { group: Group; name: string; again?: Work }>();
  readonly #delayed = new Map<string, { due: number; cancel: () => void }>();
  readonly #attempts = new Map<string, number>();
  readonly #takers: ((work: Work | undefined) => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #stopped = false;
  #takes = 0;
  #added = 0;
  #retries = 0;

  constructor(options: WorkqueueOptions) {
    this.#options = options;
  }

  /** Puts a key in line; if it is there already, it keeps its place unless this priority is higher. */
  add(work: Work): void {
    if (this.#stopped) return;
    this.#added += 1;
    const running = this.#running.get(work.key);
    if (running) {
      running.again = running.again ? pressing(running.again, work) : work;
      return;
    }
    const waiting = this.#where.get(work.key);
    if (waiting && waiting.group === work.group && rank(waiting) <= rank(work)) return;
    this.#enqueue(waiting ? { ...pressing(waiting, work), group: work.group } : work, waiting?.since);
    this.#serve();
  }

  /** Puts a key in line after `ms`; of several times the soonest counts. */
  addAfter(work: Work, ms: number): void {
    if (this.#stopped) return;
    if (ms <= 0) {
      this.add(work);
      return;
    }
    const due = this.#options.clock.now() + ms;
    const earlier = this.#delayed.get(work.key);
    if (earlier && earlier.due <= due) return;
    earlier?.cancel();
    const cancel = this.#options.clock.after(ms, () => {
      this.#delayed.delete(work.key);
      this.add(work);
    });
    this.#delayed.set(work.key, { due, cancel });
  }

  /** Puts a key in line after its own growing delay with jitter, no sooner than `atLeastMs`; returns the delay in ms. */
  retry(work: Work, atLeastMs = 0): number {
    const attempt = this.#attempts.get(work.key) ?? 0;
    this.#attempts.set(work.key, attempt + 1);
    this.#retries += 1;
    const { baseMs, maxMs } = this.#options.backoff ?? { baseMs: 1_000, maxMs: 300_000 };
    const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
    const delay = Math.max(atLeastMs, Math.round(full * (0.5 + this.#options.random() / 2)));
    this.addAfter(work, delay);
    return delay;
  }

  /** The next retry of this key starts with the shortest delay again. */
  forget(key: string): void {
    this.#attempts.delete(key);
  }

  /** The next key, as soon as there is one this group may work on; undefined once shut down. MUST be followed by `done`. */
  take(): Promise<Work | undefined> {
    if (this.#stopped) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  done(key: string): void {
    const running = this.#running.get(key);
    if (!running) return;
    this.#running.delete(key);
    running.group.running -= 1;
    this.#drop(running.name, running.group);
    if (running.again) this.add(running.again);
    this.#serve();
    if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Hands out nothing more; resolves when the running keys are done. */
  shutDown(): Promise<void> {
    this.#stopped = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#where.clear();
    this.#groups.clear();
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  stats(): QueueStats {
    const depth = { person: 0, wake: 0, sweep: 0 };
    let oldest = this.#options.clock.now();
    for (const waiting of this.#where.values()) {
      depth[waiting.priority] += 1;
      oldest = Math.min(oldest, waiting.since);
    }
    return {
      depth,
      delayed: this.#delayed.size,
      running: this.#running.size,
      oldestSeconds: (this.#options.clock.now() - oldest) / 1000,
      added: this.#added,
      retries: this.#retries,
    };
  }

  #enqueue(work: Work, since = this.#options.clock.now()): void {
    this.#remove(work.key);
    const waiting = { key: work.key, group: work.group, priority: work.priority, since };
    this.#where.set(work.key, waiting);
    this.#groupOf(work.group).lines[work.priority].set(work.key, waiting);
  }

  #remove(key: string): void {
    const waiting = this.#where.get(key);
    if (!waiting) return;
    this.#where.delete(key);
    const group = this.#groups.get(waiting.group);
    if (!group) return;
    group.lines[waiting.priority].delete(key);
    this.#drop(waiting.group, group);
  }

  #serve(): void {
    while (this.#takers.length > 0 && !this.#stopped) {
      const waiting = this.#choose();
      if (!waiting) return;
      const group = this.#groupOf(waiting.group);
      // Counted before the key leaves its line, so that the group is not dropped as empty in between.
      group.running += 1;
      this.#remove(waiting.key);
      this.#running.set(waiting.key, { group, name: waiting.group });
      // Whoever works on the key says when it wants to be looked at next: an older appointment no longer counts.
      this.#delayed.get(waiting.key)?.cancel();
      this.#delayed.delete(waiting.key);
      // The last served group goes to the end of the round.
      this.#groups.delete(waiting.group);
      this.#groups.set(waiting.group, group);
      this.#takers.shift()?.({ key: waiting.key, group: waiting.group, priority: waiting.priority });
    }
  }

  #choose(): Waiting | undefined {
    const room = this.#room();
    const lastFirst = this.#takes % TURN_OF_THE_LAST === TURN_OF_THE_LAST - 1;
    for (const priority of lastFirst ? ORDER.toReversed() : ORDER) {
      for (const group of this.#groups.values()) {
        if (group.running >= room) continue;
        const first = group.lines[priority].values().next();
        if (first.done) continue;
        this.#takes += 1;
        return first.value;
      }
    }
    return undefined;
  }

  /** Shares of the busy groups add up to less than all workers: there is always one left for a group that comes later. */
  #room(): number {
    const share = Math.floor((this.#options.workers - 1) / Math.max(1, this.#groups.size));
    return Math.max(1, Math.min(this.#options.perGroup, share));
  }

  #groupOf(name: string): Group {
    let group = this.#groups.get(name);
    if (!group) {
      group = { lines: { person: new Map(), wake: new Map(), sweep: new Map() }, running: 0 };
      this.#groups.set(name, group);
    }
    return group;
  }

  #drop(name: string, group: Group): void {
    const empty = group.running === 0 && ORDER.every((priority) => group.lines[priority].size === 0);
    if (empty && this.#groups.get(name) === group) this.#groups.delete(name);
  }
}

function rank(work: Work): number {
  return ORDER.indexOf(work.priority);
}

function pressing(one: Work, other: Work): Work {
  return rank(one) < rank(other) ? one : other;
}
