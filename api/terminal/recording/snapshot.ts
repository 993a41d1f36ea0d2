import type { IBuffer, IBufferCell, IBufferLine, Terminal } from '@xterm/headless';
import { type Attributes, type InnerBuffer, innerOf } from './emulator.ts';

const esc = '\u001b';
const csi = `${esc}[`;

/**
 * What draws a terminal's screen on a fresh one of the same size: up to `scrollback` lines behind it, both screens, cursor, modes. Not kept:
 * titles, links, tab stops, and that a line goes on in the next where the next begins with nothing.
 */
export function snapshotOf(terminal: Terminal, scrollback: number): string {
  const { normal, alternate, active } = terminal.buffer;
  const parts = [drawBuffer(terminal, normal, Math.max(0, normal.length - terminal.rows - scrollback))];
  if (active.type === 'alternate') {
    // What the way back restores was saved by the switch, and is saved apart from it here: a switch fills the screen with the colour in use.
    const { normal: first } = innerOf(terminal);
    parts.push(region(first, terminal.rows), saveCursor(first, terminal.rows), `${csi}0m${csi}?47h${csi}H`);
    parts.push(drawBuffer(terminal, alternate, alternate.length - terminal.rows));
  }
  parts.push(...goOn(terminal));
  return parts.join('');
}

/** Draws the lines of a buffer from `first` on, beginning in the upper left corner of an empty screen. */
function drawBuffer(terminal: Terminal, buffer: IBuffer, first: number): string {
  const pen = createPen(buffer);
  const last = lastUsedLine(buffer, terminal.cols);
  for (let y = first; y <= last; y++) {
    const line = buffer.getLine(y);
    if (line) pen.line(line, terminal.cols, y === last ? undefined : buffer.getLine(y + 1));
  }
  return pen.text();
}

/** Lines behind it were never written to. What has scrolled away needs every line of the screen, or it would stay on it. */
function lastUsedLine(buffer: IBuffer, cols: number): number {
  let last = buffer.length - 1;
  if (buffer.baseY > 0) return last;
  const cell = buffer.getNullCell();
  const isEmpty = (line: IBufferLine | undefined) => {
    for (let x = 0; x < cols; x++) {
      const found = line?.getCell(x, cell);
      if (found && (found.getChars() !== '' || !found.isBgDefault())) return false;
    }
    return true;
  };
  while (last >= 0 && isEmpty(buffer.getLine(last))) last -= 1;
  return last;
}

function createPen(buffer: IBuffer) {
  const out: string[] = [];
  const cell = buffer.getNullCell();
  let style = '';
  let background = '';
  /** The line began with this background all over, because the one before wrapped into it. */
  let isTinted = false;
  const use = (next: string, nextBackground: string) => {
    if (next !== style) out.push(`${csi}0${next}m`);
    style = next;
    background = nextBackground;
  };
  const erase = (count: number, ground: string) => {
    use(ground, ground);
    out.push(`${csi}${count}X`);
  };

  function line(row: IBufferLine, cols: number, below: IBufferLine | undefined): void {
    /** Columns without characters since `x - empty`, all of one background. */
    let empty = 0;
    let ground = '';
    let position = 0;
    const skip = () => {
      if (empty === 0) return;
      if (ground !== '' || isTinted) erase(empty, ground);
      out.push(`${csi}${empty}C`);
      position += empty;
      empty = 0;
    };
    for (let x = 0; x < cols; x++) {
      const found = row.getCell(x, cell);
      // Half of a wide character; it may also be a cell of its own, which nothing shows.
      if (!found || x < position + empty) continue;
      const chars = found.getChars();
      if (chars === '') {
        const next = backgroundOf(found);
        if (next !== ground) skip();
        ground = next;
        empty += 1;
        continue;
      }
      skip();
      use(styleOf(found), backgroundOf(found));
      out.push(chars);
      position += found.getWidth();
    }
    const wraps = below !== undefined && below.isWrapped && goesOn(below, cell, cols - position, ground);
    if (wraps) {
      const first = below.getCell(0, cell);
      isTinted = first !== undefined && backgroundOf(first) !== '';
      return;
    }
    if (empty > 0 && (ground !== '' || isTinted)) erase(empty, ground);
    isTinted = false;
    if (below === undefined) return;
    // A line that scrolls in takes the background that is in use.
    if (background !== '') use('', '');
    out.push('\r\n');
  }
  return { line, text: () => out.join('') + (style === '' ? '' : `${csi}0m`) };
}

/** Whether the first character of a line lands there by itself when `left` columns of a background are left above it. */
function goesOn(below: IBufferLine, cell: IBufferCell, left: number, ground: string): boolean {
  const first = below.getCell(0, cell);
  if (!first || first.getChars() === '') return false;
  // The one column that a wide character leaves takes its background.
  return left === 0 || (left === 1 && first.getWidth() === 2 && backgroundOf(first) === ground);
}

