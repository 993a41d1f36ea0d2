import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import { type Applied, keyOf } from '../data/declare.ts';
import { listHref } from '../data/declare-rights.ts';
import { type ObjectState, readObject, stateOf, type WatchedObject } from '../data/object-progress.ts';
import { stackwardenApi } from '../data/schemas.ts';
import { watch } from '../data/watch.ts';
import { planTexts as t } from '../texts/plan.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import type { IconName } from './icons.ts';

const icons: Readonly<Record<string, IconName>> = {
  ready: 'circle-check',
  done: 'circle-check',
  stopped: 'circle-alert',
  gone: 'circle-x',
  refused: 'circle-x',
  conflict: 'circle-alert',
};

const everyMs = 4000;

/** What came of each object that was applied, and how far it is until it is ready. Sends `sw-settled` once none is in progress any more. */
export class SwApplyProgress extends SwElement {
  static override properties = { applied: { attribute: false }, states: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--wa-space-s);
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
      }
      li {
        display: grid;
        grid-template-columns: 1.4rem minmax(0, 1fr) auto;
        gap: 0 var(--wa-space-xs);
        padding: var(--wa-space-2xs) var(--wa-space-s);
      }
      li + li {
        border-block-start: 1px solid var(--wa-color-surface-border);
      }
      li .message {
        grid-column: 2 / -1;
        overflow-wrap: anywhere;
      }
      .name {
        overflow-wrap: anywhere;
      }
      wa-spinner {
        font-size: 1em;
      }
      .ready,
      .done {
        color: var(--wa-color-success-on-quiet);
      }
      .stopped,
      .refused,
      .gone,
      .conflict {
        color: var(--wa-color-danger-on-quiet);
      }
    `,
  ];

  declare applied: readonly Applied[];
  declare states: ReadonlyMap<string, ObjectState>;

  #unwatch: (() => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isSettled = false;

  constructor() {
    super();
    this.applied = [];
    this.states = new Map();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#unwatch = watch({
      types: ['object'],
      changed: ({ key, body }) => this.#noted(key, body as WatchedObject | null),
      reset: () => void this.#readAll(),
    });
    // Should the stream of changes be down, it is only told later.
    this.#timer = setInterval(() => void (this.#isSettled ? undefined : this.#readAll()), everyMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    clearInterval(this.#timer);
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('applied')) return;
    this.#isSettled = false;
    void this.#readAll();
  }

  override render() {
    const followed = this.applied.filter(isFollowed);
    const ready = followed.filter((one) => this.states.get(keyOf(one))?.progress === 'ready').length;
    return html`
      ${
        followed.length === 0
          ? nothing
          : html`<wa-progress-bar value=${Math.round((100 * ready) / followed.length)} label=${t.ready(ready, followed.length)}></wa-progress-bar>
              <p role="status">${ready === followed.length ? t.allReady : t.ready(ready, followed.length)}</p>`
      }
      <ul>${this.applied.map((one) => this.#row(one))}</ul>
    `;
  }

  #row(one: Applied): TemplateResult {
    const state = this.states.get(keyOf(one));
    const isBad = one.outcome === 'refused' || one.outcome === 'conflict';
    const how = isBad ? one.outcome : isFollowed(one) ? (state?.progress ?? 'working') : 'done';
    const words = how === 'refused' || how === 'conflict' ? t.outcomes[how] : `${t.outcomes[one.outcome]} · ${t.progress[how as 'done']}`;
    const message = isBad
      ? one.problems.map(({ path, message: text }) => (path ? `${path}: ${text}` : text)).join(' ')
      : how === 'ready'
        ? ''
        : (state?.message ?? '');
    const icon = icons[how];
    const name = `${one.namespace ? `${one.namespace}/` : ''}${one.name}`;
    const href = isBad ? undefined : listHref(one);
    return html`<li>
      <span class=${how}>${icon ? html`<sw-icon name=${icon}></sw-icon>` : html`<wa-spinner></wa-spinner>`}</span>
      <span class="name"><strong>${one.kind}</strong> ${href === undefined ? name : html`<a href=${href}>${name}</a>`}</span>
      <span class=${how}>${words}</span>
      ${message === '' ? nothing : html`<span class="message quiet">${message}</span>`}
    </li>`;
  }

  #noted(key: string, body: WatchedObject | null): void {
    const one = this.applied.find((each) => isFollowed(each) && keyOf(each) === key);
    if (!one) return;
    this.states = new Map(this.states).set(key, stateOf(body, one.generation ?? 0));
    this.#settle();
  }

  async #readAll(): Promise<void> {
    for (const one of this.applied.filter(isFollowed)) {
      // What cannot be read now is told by the watch.
      const found = await readObject(one).catch(() => undefined);
      if (found !== undefined) this.#noted(keyOf(one), found);
    }
    this.#settle();
  }

  #settle(): void {
    const isWorking = this.applied.some((one) => isFollowed(one) && (this.states.get(keyOf(one))?.progress ?? 'working') === 'working');
    if (isWorking || this.#isSettled || this.applied.length === 0) return;
    this.#isSettled = true;
    this.send('sw-settled', { states: this.states });
  }
}

/** Whether the reconciler makes something of it. */
function isFollowed({ apiVersion, outcome }: Applied): boolean {
  return apiVersion === stackwardenApi && outcome !== 'refused' && outcome !== 'conflict';
}

define('sw-apply-progress', SwApplyProgress);
