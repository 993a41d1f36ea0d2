import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { live } from 'lit/directives/live.js';
import { tableTexts as t } from '../texts/table.ts';
import { styled } from './styled.ts';
import type { SwTable } from './table.ts';
import { leastWidth, type TableColumn, widthOf } from './table-columns.ts';

export interface HeadOptions {
  /** Px. */
  readonly height: number;
  /** The cell of the head where the keyboard is; undefined while it is elsewhere. */
  readonly activeColumn: number | undefined;
  /** Of the first column of data. */
  readonly firstColumn: number;
}

/** The head of a table. */
export function tableHead<Row>(table: SwTable<Row>, { height, activeColumn, firstColumn }: HeadOptions): TemplateResult {
  const isSome = table.selected.size > 0 && !table.isAllSelected;
  return html`<div class="head" role="rowgroup">
    <div class="row" role="row" aria-rowindex="1" ${styled({ height: `${height}px` })}>
      ${
        table.selectable
          ? html`<div role="columnheader" aria-colindex="1" id="head-0" class=${classMap({ cell: true, select: true, pinned: true, here: activeColumn === 0 })}>
              <span class="unseen">${t.selection}</span>
              <input
                type="checkbox"
                tabindex="-1"
                aria-label=${t.selectAll}
                .checked=${live(table.isAllSelected)}
                .indeterminate=${live(isSome)}
                @click=${() => table.toggleAll()}
              />
            </div>`
          : nothing
      }
      ${table.columns.map((column, n) => headCell(table, column, { index: n + firstColumn, isHere: activeColumn === n + firstColumn }))}
      ${
        table.hasMenu
          ? html`<div role="columnheader" aria-colindex=${table.columns.length + firstColumn + 1} id="head-${table.columns.length + firstColumn}" class=${classMap({ cell: true, menu: true, here: activeColumn === table.columns.length + firstColumn })}><span class="unseen">${t.menu}</span></div>`
          : nothing
      }
    </div>
  </div>`;
}

function headCell<Row>(table: SwTable<Row>, column: TableColumn<Row>, { index, isHere }: { index: number; isHere: boolean }) {
  const isSorted = table.sort?.column === column.name;
  const direction = table.sort?.isDescending ? 'descending' : 'ascending';
  const classes = { cell: true, end: column.align === 'end', pinned: column.isPinned ?? false, here: isHere };
  const arrow = isSorted ? html`<sw-icon name=${table.sort?.isDescending ? 'chevron-down' : 'chevron-up'}></sw-icon>` : nothing;
  return html`<div
    role="columnheader"
    aria-colindex=${index + 1}
    id="head-${index}"
    class=${classMap(classes)}
    aria-sort=${column.isSortable ? (isSorted ? direction : 'none') : nothing}
    title=${column.hint ?? column.label}
  >
    ${
      column.isSortable
        ? html`<button tabindex="-1" @click=${() => table.sortBy(column.name)}><span class="said">${column.label}</span>${arrow}</button>`
        : html`<span class="said">${column.label}</span>`
    }
    <span class="handle" aria-hidden="true" @pointerdown=${(event: PointerEvent) => drag(table, column, event)} @dblclick=${() => reset(table, column.name)}></span>
  </div>`;
}

/** Follows the pointer until it lets go. */
function drag<Row>(table: SwTable<Row>, column: TableColumn<Row>, event: PointerEvent): void {
  const handle = event.currentTarget as HTMLElement;
  event.preventDefault();
  event.stopPropagation();
  handle.setPointerCapture(event.pointerId);
  const from = { at: event.clientX, width: widthOf(column, table.widths) };
  const ended = new AbortController();
  const { signal } = ended;
  const move = ({ clientX }: PointerEvent) => {
    const width = Math.round(Math.max(leastWidth, from.width + clientX - from.at));
    table.widths = { ...table.widths, [column.name]: width };
  };
  const end = () => {
    ended.abort();
    table.tellWidths();
  };
  handle.addEventListener('pointermove', move, { signal });
  handle.addEventListener('pointerup', end, { signal });
  handle.addEventListener('pointercancel', end, { signal });
}

function reset<Row>(table: SwTable<Row>, name: string): void {
  const { [name]: _, ...others } = table.widths;
  table.widths = others;
  table.tellWidths();
}
