import { createHash, timingSafeEqual } from 'node:crypto';
import ssh2 from 'ssh2';
import type { Clock } from '#controller/engine/ports.ts';
import type { HostKeys, OpenOptions } from '../ports.ts';
import type { HostKeyFound } from '../protocol.ts';
import { withinPersonMs } from './patience.ts';
import type { Bastion } from './ports.ts';
import { refused } from './refusal.ts';

/** A key as it came over the wire, as `ssh-keygen -l` shows it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Lets an instance through whose key is known, or that somebody who may accepts. Throws OpenFailed. */
export async function checkInstanceKey(
  key: Buffer,
  hostKeys: HostKeys,
  { target, port, talk, actor }: Pick<OpenOptions, 'target' | 'talk' | 'actor'> & { readonly port: number },
  clock: Pick<Clock, 'after'>,
): Promise<void> {
  const own = Buffer.from(key);
  const verdict = await hostKeys.check(target, port, own, actor);
  if (verdict.verdict === 'known') return;
  const { found } = verdict;
  if (verdict.verdict === 'changed') throw changed(target.name, verdict);
  talk.say(`The key of ${target.name} is not known: ${found.fingerprint}.`);
  const isAccepted = await withinPersonMs(talk.acceptHostKey(found), clock, `Nobody accepted the key of ${target.name} in time.`);
  if (!isAccepted)
    throw refused(
      'host-key-unknown',
      `The key of ${target.name} is not known and was not accepted: ${found.fingerprint} (${found.algorithm}). Compare it on the instance's console, or have it pinned.`,
    );
  await hostKeys.accept(target, port, own, actor);
}

function changed(
  name: string,
  { found, pinned, wasRebuilt }: { found: HostKeyFound; pinned: readonly HostKeyFound[]; wasRebuilt: boolean },
): Error {
  const known = pinned.map(({ fingerprint }) => fingerprint).join(', ');
  const why = wasRebuilt
    ? 'It was rebuilt since, which makes new keys.'
    : 'It was not rebuilt since: something else may answer at its address.';
  const detail = `${name} has another host key than the one it is known by: ${found.fingerprint} instead of ${known}. ${why} Find out why, then have the old key forgotten.`;
  return refused('host-key-changed', detail, { found, pinned, wasRebuilt });
}

/** Lets a bastion through that has one of the keys its Cluster names. Throws OpenFailed. */
export function checkBastionKey(key: Buffer, { host, hostKeys }: Bastion): void {
  const fingerprint = fingerprintOf(key);
  if (hostKeys.some((known) => isKey(known.trim(), key, fingerprint))) return;
  throw refused(
    'host-key-changed',
    `The bastion ${host} has a host key that its Cluster does not name: ${fingerprint}. Nothing was sent to it. Put the right key into the Cluster, or find out what answers there.`,
  );
}

function isKey(known: string, key: Buffer, fingerprint: string): boolean {
  if (known.startsWith('SHA256:')) return known.replace(/=+$/, '') === fingerprint;
  const parsed = ssh2.utils.parseKey(known);
  const blob = parsed instanceof Error ? undefined : [parsed].flat()[0]?.getPublicSSH();
  return blob?.length === key.length && timingSafeEqual(blob, key);
}
