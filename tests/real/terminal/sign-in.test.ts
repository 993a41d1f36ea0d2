import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Guest, makeGuest, type Sshd, startSshd } from '#tests/parts/sshd.ts';
import { openTerminal, pins, reader, refusalOf, type Said, type Way } from './ssh-world.ts';

let guest: Guest;
const servers: Sshd[] = [];
const server = async (...config: string[]) => {
  const started = await startSshd(guest, config);
  servers.push(started);
  return started;
};
const way = ({ port, fingerprint }: Sshd, more: Partial<Way> = {}): Way => ({ port, guest, hostKeys: pins(fingerprint), ...more });
const said = (): Said => ({ steps: [], questions: [], keys: [] });

/** Whether there is a shell of the guest behind it. */
async function expectShell(one: Way, heard?: Said): Promise<void> {
  const remote = await openTerminal(one, heard);
  const page = reader(remote);
  page.type('echo "I am $(whoami)."\r');
  await page.until(new RegExp(`I am ${guest.name}\\.`));
  remote.end();
  expect(await page.ended).toMatchObject({ reason: 'closed' });
}

beforeAll(() => {
  guest = makeGuest();
});
afterAll(async () => {
  for (const each of servers) await each.stop();
  guest?.remove();
});

describe('signing in by SSH', () => {
  it('takes a key that was given, and says each step', async () => {
    const heard = said();
    const sshd = await server();
    await expectShell(way(sshd, { credentials: { privateKey: guest.privateKey } }), heard);
    expect(heard).toEqual({
      steps: [`Connecting to 127.0.0.1:${sshd.port}.`, `Signing in to 127.0.0.1:${sshd.port} as ${guest.name}.`],
      questions: [],
      keys: [],
    });
  });

  it('takes a key under a passphrase, and asks for the passphrase when it is missing or wrong', async () => {
    const sshd = await server();
    const { encryptedKey: privateKey, passphrase } = guest;
    await expectShell(way(sshd, { credentials: { privateKey, passphrase } }));
    const heard = said();
    await expectShell(way(sshd, { credentials: { privateKey }, answer: (_, count) => (count === 1 ? 'wrong' : passphrase) }), heard);
    expect(heard.questions.map(({ instructions, areSecret }) => [instructions, areSecret])).toEqual([
      ['', [true]],
      ['That passphrase is wrong.', [true]],
    ]);
    expect(await refusalOf(way(sshd, { credentials: { privateKey }, answer: () => 'wrong' }))).toEqual({
      reason: 'sign-in-failed',
      detail: 'The passphrase of the key that was given is wrong. Try again with the right one.',
    });
  });

  it('serves everybody else while a passphrase is tried', async () => {
    const sshd = await server();
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const { encryptedKey: privateKey, passphrase } = guest;
    await expectShell(way(sshd, { credentials: { privateKey, passphrase } }));
    clearInterval(beat);
    expect(longest).toBeLessThan(500);
  });

  it('takes the key of a profile for the user of the profile, and for nobody else', async () => {
    const sshd = await server();
    await expectShell(way(sshd, { profile: { privateKey: guest.privateKey } }));
    const other = { profile: { privateKey: guest.privateKey, user: 'deploy' }, credentials: {} };
    const refusal = await refusalOf(way(sshd, other));
    expect(refusal.reason).toBe('sign-in-failed');
    expect(refusal.detail).toContain('takes keys alone, and none was given');
  });

  it('tells which keys were refused, and what the host takes', async () => {
    const sshd = await server();
    const refusal = await refusalOf(way(sshd, { credentials: { privateKey: guest.foreignKey } }));
    expect(refusal).toEqual({
      reason: 'sign-in-failed',
      detail: `web-1 (127.0.0.1:${sshd.port}) does not let ${guest.name} in with the key that was given. It takes publickey. Check the user name, and that the public key is in its authorized_keys.`,
    });
  });

  it('says of what is no private key that it is none, and quotes nothing of it', async () => {
    const sshd = await server();
    const broken = guest.privateKey.replace('OPENSSH', 'OTHER');
    const refusal = await refusalOf(way(sshd, { credentials: { privateKey: broken } }));
    expect(refusal.detail).toBe('The key that was given cannot be read: give a private key in the format of OpenSSH or PEM.');
    expect((await refusalOf(way(sshd, { credentials: { privateKey: sshd.hostKey } }))).detail).toContain('is a public key');
  });

  it('takes a password that was given', async () => {
    const sshd = await server('PasswordAuthentication yes');
    const heard = said();
    await expectShell(way(sshd, { credentials: { password: guest.password } }), heard);
    expect(heard.questions).toEqual([]);
  });

  it('asks for a password, and again when it was wrong', async () => {
    const sshd = await server('PasswordAuthentication yes');
    const heard = said();
    await expectShell(way(sshd, { answer: (_, count) => (count < 3 ? 'wrong' : guest.password) }), heard);
    expect(heard.questions.map(({ title, instructions, prompts, areSecret }) => [title, instructions, prompts, areSecret])).toEqual([
      [`Password of ${guest.name}`, '', ['Password:'], [true]],
      [`Password of ${guest.name}`, 'That password was refused.', ['Password:'], [true]],
      [`Password of ${guest.name}`, 'That password was refused.', ['Password:'], [true]],
    ]);
  });

  it('gives up after three wrong passwords, and at once when the person cancels', async () => {
    const sshd = await server('PasswordAuthentication yes');
    const heard = said();
    const refusal = await refusalOf(way(sshd, { answer: () => 'not-the-secret' }), heard);
    expect(heard.questions).toHaveLength(3);
    expect(refusal.reason).toBe('sign-in-failed');
    expect(refusal.detail).toContain('with the password. It takes publickey, password.');
    expect(refusal.detail).not.toContain('not-the-secret');
    expect(await refusalOf(way(sshd, { answer: () => undefined }))).toEqual({
      reason: 'sign-in-failed',
      detail: 'Signing in was cancelled.',
    });
  });

  it('passes on what the host asks (keyboard-interactive), and answers a password with the one that was given', async () => {
    const sshd = await server('UsePAM yes', 'KbdInteractiveAuthentication yes', 'AuthenticationMethods keyboard-interactive');
    const heard = said();
    await expectShell(way(sshd, { answer: () => guest.password }), heard);
    expect(heard.questions).toMatchObject([{ prompts: [expect.stringMatching(/password/i)], areSecret: [true] }]);
    const quiet = said();
    await expectShell(way(sshd, { credentials: { password: guest.password } }), quiet);
    expect(quiet.questions).toEqual([]);
    expect(await refusalOf(way(sshd, { answer: () => undefined }))).toEqual({
      reason: 'sign-in-failed',
      detail: 'Signing in was cancelled.',
    });
  });

  it('goes through a key and a password where the host wants both', async () => {
    const sshd = await server('PasswordAuthentication yes', 'AuthenticationMethods publickey,password');
    const heard = said();
    await expectShell(way(sshd, { credentials: { privateKey: guest.privateKey }, answer: () => guest.password }), heard);
    expect(heard.questions).toHaveLength(1);
  });

  it('asks for a user where nothing names one', async () => {
    const sshd = await server();
    const heard = said();
    const { user: _, ...wanted } = { user: undefined, port: sshd.port };
    const one = way(sshd, { credentials: { privateKey: guest.privateKey }, answer: () => guest.name });
    await expectShell({ ...one, wanted: { ...wanted, user: undefined as unknown as string } }, heard);
    expect(heard.questions).toMatchObject([{ title: 'User of web-1', areSecret: [false] }]);
  });
});
