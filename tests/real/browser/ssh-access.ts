import { type Guest, makeGuest, type Sshd, startSshd } from '#tests/parts/sshd.ts';
import { type BrowserWorld, fillWithHello, makeLocal, must, startBrowserWorld } from './world.ts';

/** Stackwarden with an instance that a real sshd stands for. */
export interface SshWorld extends BrowserWorld {
  /** Id of the instance, which is called hello. */
  readonly server: string;
  readonly guest: Guest;
  readonly sshd: Sshd;
}

export async function startSshWorld(): Promise<SshWorld> {
  const guest = makeGuest();
  try {
    const [world, sshd] = await Promise.all([startBrowserWorld({ args: ['--terminal-local-targets'] }), startSshd(guest)]);
    const server = await fillWithHello(world);
    await makeLocal(world, server);
    return {
      ...world,
      server,
      guest,
      sshd,
      async close() {
        await world.close();
        await sshd.stop();
        guest.remove();
      },
    };
  } catch (error) {
    guest.remove();
    throw error;
  }
}

/** Makes a profile that has a key, and the key of the host known: one signs in without being asked. */
export async function makeProfile({ stackwarden, server, guest, sshd }: SshWorld): Promise<void> {
  const key = await must(stackwarden.post('/api/v1/terminal-keys', { name: 'door', cluster: 'main', privateKey: guest.privateKey }));
  const { id: keyId } = JSON.parse(key) as { id: string };
  const profile = { name: 'debian', cluster: 'main', serverId: server, user: guest.name, port: sshd.port, via: 'any', keyId };
  await must(stackwarden.post('/api/v1/terminal-profiles', profile));
  await must(stackwarden.post(`/api/v1/host-keys/main/${server}`, { port: sshd.port, publicKey: sshd.hostKey }));
}
