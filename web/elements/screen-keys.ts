/** A key as X11 names it, and whether Shift is held meanwhile. */
export interface Stroke {
  readonly keysym: number;
  readonly withShift: boolean;
}

/** Keysyms of X11 that are sent by name (X11/keysymdef.h). */
const keysyms = {
  Escape: 0xff1b,
  Tab: 0xff09,
  Backspace: 0xff08,
  Delete: 0xffff,
  Print: 0xff61,
  Control: 0xffe3,
  Alt: 0xffe9,
  Shift: 0xffe1,
  Super: 0xffeb,
  F1: 0xffbe,
  F2: 0xffbf,
  F3: 0xffc0,
  F4: 0xffc1,
  F7: 0xffc4,
} as const;

export type NamedKey = keyof typeof keysyms;

export const keysymOf = (key: NamedKey): number => keysyms[key];

/** What a browser or the system of whoever sits there would keep to itself. */
export const combinations: readonly (readonly NamedKey[])[] = [
  ['Control', 'Alt', 'Delete'],
  ['Control', 'Alt', 'Backspace'],
  ['Control', 'Alt', 'F1'],
  ['Control', 'Alt', 'F2'],
  ['Control', 'Alt', 'F7'],
  ['Alt', 'Tab'],
  ['Alt', 'F4'],
  ['Super'],
  ['Escape'],
  ['Tab'],
  ['Print'],
];

/** Reached with Shift on the keyboard that hypervisors take for granted, the American one. */
const shifted = /[A-Z~!@#$%^&*()_+{}|:"<>?]/;

/** Pure: a text as somebody would type it. Characters that no key has are sent by their code point, which not every instance takes. */
export function strokesOf(text: string): readonly Stroke[] {
  return Array.from(text.replaceAll('\r\n', '\n'), (character) => ({
    keysym: character === '\n' || character === '\r' ? 0xff0d : character === '\t' ? keysyms.Tab : keysymOfCharacter(character),
    withShift: shifted.test(character),
  }));
}

function keysymOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? code : 0x0100_0000 + code;
}
