import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bastion } from '#api/terminal/ssh/ports.ts';
import { freePort } from '#tests/parts/free-port.ts';
import { type Guest, makeGuest, type Sshd, startSshd } from '#tests/parts/sshd.ts';
import { openTerminal, pins, reader, refusalOf, type Said, type Way } from './ssh-world.ts';

let guest: Guest;
let sshd: Sshd;
const servers: Sshd[] = [];
const plain: Server[] = [];
const server = async (...config: string[]) => {
  const started = await startSshd(guest, config);
  servers.push(started);
  return started;
};
const way = (more: Partial<Way> = {}): Way => ({
  port: sshd.port,
  guest,
  hostKeys: pins(sshd.fingerprint),
  credentials: { privateKey: guest.privateKey },
  ...more,
});
const said = (): Said => ({ steps: [], questions: [], keys: [] });
const bastionOf = ({ port, hostKey }: Sshd, more: Partial<Bastion> = {}): Bastion => ({
  host: 'localhost',
  port,
  user: guest.name,
  privateKey: guest.privateKey,
  hostKeys: [hostKey],
  ...more,
});
async function expectShell(one: Way, heard?: Said): Promise<void> {
  const remote = await openTerminal(one, heard);
  const page = reader(remote);
  page.type('echo "I am $(whoami)."\r');
  await page.until(new RegExp(`I am ${guest.name}\\.`));
  remote.end();
  await page.ended;
}

beforeAll(async () => {
  guest = makeGuest();
  sshd = await server();
});
afterAll(async () => {
  for (const each of servers) await each.stop();
  for (const each of plain) each.close();
  guest?.remove();
});

describe('the key of a host', () => {
  it('that is not known is shown to whoever may accept it, and known from then on', async () => {
    const hostKeys = pins();
    const heard = said();
    await expectShell(way({ hostKeys, accepts: true }), heard);
    expect(heard.keys).toEqual([sshd.fingerprint]);
    expect([...hostKeys.known]).toEqual([sshd.fingerprint]);
    const again = said();
    await expectShell(way({ hostKeys }), again);
    expect(again.keys).toEqual([]);
  });

  it('that is not known and not accepted is refused, before anything was offered to the host', async () => {
    const hostKeys = pins();
    const heard = said();
    const refusal = await refusalOf(way({ hostKeys }), heard);
    expect(refusal.reason).toBe('host-key-unknown');
    expect(refusal.detail).toContain(sshd.fingerprint);
    expect(heard.questions).toEqual([]);
    expect([...hostKeys.known]).toEqual([]);
  });

  it('that has changed is refused whatever the person says, and both are told', async () => {
    const other = await server();
    const hostKeys = pins(other.fingerprint);
    await expectShell(way({ port: other.port, hostKeys }));
    const before = other.fingerprint;
    await other.kill();
    await other.restart('another');
    const refusal = await refusalOf(way({ port: other.port, hostKeys, accepts: true, answer: () => 'secret' }));
    expect(refusal).toMatchObject({
      reason: 'host-key-changed',
      hostKey: { found: { fingerprint: other.fingerprint }, pinned: [{ fingerprint: before }], wasRebuilt: false },
    });
    expect(other.fingerprint).not.toBe(before);
    expect([...hostKeys.known]).toEqual([before]);
  });
});

describe('an address', () => {
  it('that the inventory does not have is refused', async () => {
    const addresses = [{ address: '10.0.0.5', kind: 'fixed' as const, network: 'front' }];
    expect(await refusalOf(way({ addresses, wanted: { address: '127.0.0.1' } }))).toEqual({
      reason: 'unreachable',
      detail: '127.0.0.1 is not an address of web-1. Choose one of 10.0.0.5.',
    });
  });

  it('on loopback is refused unless the setting for tests allows it, even when the inventory has it', async () => {
    const refusal = await refusalOf(way({ localTargets: false }));
    expect(refusal.reason).toBe('unreachable');
    expect(refusal.detail).toContain('127.0.0.1 is loopback');
  });

  it('where nobody listens is told by name, and the next one is tried', async () => {
    const port = await freePort();
    const refusal = await refusalOf(way({ port }));
    expect(refusal).toEqual({
      reason: 'unreachable',
      detail: `127.0.0.1:${port} refuses the connection: no SSH server listens there, or a firewall rejects it. Check the port and that sshd runs.`,
    });
    const heard = said();
    const addresses = ['127.0.0.9', '127.0.0.1'].map((address) => ({ address, kind: 'floating' as const, network: 'front' }));
    await expectShell(way({ addresses }), heard);
    expect(heard.steps.map((step) => step.split(':')[0])).toEqual([
      'Connecting to 127.0.0.9',
      '127.0.0.9',
      'Connecting to 127.0.0.1',
      'Signing in to 127.0.0.1',
    ]);
  });

  it('where something else than SSH answers is told so', async () => {
    const web = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    plain.push(web);
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    const refusal = await refusalOf(way({ port }));
    expect(refusal.reason).toBe('unreachable');
    expect(refusal.detail).toMatch(/Check (?:the port|that the port)/);
  });

  it('is left at once when the page is gone', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    plain.push(silent);
    await once(silent, 'listening');
    const gone = new AbortController();
    const refusal = refusalOf(way({ port: (silent.address() as AddressInfo).port, signal: gone.signal }));
    gone.abort();
    expect(await refusal).toEqual({ reason: 'closed', detail: 'It was closed while it opened.' });
  });
});

