import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A value that tells of its changes. */
export class Stored<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }

  /** Calls back at each change; what it returns ends that. */
  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

type Followed = Pick<Stored<unknown>, 'subscribe'>;

/** Renders an element again whenever one of some values changes, while it is in the page. */
export function follow(host: ReactiveControllerHost, ...followed: readonly Followed[]): void {
  host.addController(new Following(host, followed));
}

class Following implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #followed: readonly Followed[];
  #ends: (() => void)[] = [];

  constructor(host: ReactiveControllerHost, followed: readonly Followed[]) {
    this.#host = host;
    this.#followed = followed;
  }

  hostConnected(): void {
    this.#ends = this.#followed.map((one) => one.subscribe(() => this.#host.requestUpdate()));
  }

  hostDisconnected(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
  }
}
