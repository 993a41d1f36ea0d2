/** What a key asks a player for. */
export type PlayerDeed =
  | { readonly play: true }
  | { readonly find: true }
  | { readonly seek: number }
  | { readonly skip: number }
  | { readonly step: 1 | -1 };

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

interface Shown {
  readonly atMs: number;
  readonly durationMs: number;
  readonly marks: readonly { readonly atMs: number }[];
}

/** A mark this close behind counts as where one is: who goes back from it wants the one before. */
const atMarkMs = 500;

/** Pure: what a key means; undefined when it means nothing here. */
export function deedOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed, { atMs, durationMs, marks }: Shown): PlayerDeed | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (/^[0-9]$/.test(key)) return { seek: (durationMs * Number(key)) / 10 };
  switch (key) {
    case ' ':
      return { play: true };
    case '/':
      return { find: true };
    case 'ArrowLeft':
      return { skip: shiftKey ? -30_000 : -5000 };
    case 'ArrowRight':
      return { skip: shiftKey ? 30_000 : 5000 };
    case ',':
      return { step: -1 };
    case '.':
      return { step: 1 };
    case '[':
      return { seek: marks.findLast((mark) => mark.atMs < atMs - atMarkMs)?.atMs ?? 0 };
    case ']':
      return { seek: marks.find((mark) => mark.atMs > atMs)?.atMs ?? durationMs };
    default:
      return undefined;
  }
}
