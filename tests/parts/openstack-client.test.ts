import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openstackCommands } from './openstack-client.ts';

/** Reads commands as the client does from its standard input: shows each before its answer, goes on after a failure, and ends with 1. */
const client = `#!/bin/sh
while read -r line; do
  case "$line" in
    "set echo true") echo "echo - was: False"; echo "now: True" ;;
    quit) echo quit; exit 1 ;;
    *secret*) printf '%s\\nPRIVATE KEY\\n' "$line" ;;
    *wrong*) echo "$line"; echo "Error while executing command: nothing is called wrong" >&2 ;;
    *) printf '%s\\nid of %s\\n' "$line" "$line" ;;
  esac
done
`;

describe('many commands for one openstack client', () => {
  beforeEach(() => {
    const program = join(mkdtempSync(join(tmpdir(), 'openstack-client-')), 'client');
    writeFileSync(program, client, { mode: 0o755 });
    vi.stubEnv('STACKWARDEN_OPENSTACK_CLI', program);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const signIn = ['--os-password', 'a-password'];

  it('are answered in order, with words in the quotes they need', async () => {
    const commands = [
      ['network', 'create', 'front'],
      ['network', 'create', ''],
      ['volume', 'create', 'copy me'],
    ];
    expect(await openstackCommands(signIn, commands)).toEqual([
      'id of network create front\n',
      `id of network create "''"\n`,
      `id of volume create "'copy me'"\n`,
    ]);
  });

  it('fail with what the client says of one of them, and with no answer or password', async () => {
    const failure = openstackCommands(signIn, [
      ['keypair', 'create', 'secret'],
      ['network', 'show', 'wrong'],
      ['server', 'list'],
    ]);
    const message = 'openstack: Error while executing command: nothing is called wrong\nWithout an answer: network show wrong';
    await expect(failure).rejects.toThrow(new Error(message));
  });

  it('fail when it ends before it came to all of them', async () => {
    const failure = openstackCommands(signIn, [['quit'], ['server', 'list']]);
    await expect(failure).rejects.toThrow('openstack never came to server list');
  });
});
