import type { PlayerScreen } from './playback.ts';
import type { XtermView } from './xterm-view.ts';
import { openXterm } from './xterm-view.ts';

const fontSizes = { least: 6, most: 15 } as const;

/** A terminal that only shows, as large as the recording says and as small as it has to be to fit. */
export interface ShownScreen extends PlayerScreen {
  /** What is selected, else what is on the screen. */
  text(): string;
  /** Makes the letters as large as the space allows. */
  fit(): void;
  dispose(): void;
}

export async function openScreen(host: HTMLElement): Promise<ShownScreen> {
  const view = await openXterm(host, { isReadOnly: true });
  const { terminal } = view;
  // Keys are the player's.
  terminal.attachCustomKeyEventHandler(() => false);
  terminal.options.cursorBlink = false;
  const fit = () => fitFont(view);
  /** In its turn: what was written before is drawn first. */
  const inTurn = (call: () => void) => terminal.write('', call);
  const resize = (cols: number, rows: number) => {
    terminal.resize(cols, rows);
    fit();
  };
  return {
    reset: (cols, rows) =>
      inTurn(() => {
        terminal.reset();
        resize(cols, rows);
      }),
    resize: (cols, rows) => inTurn(() => resize(cols, rows)),
    write: (text, drawn) => terminal.write(text, drawn),
    text: () => (terminal.hasSelection() ? terminal.getSelection() : screenText(view)),
    fit,
    dispose: () => view.dispose(),
  };
}

/** A screen that may be written to before it is there: what is shown on it is asked for meanwhile. */
export function lateScreen(opening: Promise<PlayerScreen>): PlayerScreen {
  const once = (call: (screen: PlayerScreen) => void) => {
    // Whoever opens it tells why it does not open.
    void opening.then(call, () => undefined);
  };
  return {
    reset: (cols, rows) => once((screen) => screen.reset(cols, rows)),
    resize: (cols, rows) => once((screen) => screen.resize(cols, rows)),
    write: (text, drawn) => once((screen) => screen.write(text, drawn)),
  };
}

function fitFont({ terminal, fit }: XtermView): void {
  const { cols, options } = terminal;
  const now = options.fontSize ?? fontSizes.most;
  const fitting = fit.proposeDimensions()?.cols;
  if (fitting === undefined || !Number.isFinite(fitting) || fitting === 0) return;
  const wanted = Math.max(fontSizes.least, Math.min(fontSizes.most, Math.floor((now * fitting) / cols)));
  if (wanted !== now) options.fontSize = wanted;
}

function screenText({ terminal }: XtermView): string {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: terminal.rows }, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '');
  return `${lines.join('\n').trimEnd()}\n`;
}
