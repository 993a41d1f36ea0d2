import type { ITheme } from '@xterm/xterm';

export const terminalThemes = ['page', 'light', 'dark', 'contrast'] as const;
export type TerminalTheme = (typeof terminalThemes)[number];

const dark: ITheme = {
  background: '#14171c',
  foreground: '#d8dce3',
  cursor: '#f2f4f8',
  cursorAccent: '#14171c',
  selectionBackground: '#37507a',
  selectionInactiveBackground: '#333c4a',
  scrollbarSliderBackground: '#d8dce333',
  scrollbarSliderHoverBackground: '#d8dce366',
  scrollbarSliderActiveBackground: '#d8dce399',
  black: '#2b3038',
  red: '#f2777a',
  green: '#8cc98a',
  yellow: '#e5c07b',
  blue: '#7aa8f0',
  magenta: '#cf9bea',
  cyan: '#66c7ce',
  white: '#d8dce3',
  brightBlack: '#7f8896',
  brightRed: '#ff9a9c',
  brightGreen: '#a9e0a6',
  brightYellow: '#f4d79b',
  brightBlue: '#9dc2ff',
  brightMagenta: '#e0b8f5',
  brightCyan: '#8fe0e5',
  brightWhite: '#ffffff',
};

const light: ITheme = {
  background: '#ffffff',
  foreground: '#23272e',
  cursor: '#23272e',
  cursorAccent: '#ffffff',
  selectionBackground: '#b5d0f8',
  selectionInactiveBackground: '#dde3ea',
  scrollbarSliderBackground: '#23272e33',
  scrollbarSliderHoverBackground: '#23272e66',
  scrollbarSliderActiveBackground: '#23272e99',
  black: '#23272e',
  red: '#b3261e',
  green: '#1f7a33',
  yellow: '#8a5a00',
  blue: '#1f5fc4',
  magenta: '#8a3ab9',
  cyan: '#0f7482',
  white: '#5b6470',
  brightBlack: '#6b7480',
  brightRed: '#c5362d',
  brightGreen: '#27823c',
  brightYellow: '#8f6400',
  brightBlue: '#2f6fd4',
  brightMagenta: '#9a4ac9',
  brightCyan: '#177e8c',
  brightWhite: '#3a414b',
};

const contrast: ITheme = {
  background: '#000000',
  foreground: '#ffffff',
  cursor: '#ffff00',
  cursorAccent: '#000000',
  selectionBackground: '#ffffff',
  selectionForeground: '#000000',
  scrollbarSliderBackground: '#ffffff80',
  scrollbarSliderHoverBackground: '#ffffffb0',
  scrollbarSliderActiveBackground: '#ffffff',
  black: '#000000',
  red: '#ff8080',
  green: '#80ff80',
  yellow: '#ffff80',
  blue: '#a0c0ff',
  magenta: '#ffa0ff',
  cyan: '#80ffff',
  white: '#ffffff',
  brightBlack: '#c0c0c0',
  brightRed: '#ffa0a0',
  brightGreen: '#b0ffb0',
  brightYellow: '#ffffb0',
  brightBlue: '#c8dcff',
  brightMagenta: '#ffc8ff',
  brightCyan: '#b0ffff',
  brightWhite: '#ffffff',
};

/** Pure: the colours of a choice; `page` follows the page. `ratio`: what xterm lifts the contrast of any colours to (WCAG's AA, AAA). */
export function coloursOf(theme: TerminalTheme, isPageDark: boolean): { readonly theme: ITheme; readonly ratio: number } {
  if (theme === 'contrast') return { theme: contrast, ratio: 7 };
  const isDark = theme === 'dark' || (theme === 'page' && isPageDark);
  return { theme: isDark ? dark : light, ratio: 4.5 };
}
