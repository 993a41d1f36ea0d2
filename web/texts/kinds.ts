import { catalogue } from './catalogue.ts';
import { typeName } from './resource-types.ts';

/** The type of resource that each kind stands for; a Cluster stands for none. */
export const typeOfKind: Readonly<Record<string, string>> = {
  Instance: 'server',
  Volume: 'volume',
  VolumeSnapshot: 'volume_snapshot',
  InstanceSnapshot: 'image',
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

/** All kinds, as lists of them offer them. */
export const kindNames: readonly string[] = ['Cluster', ...Object.keys(typeOfKind)];

const others = catalogue({
  en: { Cluster: 'Cluster', InstanceSnapshot: 'Instance snapshot', Secret: 'Secret' },
  zh: { Cluster: '集群', InstanceSnapshot: '实例快照', Secret: '密钥（Secret）' },
});

/** What people call a kind; one that nobody named is shown as it is. */
export function kindName(kind: string): string {
  if (Object.hasOwn(others, kind)) return others[kind as keyof typeof others];
  const type = typeOfKind[kind];
  return type === undefined ? kind : typeName(type);
}