describe('a host that has only what is not safe any more', () => {
  it.each([
    ['key exchange', 'KexAlgorithms diffie-hellman-group1-sha1'],
    ['cipher', 'Ciphers aes128-cbc'],
    ['MAC', 'Ciphers aes128-ctr', 'MACs hmac-sha1'],
    ['cipher', 'Ciphers chacha20-poly1305@openssh.com'],
  ])('is refused for its %s, in words', async (what, ...config) => {
    const old = await server(...config);
    const refusal = await refusalOf(way({ port: old.port, hostKeys: pins(old.fingerprint) }));
    expect(refusal.reason).toBe('unreachable');
    expect(refusal.detail).toMatch(new RegExp(`have no ${what}.* in common`));
  });

  it('is taken where it has one of ours beside', async () => {
    for (const config of [
      ['Ciphers aes256-ctr', 'MACs hmac-sha2-256'],
      ['KexAlgorithms diffie-hellman-group14-sha256', 'Ciphers aes256-gcm@openssh.com'],
      ['KexAlgorithms ecdh-sha2-nistp256', 'Ciphers aes128-ctr', 'MACs hmac-sha2-512-etm@openssh.com'],
    ]) {
      const one = await server(...config);
      await expectShell(way({ port: one.port, hostKeys: pins(one.fingerprint) }));
    }
  });
});

describe('a bastion', () => {
  it('leads to the instance, whose own key is checked behind it', async () => {
    const gate = await server();
    const heard = said();
    await expectShell(way({ bastion: bastionOf(gate) }), heard);
    expect(heard.steps).toEqual([
      'Connecting to the bastion localhost.',
      `Connecting to 127.0.0.1:${sshd.port} through the bastion.`,
      `Signing in to 127.0.0.1:${sshd.port} as ${guest.name}.`,
    ]);
    expect((await refusalOf(way({ bastion: bastionOf(gate), hostKeys: pins(gate.fingerprint) }))).reason).toBe('host-key-changed');
  });

  it('is known by the keys its Cluster names: a fingerprint, or a whole key', async () => {
    const gate = await server();
    const stranger = await server();
    await expectShell(way({ bastion: bastionOf(gate, { hostKeys: [stranger.fingerprint, gate.fingerprint] }) }));
    for (const hostKeys of [[stranger.fingerprint], [stranger.hostKey], ['SHA256:'], ['ssh-ed25519 AAAA'], []]) {
      const refusal = await refusalOf(way({ bastion: bastionOf(gate, { hostKeys }) }));
      expect(refusal.reason).toBe('host-key-changed');
      expect(refusal.detail).toContain(`The bastion localhost has a host key that its Cluster does not name: ${gate.fingerprint}.`);
    }
  });

  it('that does not let us in, forbids forwarding or reaches nothing is told so', async () => {
    const gate = await server();
    const shut = await refusalOf(way({ bastion: bastionOf(gate, { privateKey: guest.foreignKey }) }));
    expect(shut.reason).toBe('sign-in-failed');
    expect(shut.detail).toMatch(/^The bastion localhost \(127\.0\.0\.1:\d+\) does not let /);
    const strict = await server('AllowTcpForwarding no');
    expect((await refusalOf(way({ bastion: bastionOf(strict) }))).detail).toContain('AllowTcpForwarding');
    const port = await freePort();
    expect(await refusalOf(way({ bastion: bastionOf(gate), port }))).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringContaining(`127.0.0.1:${port} refuses the connection`) as string,
    });
    const nobody = await refusalOf(way({ bastion: bastionOf(gate, { port }) }));
    expect(nobody.detail).toContain(`The bastion cannot be reached: 127.0.0.1:${port} refuses the connection`);
  });

  it('that dies takes its terminals along, which are lost', async () => {
    const gate = await server();
    const remote = await openTerminal(way({ bastion: bastionOf(gate) }));
    const page = reader(remote);
    page.type('echo a$((1 + 1))b\r');
    await page.until(/a2b/);
    const killedAt = Date.now();
    await gate.kill();
    expect((await page.ended).reason).toBe('lost');
    expect(Date.now() - killedAt).toBeLessThan(5000);
  });
});
