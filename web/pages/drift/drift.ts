import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/checkbox/checkbox.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { navigate, setQuery, withQuery } from '../../app/router.ts';
import { scope } from '../../app/scope.ts';
import { causes, type DriftItem, type DriftSurvey, surveyDrift, type Way } from '../../data/drift.ts';
import { follow } from '../../data/stored.ts';
import { watch } from '../../data/watch.ts';
import { base, define } from '../../elements/element.ts';
import '../../elements/icon.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import { besideLabels } from '../../elements/shared-styles.ts';
import { driftTexts as t } from '../../texts/drift.ts';
import { formatAgo, formatNumber } from '../../texts/format.ts';
import { pageStyles } from './drift.styles.ts';
import { ways } from './drift-item.ts';
import './facets.ts';
import { askedFor, type DriftView, isFiltered, viewOf } from './query.ts';
import './settle-dialog.ts';
import { adoptHref, keyOf } from './settling.ts';
import './undeclared.ts';

const pageSize = 100;
/** How soon after something changed it is asked again; later where an answer takes its time, so that the server is not kept busy by it. */
const calmMs = 1500;

/** All that is not as declared, over all clouds, and what to do about it. */
export class SwDrift extends SwPage {
  static override properties = {
    ...SwPage.properties,
    survey: { state: true },
    failure: { state: true },
    chosen: { state: true },
    settling: { state: true },
    size: { state: true },
  };
  static override styles = [base, besideLabels, pageStyles];