/** Regions, modes, saved cursor and attributes, so that what comes next does what it would have done. */
function* goOn(terminal: Terminal): Generator<string> {
  const { modes } = terminal;
  const { active } = terminal.buffer;
  const { buffer, attributes, cursor, ...inner } = innerOf(terminal);
  if (buffer.savedX !== 0 || buffer.savedY !== 0 || styleOf(buffer.savedCurAttrData) !== '') yield saveCursor(buffer, terminal.rows);
  yield region(buffer, terminal.rows);
  yield placeCursor(active);
  if (active.cursorX === terminal.cols) yield lastCharacter(terminal, active);
  if (modes.originMode) yield `${csi}?6h${csi}${active.cursorY - buffer.scrollTop + 1};${Math.min(active.cursorX, terminal.cols - 1) + 1}H`;
  yield `${csi}0${styleOf(attributes)}m`;
  if (modes.applicationCursorKeysMode) yield `${csi}?1h`;
  if (modes.applicationKeypadMode) yield `${esc}=`;
  if (modes.bracketedPasteMode) yield `${csi}?2004h`;
  if (modes.insertMode) yield `${csi}4h`;
  if (modes.reverseWraparoundMode) yield `${csi}?45h`;
  if (modes.sendFocusMode) yield `${csi}?1004h`;
  if (!modes.wraparoundMode) yield `${csi}?7l`;
  const tracking = { none: undefined, x10: 9, vt200: 1000, drag: 1002, any: 1003 }[modes.mouseTrackingMode];
  if (tracking !== undefined) yield `${csi}?${tracking}h`;
  const encoding = { SGR: 1006, SGR_PIXELS: 1016 }[inner.mouseEncoding];
  if (encoding !== undefined) yield `${csi}?${encoding}h`;
  const shape = ['block', 'underline', 'bar'].indexOf(cursor.cursorStyle ?? '');
  if (shape >= 0) yield `${csi}${shape * 2 + (cursor.cursorBlink ? 1 : 2)} q`;
  // DEC's line drawing is the one set that programs still switch to; it is known by its lines.
  for (const [index, set] of inner.charsets.entries()) if (set?.['q'] === '─') yield `${esc}${'()*+'.charAt(index)}0`;
  if (inner.charset === 1) yield '\u000e';
  if (inner.isCursorHidden) yield `${csi}?25l`;
}

function region({ scrollTop, scrollBottom }: InnerBuffer, rows: number): string {
  return scrollTop === 0 && scrollBottom === rows - 1 ? '' : `${csi}${scrollTop + 1};${scrollBottom + 1}r`;
}

function saveCursor({ savedX, savedY, ybase, savedCurAttrData }: InnerBuffer, rows: number): string {
  const row = Math.min(Math.max(0, savedY - ybase), rows - 1);
  return `${csi}${row + 1};${savedX + 1}H${csi}0${styleOf(savedCurAttrData)}m${esc}7`;
}

function placeCursor({ cursorX, cursorY }: IBuffer): string {
  return `${csi}${cursorY + 1};${cursorX + 1}H`;
}

/** Behind the last column a cursor comes only by writing there. */
function lastCharacter(terminal: Terminal, buffer: IBuffer): string {
  const line = buffer.getLine(buffer.baseY + buffer.cursorY);
  let x = terminal.cols - 1;
  while (x > 0 && line?.getCell(x)?.getWidth() === 0) x -= 1;
  const cell = line?.getCell(x);
  if (!cell) return '';
  // The line was erased since, all of it.
  if (cell.getChars() === '') return `${csi}${buffer.cursorY + 1};${terminal.cols}H${csi}0${backgroundOf(cell)}m ${csi}2K`;
  return `${csi}${buffer.cursorY + 1};${x + 1}H${csi}0${styleOf(cell)}m${cell.getChars()}`;
}

/** SGR parameters behind a reset, each with its semicolon; '' for none. */
function styleOf(cell: Attributes): string {
  let style = '';
  if (cell.isBold()) style += ';1';
  if (cell.isDim()) style += ';2';
  if (cell.isItalic()) style += ';3';
  if (cell.isUnderline()) style += ';4';
  if (cell.isBlink()) style += ';5';
  if (cell.isInverse()) style += ';7';
  if (cell.isInvisible()) style += ';8';
  if (cell.isStrikethrough()) style += ';9';
  if (cell.isOverline()) style += ';53';
  if (cell.isFgRGB()) style += `;38;2;${rgb(cell.getFgColor())}`;
  else if (cell.isFgPalette()) style += palette(cell.getFgColorMode(), cell.getFgColor(), 30);
  return style + backgroundOf(cell);
}

function backgroundOf(cell: Attributes): string {
  if (cell.isBgRGB()) return `;48;2;${rgb(cell.getBgColor())}`;
  return cell.isBgPalette() ? palette(cell.getBgColorMode(), cell.getBgColor(), 40) : '';
}

const sixteenColours = 0x01_00_00_00;

/** The first sixteen are bright when bold, unless they were asked for as some of 256. */
function palette(mode: number, color: number, base: number): string {
  if (mode !== sixteenColours) return `;${base + 8};5;${color}`;
  return `;${color < 8 ? base + color : base + 60 + color - 8}`;
}

function rgb(color: number): string {
  return `${color >>> 16};${(color >>> 8) & 255};${color & 255}`;
}
