import { describe, expect, it } from 'vitest';
import { UsageError } from '../settings.ts';
import { type Command, CommandError, listCommands, runCommand } from './command.ts';

const greet: Command = {
  word: 'greet',
  summary: 'says hello',
  usage: 'Usage: npx stackwarden greet NAME\n',
  async run([name], io) {
    if (name === undefined) throw new CommandError('Whom? Name somebody.');
    if (name.startsWith('-')) throw new UsageError(`Unknown option '${name}'.`);
    io.print(`hello ${name}`);
    return 3;
  },
};

async function call(args: readonly string[], command = greet) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { env: {}, print: (text: string) => void out.push(text), warn: (line: string) => void err.push(line) };
  return { status: await runCommand([command], args, io), out: out.join(''), err: err.join('\n') };
}

describe('the command line', () => {
  it('runs the command its first argument names, with the rest', async () => {
    expect(await call(['greet', 'Ada'])).toEqual({ status: 3, out: 'hello Ada', err: '' });
  });

  it.each([[[]], [['--data', 'here']], [['--help']]])('leaves %j to the server', async (args) => {
    expect(await call(args)).toEqual({ status: undefined, out: '', err: '' });
  });

  it('names an unknown command and those it has', async () => {
    const { status, err } = await call(['gret']);
    expect(status).toBe(2);
    expect(err).toContain('There is no command "gret"; known are greet.');
  });

  it('prints the usage of a command that is asked for help, wherever --help stands', async () => {
    expect(await call(['greet', 'Ada', '--help'])).toEqual({ status: 0, out: greet.usage, err: '' });
  });

  it('answers a wrong flag with its name, the usage and status 2', async () => {
    const { status, err } = await call(['greet', '--loud']);
    expect(status).toBe(2);
    expect(err).toContain("Unknown option '--loud'");
    expect(err).toContain('Usage: npx stackwarden greet');
  });

  it('answers a wrong flag with another status where 2 means something else', async () => {
    expect((await call(['greet', '--loud'], { ...greet, usageStatus: 1 })).status).toBe(1);
  });

  it('prints what a person has to put right without a stack, and ends with 1', async () => {
    expect(await call(['greet'])).toEqual({ status: 1, out: '', err: 'Whom? Name somebody.' });
  });

  it('lists its commands for the general help', () => {
    expect(listCommands([greet])).toContain('  greet  says hello');
  });
});
