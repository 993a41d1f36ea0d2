/** A combination as it is written and kept: `mod+k`, `?`, or two keys one after the other, `g i`. `mod` is Ctrl, or Cmd on a Mac. */
export type Keys = string;

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Pure: one key as it is written; undefined for keys that only modify others. */
export function written({ key, ctrlKey, metaKey, altKey }: Pressed): string | undefined {
  if (['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'Dead', 'Process'].includes(key)) return undefined;
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key;
  return `${ctrlKey || metaKey ? 'mod+' : ''}${altKey ? 'alt+' : ''}${name}`;
}

/** So long the second key of two may take. */
export const sequenceMs = 1200;

/** Tells which command a row of keys asks for. */
export class KeyReader {
  #first: { readonly key: string; readonly at: number } | undefined;

  /**
   * The command that this key completes, `begun` when it is the first of two, undefined when it means nothing. `bindings`: keys by command.
   */
  read(key: string, at: number, bindings: Readonly<Record<string, Keys>>): { readonly command: string } | 'begun' | undefined {
    const first = this.#first && at - this.#first.at <= sequenceMs ? this.#first.key : undefined;
    this.#first = undefined;
    const named = (keys: Keys) => Object.keys(bindings).find((command) => bindings[command] === keys);
    const command = (first === undefined ? undefined : named(`${first} ${key}`)) ?? named(key);
    if (command !== undefined) return { command };
    if (!Object.values(bindings).some((keys) => keys.startsWith(`${key} `))) return undefined;
    this.#first = { key, at };
    return 'begun';
  }
}

/** Pure: commands that one cannot have both of these keys: equal, or one begins the other. */
export function clashing(keys: Keys, bindings: Readonly<Record<string, Keys>>, but: string): string | undefined {
  return Object.keys(bindings).find((command) => {
    const other = bindings[command] ?? '';
    return command !== but && other !== '' && (other === keys || other.startsWith(`${keys} `) || keys.startsWith(`${other} `));
  });
}

/** Whether somebody is writing: then keys are letters, not commands. */
export function isWriting(event: Event): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || /^(?:TEXTAREA|SELECT)$/.test(target.tagName)) return true;
  if (!(target instanceof HTMLInputElement)) return target.closest('[data-takes-keys]') !== null;
  return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
}
