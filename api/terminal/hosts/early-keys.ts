import type { Clock } from '#controller/engine/ports.ts';
import type { RowChange } from '#controller/lists/feed.ts';
import { platformIdentity } from '../../auth/identity.ts';
import type { Log } from '../../log.ts';
import type { Host, KnownHosts } from './host-keys.ts';
import type { TerminalProfiles } from './profiles.ts';

/** Learns the host keys of new instances while their console logs still hold them. */
export interface EarlyKeys {
  /** Told of each change of a row of the lists. */
  seen(change: RowChange): void;
  stop(): void;
}

export interface EarlyKeyParts {
  readonly hostKeys: Pick<KnownHosts, 'learn'>;
  readonly profiles: Pick<TerminalProfiles, 'fitting'>;
  readonly clock: Clock;
  readonly log: Log;
}

const youngMs = 15 * 60_000;
/** After each look that found nothing: first boots take seconds, or minutes. */
const delaysMs = [15_000, 30_000, 60_000, 120_000, 240_000];
/** Of more at once the rest is left to the first terminal, which looks as well. */
const mostWatched = 200;
const mostPorts = 3;

/** Only instances that a profile is for are looked at: nobody connects to the others by a click. */
export function createEarlyKeys({ hostKeys, profiles, clock, log }: EarlyKeyParts): EarlyKeys {
  const watched = new Map<string, () => void>();

  /** Whether there is nothing left to look for. */
  async function look(host: Host): Promise<boolean> {
    try {
      const ports = [...new Set((await profiles.fitting(host)).map(({ port }) => port))].slice(0, mostPorts);
      for (const port of ports) if (!(await hostKeys.learn(host, port, platformIdentity.user))) return false;
      return true;
    } catch (error) {
      log('warn', 'host keys could not be learnt early', { cluster: host.cluster, error: String(error) });
      return false;
    }
  }
  function lookLater(key: string, host: Host, turn: number): void {
    const delay = delaysMs[turn];
    if (delay === undefined) return void watched.delete(key);
    const next = async () => {
      if (await look(host)) watched.delete(key);
      else if (watched.has(key)) lookLater(key, host, turn + 1);
    };
    watched.set(
      key,
      clock.after(delay, () => void next()),
    );
    return undefined;
  }

  return {
    seen({ type, key, before, after }) {
      if (type !== 'server') return;
      if (after?.cells['status'] !== 'ACTIVE') {
        watched.get(key)?.();
        watched.delete(key);
        return;
      }
      const { cluster, id, cells } = after;
      const isNew = before?.cells['status'] !== 'ACTIVE' && Number(cells['created'] ?? 0) > clock.now() - youngMs;
      if (!isNew || watched.has(key) || watched.size >= mostWatched) return;
      lookLater(key, { cluster, serverId: id, name: String(cells['name'] ?? id) }, 0);
    },
    stop() {
      for (const cancel of watched.values()) cancel();
      watched.clear();
    },
  };
}
