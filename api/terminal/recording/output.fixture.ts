/** What a program in a terminal might send: text of all widths, colours, cursor movements, modes, in any order. */
export function randomOutput(random: () => number, length: number): string {
  const whole = (below: number) => Math.floor(random() * below);
  const pick = <T>(list: readonly T[]): T => list[whole(list.length)] as T;
  const words = ['ls', 'echo hello', '中文', '測試一下', '😀🎉', 'e\u0301', 'x'.repeat(30), 'ｗｉｄｅ', '한국어', '\t', ' ', 'é', 'плюс'];
  const kinds: (() => string)[] = [
    () => pick(words),
    () => pick(words),
    () => pick(words).repeat(1 + whole(8)),
    () => '\r\n',
    () => '\r\n',
    () => pick(['\r', '\n', '\b', '\u001b[K', '\u001b[1K', '\u001b[2K', '\u001b[J', '\u001b[2J']),
    () => `\u001b[${pick([0, 1, 2, 3, 4, 7, 9, 22, 24, 27, 31, 42, 97, 104])}m`,
    () => `\u001b[38;5;${whole(256)}m`,
    () => `\u001b[48;2;${whole(256)};${whole(256)};${whole(256)}m`,
    () => `\u001b[${1 + whole(15)};${1 + whole(50)}H`,
    () => `\u001b[${1 + whole(5)}${pick(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'L', 'M', 'P', 'X', '@', 'S', 'T'])}`,
    () => `\u001b[${1 + whole(4)};${5 + whole(8)}r`,
    () => '\u001b[r',
    () => `\u001b[?${pick([1, 7, 25, 1000, 1002, 1006, 2004, 1049, 1004])}${pick(['h', 'l'])}`,
    () => pick(['\u001b7', '\u001b8', '\u001bM', '\u001bD', '\u001b[4h', '\u001b[4l', '\u001b[!p', '\u001b(0lqk\u001b(B']),
  ];
  let text = '';
  for (let step = 0; step < length; step++) text += pick(kinds)();
  return text;
}
