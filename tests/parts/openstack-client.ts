import { run } from './kubectl.ts';

/** Runs the stock `openstack` client ; throws what it printed when it fails. */
export async function openstackClient(...args: string[]): Promise<string> {
  const command = process.env.STACKWARDEN_OPENSTACK_CLI;
  if (!command)
    throw new Error('This suite needs the openstack client: set STACKWARDEN_OPENSTACK_CLI to a command that runs "COMMAND cli ARGS".');
  const result = await run(command, ['cli', ...args], { env: { OSC_AS: 'demo' }, timeoutMs: 120_000 });
  if (result.code !== 0) throw new Error(`openstack ${shown(args)} ended with ${result.code}: ${result.stderr || result.stdout}`);
  return result.stdout;
}

/** Without what follows --os-password. */
function shown(args: readonly string[]): string {
  return args.map((arg, index) => (args[index - 1] === '--os-password' ? '***' : arg)).join(' ');
}
