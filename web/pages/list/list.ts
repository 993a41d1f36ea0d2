import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import { navigate, setQuery } from '../../app/router.ts';
import { scope } from '../../app/scope.ts';
import type { ActionOffer } from '../../data/actions.ts';
import type { BulkTarget } from '../../data/bulk.ts';
import { Problem } from '../../data/http.ts';
import { exportUrl, type ListColumn, type ListRow, listColumns, listFacets, rowHref, rowKey } from '../../data/lists.ts';
import { preferences } from '../../data/preferences.ts';
import { may } from '../../data/session.ts';
import { follow } from '../../data/stored.ts';
import { live } from '../../data/watch.ts';
import type { SwActionMenu } from '../../elements/action-menu.ts';
import '../../elements/bulk-bar.ts';
import { define } from '../../elements/element.ts';
import type { SwFilterBar } from '../../elements/filter-bar.ts';
import '../../elements/filter-bar.ts';
import { type FilterColumn, problemOf, splitFilter } from '../../elements/filter-tokens.ts';
import { SwPage } from '../../elements/page.ts';
import { styled } from '../../elements/styled.ts';
import '../../elements/state.ts';
import '../../elements/table.ts';
import type { SwTable } from '../../elements/table.ts';
import type { Density, TableColumn, TableSort, Widths } from '../../elements/table-columns.ts';
import { toast } from '../../elements/toast.ts';
import { bulkTexts } from '../../texts/bulk.ts';
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
import { listStyles } from './list-styles.ts';
import './pause-button.ts';
import { LiveRows } from './live-rows.ts';
import { changeListSettings, listSettings, type SavedView, savedViews } from './settings.ts';
import { listedType } from './types.ts';
import './views-menu.ts';

/** The list of one type of resource over all clouds. */
export class SwList extends SwPage {
  static override properties = {
    ...SwPage.properties,
    columns: { state: true },
    failure: { state: true },
    selected: { state: true },
    isAllSelected: { state: true },
    isChoosingColumns: { state: true },
    bulk: { state: true },
    menuAt: { state: true },
  };
  static override styles = listStyles;

  /** What columns the type has; undefined until they are known. */
  declare columns: readonly ListColumn[] | undefined;
  declare failure: unknown;
  declare selected: ReadonlySet<string>;
  declare isAllSelected: boolean;
  declare isChoosingColumns: boolean;
  /** What is about to be done to what is selected. */
  declare bulk: ActionOffer | undefined;
  declare menuAt: { readonly row: ListRow; readonly left: number; readonly top: number } | undefined;

  readonly #table = createRef<SwTable<ListRow>>();
  readonly #menu = createRef<SwActionMenu>();
  #address: ListAddress = readAddress(new URLSearchParams());
  #live: LiveRows | undefined;
  /** What the rows were asked for by. */
  #asked = '';
  #type = '';
  #drawn:
    | { readonly by: string; readonly all: readonly TableColumn<ListRow>[]; readonly shown: readonly TableColumn<ListRow>[] }
    | undefined;
  #keepPlace: ReturnType<typeof setTimeout> | undefined;
  /** The row that was on top when somebody went away from here, and comes back. */
  #place: number | undefined;

