/** More is a file, not something to type. */
const longestPaste = 1024 * 1024;
const longestTitle = 120;

/** Pure: what of a clipboard is typed. Control characters would be commands to the shell or the program in it; undefined: it is too long. */
export function pastable(text: string): string | undefined {
  if (text.length > longestPaste) return undefined;
  return text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replaceAll(controls, '');
}

/** Pure: the lines of something pasted that would be carried out by themselves; 0 when nothing would. */
export function linesIn(text: string): number {
  if (!text.includes('\n')) return 0;
  return text.replace(/\n$/, '').split('\n').length;
}

/** Pure: what the far side calls the terminal, harmless to show anywhere. */
export function titleOf(title: string): string {
  return title
    .replaceAll(controls, '')
    .replaceAll(/[\n\t]|\p{Cf}/gu, ' ')
    .trim()
    .slice(0, longestTitle);
}

/** Pure: the address if it is one a browser may open from here. */
export function webAddress(address: string): string | undefined {
  const url = URL.parse(address);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined;
}

/** C0 but tab and line feed, DEL and C1. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
