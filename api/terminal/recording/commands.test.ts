import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestClock, type TestClock } from '#controller/inventory/clock.fixture.ts';
import type { Screen } from '../ports.ts';
import { createScreen } from './screen.ts';

describe('marks of commands, at best', () => {
  let clock: TestClock;
  let screen: Screen;
  let marks: string[];
  beforeEach(() => {
    clock = createTestClock();
    screen = createScreen({ cols: 40, rows: 10, clock });
    marks = [];
    screen.onCommand((command) => marks.push(command));
  });
  afterEach(() => screen.close());

  /** What was typed so far is echoed, then Enter is pressed, and the shell goes on. */
  const type = async (keys: string, echo: string, then = '\r\nout\r\n$ ') => {
    for (const key of keys) {
      screen.typed(key);
      await screen.snapshot();
    }
    screen.write(echo);
    screen.typed('\r');
    await screen.snapshot();
    screen.write(then);
    await screen.snapshot();
    await clock.advance(1000);
    await screen.snapshot();
  };

  it('are the line where Enter was pressed, without the prompt', async () => {
    screen.write('user@web-1:~$ ');
    await type('ls -la', 'ls -la', '\r\ntotal 0\r\nuser@web-1:~$ ');
    await type('uptime', 'uptime');
    expect(marks).toEqual(['ls -la', 'uptime']);
  });

  it('are what is shown, not what was typed: recalled from the history, completed, taken back', async () => {
    screen.write('$ ');
    await type('\u001b[A', 'systemctl status nginx');
    await type('cat /et\t', 'cat /etc/');
    expect(marks).toEqual(['systemctl status nginx', 'cat /etc/']);
  });

  it('come from a line that goes over several', async () => {
    screen.write('user@web-1:~$ ');
    const long = 'echo one two three four five six seven eight nine ten';
    await type(long, long);
    expect(marks).toEqual([long]);
  });

  it.each([
    ['while nothing is shown of what is typed', 'Password: ', 'hunter2', ''],
    ['of an empty line', '$ ', '', ''],
    ['in the alternate screen', '\u001b[?1049h', 'iwords', 'words'],
  ])('are none %s', async (_, prompt, keys, echo) => {
    screen.write(prompt);
    await type(keys, echo);
    expect(marks).toEqual([]);
  });

  it('are none of what was given up', async () => {
    screen.write('$ ');
    for (const key of 'rm -rf') screen.typed(key);
    screen.write('rm -rf^C\r\n$ ');
    screen.typed('\u0003');
    await type('ls', 'ls');
    expect(marks).toEqual(['ls']);
  });

  it('are bounded, and one line', async () => {
    screen.write('$ ');
    await type('x', 'x'.repeat(350));
    expect(marks).toEqual([`${'x'.repeat(200)}…`]);
  });

  it('are what the shell says, where it does (OSC 133)', async () => {
    screen.write('\u001b]133;A\u0007$ \u001b]133;B\u0007');
    await type('make test', 'make test', '\r\n\u001b]133;C\u0007ok\r\n\u001b]133;D;0\u0007\u001b]133;A\u0007$ \u001b]133;B\u0007');
    await type('ls', 'ls', '\r\n\u001b]133;C\u0007');
    expect(marks).toEqual(['make test', 'ls']);
  });

  it("are what the shell says, where it does (OSC 633, VS Code's)", async () => {
    screen.write('\u001b]633;A\u0007$ \u001b]633;B\u0007');
    await type('e', 'echo a; b', '\r\n\u001b]633;E;echo a\\x3b b\\x0awhole;nonce\u0007\u001b]633;C\u0007');
    expect(marks).toEqual(['echo a; b whole']);
  });
});
