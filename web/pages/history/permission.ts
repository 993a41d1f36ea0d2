import type { Permission } from '#api/auth/permissions.ts';
import type { ObjectPlace } from '../../data/drift.ts';
import type { ObjectThen } from '../../data/history.ts';
import { may } from '../../data/session.ts';

/** The permission that changing an object of a kind takes. */
const changing: Readonly<Record<string, Permission>> = {
  Cluster: 'cluster.change',
  Instance: 'instance.change',
  Volume: 'volume.change',
  VolumeSnapshot: 'snapshot.change',
  InstanceSnapshot: 'snapshot.change',
  Image: 'image.change',
  Network: 'network.change',
  Subnet: 'network.change',
  Router: 'network.change',
  Port: 'network.change',
  FloatingIP: 'network.change',
  SecurityGroup: 'securityGroup.change',
  KeyPair: 'keyPair.change',
  ServerGroup: 'serverGroup.change',
};

/** Whether the person may change the declaration of an object, and with it go back. */
export function mayGoBack({ kind, namespace, name }: ObjectPlace, { declared }: ObjectThen): boolean {
  const permission = changing[kind];
  const place = kind === 'Cluster' ? { cluster: name, namespace: '*' } : { cluster: declared.cluster ?? '*', namespace };
  return permission !== undefined && may(permission, place);
}
