import { html, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Page } from '../../data/people.ts';
import '../../elements/state.ts';

/** A list that is read page by page; while it is read again what there was stays. */
export class Pages<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
  #running: AbortController | undefined;
  items: readonly T[] | undefined;
  next: string | undefined;
  problem: unknown;

  constructor(host: ReactiveControllerHost, read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  hostConnected(): void {}

  hostDisconnected(): void {
    this.#running?.abort();
  }

  /** Reads from the beginning. */
  reload(): Promise<void> {
    return this.#get(undefined);
  }

  /** Reads the page behind what is there. */
  more(): Promise<void> {
    return this.#get(this.next);
  }

  show(list: (items: readonly T[]) => TemplateResult): TemplateResult {
    if (this.problem !== undefined) return html`<sw-problem .problem=${this.problem} @retry=${() => this.reload()}></sw-problem>`;
    return this.items === undefined ? html`<sw-loading .lines=${6}></sw-loading>` : list(this.items);
  }

  async #get(cursor: string | undefined): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    try {
      const { items, next } = await this.#read(cursor, running.signal);
      if (running.signal.aborted) return;
      this.items = cursor === undefined ? items : [...(this.items ?? []), ...items];
      this.next = next;
      this.problem = undefined;
    } catch (error) {
      if (running.signal.aborted) return;
      this.problem = error;
    }
    this.#host.requestUpdate();
  }
}
