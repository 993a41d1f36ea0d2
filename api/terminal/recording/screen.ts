import type { Terminal } from '@xterm/headless';
import type { Clock } from '#controller/engine/ports.ts';
import type { Screen } from '../ports.ts';
import { type CommandMarks, createCommandMarks } from './commands.ts';
import { createEmulator, type Size } from './emulator.ts';
import { snapshotOf } from './snapshot.ts';

/** Characters given to the emulator at once: a few milliseconds of work. */
const pieceChars = 32 * 1024;
const most: Size = { cols: 1000, rows: 500 };

interface Step {
  /** Undefined: something to do once all before it was drawn. */
  text?: string[];
  chars: number;
  run?(terminal: Terminal): void;
}

/**
 * A terminal nobody looks at. What is written is drawn piece by piece, with room for others in between, and in the order of the calls, so
 * that a snapshot shows just what was written before it was asked for.
 */
export function createScreen({ cols, rows, clock }: Size & { readonly clock?: Pick<Clock, 'after'> }): Screen {
  const terminal = createEmulator(within({ cols, rows }));
  const steps: Step[] = [];
  let waiting = 0;
  let isDrawing = false;
  let isClosed = false;
  const commands: CommandMarks = createCommandMarks(terminal, { look, ...(clock && { clock }) });

  function pump(): void {
    for (let step = next(); step; step = next()) {
      waiting -= step.chars;
      if (!step.text) step.run?.(terminal);
      else {
        isDrawing = true;
        terminal.write(step.text.join(''), () => {
          isDrawing = false;
          pump();
        });
      }
    }
  }
  function next(): Step | undefined {
    return isDrawing || isClosed ? undefined : steps.shift();
  }
  function look<T>(what: (terminal: Terminal) => T): Promise<T> {
    if (isClosed) return Promise.reject(new Error('the screen is closed'));
    return new Promise((done, fail) => {
      const run = () => {
        try {
          if (isClosed) throw new Error('the screen is closed');
          done(what(terminal));
        } catch (error) {
          fail(error);
        }
      };
      steps.push({ chars: 0, run });
      pump();
    });
  }

  return {
    write(text) {
      if (isClosed) return;
      for (let at = 0; at < text.length; at += pieceChars) {
        const piece = text.slice(at, at + pieceChars);
        const last = steps.at(-1);
        if (last?.text && last.chars + piece.length <= pieceChars) {
          last.text.push(piece);
          last.chars += piece.length;
        } else steps.push({ text: [piece], chars: piece.length });
        waiting += piece.length;
      }
      pump();
    },
    resize(toCols, toRows) {
      if (isClosed) return;
      const size = within({ cols: toCols, rows: toRows });
      steps.push({ chars: 0, run: () => terminal.resize(size.cols, size.rows) });
      pump();
    },
    snapshot: ({ scrollback = Infinity } = {}) => look(() => snapshotOf(terminal, Math.min(scrollback, terminal.buffer.normal.baseY))),
    currentLine: () => look(() => commands.currentLine()),
    get backlog() {
      return waiting;
    },
    typed: (input) => commands.typed(input),
    onCommand: (call) => commands.onCommand(call),
    close() {
      if (isClosed) return;
      isClosed = true;
      commands.close();
      for (const step of steps.splice(0)) step.run?.(terminal);
      waiting = 0;
      terminal.dispose();
    },
  };
}

function within({ cols, rows }: Size): Size {
  return { cols: Math.min(most.cols, Math.max(2, cols)), rows: Math.min(most.rows, Math.max(1, rows)) };
}