  constructor() {
    super();
    this.selected = new Set();
    this.isAllSelected = false;
    this.isChoosingColumns = false;
    this.#place = placeKept();
    follow(this, preferences, scope, live);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('sw-focus-filter', this.#focusFilter);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('sw-focus-filter', this.#focusFilter);
    clearTimeout(this.#keepPlace);
    this.#close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const type = listedType(this.params['type'] ?? '')?.type ?? '';
    if (type !== this.#type) this.#begin(type);
    if (changed.has('query')) this.#address = readAddress(this.query);
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
    return html`
      <sw-page-header .heading=${heading}>
        <span slot="about" class="quiet" role="status">${this.#countText()}</span>
        <div slot="actions" class="row">${this.#buttons()}</div>
      </sw-page-header>
      <sw-filter-bar
        .value=${this.#address.filter}
        .columns=${this.#filterColumns()}
        .ask=${(column: string, filter: string, signal: AbortSignal) => listFacets(this.#type, { column, filter: withClusters(filter, scope.value), limit: 12 }, signal)}
        .refusal=${this.#refusal()}
        @sw-filter=${(event: CustomEvent<{ value: string }>) => setQuery({ filter: event.detail.value })}
      ></sw-filter-bar>
      <sw-list-clouds .clouds=${this.#live?.clouds ?? []} @retry=${() => void this.#again()}></sw-list-clouds>
      <div class="stage">${this.#stage()}</div>
      ${this.#bulk()}
      ${this.isChoosingColumns ? this.#columnsDialog() : nothing}
      ${this.#rowMenu()}
    `;
  }

  #bulk(): TemplateResult | typeof nothing {
    const { count, targets, filter } = this.#selection();
    if (count === 0) return nothing;
    const dialog = this.bulk
      ? html`<sw-bulk-dialog
          .offer=${this.bulk}
          .targets=${filter === undefined ? targets : undefined}
          .filter=${filter}
          .count=${count}
          @sw-closed=${(event: CustomEvent<{ hasBegun: boolean }>) => this.#bulkClosed(event.detail.hasBegun)}
        ></sw-bulk-dialog>`
      : nothing;
    return html`<sw-bulk-bar
        .type=${this.#type}
        .count=${count}
        .total=${this.#live?.rows.total ?? 0}
        .isAll=${this.isAllSelected}
        .targets=${targets}
        @sw-clear=${() => this.#select(new Set())}
        @sw-select-all=${() => (this.isAllSelected = true)}
        @sw-bulk=${(event: CustomEvent<{ offer: ActionOffer }>) => void this.#askBulk(event.detail.offer)}
      ></sw-bulk-bar>
      ${dialog}`;
  }

  /** What is selected, as the server takes it; of all that fit, the filter, and those at hand. */
  #selection(): { readonly count: number; readonly targets: readonly BulkTarget[]; readonly filter?: string } {
    if (!this.isAllSelected) return { count: this.selected.size, targets: targetsOf(this.selected) };
    const count = this.#live?.rows.total ?? 0;
    const filter = withClusters(this.#address.filter, scope.value);
    const atHand = this.#live?.rows.some(50) ?? [];
    // The server takes no empty filter for everything.
    return { count, targets: targetsOf(atHand.map(rowKey)), filter: filter === '' ? 'missing:no' : filter };
  }

  async #askBulk(offer: ActionOffer): Promise<void> {
    await import('../../elements/bulk-dialog.ts');
    this.bulk = offer;
  }

  #bulkClosed(hasBegun: boolean): void {
    this.bulk = undefined;
    if (hasBegun) this.#select(new Set());
  }

  #buttons(): TemplateResult {
    const { filter, sort } = this.#address;
    const { create } = listedType(this.#type) ?? {};
    const { shown } = this.#columns();
    return html`
      <sw-list-pause .isPaused=${this.#live?.isPaused ?? false} @sw-pause=${(event: CustomEvent<boolean>) => this.#live?.pause(event.detail)}></sw-list-pause>
      <sw-list-views
        .type=${this.#type}
        .filter=${filter}
        .sort=${writeSort(sort)}
        .columns=${shown.map(({ name }) => name)}
        @sw-view-chosen=${(event: CustomEvent<SavedView>) => this.#showView(event.detail)}
      ></sw-list-views>
      <wa-button size="s" appearance="outlined" @click=${() => void this.#chooseColumns()}><sw-icon name="columns-3"></sw-icon><span class="label">&nbsp;${t.columns}</span></wa-button>
      <sw-list-export .hrefOf=${(format: 'csv' | 'jsonl') => this.#exportHref(format)}></sw-list-export>
      ${create && may(create.permission) ? html`<wa-button size="s" variant="brand" href=${create.href}><sw-icon name="plus"></sw-icon><span class="label">&nbsp;${t.create}</span></wa-button>` : nothing}
    `;
  }

