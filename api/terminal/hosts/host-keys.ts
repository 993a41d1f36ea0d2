import type { Audit } from '#controller/audit/audit.ts';
import type { AuditEntry } from '#controller/engine/ports.ts';
import type { Store } from '#migrations/store.ts';
import { type HostKeys, type HostKeyVerdict, OpenFailed, type Target } from '../ports.ts';
import type { HostKeyFound } from '../protocol.ts';
import type { HostKeyAlarm } from './alarm.ts';
import { type ConsoleKeys, consoleKeys, isAmong } from './console-keys.ts';
import type { Guests } from './guests.ts';
import { type HostKey, readHostKey } from './host-key.ts';
import { addFirstPins, type HostPlace, markSeen, type Pin, pinsOf } from './host-key-rows.ts';

export interface HostKeyParts {
  readonly store: Store;
  readonly audit: Audit;
  readonly guests: Guests;
  readonly alarm: HostKeyAlarm;
  readonly clock: { now(): number };
}

/** Who a host is, as far as keys go. */
export type Host = Pick<Target, 'cluster' | 'serverId' | 'name'>;

export interface KnownHosts extends HostKeys {
  /** Learns what the guest printed, where nothing is known of it yet; whether anything was printed, or was known before. */
  learn(host: Host, port: number, actor: string): Promise<boolean>;
}

/** Where another key than those of the console log means that somebody stands in between; at other ports other programs have keys of their own. */
const usualPort = 22;

/**
 * Host keys, pinned by cloud, server id and port. Of a host that nothing is known of the console log is read: what it holds is learnt when the
 * key that was found is among it. `check` and `accept` throw OpenFailed for a key that no host is known by, such as a certificate.
 */
