import type { FitAddon } from '@xterm/addon-fit';
import type { SearchAddon } from '@xterm/addon-search';
import type { IDisposable, ITerminalOptions, Terminal } from '@xterm/xterm';
import xtermCss from '@xterm/xterm/css/xterm.css?inline';
import { unsafeCSS } from 'lit';
import { isDark } from '../app/theme.ts';
import { terminalLook, terminalLookChanged } from '../data/terminal-look.ts';
import { contain } from './xterm-contain.ts';
import { coloursOf } from './xterm-theme.ts';

/** Belongs to the styles of whatever element a terminal is opened in. */
export const xtermStyle = unsafeCSS(xtermCss);

export interface XtermView {
  readonly terminal: Terminal;
  readonly fit: FitAddon;
  readonly search: SearchAddon;
  /** What draws it now; WebGL is not to be had everywhere, and may be lost. */
  renderer(): 'webgl' | 'dom';
  dispose(): void;
}

export interface XtermOptions {
  /** Nobody types into it. */
  readonly isReadOnly?: boolean;
  /** Somebody clicked an address of http or https. */
  readonly linkOpened?: (address: string) => void;
}

/** Opens an xterm terminal inside an element of a shadow root that has `xtermStyle`. It looks as the person wants, also when that changes. */
export async function openXterm(host: HTMLElement, { isReadOnly = false, linkOpened }: XtermOptions = {}): Promise<XtermView> {
  const { FitAddon, quietDocument, quietly, quietRows, SearchAddon, Terminal, Unicode11Addon, WebglAddon, WebLinksAddon } = await import(
    './xterm-parts.ts'
  );
  const terminal = new Terminal({
    ...lookOptions(),
    allowProposedApi: true,
    documentOverride: quietDocument,
    disableStdin: isReadOnly,
    ...(linkOpened && { linkHandler: { activate: (_, address) => linkOpened(address), allowNonHttpProtocols: false } }),
  });
  contain(terminal);
  const [fit, search] = [new FitAddon(), new SearchAddon({ highlightLimit: 1000 })];
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  if (linkOpened) terminal.loadAddon(new WebLinksAddon((_, address) => linkOpened(address)));
  quietly(() => terminal.open(host));
  host.style.backgroundColor = backgroundNow();
  const webgl = beginWebgl(
    terminal,
    () => new WebglAddon(),
    (dispose) => {
      quietly(dispose);
      quietRows(terminal);
    },
  );
  quietRows(terminal);
  const unfollow = [terminalLookChanged, isDark].map((one) =>
    one.subscribe(() => {
      quietly(() => look(terminal));
      host.style.backgroundColor = backgroundNow();
    }),
  );
  return {
    terminal,
    fit,
    search,
    renderer: () => (webgl.isOn() ? 'webgl' : 'dom'),
    dispose() {
      for (const end of unfollow) end();
      terminal.dispose();
    },
  };
}

type Webgl = IDisposable & { onContextLoss(call: () => void): unknown; activate(of: Terminal): void };

/** Draws by WebGL where that is to be had; where it is not, or is lost, xterm draws by elements. `lost` is given what puts that in its place. */
function beginWebgl(terminal: Terminal, make: () => Webgl, lost: (dispose: () => void) => void) {
  let addon: ReturnType<typeof make> | undefined;
  try {
    const begun = make();
    terminal.loadAddon(begun);
    addon = begun;
    begun.onContextLoss(() => {
      addon = undefined;
      lost(() => begun.dispose());
    });
  } catch {
    // Nothing is lost but speed.
  }
  return { isOn: () => addon !== undefined };
}

function lookOptions(): ITerminalOptions {
  const { fontSize, fontFamily, theme, cursor, blinks, scrollback, forScreenReader } = terminalLook();
  const colours = coloursOf(theme, isDark.value);
  return {
    fontSize,
    fontFamily: fontFamily === 'monospace' ? 'ui-monospace, monospace' : `"${fontFamily}", ui-monospace, monospace`,
    theme: colours.theme,
    minimumContrastRatio: colours.ratio,
    cursorStyle: cursor,
    cursorBlink: blinks && !matchMedia('(prefers-reduced-motion: reduce)').matches,
    scrollback,
    screenReaderMode: forScreenReader,
  };
}

const backgroundNow = () => coloursOf(terminalLook().theme, isDark.value).theme.background ?? '';

/** What is set anew is drawn anew: only what changed is set. */
function look(terminal: Terminal): void {
  const wanted = lookOptions();
  for (const name of Object.keys(wanted) as (keyof ITerminalOptions)[])
    if (JSON.stringify(terminal.options[name]) !== JSON.stringify(wanted[name])) Object.assign(terminal.options, { [name]: wanted[name] });
}
