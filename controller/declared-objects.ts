import { clusterOf } from './connections.ts';
import type { Loop } from './engine/loop.ts';
import type { KubeObject } from './engine/object.ts';
import type { ResourceType } from './inventory/inventory.ts';
import type { DeclaredObjects } from './operations/declared.ts';

/** The cloud resource each kind stands for. */
const typeOf: Readonly<Record<string, ResourceType>> = {
  Network: 'network',
  Subnet: 'subnet',
  Port: 'port',
  Router: 'router',
  FloatingIP: 'floatingip',
  SecurityGroup: 'security_group',
  KeyPair: 'keypair',
  Image: 'image',
  InstanceSnapshot: 'image',
  Volume: 'volume',
  VolumeSnapshot: 'volume_snapshot',
  ServerGroup: 'server_group',
  Instance: 'server',
};

/** From the loop's cache, at no call. */
export function declaredObjects(loop: () => Loop): DeclaredObjects {
  return {
    list: (kind) => loop().list(kind),
    get: ({ kind, namespace, name }) => loop().get(kind, { namespace, name }),
    inCluster(cluster) {
      const byResource = new Map<string, KubeObject>();
      for (const [kind, type] of Object.entries(typeOf)) {
        for (const object of loop().list(kind)) {
          const { status, spec } = object;
          if (!status?.id || spec['managementPolicy'] === 'Observe' || clusterOf(object) !== cluster) continue;
          byResource.set(`${type}/${status.id}`, object);
        }
      }
      return (type, id) => byResource.get(`${type}/${id}`);
    },
  };
}
