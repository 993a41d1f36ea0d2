import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { setQuery, withQuery } from '../../app/router.ts';
import { scope } from '../../app/scope.ts';
import { listOperations, type Operation, type OperationFilter } from '../../data/operations.ts';
import { session } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { watch } from '../../data/watch.ts';
import { base, define } from '../../elements/element.ts';
import { operationName, operationParts } from '../../elements/operation-state.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import { formatAgo, formatDuration, formatTime } from '../../texts/format.ts';
import { operationTexts as t } from '../../texts/operations.ts';
import { filterIn, fits, inView } from './filter.ts';
import './filter-form.ts';
import './operation-detail.ts';
import { operationsStyle } from './style.ts';

/** Everything that was asked for and takes time, newest first, live; one of them with its steps and items beside the list. */
export class SwOperations extends SwPage {
  static override properties = {
    ...SwPage.properties,
    operations: { state: true },
    next: { state: true },
    problem: { state: true },
    isMore: { state: true },
  };
  static override styles = [base, operationsStyle];

  declare operations: readonly Operation[] | undefined;
  declare next: string | undefined;
  declare problem: unknown;
  declare isMore: boolean;
  #asked = '';
  #abort = new AbortController();
  #end: (() => void) | undefined;

  constructor() {
    super();
    this.isMore = false;
    follow(this, scope);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = watch({
      types: ['operation'],
      changed: ({ key, body }) => this.#changed(key, body as unknown as Operation | null),
      reset: () => void this.#read(),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
    this.#abort.abort();
  }

  override willUpdate(): void {
    const asked = JSON.stringify(this.#filter());
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.operations = undefined;
    void this.#read();
  }

  override render() {
    const id = this.query.get('id') || null;
    return html`
      <sw-page-header .heading=${t.title}><p slot="about" class="quiet">${t.about}</p></sw-page-header>
      <sw-operation-filter .query=${this.query} .actions=${(this.operations ?? []).map(({ action }) => action)}></sw-operation-filter>
      <div class="columns">
        <div class="list">${this.#list()}</div>
        ${id === null ? nothing : html`<sw-operation-detail .operationId=${id} @sw-close=${() => setQuery({ id: undefined })}></sw-operation-detail>`}
      </div>
    `;
  }

  #list() {
    if (this.problem !== undefined && !this.operations)
      return html`<sw-problem .problem=${this.problem} @retry=${() => this.#read()}></sw-problem>`;
    if (!this.operations) return html`<sw-loading lines="6"></sw-loading>`;
    const shown = this.operations.filter((one) => inView(one, scope.value));
    if (shown.length === 0 && this.next === undefined) return this.#empty();
    const c = t.columns;
    return html`
      <table>
        <thead>
          <tr>
            <th>${c.state}</th><th>${c.action}</th><th>${c.target}</th><th>${c.cluster}</th><th>${c.actor}</th><th>${c.began}</th><th class="number">${c.took}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            shown,
            ({ id }) => id,
            (one) => this.#row(one),
          )}
        </tbody>
      </table>
      ${this.next === undefined ? nothing : html`<div class="more"><wa-button size="s" ?loading=${this.isMore} @click=${() => this.#more()}>${t.more}</wa-button></div>`}
    `;
  }

  #row(operation: Operation) {
    const [what, on] = operationParts(operation);
    const { id, cluster, actor, createdAt, elapsed, type, target } = operation;
    const isOpen = this.query.get('id') === id;
    const place = type !== '' && target !== '' ? `/resources/${[type, cluster, target].map(encodeURIComponent).join('/')}` : undefined;
    return html`<tr class=${isOpen ? 'chosen' : ''} @click=${(event: Event) => this.#choose(event, id)}>
      <td data-label=${t.columns.state}><sw-operation-state .operation=${operation}></sw-operation-state></td>
      <td class="main"><a href=${withQuery({ id })} aria-label=${operationName(operation)} aria-current=${isOpen ? 'true' : nothing}>${what}</a></td>
      <td data-label=${t.columns.target}>${place ? html`<a href=${place}>${on}</a>` : on}</td>
      <td data-label=${t.columns.cluster}>${cluster}</td>
      <td data-label=${t.columns.actor}>${actor}</td>
      <td data-label=${t.columns.began} title=${formatTime(createdAt)}>${formatAgo(createdAt)}</td>
      <td data-label=${t.columns.took} class="number">${elapsed > 0 ? formatDuration(elapsed) : ''}</td>
    </tr>`;
  }

  #empty() {
    const hasFilter = ['state', 'action', 'actor', 'since', 'until', 'target', 'cluster', 'type'].some((name) => this.query.has(name));
    if (!hasFilter) return html`<sw-empty icon="list-checks" .heading=${t.none.title} .text=${t.none.text}></sw-empty>`;
    const clear = {
      state: undefined,
      action: undefined,
      actor: undefined,
      since: undefined,
      until: undefined,
      target: undefined,
      cluster: undefined,
      type: undefined,
    };
    return html`<sw-empty icon="funnel" .heading=${t.noneFit.title} .text=${t.noneFit.text}>
      <wa-button size="s" @click=${() => setQuery(clear)}>${t.noneFit.clear}</wa-button>
    </sw-empty>`;
  }

  #filter(): OperationFilter {
    return filterIn(this.query, session.value?.username ?? '');
  }

  #choose(event: Event, id: string): void {
    const isLink = event.composedPath().some((one) => one instanceof HTMLAnchorElement);
    if (!isLink) setQuery({ id }, { replace: false });
  }

  #changed(key: string, operation: Operation | null): void {
    if (!this.operations) return;
    const isListed = this.operations.some(({ id }) => id === key);
    if (!operation) this.operations = this.operations.filter(({ id }) => id !== key);
    else if (isListed) this.operations = this.operations.map((one) => (one.id === key ? operation : one));
    else if (fits(operation, this.#filter(), scope.value)) this.operations = [operation, ...this.operations];
  }

  async #read(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    await this.#page({ signal: this.#abort.signal });
  }

  async #more(): Promise<void> {
    this.isMore = true;
    await this.#page({ signal: this.#abort.signal, cursor: this.next });
    this.isMore = false;
  }

  async #page(options: { signal: AbortSignal; cursor?: string | undefined }): Promise<void> {
    try {
      const { items, next } = await listOperations(this.#filter(), options);
      const before = options.cursor === undefined ? [] : (this.operations ?? []);
      this.operations = [...before, ...items.filter(({ parent, id }) => parent === undefined && !before.some((one) => one.id === id))];
      this.next = next;
      this.problem = undefined;
    } catch (error) {
      if (!options.signal.aborted) this.problem = error;
    }
  }
}

define('sw-operations', SwOperations);
