import type { Permission } from '#api/auth/permissions.ts';
import { typeOfKind } from '../texts/kinds.ts';
import type { ObjectName } from './declare.ts';
import { may } from './session.ts';

/** What each kind is called in the table of permissions. */
const nouns: Readonly<Record<string, string>> = {
  Instance: 'instance',
  Volume: 'volume',
  VolumeSnapshot: 'snapshot',
  InstanceSnapshot: 'snapshot',
  Image: 'image',
  Network: 'network',
  Subnet: 'network',
  Router: 'network',
  Port: 'network',
  FloatingIP: 'network',
  SecurityGroup: 'securityGroup',
  KeyPair: 'keyPair',
  ServerGroup: 'serverGroup',
  Cluster: 'cluster',
  Secret: 'secret',
  Namespace: 'namespace',
  ConfigMap: 'namespace',
};

/** The permission that declaring one of these takes and the person lacks, with the first object it is lacking for. The server decides. */
export function missingRight(
  objects: readonly (ObjectName & { readonly cluster?: string })[],
  isAllowed: typeof may = may,
): { readonly permission: Permission; readonly object: ObjectName } | undefined {
  for (const object of objects) {
    const noun = nouns[object.kind];
    if (noun === undefined) continue;
    const permission = `${noun}.change` as Permission;
    const namespace = object.kind === 'Namespace' ? object.name : object.namespace || '*';
    if (!isAllowed(permission, { cluster: object.cluster ?? '*', namespace })) return { permission, object };
  }
  return undefined;
}

/** The address of the list that shows an object; undefined for kinds without one. */
export function listHref({ kind, namespace, name }: ObjectName): string | undefined {
  const type = typeOfKind[kind];
  return type && `/resources/${type}?${new URLSearchParams({ filter: `kind:${kind} namespace:${namespace} object:${name}` })}`;
}
