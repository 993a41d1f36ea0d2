/** What a key does that is not for the other side. */
export type TerminalDeed = 'copy' | 'paste' | 'search' | 'leave' | 'larger' | 'smaller' | 'usual';

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const withShift: Readonly<Record<string, TerminalDeed>> = { c: 'copy', v: 'paste', f: 'search', l: 'leave', escape: 'leave' };
const onMac: Readonly<Record<string, TerminalDeed>> = { c: 'copy', v: 'paste', f: 'search' };
const sizes: Readonly<Record<string, TerminalDeed>> = { '+': 'larger', '=': 'larger', '-': 'smaller', '0': 'usual' };

/** Pure: undefined for keys that go to the other side, which are all but a few. */
export function deedOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed, isMac: boolean): TerminalDeed | undefined {
  if (altKey || !(ctrlKey || (isMac && metaKey))) return undefined;
  const name = key.toLowerCase();
  if (ctrlKey && shiftKey && withShift[name]) return withShift[name];
  if (isMac && metaKey && !shiftKey && onMac[name]) return onMac[name];
  return sizes[name];
}