  declare survey: DriftSurvey | undefined;
  declare failure: unknown;
  /** Keys of items. */
  declare chosen: ReadonlySet<string>;
  declare settling: { readonly way: Way; readonly items: readonly DriftItem[] } | undefined;
  /** How many items are asked for. */
  declare size: number;
  #asking: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endWatch: (() => void) | undefined;
  #asked = '';
  #tookMs = 0;
  readonly #focusFilter = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector('wa-input')?.focus();
  };

  constructor() {
    super();
    this.chosen = new Set();
    this.size = pageSize;
    follow(this, scope);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Whatever changes what is amiss also changes the status of an object; only undeclared resources come and go without one.
    this.#endWatch = watch({ types: ['object'], changed: () => this.#askSoon(), reset: () => this.#askSoon() });
    document.addEventListener('sw-focus-filter', this.#focusFilter);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endWatch?.();
    this.#asking?.abort();
    clearTimeout(this.#timer);
    document.removeEventListener('sw-focus-filter', this.#focusFilter);
  }

  override willUpdate(_: PropertyValues<this>): void {
    const asked = JSON.stringify([askedFor(viewOf(this.query), scope.value), this.size]);
    if (asked === this.#asked) return;
    const isOther = this.#asked !== '' && JSON.parse(this.#asked)[1] === this.size;
    this.#asked = asked;
    if (isOther) this.chosen = new Set();
    void this.#ask();
  }

  #askSoon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.#ask();
      },
      Math.max(calmMs, 4 * this.#tookMs),
    );
  }

  async #ask(): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const began = performance.now();
    try {
      this.survey = await surveyDrift({ ...askedFor(viewOf(this.query), scope.value), limit: Math.min(500, this.size) }, asking.signal);
      this.failure = undefined;
      this.#tookMs = Math.min(10_000, performance.now() - began);
    } catch (error) {
      if (!asking.signal.aborted) this.failure = error;
    }
  }

  override render() {
    const view = viewOf(this.query);
    const { survey } = this;
    const counts = survey?.counts.cause;
    const about = counts ? t.about(counts.drifted + counts.missing + counts.contested, counts.undeclared) : '';
    return html`
      <sw-page-header .heading=${t.title}><span slot="about" class="quiet">${about}</span></sw-page-header>
      ${survey ? cloudsNote(survey) : nothing}
      <nav class="tabs" aria-label=${t.title}>${(['all', ...causes] as const).map((cause) => this.#tab(cause, view))}</nav>
      ${this.#controls(view)}
      ${this.failure === undefined ? nothing : html`<sw-problem .problem=${this.failure} @retry=${() => this.#ask()}></sw-problem>`}
      ${survey ? this.#found(survey, view) : this.failure === undefined ? html`<sw-loading lines="8"></sw-loading>` : nothing}
      ${
        this.settling
          ? html`<sw-settle-dialog
              .way=${this.settling.way}
              .items=${this.settling.items}
              @sw-close=${(event: CustomEvent<{ settled: number }>) => this.#closed(event.detail.settled)}
            ></sw-settle-dialog>`
          : nothing
      }
    `;
  }

  #tab(cause: DriftView['cause'], view: DriftView): TemplateResult {
    const counts = this.survey?.counts.cause;
    const count = counts && (cause === 'all' ? counts.drifted + counts.missing + counts.contested : counts[cause]);
    const href = withQuery({ cause: cause === 'all' ? undefined : cause, group: undefined, kind: undefined });
    return html`<a href=${href} aria-current=${view.cause === cause ? 'page' : nothing}
      >${t.causes[cause]}<span class="count">${count === undefined ? '' : formatNumber(count)}</span></a
    >`;
  }

  #controls(view: DriftView): TemplateResult {
    const set = (name: string) => (event: Event) => setQuery({ [name]: (event.target as HTMLInputElement).value });
    return html`<div class="controls">
      <wa-input size="s" type="search" with-clear label=${t.filter} placeholder=${t.filter} .value=${view.text} @input=${set('q')}
        ><sw-icon slot="start" name="search"></sw-icon
      ></wa-input>
      <wa-select size="s" label=${t.order} .value=${view.sort} @change=${set('sort')}>
        ${(['newest', 'oldest', 'name'] as const).map((one) => html`<wa-option value=${one}>${t.orders[one]}</wa-option>`)}
      </wa-select>
      <span class="quiet">${t.says[view.cause]}</span>
    </div>`;
  }

  #found(survey: DriftSurvey, view: DriftView): TemplateResult {
    if (survey.total === 0) {
      const isFilled = isFiltered(view);
      return html`<sw-empty icon=${isFilled ? 'search' : 'circle-check'} .heading=${t.nothing[view.cause]} .text=${isFilled ? t.nothing.filtered : t.nothing.text}>
        ${isFilled ? html`<a href=${withQuery({ q: undefined, cluster: undefined, kind: undefined, namespace: undefined, group: undefined })}>${t.clear}</a>` : nothing}
      </sw-empty>`;
    }
    const left = Math.min(survey.total, 500) - survey.items.length;
    return html`<div class="columns">
      <sw-drift-facets .survey=${survey} .view=${view}></sw-drift-facets>
      <div>
        ${this.#bulk(survey.items, view)}
        ${view.cause === 'undeclared' ? this.#rows(survey.items) : html`<div class="items" role="list">${survey.items.map((item) => this.#item(item))}</div>`}
        ${left > 0 ? html`<p class="more"><wa-button size="s" @click=${() => (this.size = Math.min(500, this.size + pageSize))}>${t.more(Math.min(left, pageSize))}</wa-button></p>` : nothing}
      </div>
    </div>`;
  }

  #item(item: DriftItem): TemplateResult {
    return html`<sw-drift-item
      role="listitem"
      .item=${item}
      ?chosen=${this.chosen.has(keyOf(item))}
      @sw-choose=${(event: CustomEvent<{ isChosen: boolean }>) => this.#choose([item], event.detail.isChosen)}
      @sw-settle=${(event: CustomEvent<{ way: Way; item: DriftItem }>) => (this.settling = { way: event.detail.way, items: [item] })}
    ></sw-drift-item>`;
  }

  #rows(items: readonly DriftItem[]): TemplateResult {
    return html`<sw-undeclared .items=${items} .chosen=${this.chosen} @sw-choose-all=${(event: CustomEvent<ReadonlySet<string>>) => (this.chosen = event.detail)}></sw-undeclared>`;
  }

  #bulk(items: readonly DriftItem[], view: DriftView): TemplateResult {
    const chosen = items.filter((item) => this.chosen.has(keyOf(item)));
    const isAll = chosen.length > 0 && chosen.length === items.length;
    const isUndeclared = view.cause === 'undeclared';
    return html`<div class="bulk ${chosen.length > 0 ? 'chosen' : ''}">
      ${
        isUndeclared
          ? nothing
          : html`<wa-checkbox
              size="s"
              .checked=${isAll}
              .indeterminate=${chosen.length > 0 && !isAll}
              @change=${(event: Event) => this.#choose(items, (event.target as HTMLInputElement).checked)}
              >${t.selectAll}</wa-checkbox
            >`
      }
      <span class="grow quiet" role="status">${chosen.length > 0 ? t.selected(chosen.length) : ''}</span>
      ${isUndeclared ? this.#adopt(chosen) : ways.map((way) => html`<wa-button size="s" appearance="outlined" class="bulk-${way}" title=${t.wayHints[way]} ?disabled=${chosen.length === 0} @click=${() => (this.settling = { way, items: chosen })}>${t.ways[way]}</wa-button>`)}
    </div>`;
  }

  #adopt(chosen: readonly DriftItem[]): TemplateResult {
    const clusters = new Set(chosen.map(({ cluster }) => cluster));
    const why = clusters.size > 1 ? t.oneCloud : chosen.some(({ mayChange }) => !mayChange) ? t.obstacles.Forbidden : undefined;
    return html`${why ? html`<span class="quiet" id="adopt-why">${why}</span>` : nothing}
      <wa-button
        size="s"
        variant=${chosen.length > 0 ? 'brand' : 'neutral'}
        appearance=${chosen.length > 0 ? 'accent' : 'outlined'}
        class="adopt"
        title=${t.adoptHint}
        aria-describedby=${why ? 'adopt-why' : nothing}
        ?disabled=${chosen.length === 0 || why !== undefined}
        @click=${() => navigate(adoptHref(chosen))}
        >${t.adopt}</wa-button
      >`;
  }

  #choose(items: readonly DriftItem[], isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    for (const item of items) {
      if (isChosen) chosen.add(keyOf(item));
      else chosen.delete(keyOf(item));
    }
    this.chosen = chosen;
  }

  #closed(settled: number): void {
    this.settling = undefined;
    if (settled === 0) return;
    this.chosen = new Set();
    this.#askSoon();
  }
}

/** Clouds of which what is shown may be old. */
function cloudsNote({ clouds }: DriftSurvey): TemplateResult | typeof nothing {
  const amiss = clouds.filter(({ state }) => state !== 'Fresh');
  if (amiss.length === 0) return nothing;
  return html`<wa-callout variant="warning" size="s" role="status">
    <sw-icon slot="icon" name="triangle-alert"></sw-icon>
    ${t.clouds.title(amiss.length)}
    <ul>
      ${amiss.map(({ cluster, state, listedAt, error }) => {
        const says = state === 'Listing' ? t.clouds.listing : listedAt ? t.clouds.stale(formatAgo(listedAt)) : t.clouds.unreachable;
        return html`<li><strong>${cluster}</strong>: ${says}${error ? html` <span class="quiet">${error.message}</span>` : nothing}</li>`;
      })}
    </ul>
  </wa-callout>`;
}

define('sw-drift', SwDrift);
