import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import { navigate, setQuery } from '../../app/router.ts';
import type { ActionOffer } from '../../data/actions.ts';
import type { BulkTarget } from '../../data/bulk.ts';
import { type ListRow, rowHref, rowKey } from '../../data/lists.ts';
import type { SwActionMenu } from '../../elements/action-menu.ts';
import '../../elements/bulk-bar.ts';
import { define, SwElement } from '../../elements/element.ts';
import { styled } from '../../elements/styled.ts';
import '../../elements/table.ts';
import type { SwTable } from '../../elements/table.ts';
import type { Density, TableColumn, TableSort, Widths } from '../../elements/table-columns.ts';
import { toast } from '../../elements/toast.ts';
import { bulkTexts } from '../../texts/bulk.ts';
import { formatNumber } from '../../texts/format.ts';
import { listTexts as t } from '../../texts/list.ts';
import { typeNames } from '../../texts/resource-types.ts';
import { writeSort } from './address.ts';
import { listStyles } from './list-styles.ts';
import type { LiveRows } from './live-rows.ts';

/** The rows of a list with what can be done to them: selected, acted on, opened. Sends `sw-widths`. */
export class SwListRows extends SwElement {
  static override properties = {
    type: { type: String },
    live: { attribute: false },
    columns: { attribute: false },
    sort: { attribute: false },
    filter: { type: String },
    density: { type: String },
    widths: { attribute: false },
    selected: { state: true },
    isAllSelected: { state: true },
    bulk: { state: true },
    menuAt: { state: true },
  };
  static override styles = listStyles;

  declare type: string;
  declare live: LiveRows;
  declare columns: readonly TableColumn<ListRow>[];
  declare sort: TableSort;
  /** With the clusters in view. */
  declare filter: string;
  declare density: Density;
  declare widths: Widths;
  declare selected: ReadonlySet<string>;
  declare isAllSelected: boolean;
  /** What is about to be done to what is selected. */
  declare bulk: ActionOffer | undefined;
  declare menuAt: { readonly row: ListRow; readonly left: number; readonly top: number } | undefined;

  readonly #table = createRef<SwTable<ListRow>>();
  readonly #menu = createRef<SwActionMenu>();
  #leave: (() => void) | undefined;
  #keepPlace: ReturnType<typeof setTimeout> | undefined;
  /** The row that was on top when somebody went away from here, and comes back. */
  #place = placeKept();

  constructor() {
    super();
    this.selected = new Set();
    this.isAllSelected = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#keepPlace);
    this.#leave?.();
    this.#leave = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('live')) this.#follow();
    // Another filter, another selection: nobody means rows they no longer see.
    if (changed.has('type') || (changed.has('filter') && this.isAllSelected)) this.#select(new Set());
    const { total } = this.live.rows;
    if (this.#place !== undefined && total !== undefined) void this.#backTo(this.#place);
  }

  override render(): TemplateResult {
    return html`
      <div class="stage">
        ${this.#heldBar()}
        <sw-table
          ${ref(this.#table)}
          .columns=${this.columns}
          .rows=${this.live.rows}
          .keyOf=${rowKey}
          .nameOf=${nameOf}
          .isGone=${this.#isGone}
          .sort=${this.sort}
          .selected=${this.selected}
          .isAllSelected=${this.isAllSelected}
          selectable
          selectsAll
          hasMenu
          .density=${this.density}
          .widths=${this.widths}
          .label=${t.rowsOf(typeNames(this.type))}
          @sw-sort=${(event: CustomEvent<TableSort>) => setQuery({ sort: writeSort(event.detail) })}
          @sw-select=${(event: CustomEvent<ReadonlySet<string>>) => this.#select(event.detail)}
          @sw-select-all=${() => (this.isAllSelected = true)}
          @sw-open=${(event: CustomEvent<{ row: ListRow }>) => open(event.detail.row)}
          @sw-menu=${(event: CustomEvent<{ row: ListRow; anchor: Element }>) => void this.#openMenu(event.detail)}
          @sw-view=${(event: CustomEvent<{ first: number }>) => this.#keepsPlace(event.detail.first)}
        ></sw-table>
      </div>
      ${this.#bulkBar()} ${this.#rowMenu()}
    `;
  }

  /** Nobody points at rows, moves among them by keys or has selected some. */
  get mayMove(): boolean {
    const table = this.#table.value;
    return !table || (!table.matches(':hover') && !table.matches(':focus-within') && this.selected.size === 0 && !this.isAllSelected);
  }

  #heldBar(): TemplateResult | typeof nothing {
    const { held } = this.live.rows;
    if (!held) return nothing;
    const { more } = held;
    const says = more > 0 ? t.held.more(formatNumber(more)) : more < 0 ? t.held.fewer(formatNumber(-more)) : t.held.moved;
    return html`<div class="held" role="status"><button @click=${() => this.live.show()}><sw-icon name="refresh-cw"></sw-icon>${says} · ${t.held.show}</button></div>`;
  }

