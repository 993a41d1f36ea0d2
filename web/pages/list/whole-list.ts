import { css, html, nothing, type TemplateResult } from 'lit';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import { setQuery } from '../../app/router.ts';
import { isInScope, scope } from '../../app/scope.ts';
import {
  allHypervisors,
  allQuotas,
  type CloudHypervisor,
  type CloudQuota,
  type UntoldCloud,
  type WholeList,
} from '../../data/capacity-lists.ts';
import { follow } from '../../data/stored.ts';
import { define } from '../../elements/element.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import '../../elements/table.ts';
import type { TableSort } from '../../elements/table-columns.ts';
import { formatNumber } from '../../texts/format.ts';
import { languageTag } from '../../texts/language.ts';
import { wholeListTexts as t } from '../../texts/whole-lists.ts';
import { readSort, writeSort } from './address.ts';
import { listStyles, unlabelled } from './list-styles.ts';
import { arranged, hypervisorColumns, quotaColumns, type WholeColumn } from './whole-columns.ts';

const cells = css`
  .use {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    vertical-align: bottom;
  }
  meter {
    width: 5rem;
    height: 0.8rem;
  }
`;

const refreshEveryMs = 30_000;

/** A list that comes whole: hosts or quotas of all clouds. */
abstract class SwWholeList<Row extends { readonly cluster: string }> extends SwPage {
  static override properties = { ...SwPage.properties, list: { state: true }, failure: { state: true } };
  static override styles = [
    ...listStyles,
    unlabelled,
    css`
      .untold {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--wa-space-m);
        color: var(--wa-color-text-quiet);
        font-size: var(--wa-font-size-s);
      }
    `,
  ];

  declare list: WholeList<Row> | undefined;
  declare failure: unknown;

  abstract readonly of: 'hypervisors' | 'quotas';
  #columns: { readonly language: string; readonly all: readonly WholeColumn<Row>[] } | undefined;
  #arranged: { readonly by: readonly unknown[]; readonly rows: readonly Row[] } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor() {
    super();
    follow(this, scope);
  }

  protected abstract ask(signal: AbortSignal): Promise<WholeList<Row>>;
  protected abstract columns(): readonly WholeColumn<Row>[];
  protected abstract readonly keyOf: (row: Row) => string;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  override render(): TemplateResult {
    const rows = this.#rows();
    const all = this.#inScope().length;
    return html`
      <sw-page-header .heading=${t[this.of]}>
        <span slot="about" class="quiet" role="status">${this.list ? t.count(formatNumber(rows.length), formatNumber(all)) : '\u00a0'}</span>
        <wa-button slot="actions" size="s" appearance="outlined" @click=${() => void this.#look()}><sw-icon slot="start" name="refresh-cw"></sw-icon>${t.refresh}</wa-button>
      </sw-page-header>
      <wa-input
        size="s"
        type="search"
        with-clear
        label=${t.find}
        placeholder=${t.find}
        .value=${this.#text}
        @input=${(event: Event) => setQuery({ text: (event.target as HTMLInputElement).value })}
      ></wa-input>
      ${this.#untold()}
      <div class="stage">${this.#stage(rows)}</div>
    `;
  }

  #stage(rows: readonly Row[]): TemplateResult {
    if (!this.list) {
      if (this.failure === undefined) return html`<sw-loading lines="10"></sw-loading>`;
      return html`<sw-problem .problem=${this.failure} @retry=${() => void this.#look()}></sw-problem>`;
    }
    if (rows.length === 0)
      return html`<sw-empty icon="info" .heading=${t.none.title} .text=${this.#text === '' ? t.none[this.of] : t.noneFits}></sw-empty>`;
    return html`<sw-table
      .columns=${this.#allColumns()}
      .rows=${rows}
      .keyOf=${this.keyOf}
      .sort=${this.#sort}
      .label=${t[this.of]}
      .cellStyles=${cells}
      @sw-sort=${(event: CustomEvent<TableSort>) => setQuery({ sort: writeSort(event.detail) })}
    ></sw-table>`;
  }

  #untold(): TemplateResult | typeof nothing {
    const untold = (this.list?.untold ?? []).filter(({ cluster }) => isInScope(cluster));
    if (untold.length === 0) return nothing;
    return html`<div class="untold" role="status"><sw-icon name="info"></sw-icon>${untold.map(({ cluster, reason, message }: UntoldCloud) => html`<span title=${message ?? nothing}>${t.untold[reason](cluster)}</span>`)}</div>`;
  }

  get #text(): string {
    return this.query.get('text') ?? '';
  }

  get #sort(): TableSort {
    return readSort(this.query.get('sort') ?? '');
  }

  #allColumns(): readonly WholeColumn<Row>[] {
    const language = languageTag();
    if (this.#columns?.language !== language) this.#columns = { language, all: this.columns() };
    return this.#columns.all;
  }

  #inScope(): readonly Row[] {
    return (this.list?.items ?? []).filter(({ cluster }) => isInScope(cluster));
  }

  /** The same list until something of it changes, so that the table need not begin anew. */
  #rows(): readonly Row[] {
    const columns = this.#allColumns();
    const by = [this.list, columns, this.#text, writeSort(this.#sort), scope.value];
    if (this.#arranged && by.every((one, index) => one === this.#arranged?.by[index])) return this.#arranged.rows;
    const rows = arranged(this.#inScope(), columns, { text: this.#text, ...this.#sort });
    this.#arranged = { by, rows };
    return rows;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      if (!document.hidden || !this.list) this.list = await this.ask(asking.signal);
      this.failure = undefined;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.failure = error;
    }
    if (this.isConnected) this.#timer = setTimeout(() => void this.#look(), refreshEveryMs);
  }
}

/** Compute hosts of all clouds that show them. */
export class SwHypervisors extends SwWholeList<CloudHypervisor> {
  readonly of = 'hypervisors';
  protected readonly ask = allHypervisors;
  protected readonly columns = hypervisorColumns;
  protected readonly keyOf = ({ cluster, id }: CloudHypervisor): string => `${cluster}/${id}`;
}

/** What is used of the quotas of all clouds. */
export class SwQuotas extends SwWholeList<CloudQuota> {
  readonly of = 'quotas';
  protected readonly ask = allQuotas;
  protected readonly columns = quotaColumns;
  protected readonly keyOf = ({ cluster, service, name }: CloudQuota): string => `${cluster}/${service}/${name}`;
}

define('sw-hypervisors', SwHypervisors);
define('sw-quotas', SwQuotas);
