import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { setQuery } from '../../app/router.ts';
import { scope } from '../../app/scope.ts';
import { Problem } from '../../data/http.ts';
import { exportUrl, type ListColumn, type ListRow, listColumns, listFacets } from '../../data/lists.ts';
import { preferences } from '../../data/preferences.ts';
import { may } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { define } from '../../elements/element.ts';
import type { SwFilterBar } from '../../elements/filter-bar.ts';
import '../../elements/filter-bar.ts';
import { type FilterColumn, problemOf, splitFilter } from '../../elements/filter-tokens.ts';
import { SwPage } from '../../elements/page.ts';
import '../../elements/state.ts';
import type { Density, TableColumn, Widths } from '../../elements/table-columns.ts';
import { toast } from '../../elements/toast.ts';
import { columnLabel } from '../../texts/columns.ts';
import { formatNumber } from '../../texts/format.ts';
import { frameTexts } from '../../texts/frame.ts';
import { languageTag } from '../../texts/language.ts';
import { listTexts as t } from '../../texts/list.ts';
import { typeNames } from '../../texts/resource-types.ts';
import { type ListAddress, readAddress, withClusters, writeSort } from './address.ts';
import { fieldsFor, tableColumn } from './cells.ts';
import './cloud-banner.ts';
import type { ColumnsChange } from './columns-dialog.ts';
import './export-menu.ts';
import './list-rows.ts';
import { placeKept, type SwListRows } from './list-rows.ts';
import { listStyles } from './list-styles.ts';
import { LiveRows } from './live-rows.ts';
import './pause-button.ts';
import { changeListSettings, listSettings, type SavedView, savedViews } from './settings.ts';
import { listedType } from './types.ts';
import './views-menu.ts';

/** The list of one type of resource over all clouds. */
export class SwList extends SwPage {
  static override properties = {
    ...SwPage.properties,
    columns: { state: true },
    failure: { state: true },
    isChoosingColumns: { state: true },
  };
  static override styles = listStyles;

  /** What columns the type has; undefined until they are known. */
  declare columns: readonly ListColumn[] | undefined;
  declare failure: unknown;
  declare isChoosingColumns: boolean;

  readonly #rows = createRef<SwListRows>();
  #address: ListAddress = readAddress(new URLSearchParams());
  #live: LiveRows | undefined;
  /** What the rows were asked for by. */
  #asked = '';
  #type = '';
  #drawn:
    | { readonly by: string; readonly all: readonly TableColumn<ListRow>[]; readonly shown: readonly TableColumn<ListRow>[] }
    | undefined;

