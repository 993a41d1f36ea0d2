import type { Terminal } from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '#tests/parts/random.ts';
import type { Screen } from '../ports.ts';
import { createEmulator, innerOf, type Size } from './emulator.ts';
import { randomOutput } from './output.fixture.ts';
import { createScreen } from './screen.ts';

/** All one can see of a terminal, and what decides how it goes on. */
function shown(terminal: Terminal): unknown {
  const { active } = terminal.buffer;
  const lines = Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y);
    let covered = 0;
    return Array.from({ length: terminal.cols }, (_cell, x) => {
      const cell = line?.getCell(x);
      // The other half of a wide character.
      if (!cell || x < covered) return '';
      covered = x + cell.getWidth();
      const colours = [cell.getBgColorMode(), cell.getBgColor()];
      // What is not there has no colour of its own but its background.
      if (cell.getChars() === '') return `|${colours.join()}`;
      const flags = [
        cell.isBold(),
        cell.isDim(),
        cell.isItalic(),
        cell.isUnderline(),
        cell.isBlink(),
        cell.isInverse(),
        cell.isInvisible(),
      ];
      return [cell.getChars(), cell.getWidth(), ...colours, cell.getFgColorMode(), cell.getFgColor(), ...flags.map(Boolean)].join();
    }).join(' ');
  });
  const { buffer, isCursorHidden, mouseEncoding } = innerOf(terminal);
  const {
    applicationKeypadMode: _,
    synchronizedOutputMode: __,
    ...modes
  } = terminal.modes as typeof terminal.modes & Record<string, unknown>;
  return {
    lines,
    cursor: [active.cursorX, active.cursorY],
    type: active.type,
    region: [buffer.scrollTop, buffer.scrollBottom],
    modes,
    isCursorHidden,
    mouseEncoding,
  };
}

const written = async (size: Size, ...texts: string[]): Promise<Terminal> => {
  const terminal = createEmulator(size);
  for (const text of texts) await new Promise<void>((done) => terminal.write(text, done));
  return terminal;
};

/** Without wrapping, a narrow character may get into the second half of a wide one: no output draws what xterm then holds. */
const isSound = ({ buffer: { active }, cols, rows }: Terminal): boolean =>
  Array.from({ length: rows }, (_, row) => active.getLine(active.baseY + row)).every((line) =>
    Array.from({ length: cols - 1 }, (_, at) => at).every(
      (at) => line?.getCell(at)?.getWidth() !== 2 || line.getCell(at + 1)?.getWidth() === 0,
    ),
  );

