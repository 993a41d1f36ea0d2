import { type Task, TaskStatus } from '@lit/task';
import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { watch } from '../data/watch.ts';
import './state.ts';

/** What a task came to. While it runs again, and when it then fails, what there was stays. */
export function loaded<T>(task: Task<readonly unknown[], T>, show: (value: T) => TemplateResult, lines = 4): TemplateResult {
  if (task.value !== undefined) return show(task.value);
  if (task.status === TaskStatus.ERROR) return html`<sw-problem .problem=${task.error} @retry=${() => void again(task)}></sw-problem>`;
  return html`<sw-loading .lines=${lines}></sw-loading>`;
}

/** Runs it once more; what comes of it is in the task. */
export function again(task: Task): Promise<void> {
  return task.run().catch(() => undefined);
}

export interface FreshOptions {
  /** What is watched; asked when the element comes into the page. A type that one may not see refuses all of them. */
  types(): readonly string[];
  read(): void;
  /** Also read this often, ms. */
  readonly everyMs: number;
  /** Changes come in bursts: how long one waits for more, ms; 1,000. */
  readonly soonMs?: number;
}

/** Has an element read again soon after something changed, and now and then, while somebody looks at it. */
export function keepFresh(host: ReactiveControllerHost, options: FreshOptions): void {
  host.addController(new Fresh(options));
}

class Fresh implements ReactiveController {
  readonly #options: FreshOptions;
  #leave: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  readonly #seen = () => {
    if (!document.hidden && Date.now() >= this.#dueAt) this.#soon(0);
  };

  constructor(options: FreshOptions) {
    this.#options = options;
  }

  hostConnected(): void {
    const types = this.#options.types();
    const changed = () => this.#soon(this.#options.soonMs ?? 1000);
    if (types.length > 0) this.#leave = watch({ types, changed, reset: changed });
    document.addEventListener('visibilitychange', this.#seen);
    this.#soon(this.#options.everyMs);
  }

  hostDisconnected(): void {
    this.#leave?.();
    this.#leave = undefined;
    document.removeEventListener('visibilitychange', this.#seen);
    clearTimeout(this.#timer);
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  /** The first change of a burst says when: one that never ends is still read from. */
  #soon(delayMs: number): void {
    const dueAt = Date.now() + delayMs;
    if (dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#due(), delayMs);
  }

  #due(): void {
    // Whoever comes back to the page finds it read then.
    if (document.hidden) return;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#options.read();
    this.#soon(this.#options.everyMs);
  }
}
