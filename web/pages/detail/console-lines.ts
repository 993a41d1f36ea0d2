/** Sequences by which programs colour a terminal and move about in it; in a log they are noise. */
const controls =
  // oxlint-disable-next-line no-control-regex -- these are the control characters that are taken out.
  /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*(?:\u0007|\u001b\\)|[@-Z\\-_])|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** The lines of a console log as a terminal would leave them: what a carriage return wrote over is gone. */
export function linesOf(log: string): readonly string[] {
  const lines = log
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map(
      (line) =>
        line
          .replaceAll(controls, '')
          .split('\r')
          .findLast((part) => part !== '') ?? '',
    );
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

export interface Part {
  readonly text: string;
  readonly isFound: boolean;
}

/** A line cut where the words looked for stand, in small letters and large alike. */
export function partsOf(line: string, words: string): readonly Part[] {
  if (words === '') return [{ text: line, isFound: false }];
  const parts: Part[] = [];
  const [text, wanted] = [line.toLowerCase(), words.toLowerCase()];
  let at = 0;
  for (let found = text.indexOf(wanted); found >= 0; found = text.indexOf(wanted, at)) {
    if (found > at) parts.push({ text: line.slice(at, found), isFound: false });
    at = found + wanted.length;
    parts.push({ text: line.slice(found, at), isFound: true });
  }
  if (at < line.length) parts.push({ text: line.slice(at), isFound: false });
  return parts;
}