  #stage(): TemplateResult {
    if (this.#isWrong) return html`<sw-empty icon="funnel" .heading=${t.wrongFilter}></sw-empty>`;
    const rows = this.#live?.rows;
    if (this.failure !== undefined) return html`<sw-problem .problem=${this.failure} @retry=${() => this.#begin(this.#type)}></sw-problem>`;
    if (!rows || !this.columns) return html`<sw-loading lines="12"></sw-loading>`;
    if (rows.error !== undefined && this.#refusal() !== undefined)
      return html`<sw-empty icon="funnel" .heading=${t.wrongFilter} .text=${this.#refusal()}></sw-empty>`;
    if (rows.error !== undefined && rows.total === undefined)
      return html`<sw-problem .problem=${rows.error} @retry=${() => rows.retry()}></sw-problem>`;
    if (rows.total === 0 && !rows.held) return this.#nothing();
    return html`${this.#heldBar()}${this.#tableOf(rows)}`;
  }

  #tableOf(rows: LiveRows['rows']): TemplateResult {
    const { shown } = this.#columns();
    const settings = listSettings(this.#type);
    return html`<sw-table
      ${ref(this.#table)}
      .columns=${shown}
      .rows=${rows}
      .keyOf=${rowKey}
      .nameOf=${nameOf}
      .isGone=${this.#isGone}
      .sort=${this.#address.sort}
      .selected=${this.selected}
      .isAllSelected=${this.isAllSelected}
      selectable
      selectsAll
      hasMenu
      @sw-menu=${(event: CustomEvent<{ row: ListRow; anchor: Element }>) => void this.#openMenu(event.detail)}
      .density=${settings.density ?? densityOfPage()}
      .widths=${settings.widths ?? {}}
      .label=${t.rowsOf(typeNames(this.#type))}
      @sw-sort=${(event: CustomEvent<TableSort>) => setQuery({ sort: writeSort(event.detail) })}
      @sw-select=${(event: CustomEvent<ReadonlySet<string>>) => this.#select(event.detail)}
      @sw-select-all=${() => (this.isAllSelected = true)}
      @sw-widths=${(event: CustomEvent<Widths>) => void this.#keep({ widths: event.detail })}
      @sw-open=${(event: CustomEvent<{ row: ListRow }>) => open(event.detail.row)}
      @sw-view=${(event: CustomEvent<{ first: number }>) => this.#keepsPlace(event.detail.first)}
    ></sw-table>`;
  }

  #heldBar(): TemplateResult | typeof nothing {
    const held = this.#live?.rows.held;
    if (!held) return nothing;
    const { more } = held;
    const says = more > 0 ? t.held.more(formatNumber(more)) : more < 0 ? t.held.fewer(formatNumber(-more)) : t.held.moved;
    return html`<div class="held" role="status"><button @click=${() => this.#live?.show()}><sw-icon name="refresh-cw"></sw-icon>${says} · ${t.held.show}</button></div>`;
  }

  #nothing(): TemplateResult {
    if (this.#live?.clouds.length === 0 && may('cluster.change')) {
      const { title, text, add } = t.noClouds;
      return html`<sw-empty icon="cloud" .heading=${title} .text=${text}><wa-button variant="brand" href="/clusters">${add}</wa-button></sw-empty>`;
    }
    if (this.#address.filter === '')
      return html`<sw-empty icon=${listedType(this.#type)?.icon ?? 'info'} .heading=${t.empty.title} .text=${t.empty.text}></sw-empty>`;
    const { title, text, clear } = t.noneFits;
    return html`<sw-empty icon="funnel" .heading=${title} .text=${text}><wa-button size="s" @click=${() => setQuery({ filter: undefined })}>${clear}</wa-button></sw-empty>`;
  }