describe('a screen nobody looks at', () => {
  const screens: Screen[] = [];
  const open = (size: Size = { cols: 40, rows: 10 }) => {
    const screen = createScreen(size);
    screens.push(screen);
    return screen;
  };
  afterEach(() => {
    for (const screen of screens.splice(0)) screen.close();
  });

  it.each([
    ['plain lines', 'one\r\ntwo'],
    ['colours and attributes', '\u001b[1;31mred\u001b[0m \u001b[38;2;1;2;3;48;5;77mtrue\u001b[4;7;9m all\u001b[0m'],
    ['a coloured rest of a line', '\u001b[44mblue\u001b[K\r\n\u001b[0mplain'],
    ['a colour that scrolled in', `\u001b[41m${'x\r\n'.repeat(12)}`],
    ['wide characters that wrap', '中文字符测试'.repeat(12)],
    ['a wide character cut in half', '中文\u001b[2Gx'],
    ['combining and joined characters', 'e\u0301 n\u0303 😀 👩‍👩‍👧 ﷽'],
    ['a cursor behind the last column', 'x'.repeat(40)],
    ['a cursor behind a wide last character', `${'x'.repeat(38)}中`],
    ['the alternate screen over what was there', 'shell$ vim\r\n\u001b[?1049h\u001b[2J\u001b[5;5Hedited'],
    ['a scroll region', '1\r\n2\r\n3\r\n4\r\n\u001b[2;5rinside'],
    ['origin mode', '\u001b[3;8r\u001b[?6h\u001b[2;4Hhere'],
    ['a hidden cursor and a mouse', '\u001b[?25l\u001b[?1002h\u001b[?1006h\u001b[?2004h\u001b[?1h'],
    ['lines drawn by DEC', '\u001b(0lqqk\u001b(B text \u001b(0x'],
    ['empty lines above', '\u001b[8;3Hlow'],
    ['nothing', ''],
  ])('is drawn again on a fresh terminal: %s', async (_, text) => {
    const size = { cols: 40, rows: 10 };
    const screen = open(size);
    screen.write(text);
    const again = await written(size, await screen.snapshot());
    expect(shown(again)).toEqual(shown(await written(size, text)));
  });

  it('goes on as the first would have, whatever was written before and after', async () => {
    const random = seededRandom('snapshots');
    for (let round = 0; round < 40; round++) {
      const size = { cols: 8 + Math.floor(random() * 40), rows: 3 + Math.floor(random() * 12) };
      const screen = open(size);
      const [before, behind] = [randomOutput(random, 60), randomOutput(random, 15)];
      if (!isSound(await written(size, before))) continue;
      screen.write(before);
      const snapshot = await screen.snapshot();
      screen.close();
      const say = `round ${round}: ${JSON.stringify({ size, before, behind })}`;
      expect(shown(await written(size, snapshot)), say).toEqual(shown(await written(size, before)));
      expect(shown(await written(size, snapshot, behind)), say).toEqual(shown(await written(size, before, behind)));
    }
  }, 120_000);

  it('shows in a snapshot what was written before it was asked for, and no more', async () => {
    const screen = open({ cols: 20, rows: 5 });
    screen.write('one ');
    const first = screen.snapshot();
    screen.resize(30, 5);
    screen.write('two.');
    const second = screen.snapshot();
    screen.write(' three');
    const text = async (size: Size, snapshot: string) => (await written(size, snapshot)).buffer.active.getLine(0)?.translateToString(true);
    expect(await text({ cols: 20, rows: 5 }, await first)).toBe('one ');
    expect(await text({ cols: 30, rows: 5 }, await second)).toBe('one two.');
  });

  it('outlives output that its emulator fails at', async () => {
    const screen = open({ cols: 10, rows: 2 });
    screen.write('\u001b[2;10H\u001b[1J');
    screen.write('\r\nstill here.');
    expect(await screen.currentLine()).toBe('still here.');
  });

  it('lets others work while it draws a flood', async () => {
    const screen = open({ cols: 100, rows: 30 });
    screen.write('\u001b[32mfound\u001b[0m a line of a log that goes on for a while\r\n'.repeat(100_000));
    expect(screen.backlog).toBeGreaterThan(5_000_000);
    let turns = 0;
    let isDone = false;
    const others = () => {
      turns += 1;
      if (!isDone) setImmediate(others);
    };
    others();
    await screen.snapshot();
    isDone = true;
    expect(screen.backlog).toBe(0);
    expect(turns).toBeGreaterThan(5_000_000 / (64 * 1024));
  });

  it('says which line the cursor is in, also when it is long, and nothing of an editor', async () => {
    const screen = open({ cols: 20, rows: 5 });
    screen.write('out\r\nuser@host:~$ echo one two three four');
    expect(await screen.currentLine()).toBe('user@host:~$ echo one two three four');
    screen.write('\u001b[?1049htext');
    expect(await screen.currentLine()).toBe('');
  });

  it('gives up what waits when it is closed', async () => {
    const screen = open();
    screen.write('x'.repeat(1_000_000));
    const snapshot = screen.snapshot();
    screen.close();
    await expect(snapshot).rejects.toThrow('closed');
    await expect(screen.snapshot()).rejects.toThrow('closed');
  });
});
