import { preference, preferences, setPreference } from './preferences.ts';

const themes = ['page', 'light', 'dark', 'contrast'] as const;
const cursors = ['block', 'bar', 'underline'] as const;

/** Families that a browser may have; the last one always is. */
export const terminalFonts = [
  'monospace',
  'DejaVu Sans Mono',
  'JetBrains Mono',
  'Fira Code',
  'Cascadia Mono',
  'Consolas',
  'Menlo',
  'Noto Sans Mono',
  'Source Code Pro',
  'Ubuntu Mono',
] as const;
export const fontSizes = { least: 8, most: 32, usual: 14 } as const;
export const scrollbacks = [1000, 5000, 10_000, 50_000] as const;

/** How a person wants terminals to look and to behave. */
export interface TerminalLook {
  readonly fontSize: number;
  readonly fontFamily: (typeof terminalFonts)[number];
  readonly theme: (typeof themes)[number];
  readonly cursor: (typeof cursors)[number];
  readonly blinks: boolean;
  readonly scrollback: number;
  readonly forScreenReader: boolean;
  readonly showsBell: boolean;
  /** Lines are shown before they are pasted. */
  readonly asksBeforePaste: boolean;
}

export const terminalCursors = cursors;

const key = 'terminal';

/** What shows terminals follows this. */
export const terminalLookChanged = preferences;

/** What was kept may be of another version, or written by hand: what is not understood is as it comes. */
export function terminalLook(kept: Readonly<Record<string, unknown>> = preference(key) ?? {}): TerminalLook {
  const oneOf = <T>(known: readonly T[], name: string, usual: T): T => known.find((one) => one === kept[name]) ?? usual;
  const flag = (name: string, usual: boolean) => (typeof kept[name] === 'boolean' ? kept[name] : usual);
  const size = Number(kept['fontSize']);
  return {
    fontSize: size >= fontSizes.least && size <= fontSizes.most ? Math.round(size) : fontSizes.usual,
    fontFamily: oneOf(terminalFonts, 'fontFamily', 'monospace'),
    theme: oneOf(themes, 'theme', 'page'),
    cursor: oneOf(cursors, 'cursor', 'block'),
    blinks: flag('blinks', false),
    scrollback: oneOf<number>(scrollbacks, 'scrollback', 5000),
    forScreenReader: flag('forScreenReader', false),
    showsBell: flag('showsBell', true),
    asksBeforePaste: flag('asksBeforePaste', true),
  };
}

/** Holds at once. Throws Problem when the server did not keep it. */
export const setTerminalLook = (change: Partial<TerminalLook>): Promise<void> => setPreference(key, { ...terminalLook(), ...change });
