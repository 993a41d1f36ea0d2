import { run } from './kubectl.ts';

/** Runs the stock `openstack` client; throws what it printed when it fails. */
export async function openstackClient(...args: string[]): Promise<string> {
  const result = await run(program(), ['cli', ...args], { env: { OSC_AS: 'demo' }, timeoutMs: 120_000 });
  if (result.code !== 0) throw new Error(`openstack ${shown(args)} ended with ${result.code}: ${result.stderr || result.stdout}`);
  return result.stdout;
}

/**
 * Runs many commands in one process of the client, which signs in once; their answers, in order. Throws what it has to say against any
 * of them, and never an answer: that may be a secret. `args` say who it is.
 */
export async function openstackCommands(args: readonly string[], commands: readonly (readonly string[])[]): Promise<string[]> {
  const lines = commands.map((command) => command.map(quoted).join(' '));
  // Read from its standard input, it says with its exit status nothing of how they went; each line is shown before its answer.
  const input = ['set echo true', ...lines, 'quit', ''].join('\n');
  const { stdout, stderr } = await run(program(), ['cli', ...args], { env: { OSC_AS: 'demo' }, timeoutMs: 600_000, input });
  const answers: string[] = [];
  let rest = stdout;
  for (const [index, line] of [...lines, 'quit'].entries()) {
    const at = `\n${rest}`.indexOf(`\n${line}\n`);
    if (at < 0) throw new Error(`openstack never came to ${commands[index]?.join(' ') ?? 'the end'}: ${stderr}`);
    answers.push(rest.slice(0, at));
    rest = rest.slice(at + line.length + 1);
  }
  const [, ...given] = answers;
  if (stderr.trim() === '') return given;
  const silent = commands.filter((_, index) => given[index]?.trim() === '').map((command) => command.join(' '));
  throw new Error(`openstack: ${stderr.trim()}\nWithout an answer: ${silent.join('; ')}`);
}

/** The client takes a line apart twice, and with it one pair of quotes each time. */
function quoted(word: string): string {
  if (/["'\\\n]/.test(word)) throw new Error(`no way is known to quote ${word} for the openstack client`);
  return /^[\w./:=,@-]+$/.test(word) ? word : `"'${word}'"`;
}

function program(): string {
  const command = process.env.STACKWARDEN_OPENSTACK_CLI;
  if (command) return command;
  throw new Error('This suite needs the openstack client: set STACKWARDEN_OPENSTACK_CLI to a command that runs "COMMAND cli ARGS".');
}

/** Without what follows --os-password. */
function shown(args: readonly string[]): string {
  return args.map((arg, index) => (args[index - 1] === '--os-password' ? '***' : arg)).join(' ');
}
