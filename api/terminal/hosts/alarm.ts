import { Counter, type Registry } from 'prom-client';
import type { World } from '../../actions/world.ts';
import { clusterPath } from '../../connections/cluster-object.ts';
import { ask, type KubeDoor } from '../../connections/kube-door.ts';
import type { Log } from '../../log.ts';
import type { Host } from './host-keys.ts';

/** Told when a host shows another key than it is known by. */
export interface HostKeyAlarm {
  /** Never throws, and holds nobody up. */
  changed(host: Pick<Host, 'cluster' | 'serverId'>, message: string): void;
}

export interface AlarmParts {
  readonly registry: Registry;
  /** The Kubernetes API as this program itself. */
  readonly kube: KubeDoor;
  readonly world: () => Pick<World, 'objects'> | undefined;
  readonly clock: { now(): number };
  readonly log: Log;
}

/** Whoever tries again and again makes one Event in this time for each host. */
const againMs = 10 * 60_000;
const mostRemembered = 1000;
const component = 'stackwarden-api';

interface About {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid: string; readonly resourceVersion?: string };
}

/**
 * A metric, and a Kubernetes Event of type Warning on the Instance that stands for the host, or on its Cluster when nobody declared it: where
 * all else that needs a person is told.
 */
export function createHostKeyAlarm({ registry, kube, world, clock, log }: AlarmParts): HostKeyAlarm {
  const changes = new Counter({
    name: 'stackwarden_host_key_changed_total',
    help: 'Terminals refused because a host showed another key than it is known by',
    labelNames: ['cluster'],
    registers: [registry],
  });
  const told = new Map<string, number>();
  const isNews = (host: string): boolean => {
    const now = clock.now();
    for (const [key, at] of told) if (now - at >= againMs) told.delete(key);
    if (told.has(host) || told.size >= mostRemembered) return false;
    told.set(host, now);
    return true;
  };
  const post = async ({ cluster, serverId }: Pick<Host, 'cluster' | 'serverId'>, message: string): Promise<void> => {
    const about: About =
      world()?.objects.inCluster(cluster)('server', serverId) ??
      ((await ask(kube, { method: 'GET', path: clusterPath(cluster) })) as unknown as About);
    const { name, namespace = '', uid, resourceVersion } = about.metadata;
    const at = new Date(clock.now()).toISOString().replace(/\.\d+/, '');
    const place = namespace || 'default';
    await ask(kube, {
      method: 'POST',
      path: `/api/v1/namespaces/${encodeURIComponent(place)}/events`,
      body: {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { namespace: place, generateName: `${name.slice(0, 200)}.` },
        involvedObject: {
          apiVersion: about.apiVersion,
          kind: about.kind,
          name,
          namespace,
          uid,
          ...(resourceVersion !== undefined && { resourceVersion }),
        },
        type: 'Warning',
        reason: 'HostKeyChanged',
        message: message.slice(0, 1000),
        count: 1,
        firstTimestamp: at,
        lastTimestamp: at,
        source: { component },
        reportingComponent: component,
      },
    });
  };
  return {
    changed(host, message) {
      changes.inc({ cluster: host.cluster });
      if (!isNews(`${host.cluster} ${host.serverId}`)) return;
      post(host, message).catch((error: unknown) =>
        log('error', 'an alarm could not be told', { cluster: host.cluster, error: String(error) }),
      );
    },
  };
}
