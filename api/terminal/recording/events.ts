import { type CastCode, castLine } from './cast.ts';

/** Code units of one event. */
const mostChars = 64 * 1024;

/** The lines of the chunk that is being filled. */
export interface Events {
  /** Output at a time; what comes in the same millisecond makes one event. */
  output(text: string, atMs: number): void;
  add(code: Exclude<CastCode, 'o'>, data: string, atMs: number): void;
  readonly isEmpty: boolean;
  /** Of output, UTF-8. */
  readonly bytes: number;
  /** Time of the last event there was. */
  readonly lastMs: number;
  /** All lines since the last call. Their intervals count from `fromMs`, which is when the last event before them was. */
  take(): { readonly text: string; readonly fromMs: number; readonly untilMs: number; readonly bytes: number };
}

export function createEvents(): Events {
  let lines: string[] = [];
  let bytes = 0;
  let fromMs = 0;
  let lastMs = 0;
  let open: { readonly atMs: number; readonly texts: string[]; chars: number } | undefined;

  function line(code: CastCode, data: string, atMs: number): void {
    lines.push(castLine({ intervalMs: atMs - lastMs, code, data }));
    lastMs = atMs;
  }
  function close(): void {
    if (open) line('o', open.texts.join(''), open.atMs);
    open = undefined;
  }
  return {
    output(text, atMs) {
      if (open && (open.atMs !== atMs || open.chars + text.length > mostChars)) close();
      open ??= { atMs, texts: [], chars: 0 };
      open.texts.push(text);
      open.chars += text.length;
      bytes += Buffer.byteLength(text);
    },
    add(code, data, atMs) {
      close();
      line(code, data, atMs);
    },
    get isEmpty() {
      return lines.length === 0 && !open;
    },
    get bytes() {
      return bytes;
    },
    get lastMs() {
      return open?.atMs ?? lastMs;
    },
    take() {
      close();
      const taken = { text: lines.join(''), fromMs, untilMs: lastMs, bytes };
      lines = [];
      bytes = 0;
      fromMs = lastMs;
      return taken;
    },
  };
}

/** Pieces of at most so many code units that leave both halves of a character together. */
export function* piecesOf(text: string, chars = mostChars): Generator<string> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(text.length, at + chars);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end -= 1;
    yield at === 0 && end === text.length ? text : text.slice(at, end);
    at = end;
  }
}
