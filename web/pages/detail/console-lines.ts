/** Part of a line that looks the same: names of classes, of a fixed set, so that nothing a log says becomes more than text. */
export interface Run {
  readonly text: string;
  readonly look: string;
}

/** Sequences by which programs colour a terminal and move about in it, and control characters but tab and carriage return. */
const controls =
  // oxlint-disable-next-line no-control-regex -- these are the control characters that are taken out.
  /\u001b(?:\[([0-9;?]*)[ -/]*([@-~])|\][^\u0007]*(?:\u0007|\u001b\\)|[@-Z\\-_])|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

interface Look {
  readonly colour?: string | undefined;
  readonly isBold?: boolean;
}

/** The lines of a console log as a terminal would leave them, with its colours: what a carriage return wrote over is gone. */
export function colouredLines(log: string): readonly (readonly Run[])[] {
  let look: Look = {};
  const lines = log
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => {
      const found = runsOf(line, look);
      look = found.look;
      return found.runs;
    });
  while (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

/** The same, as text alone. */
export function linesOf(log: string): readonly string[] {
  return colouredLines(log).map(textOf);
}

export const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');

function runsOf(line: string, from: Look): { readonly runs: readonly Run[]; readonly look: Look } {
  let look = from;
  let at = 0;
  const parts: Run[][] = [[]];
  const add = (piece: string) => {
    for (const [index, text] of piece.split('\r').entries()) {
      if (index > 0) parts.push([]);
      if (text !== '') parts.at(-1)?.push({ text, look: classesOf(look) });
    }
  };
  for (const match of line.matchAll(controls)) {
    add(line.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === 'm') look = changed(look, match[1] ?? '');
  }
  add(line.slice(at));
  return { runs: parts.findLast((part) => part.length > 0) ?? [], look };
}

const classesOf = ({ colour, isBold }: Look): string => [colour, isBold ? 'bold' : undefined].filter(Boolean).join(' ');

/** What a sequence of SGR does to how text looks; only what is shown here is read. */
function changed(look: Look, sequence: string): Look {
  const codes = sequence.split(';').map(Number);
  let now = look;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 0) now = {};
    else if (code === 1) now = { ...now, isBold: true };
    else if (code === 22) now = { ...now, isBold: false };
    else if (code === 39) now = { ...now, colour: undefined };
    else if (code >= 30 && code <= 37) now = { ...now, colour: colours[code - 30] };
    else if (code >= 90 && code <= 97) now = { ...now, colour: colours[code - 90] };
    else if (code === 38 || code === 48) {
      // Of 256 colours the first sixteen are the same; others are not shown.
      const isOfTable = codes[index + 1] === 5;
      const number = codes[index + 2] ?? 16;
      if (code === 38) now = { ...now, colour: isOfTable && number < 16 ? colours[number % 8] : undefined };
      index += isOfTable ? 2 : 4;
    }
  }
  return now;
}

/** Where in a line something was found: from, and up to. */
export type Place = readonly [from: number, to: number];
export type Search = (line: string) => readonly Place[];

/** A longer line is looked through to here alone: an expression may take very long for one. */
const longestSearched = 4000;

/** Finds words, in small letters and large alike, or what an expression matches; undefined for one that is none. */
export function searchOf(words: string, isRegex: boolean): Search | undefined {
  if (words === '') return () => [];
  try {
    const expression = new RegExp(isRegex ? words : words.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu');
    return (line) =>
      [...line.slice(0, longestSearched).matchAll(expression)]
        .filter(([text]) => text !== '')
        .map(({ index, 0: text }) => [index, index + text.length]);
  } catch {
    return undefined;
  }
}

export interface Part extends Run {
  /** Which place of the line it belongs to. */
  readonly place: number | undefined;
}

/** A line cut where its look changes and where the places begin and end. */
export function partsOf(runs: readonly Run[], places: readonly Place[]): readonly Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (const { text, look } of runs) {
    const end = start + text.length;
    let at = start;
    for (const [place, [from, to]] of places.entries()) {
      if (to <= at || from >= end) continue;
      if (from > at) parts.push({ text: text.slice(at - start, from - start), look, place: undefined });
      const [begin, until] = [Math.max(at, from), Math.min(end, to)];
      parts.push({ text: text.slice(begin - start, until - start), look, place });
      at = until;
    }
    if (at < end) parts.push({ text: text.slice(at - start), look, place: undefined });
    start = end;
  }
  return parts;
}
