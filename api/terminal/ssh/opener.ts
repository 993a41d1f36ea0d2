import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Clock } from '#controller/engine/ports.ts';
import { type HostKeys, OpenFailed, type OpenOptions, type OpenRemote } from '../ports.ts';
import { type AddressRules, addressAndPort, addressesToTry } from './addresses.ts';
import { connectSsh } from './connection.ts';
import { Unreachable } from './failures.ts';
import { createFiles } from './files.ts';
import { checkBastionKey, checkInstanceKey } from './host-check.ts';
import { readPrivateKey } from './keys.ts';
import { type Ask, patientAsk } from './patience.ts';
import type { Bastion, Bastions, Profile, Profiles } from './ports.ts';
import { refused } from './refusal.ts';
import { openShell } from './shell.ts';
import type { NamedKey } from './sign-in.ts';
import { connectTcp, connectThrough, resolveHost } from './socket.ts';

export interface SshParts {
  readonly hostKeys: HostKeys;
  readonly profiles: Profiles;
  readonly bastions: Bastions;
  readonly settings: AddressRules;
  readonly clock: Pick<Clock, 'after'>;
}

/** Shells on instances by SSH. */
export function createSshOpener(parts: SshParts): OpenRemote {
  return async (options) => {
    const { target, wanted } = options;
    const ask = patientAsk((question) => options.talk.ask(question), parts.clock);
    const profile = await profileFor(parts.profiles, options);
    const user = wanted.user ?? profile?.user ?? (await askUser(target.name, ask));
    const port = wanted.port ?? profile?.port ?? 22;
    const keys = await keysFor(options, profile, user, ask);
    const bastion = await parts.bastions.bastion(target.cluster).catch((error: Error) => {
      throw refused('unreachable', `The bastion of cluster ${target.cluster} cannot be used: ${error.message}`);
    });
    const choice = {
      ...(wanted.address !== undefined && { wanted: wanted.address }),
      ...(profile && { via: profile.via }),
      hasBastion: bastion !== undefined,
    };
    const addresses = addressesToTry(target, choice, parts.settings);
    const gate = bastion && (await openBastion(bastion, parts, options));
    try {
      const { socket, address } = await firstReached(addresses, { port, gate, parts, options });
      const where = addressAndPort(address, port);
      const host = `${target.name} (${where})`;
      options.talk.say(`Signing in to ${where} as ${user}.`);
      const client = await connectSsh({
        socket,
        user,
        host,
        keys,
        ...(options.credentials.password !== undefined && { password: options.credentials.password }),
        ask,
        verifyHost: (key) => checkInstanceKey(key, parts.hostKeys, { ...options, port }, parts.clock),
        clock: parts.clock,
        signal: options.signal,
      });
      const files = createFiles(client, parts.clock);
      return await openShell({ client, socket, size: options.size, label: `${user}@${where}`, address, files, onOver: () => gate?.end() });
    } catch (error) {
      gate?.end();
      throw error;
    }
  };
}

async function profileFor(profiles: Profiles, { target, wanted }: OpenOptions): Promise<Profile | undefined> {
  const profile = await profiles.profile(target, wanted.profile);
  if (!profile && wanted.profile !== undefined)
    throw refused('sign-in-failed', `The connection profile that was chosen for ${target.name} is there no more. Choose another one.`);
  return profile;
}

async function askUser(name: string, ask: Ask): Promise<string> {
  const answers = await ask({
    title: `User of ${name}`,
    instructions: 'No profile names one.',
    prompts: [{ text: 'User:', isSecret: false }],
  });
  const user = answers?.[0]?.trim() ?? '';
  if (user === '') throw refused('sign-in-failed', `No user was named to sign in to ${name} with.`);
  return user;
}

/** The key that was given for this one use, then that of the profile, which opens its own user and no other. */
async function keysFor({ credentials, signal }: OpenOptions, profile: Profile | undefined, user: string, ask: Ask): Promise<NamedKey[]> {
  const keys: NamedKey[] = [];
  if (credentials.privateKey !== undefined)
    keys.push({
      name: 'the key that was given',
      key: await readPrivateKey(credentials.privateKey, 'the key that was given', credentials.passphrase, ask),
    });
  if (profile?.privateKey !== undefined && profile.user === user) {
    const name = `the key of profile ${profile.name}`;
    keys.push({ name, key: await readPrivateKey(profile.privateKey, name, undefined, async () => undefined) });
  }
  if (signal.aborted) throw refused('closed', 'It was closed while it opened.');
  return keys;
}

async function openBastion(bastion: Bastion, { settings, clock }: SshParts, { talk, signal }: OpenOptions): Promise<Client> {
  const { user, port } = bastion;
  const address = await resolveHost(bastion.host, settings);
  talk.say(`Connecting to the bastion ${bastion.host}.`);
  const host = `The bastion ${bastion.host} (${addressAndPort(address, port)})`;
  try {
    const key = await readPrivateKey(bastion.privateKey, `the key of the bastion ${bastion.host}`, undefined, async () => undefined);
    const socket = await connectTcp({ address, port, clock, signal });
    // Nobody at the page is asked for what lets into the bastion.
    const nobody: Ask = async () => undefined;
    return await connectSsh({
      socket,
      user,
      host,
      keys: [{ name: 'the key of its Cluster', key }],
      ask: nobody,
      verifyHost: async (found) => checkBastionKey(found, bastion),
      clock,
      signal,
    });
  } catch (error) {
    throw error instanceof Unreachable ? refused('unreachable', `The bastion cannot be reached: ${error.message}`) : error;
  }
}

interface Way {
  readonly port: number;
  readonly gate: Client | undefined;
  readonly parts: SshParts;
  readonly options: OpenOptions;
}

/** One after the other; only one that nothing is reached at lets the next one be tried. */
async function firstReached(
  addresses: readonly string[],
  { port, gate, parts, options }: Way,
): Promise<{ socket: Duplex; address: string }> {
  const failures: string[] = [];
  for (const address of addresses) {
    options.talk.say(`Connecting to ${addressAndPort(address, port)}${gate ? ' through the bastion' : ''}.`);
    try {
      const reach = { address, port, clock: parts.clock, signal: options.signal };
      return { address, socket: gate ? await connectThrough(gate, reach) : await connectTcp(reach) };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      failures.push(error.message);
      options.talk.say(error.message);
    }
  }
  throw new OpenFailed({ reason: 'unreachable', detail: failures.join(' ') });
}
