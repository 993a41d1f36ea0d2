import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import { setQuery } from '../../app/router.ts';
import type { Then } from '../../data/history.ts';
import { base } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import '../../elements/table.ts';
import { besideLabels } from '../../elements/shared-styles.ts';
import type { TableColumn } from '../../elements/table-columns.ts';
import { formatNumber, formatTime } from '../../texts/format.ts';
import { historyTexts as t } from '../../texts/history.ts';
import { momentIn } from './as-of.ts';
import { thenListStyles } from './then-list.styles.ts';

/** Base of lists as of a time: asks anew as the address changes, and page by page for more. */
export abstract class SwThenList<Item> extends SwPage {
  static override properties = { ...SwPage.properties, found: { state: true }, failure: { state: true } };
  static override styles = [base, besideLabels, thenListStyles];

  declare found: Then<Item> | undefined;
  declare failure: unknown;
  #asked = '';
  #asking: AbortController | undefined;

  /** What the server is asked for by the address; `at` is added. */
  protected abstract wanted(): Readonly<Record<string, string | undefined>>;
  protected abstract ask(query: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<Then<Item>>;
  protected abstract columns(): TableColumn<Item>[];
  protected abstract keyOf(item: Item): string;
  protected abstract open(item: Item): void;

  protected get at(): string | undefined {
    return momentIn(this.query);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asking?.abort();
  }

  /** Whether what to ask for is known yet. */
  protected get isReady(): boolean {
    return true;
  }

  override willUpdate(_: PropertyValues<this>): void {
    if (!this.isReady) return;
    const asked = JSON.stringify([this.wanted(), this.at]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    void this.load();
  }

  protected async load(cursor?: string): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const page = await this.ask({ ...this.wanted(), at: this.at, cursor }, asking.signal);
      this.found = cursor === undefined ? page : { ...page, items: [...(this.found?.items ?? []), ...page.items] };
      this.failure = undefined;
    } catch (error) {
      if (!asking.signal.aborted) this.failure = error;
    }
  }

  protected list(label: string, empty: { readonly title: string; readonly text: string }): TemplateResult {
    const { found } = this;
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.load()}></sw-problem>`;
    if (!found) return html`<sw-loading lines="8"></sw-loading>`;
    if (!found.known && found.items.length === 0)
      return html`<sw-empty icon="clock" .heading=${t.notKnown.title} .text=${found.knownSince ? t.notKnown.text(formatTime(found.knownSince)) : t.notKnown.never}></sw-empty>`;
    if (found.items.length === 0) return html`<sw-empty icon="info" .heading=${empty.title} .text=${empty.text}></sw-empty>`;
    return html`<sw-table
        label=${label}
        .columns=${this.columns()}
        .rows=${found.items}
        .keyOf=${(item: Item) => this.keyOf(item)}
        @sw-open=${(event: CustomEvent<{ row: Item }>) => this.open(event.detail.row)}
      ></sw-table>
      <div class="more">
        <span class="quiet" role="status">${t.fits(formatNumber(found.items.length))}</span>
        ${found.next === undefined ? nothing : html`<wa-button size="s" @click=${() => this.load(found.next)}>${t.loadMore}</wa-button>`}
      </div>`;
  }

  /** A choice that stands in the address; '' is all. */
  protected choice(parameter: string, label: string, options: readonly (readonly [value: string, text: string])[]): TemplateResult {
    const value = this.query.get(parameter) ?? '';
    const change = (event: Event) => {
      const chosen = (event.target as HTMLInputElement).value;
      setQuery({ [parameter]: chosen === 'all' ? undefined : chosen });
    };
    return html`<wa-select size="s" label=${label} .value=${value === '' ? 'all' : value} @change=${change}>
      <wa-option value="all">${t.all}</wa-option>
      ${options.map(([one, text]) => html`<wa-option value=${one}>${text}</wa-option>`)}
    </wa-select>`;
  }
}