  #bulkBar(): TemplateResult | typeof nothing {
    const { count, targets, filter } = this.#selection();
    if (count === 0) return nothing;
    const dialog = html`<sw-bulk-dialog
      .offer=${this.bulk}
      .targets=${filter === undefined ? targets : undefined}
      .filter=${filter}
      .count=${count}
      @sw-closed=${(event: CustomEvent<{ hasBegun: boolean }>) => this.#bulkClosed(event.detail.hasBegun)}
    ></sw-bulk-dialog>`;
    return html`<sw-bulk-bar
        .type=${this.type}
        .count=${count}
        .total=${this.live.rows.total ?? 0}
        .isAll=${this.isAllSelected}
        .targets=${targets}
        @sw-clear=${() => this.#select(new Set())}
        @sw-select-all=${() => (this.isAllSelected = true)}
        @sw-bulk=${(event: CustomEvent<{ offer: ActionOffer }>) => void this.#askBulk(event.detail.offer)}
      ></sw-bulk-bar>
      ${this.bulk ? dialog : nothing}`;
  }

  /** What is selected, as the server takes it; of all that fit, the filter, and those at hand. */
  #selection(): { readonly count: number; readonly targets: readonly BulkTarget[]; readonly filter?: string } {
    if (!this.isAllSelected) return { count: this.selected.size, targets: targetsOf(this.selected) };
    const atHand = this.live.rows.some(50).map(rowKey);
    // The server takes no empty filter for everything.
    return { count: this.live.rows.total ?? 0, targets: targetsOf(atHand), filter: this.filter || 'missing:no' };
  }

  async #askBulk(offer: ActionOffer): Promise<void> {
    await import('../../elements/bulk-dialog.ts');
    this.bulk = offer;
  }

  #bulkClosed(hasBegun: boolean): void {
    this.bulk = undefined;
    if (hasBegun) this.#select(new Set());
  }

  /** The menu of one row, where its button is. */
  #rowMenu(): TemplateResult | typeof nothing {
    if (!this.menuAt) return nothing;
    const { row, left, top } = this.menuAt;
    return html`<sw-action-menu
      bare
      ${ref(this.#menu)}
      ${styled({ left: `${left}px`, top: `${top}px` })}
      .type=${this.type}
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

  #follow(): void {
    this.#leave?.();
    this.#leave = this.isConnected ? this.live?.subscribe(() => this.requestUpdate()) : undefined;
  }

  readonly #isGone = (row: ListRow): boolean => this.live.isGone(row);

  #select(selected: ReadonlySet<string>): void {
    this.selected = selected;
    this.isAllSelected = false;
  }

  async #backTo(place: number): Promise<void> {
    this.#place = undefined;
    await this.updateComplete;
    await this.#table.value?.updateComplete;
    this.#table.value?.scrollToRow(place);
  }

  /** So that Back leads to where one was. */
  #keepsPlace(first: number): void {
    clearTimeout(this.#keepPlace);
    if (this.#place !== undefined) return;
    this.#keepPlace = setTimeout(() => history.replaceState({ ...(history.state as object | null), row: first }, ''), 300);
  }
}

/** The row that was on top when this address was left. */
export function placeKept(): number | undefined {
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

function open(row: ListRow): void {
  const href = rowHref(row);
  if (href !== undefined) navigate(href);
}

define('sw-list-rows', SwListRows);
