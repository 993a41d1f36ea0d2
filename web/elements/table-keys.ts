/** A cell of a table; row -1 is the head. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

export interface TableShape {
  readonly rows: number;
  readonly columns: number;
  /** Rows that fit in view. */
  readonly inView: number;
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** Where a key leads; undefined when it leads nowhere. */
export function placeAfter(pressed: Pressed, at: CellPlace, shape: TableShape): CellPlace | undefined {
  if (pressed.altKey) return undefined;
  const isFar = pressed.ctrlKey || pressed.metaKey;
  const last = shape.rows - 1;
  const toRow = (row: number) => ({ ...at, row: Math.max(-1, Math.min(last, row)) });
  const toColumn = (column: number) => ({ ...at, column: Math.max(0, Math.min(shape.columns - 1, column)) });
  switch (pressed.key) {
    case 'ArrowDown':
      return toRow(isFar ? last : at.row + 1);
    case 'ArrowUp':
      return toRow(isFar ? 0 : at.row - 1);
    case 'ArrowRight':
      return toColumn(isFar ? shape.columns : at.column + 1);
    case 'ArrowLeft':
      return toColumn(isFar ? 0 : at.column - 1);
    case 'PageDown':
      return toRow(at.row + shape.inView);
    case 'PageUp':
      return toRow(Math.max(0, at.row - shape.inView));
    case 'Home':
      return toRow(0);
    case 'End':
      return toRow(last);
    default:
      return isFar ? undefined : letter(pressed.key, at.row, toRow);
  }
}

function letter(key: string, row: number, toRow: (row: number) => CellPlace): CellPlace | undefined {
  if (key === 'j') return toRow(row + 1);
  if (key === 'k') return toRow(Math.max(0, row - 1));
  return undefined;
}