  /** The menu of one row, where its button is. */
  #rowMenu(): TemplateResult | typeof nothing {
    if (!this.menuAt) return nothing;
    const { row, left, top } = this.menuAt;
    return html`<sw-action-menu
      bare
      ${ref(this.#menu)}
      ${styled({ left: `${left}px`, top: `${top}px` })}
      .type=${this.#type}
      .cluster=${row.cluster}
      .id=${row.id}
      .name=${nameOf(row)}
    ></sw-action-menu>`;
  }

  async #openMenu({ row, anchor }: { readonly row: ListRow; readonly anchor: Element }): Promise<void> {
    if (row.id === null || row.id === '') return void toast({ text: bulkTexts.notMade });
    // Before it is drawn: what is set on an element that is not known yet is lost to its `id`.
    await import('../../elements/action-menu.ts');
    const { left, bottom: top } = anchor.getBoundingClientRect();
    this.menuAt = { row, left, top };
    await this.updateComplete;
    await this.#menu.value?.updateComplete;
    this.#menu.value?.show();
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
    this.#select(new Set());
    const { permission } = listedType(type) ?? {};
    if (permission && may(permission)) void this.#bringColumns(type);
  }

  async #bringColumns(type: string): Promise<void> {
    try {
      const columns = await listColumns(type);
      if (type !== this.#type) return;
      const first = savedViews(type).find(({ isFirst }) => isFirst);
      if (first && ['filter', 'sort', 'columns'].every((name) => !this.query.has(name))) this.#showView(first, true);
      this.columns = columns;
    } catch (error) {
      if (type === this.#type) this.failure = error;
    }
  }

  /** Asks for the rows that the address speaks of, unless it has. */
  #ask(): void {
    const { permission } = listedType(this.#type) ?? {};
    if (!permission || !may(permission) || !this.isConnected) return;
    const { filter, sort } = this.#address;
    // What is known to be wrong is shown at its token, and no reason to ask.
    if (this.#isWrong) return this.#close();
    const query = { filter: withClusters(filter, scope.value), sort: writeSort(sort), fields: fieldsFor(this.#shownNames()) };
    const asked = JSON.stringify([this.#type, query]);
    if (asked === this.#asked) return;
    this.#close();
    this.#asked = asked;
    this.#live = new LiveRows({ type: this.#type, query, mayMove: () => this.#mayMove(), changed: () => this.#changed() });
    this.#live.open();
    this.#live.rows.want(this.#place ?? 0, (this.#place ?? 0) + 40);
  }

  #close(): void {
    this.#live?.close();
    this.#live = undefined;
    this.#asked = '';
  }

  #changed(): void {
    this.requestUpdate();
    if (this.#place === undefined || this.#live?.rows.total === undefined) return;
    void this.#backTo(this.#place);
  }

  async #backTo(place: number): Promise<void> {
    await this.updateComplete;
    await this.#table.value?.updateComplete;
    this.#table.value?.scrollToRow(place);
    this.#place = undefined;
  }

  readonly #isGone = (row: ListRow): boolean => this.#live?.isGone(row) ?? false;

  readonly #focusFilter = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<SwFilterBar>('sw-filter-bar')?.focus();
  };

  /** Nobody points at rows, moves among them by keys or has selected some. */
  #mayMove(): boolean {
    const table = this.#table.value;
    if (!table) return true;
    return !table.matches(':hover') && !table.matches(':focus-within') && this.selected.size === 0;
  }

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

  #exportHref(format: 'csv' | 'jsonl'): string {
    const { filter, sort } = this.#address;
    const fields = this.#columns()
      .shown.map(({ name }) => name)
      .join(',');
    return exportUrl(this.#type, { filter: withClusters(filter, scope.value), sort: writeSort(sort), fields, format });
  }

  #showView({ filter, sort, columns }: SavedView, replace = false): void {
    setQuery({ filter, sort, columns: columns?.join(',') }, { replace });
  }

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

  #select(selected: ReadonlySet<string>): void {
    this.selected = selected;
    this.isAllSelected = false;
  }

  async #again(): Promise<void> {
    try {
      await this.#live?.again();
    } catch {
      // The state of the connection is shown already.
    }
  }

  /** So that Back leads to where one was. */
  #keepsPlace(first: number): void {
    clearTimeout(this.#keepPlace);
    if (this.#place !== undefined) return;
    this.#keepPlace = setTimeout(() => history.replaceState({ ...(history.state as object | null), row: first }, ''), 300);
  }
}

function placeKept(): number | undefined {
  const { row } = (history.state ?? {}) as { row?: unknown };
  return typeof row === 'number' && row > 0 ? row : undefined;
}

const nameOf = ({ name, id }: ListRow): string => name || (id ?? '');

/** Of keys of rows; what was never made is left out. */
function targetsOf(keys: Iterable<string>): readonly BulkTarget[] {
  return [...keys].flatMap((key) => {
    const slash = key.indexOf('/');
    const [cluster, id] = [key.slice(0, slash), key.slice(slash + 1)];
    return id.startsWith('~') ? [] : [{ cluster, id }];
  });
}

function densityOfPage(): Density {
  return document.documentElement.classList.contains('sw-roomy') ? 'roomy' : 'normal';
}

function open(row: ListRow): void {
  const href = rowHref(row);
  if (href !== undefined) navigate(href);
}

define('sw-list', SwList);
