import { catalogue } from '../../texts/catalogue.ts';
import { typeName } from '../../texts/resource-types.ts';

/** Kinds that stand for the type of resource people know. */
const types: Readonly<Record<string, string>> = {
  Instance: 'server',
  Volume: 'volume',
  VolumeSnapshot: 'volume_snapshot',
  Image: 'image',
  Network: 'network',
  Subnet: 'subnet',
  Router: 'router',
  Port: 'port',
  FloatingIP: 'floatingip',
  SecurityGroup: 'security_group',
  KeyPair: 'keypair',
  ServerGroup: 'server_group',
};

const others = catalogue({
  en: { Cluster: 'Cluster', InstanceSnapshot: 'Instance snapshot' },
  zh: { Cluster: '集群', InstanceSnapshot: '实例快照' },
});

/** All kinds, as lists of them offer them. */
export const kindNames: readonly string[] = ['Cluster', ...Object.keys(types), 'InstanceSnapshot'];

/** What people call a kind. */
export function kindName(kind: string): string {
  const type = types[kind];
  if (type !== undefined) return typeName(type);
  return kind === 'Cluster' || kind === 'InstanceSnapshot' ? others[kind] : kind;
}
