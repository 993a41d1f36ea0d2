import { type CSSResult, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { guard } from 'lit/directives/guard.js';
import { live } from 'lit/directives/live.js';
import { createRef, ref } from 'lit/directives/ref.js';
import { tableTexts as t } from '../texts/table.ts';
import { base, define, SwElement } from './element.ts';
import './icon.ts';
import { styled } from './styled.ts';
import {
  type Density,
  indexesOf,
  rowHeights,
  selectWidth,
  type TableColumn,
  type TableSort,
  tracksOf,
  type Widths,
  widthOf,
  windowOf,
} from './table-columns.ts';
import { Flashes } from './table-flashes.ts';
import { tableHead } from './table-head.ts';
import { type CellPlace, placeAfter } from './table-keys.ts';
import { plainRows, type RowSource } from './table-rows.ts';
import { tableStyles } from './table-styles.ts';

/** Rows around those drawn that are asked for too, so that who scrolls on finds them there. */
const ahead = 40;

/**
 * Rows in columns, of which only those in view are drawn: `.rows` takes an array, or a RowSource where they come by page. Its height is what
 * the page gives it. One stop of Tab: arrows, j and k, PageUp and PageDown, Home and End move; Enter opens, x or Space selects, m opens the menu.
 *
 * Sends `sw-open` {key, row}, `sw-sort` TableSort, `sw-select` ReadonlySet of keys, `sw-select-all` (when `selectsAll`: all there are, not only
 * what is here), `sw-widths` Widths, `sw-menu` {key, row, anchor}, `sw-view` {first} as one scrolls. What it is to show it is told by properties.
 */
export class SwTable<Row = unknown> extends SwElement {
  static override properties = {
    columns: { attribute: false },
    rows: { attribute: false },
    keyOf: { attribute: false },
    nameOf: { attribute: false },
    isGone: { attribute: false },
    sort: { attribute: false },
    selected: { attribute: false },
    isAllSelected: { type: Boolean },
    selectable: { type: Boolean },
    selectsAll: { type: Boolean },
    hasMenu: { type: Boolean },
    density: { type: String },
    widths: { attribute: false },
    label: { type: String },
    cellStyles: { attribute: false },
    active: { state: true },
    view: { state: true },
    byKeys: { state: true },
    isAside: { state: true },
    order: { state: true },
  };
  static override styles = [base, tableStyles];

  declare columns: readonly TableColumn<Row>[];
  declare rows: RowSource<Row> | readonly Row[];
  declare keyOf: (row: Row) => string;
  /** What a row is called, for who does not see it; the first column unless given. */
  declare nameOf: ((row: Row) => string) | undefined;
  /** Whether a row is there no longer, and shown only so that nothing moves. */
  declare isGone: ((row: Row) => boolean) | undefined;
  declare sort: TableSort | undefined;
  declare selected: ReadonlySet<string>;
  declare isAllSelected: boolean;
  declare selectable: boolean;
  declare selectsAll: boolean;
  declare hasMenu: boolean;
  declare density: Density;
  declare widths: Widths;
  declare label: string;
  /** Rules for what cells show. */
  declare cellStyles: CSSResult | undefined;
  declare active: CellPlace;
  declare view: { readonly top: number; readonly height: number; readonly width: number };
  declare byKeys: boolean;
  declare isAside: boolean;
  /** Index of the row that the first element stands for, whenever nobody scrolls. */
  declare order: number;

  readonly #grid = createRef<HTMLElement>();
  readonly #flashes = new Flashes<Row>(() => this.requestUpdate());
  readonly #resized = new ResizeObserver(() => this.#look());
  #source: RowSource<Row> = plainRows([]);
  #leave: (() => void) | undefined;
  #anchor: number | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.columns = [];
    this.rows = [];
    this.keyOf = String;
    this.selected = new Set();
    this.isAllSelected = false;
    this.selectable = false;
    this.selectsAll = false;
    this.hasMenu = false;
    this.density = 'normal';
    this.widths = {};
    this.label = '';
    this.active = { row: 0, column: 0 };
    this.view = { top: 0, height: 0, width: 0 };
    this.byKeys = false;
    this.isAside = false;
    this.order = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
    clearTimeout(this.#settle);
    this.#leave?.();
    this.#leave = undefined;
  }

  override focus(): void {
    this.#grid.value?.focus();
  }

  /** Index of the first row in view. */
  get firstInView(): number {
    return Math.floor(this.view.top / this.#rowHeight);
  }

  /** Brings a row to the top. */
  scrollToRow(index: number): void {
    const grid = this.#grid.value;
    if (grid) grid.scrollTop = index * this.#rowHeight;
    this.#look();
  }

  get #rowHeight(): number {
    return rowHeights[this.density];
  }

  get #total(): number {
    return this.#source.total ?? 0;
  }

  get #drawn(): { readonly first: number; readonly end: number } {
    return windowOf({ ...this.view, rowHeight: this.#rowHeight, total: this.#total });
  }

  /** Px that the head takes. */
  get #headHeight(): number {
    return this.#rowHeight;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('rows')) {
      this.#source = Array.isArray(this.rows) ? plainRows(this.rows as readonly Row[]) : (this.rows as RowSource<Row>);
      this.#flashes.forget();
      this.#listen();
    }
    if (changed.has('cellStyles') && this.cellStyles?.styleSheet)
      (this.renderRoot as ShadowRoot).adoptedStyleSheets.push(this.cellStyles.styleSheet);
    if (this.active.row >= this.#total && this.#source.total !== undefined)
      this.active = { ...this.active, row: Math.max(0, this.#total - 1) };
    this.#flashes.look(this.#rowsDrawn(), this.keyOf, this.columns);
  }

  protected override firstUpdated(): void {
    this.#look();
  }

  protected override updated(): void {
    const { first, end } = this.#drawn;
    if (this.view.height > 0) this.#source.want(Math.max(0, first - ahead), Math.max(end, first + 1) + ahead);
  }

  override render(): TemplateResult {
    const { tracks, width } = tracksOf(this.#sized, { widths: this.widths, isSelectable: this.selectable, hasMenu: this.hasMenu });
    const { first, end } = this.#drawn;
    const rowHeight = this.#rowHeight;
    const grid = styled({ '--sw-tracks': tracks, '--sw-pinned-at': this.selectable ? `${selectWidth}px` : '0px' });
    return html`
      <div
        ${ref(this.#grid)}
        class=${classMap({ grid: true, 'by-keys': this.byKeys, 'is-aside': this.isAside, 'is-wide': width > this.view.width })}
        ${grid}
        role="grid"
        tabindex="0"
        aria-label=${this.label}
        aria-rowcount=${this.#source.total === undefined ? -1 : this.#total + 1}
        aria-colcount=${this.#columnCount}
        aria-multiselectable=${this.selectable ? 'true' : nothing}
        aria-activedescendant=${this.#activeId}
        aria-busy=${this.#source.total === undefined ? 'true' : 'false'}
        @scroll=${() => this.#look()}
        @keydown=${(event: KeyboardEvent) => this.#pressed(event)}
        @pointerdown=${() => (this.byKeys = false)}
        @click=${(event: MouseEvent) => this.#clicked(event)}
        @dblclick=${(event: MouseEvent) => this.#open(this.#rowAt(event))}
      >
        ${tableHead(this, { height: this.#headHeight, activeColumn: this.active.row === -1 ? this.active.column : undefined, firstColumn: this.#firstColumn })}
        <div class="body" role="rowgroup" ${styled({ height: `${this.#total * rowHeight}px`, 'min-width': `${width}px` })}>
          ${indexesOf({ first, end }, this.order).map((index) => this.#row(index))}
        </div>
      </div>
    `;
  }

  #row(index: number): TemplateResult {
    const row = this.#source.at(index);
    const key = row === undefined ? undefined : this.keyOf(row);
    const isSelected = this.isAllSelected || (key !== undefined && this.selected.has(key));
    const isActive = this.active.row === index;
    const flashing = key === undefined ? undefined : this.#flashes.of(key);
    const height = styled({ height: `${this.#rowHeight}px`, top: `${index * this.#rowHeight}px` });
    const gone = row !== undefined && (this.isGone?.(row) ?? false);
    return html`<div
      role="row"
      id="row-${index}"
      class=${classMap({ row: true, active: isActive, gone })}
      ${height}
      aria-rowindex=${index + 2}
      aria-busy=${row === undefined ? 'true' : nothing}
      aria-selected=${this.selectable ? String(isSelected) : nothing}
    >
      ${guard([row, this.columns, isSelected, isActive && this.active.column, flashing, this.selectable, this.hasMenu, index], () =>
        row === undefined ? this.#blank(index) : this.#cells(row, index, { isSelected, isActive, flashing }),
      )}
    </div>`;
  }

  #cells(
    row: Row,
    index: number,
    { isSelected, isActive, flashing }: { isSelected: boolean; isActive: boolean; flashing: ReadonlySet<string> | undefined },
  ) {
    const at = this.#firstColumn;
    const name = this.#nameOf(row);
    const here = (column: number) => isActive && this.active.column === column;
    return html`${
      this.selectable
        ? html`<div role="gridcell" aria-colindex="1" id="cell-${index}-0" class=${classMap({ cell: true, select: true, pinned: true, here: here(0) })}>
            <input type="checkbox" tabindex="-1" aria-label=${t.select(name)} .checked=${live(isSelected)} />
          </div>`
        : nothing
    }${this.columns.map((column, n) => {
      const classes = {
        cell: true,
        end: column.align === 'end',
        pinned: column.isPinned ?? false,
        flash: flashing?.has(column.name) ?? false,
        here: here(n + at),
      };
      const text = column.cell ? column.cell(row) : column.text(row);
      return html`<div role="gridcell" aria-colindex=${n + at + 1} id="cell-${index}-${n + at}" class=${classMap(classes)}>
              <span class="said" title=${typeof text === 'string' ? text : nothing}>${text}</span>
            </div>`;
    })}${
      this.hasMenu
        ? html`<div role="gridcell" aria-colindex=${this.#columnCount} id="cell-${index}-${this.#columnCount - 1}" class=${classMap({ cell: true, menu: true, here: here(this.#columnCount - 1) })}>
            <button tabindex="-1" aria-label=${t.menuOf(name)} aria-haspopup="menu"><sw-icon name="ellipsis-vertical"></sw-icon></button>
          </div>`
        : nothing
    }`;
  }

  /** A row that is on its way. */
  #blank(index: number): TemplateResult {
    return html`${Array.from({ length: this.#columnCount }, (_, n) => html`<div role="gridcell" aria-colindex=${n + 1} id="cell-${index}-${n}" class="cell">${n === this.#firstColumn ? html`<span class="unseen">${t.loadingRow}</span>` : nothing}<span class="bar"></span></div>`)}`;
  }

  get #sized(): readonly { readonly name: string; readonly width: number }[] {
    return this.columns.map((column) => {
      const width = widthOf(column, this.widths);
      // On a phone the pinned column leaves room for others.
      const most = this.view.width > 0 ? Math.max(120, this.view.width * 0.46) : width;
      return { name: column.name, width: column.isPinned && this.view.width < 600 ? Math.min(width, most) : width };
    });
  }

  get #columnCount(): number {
    return this.columns.length + this.#firstColumn + (this.hasMenu ? 1 : 0);
  }

  get #firstColumn(): number {
    return this.selectable ? 1 : 0;
  }

  get #activeId(): string | typeof nothing {
    const { row, column } = this.active;
    const { first, end } = this.#drawn;
    if (row === -1) return `head-${column}`;
    return row >= first && row < end ? `cell-${row}-${column}` : nothing;
  }

  #nameOf(row: Row): string {
    return this.nameOf?.(row) ?? this.columns[0]?.text(row) ?? '';
  }

  #rowsDrawn(): Row[] {
    const { first, end } = this.#drawn;
    const rows: Row[] = [];
    for (let index = first; index < end; index++) {
      const row = this.#source.at(index);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  #listen(): void {
    this.#leave?.();
    this.#leave = this.#source.subscribe(() => this.requestUpdate());
  }

  /** Takes in what is in view; draws anew only when other rows are. */
  #look(): void {
    const grid = this.#grid.value;
    if (!grid) return;
    const before = this.#drawn;
    const view = { top: grid.scrollTop, height: Math.max(0, grid.clientHeight - this.#headHeight), width: grid.clientWidth };
    const isOther = view.height !== this.view.height || view.width !== this.view.width;
    const { first, end } = windowOf({ ...view, rowHeight: this.#rowHeight, total: this.#total });
    this.isAside = grid.scrollLeft > 0;
    if (isOther || first !== before.first || end !== before.end) this.view = view;
    else Object.assign(this.view, view);
    this.send('sw-view', { first: Math.floor(view.top / this.#rowHeight) });
    if (first === this.order) return;
    // Who reads the rows one after the other finds them in order again once nobody scrolls.
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => (this.order = this.#drawn.first), 300);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.composedPath()[0] !== this.#grid.value) return;
    this.byKeys = true;
    const shape = { rows: this.#total, columns: this.#columnCount, inView: Math.max(1, Math.floor(this.view.height / this.#rowHeight)) };
    const place = placeAfter(event, this.active, shape);
    if (place) {
      if (event.shiftKey && this.selectable && place.row !== this.active.row) this.#selectTo(place.row);
      this.active = place;
      this.#bringIntoView(place.row);
    } else if (!this.#act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Does what a key asks for at the active cell; false when it asks for nothing. */
  #act({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    const { row: index, column } = this.active;
    if (altKey) return false;
    if (ctrlKey || metaKey) {
      if (key !== 'a' || !this.selectable) return false;
      this.#toggleAll(true);
      return true;
    }
    const isHead = index === -1;
    if (key === 'Enter') {
      if (isHead) this.sortBy(this.columns[column - this.#firstColumn]?.name);
      else if (this.hasMenu && column === this.#columnCount - 1) this.#menu(index);
      else this.#open(index);
      return true;
    }
    if ((key === 'x' || key === ' ') && this.selectable) {
      if (isHead) this.#toggleAll(!this.isAllSelected);
      else this.#toggle(index);
      return true;
    }
    if ((key === 'm' || key === 'ContextMenu') && this.hasMenu && !isHead) {
      this.#menu(index);
      return true;
    }
    if (key === 'Escape' && (this.selected.size > 0 || this.isAllSelected)) {
      this.send('sw-select', new Set());
      return true;
    }
    return false;
  }

  #bringIntoView(row: number): void {
    const grid = this.#grid.value;
    if (!grid || row < 0) return;
    const top = row * this.#rowHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + this.#rowHeight > grid.scrollTop + this.view.height) grid.scrollTop = top + this.#rowHeight - this.view.height;
    this.#look();
  }

  #rowAt(event: Event): number | undefined {
    const row = event.composedPath().find((one) => one instanceof HTMLElement && one.id.startsWith('row-'));
    return row instanceof HTMLElement ? Number(row.id.slice(4)) : undefined;
  }

  #clicked(event: MouseEvent): void {
    const index = this.#rowAt(event);
    if (index === undefined) return;
    const cell = event.composedPath().find((one): one is HTMLElement => one instanceof HTMLElement && one.id.startsWith('cell-'));
    const column = Number(cell?.id.split('-')[2] ?? 0);
    this.active = { row: index, column };
    if (cell?.classList.contains('select')) {
      if (event.shiftKey) this.#selectTo(index);
      else this.#toggle(index);
    } else if (cell?.classList.contains('menu')) this.#menu(index, cell);
  }

  #open(index: number | undefined): void {
    const row = index === undefined ? undefined : this.#source.at(index);
    if (row !== undefined) this.send('sw-open', { key: this.keyOf(row), row });
  }

  #menu(index: number, cell?: HTMLElement): void {
    const row = this.#source.at(index);
    const anchor = cell ?? this.renderRoot.querySelector(`#cell-${index}-${this.#columnCount - 1}`) ?? this;
    if (row !== undefined) this.send('sw-menu', { key: this.keyOf(row), row, anchor });
  }

  #toggle(index: number): void {
    const row = this.#source.at(index);
    if (row === undefined) return;
    this.#anchor = index;
    const selected = new Set(this.selected);
    const key = this.keyOf(row);
    if (!selected.delete(key)) selected.add(key);
    this.send('sw-select', selected);
  }

  /** Selects from where one selected last to a row, as far as the rows are here. */
  #selectTo(index: number): void {
    const from = this.#anchor ?? this.active.row;
    this.#anchor ??= from;
    const selected = new Set(this.selected);
    for (let one = Math.max(0, Math.min(from, index)); one <= Math.max(from, index); one++) {
      const row = this.#source.at(one);
      if (row !== undefined) selected.add(this.keyOf(row));
    }
    this.send('sw-select', selected);
  }

  #toggleAll(isWanted: boolean): void {
    if (!isWanted) return void this.send('sw-select', new Set());
    if (this.selectsAll) return void this.send('sw-select-all');
    const rows = Array.from({ length: this.#total }, (_, index) => this.#source.at(index)).filter((row) => row !== undefined);
    return void this.send('sw-select', new Set(rows.map((row) => this.keyOf(row))));
  }

  /** Sorts by a column, or the other way round where it is sorted by it. */
  sortBy(name: string | undefined): void {
    const column = this.columns.find((one) => one.name === name);
    if (!column?.isSortable) return;
    const isDescending = this.sort?.column === name && !this.sort?.isDescending;
    this.send('sw-sort', { column: column.name, isDescending } satisfies TableSort);
  }

  /** Tells of widths that somebody chose. */
  tellWidths(): void {
    this.send('sw-widths', this.widths);
  }

  /** Of the box in the head. */
  toggleAll(): void {
    this.#toggleAll(!this.isAllSelected && this.selected.size === 0);
  }
}

define('sw-table', SwTable);
