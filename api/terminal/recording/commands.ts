import type { IMarker, Terminal } from '@xterm/headless';
import type { Clock } from '#controller/engine/ports.ts';

const mostChars = 200;
/** How long what was typed last may take to be shown. */
const echoMs = 200;
/** Lines that are looked at at once: whoever pastes more of them gets marks for some. */
const mostWaiting = 4;
/** Ctrl-C, Ctrl-D, Ctrl-U: what was typed is not meant. */
const givingUp = ['\u0003', '\u0004', '\u0015'];

/**
 * What was done in a terminal, as far as it can be seen on its screen. A shell that says so (OSC 133, 633) is believed; else it is the line
 * that was there when somebody pressed Enter, without what stood there before they typed. What is typed is itself never kept: where nothing is
 * shown of it, as with a password, there is no mark. In the alternate screen (an editor) there is none either.
 */
export interface CommandMarks {
  typed(input: string): void;
  onCommand(call: (command: string) => void): void;
  currentLine(): string;
  close(): void;
}

interface Deps {
  /** Calls back once all is drawn that was written so far. */
  readonly look: <T>(what: (terminal: Terminal) => T) => Promise<T>;
  readonly clock?: Pick<Clock, 'after'>;
}

/** A place in the scrollback, which moves with it. */
interface Spot {
  readonly marker: IMarker;
  readonly x: number;
}

export function createCommandMarks(terminal: Terminal, { look, clock }: Deps): CommandMarks {
  const listeners: ((command: string) => void)[] = [];
  const endings = new Set<() => void>();
  const after = clock?.after ?? startTimer;
  /** The shell says itself what it does. */
  let isTold = false;
  let isNamed = false;
  let start: Spot | undefined;
  /** The line as it was before the first key was pressed. */
  let before: Promise<string | undefined> | undefined;

  const tell = (text: string) => {
    const command = cleaned(text);
    if (command !== '') for (const call of listeners) call(command);
  };
  const here = (x: number): Spot | undefined => {
    const marker = terminal.registerMarker(0);
    return marker && { marker, x };
  };
  const forget = (spot: Spot | undefined) => spot?.marker.dispose();

  terminal.parser.registerOscHandler(133, (data) => {
    if (data.startsWith('B')) {
      forget(start);
      start = here(terminal.buffer.active.cursorX);
    }
    if (data.startsWith('C')) {
      isTold = true;
      if (!isNamed && start && terminal.buffer.active.type === 'normal') tell(textSince(terminal, start));
      isNamed = false;
      forget(start);
      start = undefined;
    }
    return false;
  });
  terminal.parser.registerOscHandler(633, (data) => {
    if (data.startsWith('E;')) {
      isTold = true;
      isNamed = true;
      tell(unescaped(data.slice(2).split(';', 1)[0] ?? ''));
    }
    if (data.startsWith('C')) isNamed = false;
    return false;
  });

  /** The line where Enter was pressed, once the echo of what was typed before is there. */
  async function entered(shown: Promise<string | undefined>): Promise<void> {
    const prompt = await shown;
    const spot = await look(() => (terminal.buffer.active.type === 'normal' ? lineStart(terminal) : undefined));
    if (prompt === undefined || !spot) return;
    await new Promise<void>((done) => {
      const end = () => {
        endings.delete(end);
        cancel();
        done();
      };
      const cancel = after(echoMs, end);
      endings.add(end);
    });
    const line = await look(() => (spot.marker.isDisposed ? '' : lineAt(terminal, spot.marker.line)));
    forget(spot);
    if (!isTold && line.startsWith(prompt)) tell(line.slice(prompt.length));
  }

  return {
    typed(input) {
      if (isTold || listeners.length === 0) return;
      const isEntered = /[\r\n]/.test(input);
      if (givingUp.some((key) => input.includes(key))) before = undefined;
      else before ??= look(() => promptOf(terminal)).catch(() => undefined);
      if (!isEntered || !before) return;
      const shown = before;
      before = undefined;
      if (endings.size < mostWaiting) void entered(shown).catch(() => undefined);
    },
    onCommand: (call) => void listeners.push(call),
    currentLine() {
      const spot = terminal.buffer.active.type === 'normal' ? lineStart(terminal) : undefined;
      const line = spot ? lineAt(terminal, spot.marker.line) : '';
      forget(spot);
      return line;
    },
    close() {
      for (const end of endings) end();
    },
  };
}

function startTimer(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}

/** What stands left of the cursor in its line; undefined in the alternate screen. */
function promptOf(terminal: Terminal): string | undefined {
  const { active } = terminal.buffer;
  if (active.type !== 'normal') return undefined;
  const first = firstOf(terminal, active.baseY + active.cursorY);
  let text = '';
  for (let y = first; y < active.baseY + active.cursorY; y++) text += active.getLine(y)?.translateToString(false) ?? '';
  return text + (active.getLine(active.baseY + active.cursorY)?.translateToString(false, 0, active.cursorX) ?? '');
}

/** The line the cursor is in begins further up where it was too long for one. */
function lineStart(terminal: Terminal): Spot | undefined {
  const { active } = terminal.buffer;
  const y = active.baseY + active.cursorY;
  const marker = terminal.registerMarker(firstOf(terminal, y) - y);
  return marker && { marker, x: 0 };
}

function firstOf(terminal: Terminal, y: number): number {
  let first = y;
  while (first > 0 && y - first < 20 && terminal.buffer.active.getLine(first)?.isWrapped) first -= 1;
  return first;
}

/** A line with what went on of it in the lines below. */
function lineAt(terminal: Terminal, y: number): string {
  const { active } = terminal.buffer;
  let text = active.getLine(y)?.translateToString(false) ?? '';
  for (let next = y + 1; next - y < 20 && active.getLine(next)?.isWrapped; next++)
    text += active.getLine(next)?.translateToString(false) ?? '';
  return text.trimEnd();
}

function textSince(terminal: Terminal, { marker, x }: Spot): string {
  const { active } = terminal.buffer;
  const last = active.baseY + active.cursorY;
  if (marker.isDisposed || last - marker.line > 20) return '';
  let text = '';
  for (let y = marker.line; y <= last; y++) {
    const line = active.getLine(y);
    const part = line?.translateToString(true, y === marker.line ? x : 0, y === last ? active.cursorX : terminal.cols) ?? '';
    text += y > marker.line && !line?.isWrapped ? ` ${part}` : part;
  }
  return text;
}

/** `\\` and `\xHH` in what VS Code's scripts send. */
function unescaped(text: string): string {
  return text.replaceAll(/\\(?:\\|x([0-9a-f]{2}))/gi, (_, code: string | undefined) =>
    code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function cleaned(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > mostChars ? `${line.slice(0, mostChars).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
}