export function createHostKeys({ store, audit, guests, alarm, clock }: HostKeyParts): KnownHosts {
  const record = (host: Host, actor: string, entry: Pick<AuditEntry, 'type' | 'message' | 'result'>) =>
    audit.record({ ...entry, actor, cluster: host.cluster, cloudId: host.serverId, changes: [], requestIds: [] });

  async function changed(host: Host, port: number, found: HostKey, known: Known, actor: string): Promise<HostKeyVerdict> {
    const wasRebuilt = known.since !== undefined && (await guests.wasRebuilt(host.cluster, host.serverId, known.since));
    const pinned = known.keys.map(plain);
    const message =
      `${host.name} in cluster ${host.cluster} showed host key ${found.fingerprint} (${found.algorithm}) at port ${port}, and ${known.words} ` +
      `${pinned.map(({ fingerprint }) => fingerprint).join(', ')}. ${wasRebuilt ? 'It was rebuilt since.' : 'It was not rebuilt since.'} ` +
      `${actor} was not connected.`;
    await record(host, actor, { type: 'HostKeyChanged', result: 'denied', message });
    alarm.changed(host, message);
    return { verdict: 'changed', found: plain(found), pinned, wasRebuilt };
  }

  async function byPins(host: Host, port: number, found: HostKey, actor: string): Promise<HostKeyVerdict | undefined> {
    const pins = await pinsOf(store, { ...host, port });
    if (pins.length === 0) return undefined;
    if (pins.some(({ fingerprint }) => fingerprint === found.fingerprint)) {
      await markSeen(store, { ...host, port }, found.fingerprint, clock.now());
      return { verdict: 'known' };
    }
    const since = Math.max(...pins.map(({ at }) => at));
    return changed(host, port, found, { keys: pins, words: 'is known by', since }, actor);
  }

  async function pinPrinted(host: Host, port: number, printed: ConsoleKeys, found: HostKey | undefined, actor: string): Promise<void> {
    const at = clock.now();
    const place = { cluster: host.cluster, serverId: host.serverId, port };
    const keys = printed.keys.length > 0 ? printed.keys : found ? [found] : [];
    const pins = keys.map((key): Pin => {
      const lastSeenAt = key.fingerprint === found?.fingerprint ? at : null;
      return {
        ...place,
        ...plain(key),
        publicKey: key.blob?.toString('base64') ?? '',
        learntFrom: 'console-log',
        by: actor,
        at,
        lastSeenAt,
      };
    });
    if (pins.length === 0 || !(await addFirstPins(store, place, pins))) return;
    const message = `${host.name} in cluster ${host.cluster}, port ${port}, is known by what its console log says from now on: ${listed(pins)}.`;
    await record(host, actor, { type: 'HostKeyLearnt', result: 'ok', message });
  }

  return {
    async check({ cluster, serverId, name }, port, blob, actor) {
      const host = { cluster, serverId, name };
      const found = usable(host, blob);
      const known = await byPins(host, port, found, actor);
      if (known) return known;
      const printed = await printedBy(guests, host);
      if (!printed) return { verdict: 'unknown', found: plain(found) };
      if (isAmong(printed, blob)) {
        await pinPrinted(host, port, printed, found, actor);
        // Somebody may have pinned another one meanwhile.
        return (await byPins(host, port, found, actor)) ?? { verdict: 'unknown', found: plain(found) };
      }
      if (port !== usualPort) return { verdict: 'unknown', found: plain(found) };
      const keys = [...printed.keys, ...printed.md5.map((print) => ({ fingerprint: `MD5:${print}`, algorithm: '' }))];
      return changed(host, port, found, { keys, words: 'its console log says' }, actor);
    },

    async accept({ cluster, serverId, name }, port, blob, actor) {
      const host = { cluster, serverId, name };
      const key = usable(host, blob);
      const at = clock.now();
      const pin: Pin = {
        ...placeOf(host, port),
        ...plain(key),
        publicKey: blob.toString('base64'),
        learntFrom: 'accepted',
        by: actor,
        at,
        lastSeenAt: at,
      };
      if (await addFirstPins(store, pin, [pin])) {
        const message = `${actor} accepted host key ${listed([key])} of ${name} in cluster ${cluster}, port ${port}.`;
        return record(host, actor, { type: 'HostKeyAccepted', result: 'ok', message });
      }
      const verdict = await byPins(host, port, key, actor);
      if (verdict?.verdict !== 'changed') return undefined;
      const detail = `Meanwhile another host key was accepted for ${name}: ${listed(verdict.pinned)}. The one you saw was ${key.fingerprint}.`;
      throw new OpenFailed({ reason: 'host-key-changed', detail, hostKey: verdict });
    },

    async learn(host, port, actor) {
      if ((await pinsOf(store, { ...host, port })).length > 0) return true;
      const printed = await printedBy(guests, host);
      if (printed) await pinPrinted(host, port, printed, undefined, actor);
      return printed !== undefined;
    },
  };
}

/** What a host is held against; `since` when it was pinned. */
interface Known {
  readonly keys: readonly HostKeyFound[];
  readonly words: string;
  readonly since?: number;
}

async function printedBy(guests: Guests, { cluster, serverId }: Host): Promise<ConsoleKeys | undefined> {
  const log = await guests.consoleLog(cluster, serverId);
  return log === undefined ? undefined : consoleKeys(log);
}

function usable({ name }: Host, blob: Buffer): HostKey {
  const key = readHostKey(blob);
  if (!('flaw' in key)) return key;
  throw new OpenFailed({ reason: 'host-key-unknown', detail: `The host key that ${name} shows cannot be used: ${key.flaw}.` });
}

function placeOf({ cluster, serverId }: Host, port: number): HostPlace {
  return { cluster, serverId, port };
}

function plain({ fingerprint, algorithm }: HostKeyFound): HostKeyFound {
  return { fingerprint, algorithm };
}

function listed(keys: readonly HostKeyFound[]): string {
  return keys.map(({ fingerprint, algorithm }) => `${fingerprint} (${algorithm})`).join(', ');
}
