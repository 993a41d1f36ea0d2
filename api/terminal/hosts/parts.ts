import type { Audit } from '#controller/audit/audit.ts';
import type { Clock } from '#controller/engine/ports.ts';
import type { Metrics } from '#controller/metrics.ts';
import type { Store } from '#migrations/store.ts';
import type { World } from '../../actions/world.ts';
import type { KubeDoor } from '../../connections/kube-door.ts';
import type { KeyProvider } from '../../kube/encryption.ts';
import type { Log } from '../../log.ts';
import { createHostKeyAlarm } from './alarm.ts';
import { type ClusterTerminals, clusterTerminals } from './cluster-terminals.ts';
import { createGuests } from './guests.ts';
import { createHostKeys, type KnownHosts } from './host-keys.ts';
import { createTerminalKeys, type TerminalKeys } from './keys.ts';
import { createTerminalProfiles, type TerminalProfiles } from './profiles.ts';

export interface HostsDeps {
  readonly store: Store;
  readonly audit: Audit;
  readonly keys: KeyProvider;
  readonly metrics: Pick<Metrics, 'registry'>;
  /** The Kubernetes API as this program itself. */
  readonly kube: KubeDoor;
  readonly world: () => World | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** What is known of the hosts that terminals lead to: their keys, how one signs in, what their Clusters say. */
export interface Hosts {
  readonly store: Store;
  readonly audit: Audit;
  readonly clock: Pick<Clock, 'now'>;
  readonly kube: KubeDoor;
  readonly world: () => World | undefined;
  readonly hostKeys: KnownHosts;
  readonly keys: TerminalKeys;
  readonly profiles: TerminalProfiles;
  readonly clusters: ClusterTerminals;
}

export function createHosts(deps: HostsDeps): Hosts {
  const { store, audit, clock, log, kube, world } = deps;
  const now = () => clock.now();
  const keys = createTerminalKeys(store, { keys: deps.keys, now });
  const alarm = createHostKeyAlarm({ registry: deps.metrics.registry, kube, world, clock, log });
  return {
    store,
    audit,
    clock,
    kube,
    world,
    hostKeys: createHostKeys({ store, audit, guests: createGuests(world, log), alarm, clock }),
    keys,
    profiles: createTerminalProfiles({ store, keys, now }),
    clusters: clusterTerminals(kube),
  };
}
