import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import * as networks from '#controller/openstack/network/networks.ts';
import * as subnets from '#controller/openstack/network/subnets.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { type Guest, makeGuest, startSshd } from '#tests/parts/sshd.ts';
import { type Stackwarden, startStackwarden } from '#tests/parts/stackwarden.ts';
import { TerminalPage } from './page.ts';
import { openPlainShell } from './plain-ssh.ts';
import { type Shell, settle } from './shell.ts';

/** Stackwarden as people run it, and an instance of a simulated cloud whose address leads to a real sshd. */
export interface TerminalWorld {
  readonly stackwarden: Stackwarden;
  readonly guest: Guest;
  /** A terminal whose shell shows its prompt. */
  open(): Promise<OpenTerminal>;
  /** The same shell without Stackwarden. */
  openPlain(): Promise<Shell>;
}

export interface OpenTerminal {
  readonly id: string;
  readonly page: TerminalPage;
}

const address = '127.0.0.1';

/** `ends` ends each part, also of a world that does not come up. */
export async function startTerminalWorld(ends: AsyncDisposableStack, terminals: number): Promise<TerminalWorld> {
  const sandbox = await startSandbox({ timeScale: 0.1 });
  ends.defer(() => sandbox.close());
  const server = await makeInstance(sandbox);
  const guest = makeGuest();
  ends.defer(() => guest.remove());
  const sshd = await startSshd(guest);
  ends.defer(() => sshd.stop());
  const limits = ['--terminal-per-person', String(terminals), '--terminal-per-target', String(terminals)];
  const starting = startStackwarden({
    cloudsYaml: sandbox.cloudsYaml('own'),
    args: ['--cloud', 'own', '--terminal-local-targets', ...limits],
  });
  // Also one that is on its way up when all ends.
  ends.defer(async () => {
    const stackwarden = await starting.catch(() => undefined);
    if (!stackwarden) return;
    await stackwarden.stop();
    // It holds hundreds of MB of recordings.
    rmSync(dirname(stackwarden.dataDir), { recursive: true, force: true });
  });
  const stackwarden = await starting;
  const keyFile = join(dirname(stackwarden.dataDir), 'key-of-guest');
  writeFileSync(keyFile, guest.privateKey, { mode: 0o600 });
  await isKnown(stackwarden, server);
  const pin = { port: sshd.port, publicKey: sshd.hostKey };
  const pinned = await stackwarden.post(`/api/v1/host-keys/main/${server}`, pin);
  if (pinned.status !== 201) throw new Error(`the host key was not pinned: ${pinned.text}`);
  return {
    stackwarden,
    guest,
    async open() {
      const wanted = { cluster: 'main', server, purpose: 'ssh', user: guest.name, port: sshd.port };
      const made = await stackwarden.post('/api/v1/terminals', wanted);
      if (made.status !== 201) throw new Error(`no terminal was made: ${made.text}`);
      const { id, ticket, stream } = JSON.parse(made.text) as { id: string; ticket: string; stream: string };
      const { ca, token } = stackwarden;
      const url = `${stackwarden.url.replace(/^https/, 'wss')}${stream}`;
      const page = new TerminalPage({ url, ca, token, ticket, credentials: { privateKey: guest.privateKey } });
      await page.opened();
      await settle(page);
      return { id, page };
    },
    async openPlain() {
      const shell = await openPlainShell({ user: guest.name, port: sshd.port, keyFile });
      ends.defer(() => shell.close());
      return shell;
    },
  };
}

/** Made as people make one; then its address is that of the sshd. */
async function makeInstance(sandbox: Sandbox): Promise<string> {
  const cloud = connectCloud(parseCloudConfig({ cloudsYaml: sandbox.cloudsYaml('own'), cloud: 'own' }), { name: 'own' });
  try {
    const network = await networks.create(cloud.network, { name: 'net' });
    await subnets.create(cloud.network, { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' });
    const imageRef = [...sandbox.store.images.keys()][0] ?? '';
    const { id } = await servers.create(cloud.compute, { name: 'web-1', flavorRef: '1', imageRef, networks: [{ uuid: network.id }] });
    for (const late = Date.now() + 30_000; (await servers.get(cloud.compute, id)).status !== 'ACTIVE'; await after(50))
      if (Date.now() > late) throw new Error('the instance did not become active');
    const port = [...sandbox.store.ports.values()].find(({ deviceId }) => deviceId === id);
    if (!port?.fixedIps[0]) throw new Error('the instance has no address');
    Object.assign(port.fixedIps[0], { ipAddress: address });
    return id;
  } finally {
    await cloud.close();
  }
}

async function isKnown(stackwarden: Stackwarden, server: string): Promise<void> {
  for (const late = Date.now() + 60_000; ; await after(200)) {
    const { text } = await stackwarden.get(`/api/v1/terminal-targets/main/${server}`);
    if (text.includes(address)) return;
    if (Date.now() > late) throw new Error(`the instance is not known: ${text}`);
  }
}
