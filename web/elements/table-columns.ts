import type { nothing, TemplateResult } from 'lit';

/** A column of `sw-table`. */
export interface TableColumn<Row> {
  readonly name: string;
  readonly label: string;
  /** Said when one points at the label. */
  readonly hint?: string;
  /** Px; 140. */
  readonly width?: number;
  readonly isSortable?: boolean;
  /** Stays in view while one scrolls sideways; only the first column. */
  readonly isPinned?: boolean;
  readonly align?: 'end';
  /** What the cell says; a cell whose text is another than before flashes. */
  readonly text: (row: Row) => string;
  /** What is shown, where that is more than the text. It stands in the table's own shadow root; see `cellStyles`. */
  readonly cell?: (row: Row) => TemplateResult | string | typeof nothing;
}

export interface TableSort {
  readonly column: string;
  readonly isDescending: boolean;
}

export type Density = 'dense' | 'normal' | 'roomy';

/** Px that a row is high; all are alike. */
export const rowHeights: Readonly<Record<Density, number>> = { dense: 26, normal: 32, roomy: 42 };

export const selectWidth = 36;
export const menuWidth = 40;
export const defaultWidth = 140;
export const leastWidth = 48;

export function widthOf({ name, width = defaultWidth }: { readonly name: string; readonly width?: number }, widths: Widths): number {
  return Math.max(leastWidth, widths[name] ?? width);
}

/** Px by column, where somebody chose another width. */
export type Widths = Readonly<Record<string, number>>;

/** The tracks of a row, the last one of which takes what is left. */
export function tracksOf(
  columns: readonly { readonly name: string; readonly width?: number }[],
  { widths, isSelectable, hasMenu }: { readonly widths: Widths; readonly isSelectable: boolean; readonly hasMenu: boolean },
): { readonly tracks: string; readonly width: number } {
  const own = columns.map((column) => widthOf(column, widths));
  const all = [...(isSelectable ? [selectWidth] : []), ...own, ...(hasMenu ? [menuWidth] : [])];
  const last = all.length - (hasMenu ? 2 : 1);
  return {
    tracks: all.map((width, index) => (index === last ? `minmax(${width}px, 1fr)` : `${width}px`)).join(' '),
    width: all.reduce((sum, width) => sum + width, 0),
  };
}

/**
 * Which row each element stands for: one that stays in view keeps its element, those that come take the elements of those that went, and none is
 * moved about in the document. With `order` the first of them, they stand in order.
 */
export function indexesOf({ first, end }: { readonly first: number; readonly end: number }, order: number): number[] {
  const count = end - first;
  const turn = count === 0 ? 0 : (((first - order) % count) + count) % count;
  return Array.from({ length: count }, (_, element) => first + ((element - turn + count) % count));
}

/** Rows that are drawn: those in view and some around them, as many wherever one is, and never more than `most`. */
export function windowOf(
  { top, height, rowHeight, total }: { readonly top: number; readonly height: number; readonly rowHeight: number; readonly total: number },
  most = 58,
): { readonly first: number; readonly end: number } {
  const visible = Math.ceil(height / rowHeight) + 1;
  const around = Math.max(1, Math.min(10, Math.floor((most - visible) / 2)));
  const count = Math.min(total, visible + 2 * around);
  // In steps, so that not every pixel draws anew.
  const step = Math.max(1, Math.floor(around / 2));
  const wanted = Math.floor((Math.floor(top / rowHeight) - around) / step) * step;
  const first = Math.max(0, Math.min(wanted, total - count));
  return { first, end: first + count };
}
