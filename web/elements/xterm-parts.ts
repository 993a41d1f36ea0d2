/** The terminal emulator and what belongs to it: a chunk of its own, brought when the first terminal is shown. */
export { FitAddon } from '@xterm/addon-fit';
export { SearchAddon } from '@xterm/addon-search';
export { Unicode11Addon } from '@xterm/addon-unicode11';
export { WebLinksAddon } from '@xterm/addon-web-links';
export { WebglAddon } from '@xterm/addon-webgl';
export { Terminal } from '@xterm/xterm';
export { quietDocument, quietly, quietRows } from './xterm-sheets.ts';