  constructor() {
    super();
    this.isChoosingColumns = false;
    follow(this, preferences, scope);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('sw-focus-filter', this.#focusFilter);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('sw-focus-filter', this.#focusFilter);
    this.#close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const type = listedType(this.params['type'] ?? '')?.type ?? '';
    if (type !== this.#type) this.#begin(type);
    if (changed.has('query')) this.#address = readAddress(this.query);
    if (this.#address.at !== undefined) void import('./past-list.ts');
    this.#ask();
  }

  override render(): TemplateResult {
    const listed = listedType(this.params['type'] ?? '');
    if (!listed) return html`<sw-empty icon="search" .heading=${frameTexts.notFound.title} .text=${frameTexts.notFound.text}></sw-empty>`;
    const heading = typeNames(listed.type);
    if (!may(listed.permission)) {
      const { title, text, needs } = frameTexts.forbidden;
      return html`<sw-page-header .heading=${heading}></sw-page-header><sw-empty icon="lock" .heading=${title} .text=${`${text} ${needs(listed.permission)}`}></sw-empty>`;
    }
    const { at, sort } = this.#address;
    if (at !== undefined) {
      return html`<sw-page-header .heading=${heading}></sw-page-header>
        <sw-list-past .type=${this.#type} .at=${at} .text=${this.query.get('text') ?? ''} .sort=${sort}></sw-list-past>`;
    }
    return html`
      <sw-page-header .heading=${heading}>
        <span slot="about" class="quiet" role="status">${this.#countText()}</span>
        <div slot="actions" class="row">${this.#buttons()}</div>
      </sw-page-header>
      <sw-filter-bar
        .value=${this.#address.filter}
        .columns=${this.#filterColumns()}
        .ask=${this.#values}
        .refusal=${this.#refusal()}
        @sw-filter=${(event: CustomEvent<{ value: string }>) => setQuery({ filter: event.detail.value })}
      ></sw-filter-bar>
      <sw-list-clouds .clouds=${this.#live?.clouds ?? []} @retry=${() => void this.#again()}></sw-list-clouds>
      ${this.#stage()} ${this.isChoosingColumns ? this.#columnsDialog() : nothing}
    `;
  }

  #buttons(): TemplateResult {
    const { filter, sort } = this.#address;
    const { create } = listedType(this.#type) ?? {};
    const { shown } = this.#columns();
    return html`
      <sw-list-pause .isPaused=${this.#live?.isPaused ?? false} @sw-pause=${(event: CustomEvent<boolean>) => this.#live?.pause(event.detail)}></sw-list-pause>
      ${may('history.read') ? html`<wa-button size="s" appearance="plain" title=${t.at.look} @click=${lookBack}><sw-icon name="clock" .label=${t.at.look}></sw-icon></wa-button>` : nothing}
      <sw-list-views
        .type=${this.#type}
        .filter=${filter}
        .sort=${writeSort(sort)}
        .columns=${shown.map(({ name }) => name)}
        @sw-view-chosen=${(event: CustomEvent<SavedView>) => showView(event.detail)}
      ></sw-list-views>
      <wa-button size="s" appearance="outlined" @click=${() => void this.#chooseColumns()}><sw-icon name="columns-3"></sw-icon><span class="label">&nbsp;${t.columns}</span></wa-button>
      <sw-list-export .hrefOf=${this.#exportHref}></sw-list-export>
      ${create && may(create.permission) ? html`<wa-button size="s" variant="brand" href=${create.href}><sw-icon name="plus"></sw-icon><span class="label">&nbsp;${t.create}</span></wa-button>` : nothing}
    `;
  }

  #stage(): TemplateResult {
    const live = this.#live;
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#begin(this.#type)}></sw-problem>`;
    if (this.#isWrong) return html`<sw-empty icon="funnel" .heading=${t.wrongFilter}></sw-empty>`;
    if (!live || !this.columns) return html`<sw-loading lines="12"></sw-loading>`;
    const { error, total, held } = live.rows;
    if (error !== undefined && this.#refusal() !== undefined)
      return html`<sw-empty icon="funnel" .heading=${t.wrongFilter} .text=${this.#refusal()}></sw-empty>`;
    if (error !== undefined && total === undefined)
      return html`<sw-problem .problem=${error} @retry=${() => live.rows.retry()}></sw-problem>`;
    if (total === 0 && !held) return this.#nothing();
    const settings = listSettings(this.#type);
    return html`<sw-list-rows
      ${ref(this.#rows)}
      .type=${this.#type}
      .live=${live}
      .columns=${this.#columns().shown}
      .sort=${this.#address.sort}
      .filter=${withClusters(this.#address.filter, scope.value)}
      .density=${settings.density ?? densityOfPage()}
      .widths=${settings.widths ?? {}}
      @sw-widths=${(event: CustomEvent<Widths>) => void this.#keep({ widths: event.detail })}
    ></sw-list-rows>`;
  }

  #nothing(): TemplateResult {
    if (this.#live?.clouds.length === 0 && may('cluster.change')) {
      const { title, text, add } = t.noClouds;
      return html`<sw-empty icon="cloud" .heading=${title} .text=${text}><wa-button variant="brand" href="/clusters">${add}</wa-button></sw-empty>`;
    }
    const { title, text, clear } = t.noneFits;
    if (this.#address.filter === '')
      return html`<sw-empty icon=${listedType(this.#type)?.icon ?? 'info'} .heading=${t.empty.title} .text=${t.empty.text}></sw-empty>`;
    return html`<sw-empty icon="funnel" .heading=${title} .text=${text}><wa-button size="s" @click=${() => setQuery({ filter: undefined })}>${clear}</wa-button></sw-empty>`;
  }

  #columnsDialog(): TemplateResult {
    const { all, shown } = this.#columns();
    const settings = listSettings(this.#type);
    return html`<sw-list-columns
      .all=${all}
      .shown=${shown.map(({ name }) => name)}
      .widths=${settings.widths ?? {}}
      .density=${settings.density ?? densityOfPage()}
      @sw-columns=${(event: CustomEvent<ColumnsChange>) => this.#changeColumns(event.detail)}
      @sw-close=${() => (this.isChoosingColumns = false)}
    ></sw-list-columns>`;
  }

  /** Begins the list of a type. */
  #begin(type: string): void {
    this.#type = type;
    this.#close();
    this.columns = undefined;
    this.failure = undefined;
    const { permission } = listedType(type) ?? {};
    if (permission && may(permission)) void this.#bringColumns(type);
  }

  async #bringColumns(type: string): Promise<void> {
    try {
      const columns = await listColumns(type);
      if (type !== this.#type) return;
      const first = savedViews(type).find(({ isFirst }) => isFirst);
      if (first && ['filter', 'sort', 'columns', 'at'].every((name) => !this.query.has(name))) showView(first, true);
      this.columns = columns;
    } catch (error) {
      if (type === this.#type) this.failure = error;
    }
  }

  /** Asks for the rows that the address speaks of, unless it has. */
  #ask(): void {
    const { permission } = listedType(this.#type) ?? {};
    if (!permission || !may(permission) || !this.isConnected) return;
    const { filter, sort, at } = this.#address;
    // What is known to be wrong is shown at its token, and no reason to ask; what a filter may say is known with the columns.
    if (at !== undefined || this.#isWrong || (filter !== '' && !this.columns)) return this.#close();
    const query = { filter: withClusters(filter, scope.value), sort: writeSort(sort), fields: fieldsFor(this.#shownNames()) };
    const asked = JSON.stringify([this.#type, query]);
    if (asked === this.#asked) return;
    this.#close();
    this.#asked = asked;
    this.#live = new LiveRows({ type: this.#type, query, mayMove: () => this.#rows.value?.mayMove ?? true });
    this.#live.subscribe(() => this.requestUpdate());
    this.#live.open();
    const first = placeKept() ?? 0;
    this.#live.rows.want(first, first + 40);
  }

  #close(): void {
    this.#live?.close();
    this.#live = undefined;
    this.#asked = '';
  }

  readonly #focusFilter = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<SwFilterBar>('sw-filter-bar')?.focus();
  };

  readonly #values = (column: string, filter: string, signal: AbortSignal) =>
    listFacets(this.#type, { column, filter: withClusters(filter, scope.value), limit: 12 }, signal);

  #columns() {
    const names = this.#shownNames();
    const by = [languageTag(), this.#type, this.columns?.length ?? 0, ...names].join();
    if (this.#drawn?.by === by) return this.#drawn;
    const all = (this.columns ?? []).map((column) => tableColumn(this.#type, column));
    const shown = names.flatMap((name) => all.find((column) => column.name === name) ?? []);
    this.#drawn = { by, all, shown };
    return this.#drawn;
  }

  /** The name is always there, and first. */
  #shownNames(): readonly string[] {
    const wanted = this.#address.columns ?? listSettings(this.#type).columns ?? listedType(this.#type)?.columns ?? [];
    return [...new Set(['name', ...wanted])];
  }

  #filterColumns(): readonly FilterColumn[] {
    return (this.columns ?? []).map(({ name, kind, operators, also }) => ({ name, kind, operators, also, label: columnLabel(name) }));
  }

  get #isWrong(): boolean {
    const columns = this.#filterColumns();
    return columns.length > 0 && splitFilter(this.#address.filter).some((token) => problemOf(token, columns) !== undefined);
  }

  #countText(): string {
    const total = this.#live?.rows.total;
    return total === undefined ? '\u00a0' : t.count(formatNumber(total), this.#live?.isExact ?? true, this.#live?.clouds.length ?? 0);
  }

  /** What the server said of the filter. */
  #refusal(): string | undefined {
    const { error } = this.#live?.rows ?? {};
    if (!(error instanceof Problem) || error.status !== 400) return undefined;
    return error.errors.find(({ field }) => field === 'filter')?.message;
  }

  readonly #exportHref = (format: 'csv' | 'jsonl'): string => {
    const { filter, sort } = this.#address;
    const fields = this.#columns()
      .shown.map(({ name }) => name)
      .join(',');
    return exportUrl(this.#type, { filter: withClusters(filter, scope.value), sort: writeSort(sort), fields, format });
  };

  async #chooseColumns(): Promise<void> {
    await import('./columns-dialog.ts');
    this.isChoosingColumns = true;
  }

  #changeColumns(change: ColumnsChange): void {
    // What the address says of columns was of a view; from now on the person's own hold.
    if ('columns' in change && this.#address.columns) setQuery({ columns: undefined });
    void this.#keep(change);
  }

  async #keep(change: ColumnsChange): Promise<void> {
    try {
      await changeListSettings(this.#type, change);
    } catch {
      toast({ text: t.notKept, tone: 'warning' });
    }
  }

  async #again(): Promise<void> {
    try {
      await this.#live?.again();
    } catch {
      // The state of the connection is shown already.
    }
  }
}

function showView({ filter, sort, columns }: SavedView, replace = false): void {
  setQuery({ filter, sort, columns: columns?.join(',') }, { replace });
}

/** Ten minutes ago, to begin with. */
function lookBack(): void {
  setQuery({ at: new Date(Date.now() - 600_000).toISOString(), filter: undefined, columns: undefined }, { replace: false });
}

function densityOfPage(): Density {
  return document.documentElement.classList.contains('sw-roomy') ? 'roomy' : 'normal';
}

define('sw-list', SwList);
