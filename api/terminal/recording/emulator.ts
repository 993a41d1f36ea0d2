import { createRequire } from 'node:module';
import headless, { type IBufferCell, type ITerminalAddon, type Terminal } from '@xterm/headless';

/** Not imported: its types bring those of the browser, which then stand for Node's everywhere. */
const { Unicode11Addon } = createRequire(import.meta.url)('@xterm/addon-unicode11') as {
  readonly Unicode11Addon: new () => ITerminalAddon;
};

/** Lines kept behind the screen: with 100 columns half a megabyte. */
const scrollback = 400;

export type Size = { readonly cols: number; readonly rows: number };

/** An emulator that draws nothing and says nothing. Widths of characters are those the page's has. */
export function createEmulator({ cols, rows }: Size): Terminal {
  const terminal = new headless.Terminal({ cols, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  contain(terminal);
  return terminal;
}

/**
 * What an instance sends is anything. The emulator fails at some of it (`CSI 1 J` in the last column of the last line), in a timer of its own,
 * which would end the process: what it fails at is left out of the picture instead.
 */
function contain(terminal: Terminal): void {
  const { input, parser } = innerOf(terminal);
  const parse = input.parse.bind(input);
  input.parse = (...given) => {
    try {
      return parse(...given);
    } catch {
      parser.reset();
      return undefined;
    }
  };
}

/** Attributes of a cell, or those the next character gets. */
export type Attributes = Pick<
  IBufferCell,
  | 'isBold'
  | 'isDim'
  | 'isItalic'
  | 'isUnderline'
  | 'isBlink'
  | 'isInverse'
  | 'isInvisible'
  | 'isStrikethrough'
  | 'isOverline'
  | 'isFgRGB'
  | 'isFgPalette'
  | 'getFgColorMode'
  | 'isBgRGB'
  | 'isBgPalette'
  | 'getBgColorMode'
  | 'getFgColor'
  | 'getBgColor'
>;

/** What the emulator knows and has no public name for: without it a screen that is drawn anew goes on differently. */
interface Core {
  readonly buffer: InnerBuffer;
  readonly _bufferService: { readonly buffers: { readonly normal: InnerBuffer } };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly decPrivateModes: { readonly cursorStyle?: string; readonly cursorBlink?: boolean };
  };
  readonly coreMouseService: { readonly activeEncoding: string };
  readonly _charsetService: { readonly glevel: number; readonly _charsets: readonly (Readonly<Record<string, string>> | undefined)[] };
  readonly _inputHandler: {
    readonly _curAttrData: Attributes;
    readonly _parser: { reset(): void };
    parse: (...given: readonly unknown[]) => unknown;
  };
}

export interface InnerBuffer {
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly ybase: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: Attributes;
}

export function innerOf(terminal: Terminal) {
  const { _core: core } = terminal as unknown as { readonly _core: Core };
  const { buffer, coreService, coreMouseService, _bufferService: buffers, _charsetService: charsets, _inputHandler: input } = core;
  const { _curAttrData: attributes, _parser: parser } = input;
  const { glevel: charset, _charsets: sets } = charsets;
  const { isCursorHidden, decPrivateModes: cursor } = coreService;
  return {
    input,
    parser,
    buffer,
    normal: buffers.buffers.normal,
    attributes,
    isCursorHidden,
    cursor,
    mouseEncoding: coreMouseService.activeEncoding,
    charset,
    charsets: sets,
  };
}
