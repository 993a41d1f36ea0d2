/** What moves the cursor to another line or column: what follows does not belong to the text before. */
const moves = new Set('@ABCDEFGHJSTdf`');
const esc = '\u001b';
const bell = '\u0007';
const backspace = '\u0008';
const parameters = '[0-?]*[ -/]*';
const string = `[\\]PX^_][^${bell}${esc}]*`;
/** Control sequences, strings (OSC, DCS, ...), other escapes. */
const sequences = new RegExp(`${esc}(?:\\[${parameters}([@-~])|${string}(?:${bell}|${esc}\\\\)|[ -/]*[0-~])`, 'g');
/** One that the text ends within. */
const unfinished = new RegExp(`${esc}(?:\\[${parameters}|${string}${esc}?|[ -/]*)$`);
/** What was taken back while typing. */
const takenBack = new RegExp(`[^${backspace}]${backspace}`, 'g');
const mostChars = 4000;

/** The lines that output comes to, without colours and the like; best effort where a program draws all over the screen. */
export class PlainText {
  #rest = '';
  #line = '';

  /** Calls back with each line that more output completes, or cuts off. */
  write(output: string, line: (text: string) => void): void {
    const text = this.#rest + output;
    const cut = text.length - this.#rest.length > 0 ? unfinished.exec(text.slice(-mostChars)) : null;
    this.#rest = cut ? cut[0] : '';
    const whole = cut ? text.slice(0, text.length - cut[0].length) : text;
    const plain = whole.includes(esc)
      ? whole.replace(sequences, (_, final: string | undefined) => (final !== undefined && moves.has(final) ? '\n' : ''))
      : whole;
    const parts = plain.split(/\r*\n|\r(?!\n|$)/);
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.#end(line);
      this.#add(part);
      if (this.#line.length > mostChars) this.#end(line);
    }
  }
  end(line: (text: string) => void): void {
    this.#end(line);
  }

  #add(part: string): void {
    this.#line += part;
    while (this.#line.search(takenBack) >= 0) this.#line = this.#line.replace(takenBack, '');
  }
  #end(line: (text: string) => void): void {
    const text = this.#line.replace(/\p{Cc}+/gu, ' ').trimEnd();
    this.#line = '';
    if (text !== '') line(text);
  }
}
