import headless from '@xterm/headless';
import { expect, it } from 'vitest';
import { contain } from './xterm-contain.ts';

it('goes on drawing, and tells that it did, behind what xterm fails at', async () => {
  const terminal = new headless.Terminal({ cols: 10, rows: 2, allowProposedApi: true, logLevel: 'off' });
  contain(terminal);
  terminal.write('\u001b[2;10H\u001b[1J');
  await new Promise<void>((done) => terminal.write('\u001b[1;1Hstill here', done));
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('still here');
  terminal.dispose();
});
