/**
 * What one may be allowed to do, by name, and what each built-in role may: the one table that REST, the Kubernetes API, terminals and the
 * buttons of the web go by. A permission that no table row names does not exist.
 */
const nouns = {
  instance: 'instances',
  volume: 'volumes',
  snapshot: 'volume and instance snapshots',
  image: 'images',
  network: 'networks, subnets, routers, ports and floating IPs',
  securityGroup: 'security groups and their rules',
  keyPair: 'key pairs',
  serverGroup: 'server groups',
} as const;

type Noun = keyof typeof nouns;

/** What each verb means for a noun that clouds know. */
const verbs = {
  read: (what: string) => `See ${what}`,
  operate: (what: string) => `Start, stop and otherwise work ${what}, changing nothing that is declared about them`,
  change: (what: string) => `Create and change ${what}`,
  delete: (what: string) => `Delete ${what}`,
} as const;

type ResourcePermission = `${Noun}.${keyof typeof verbs}`;

const more = {
  'instance.console': 'See consoles and console logs of instances',
  'instance.terminal': 'Open terminals to instances',
  'terminal.watch': 'Watch terminals of others while they work, and end them',
  'terminal.configure': 'Keep connection profiles, their keys and the host keys of instances',
  'recording.read': 'Replay and export recorded terminals of others',
  'recording.readOwn': 'Replay and export recordings of the terminals one worked in oneself',
  'recording.retain': 'Decide how long recordings are kept, and remove them',
  'instance.password': 'Set passwords of instances, and rescue them',
  'instance.migrate': 'Move instances between hosts',
  'catalog.read': 'See flavors, volume types and quotas',
  'hypervisor.read': 'See hypervisors',
  'cluster.read': 'See clusters, their health and what nobody declared there',
  'cluster.change': 'Create, change, enable and disable clusters',
  'cluster.delete': 'Delete clusters',
  'cluster.test': 'Try connections to clouds',
  'secret.read': 'Read Secrets',
  'secret.change': 'Create, change and delete Secrets, such as credentials of clusters',
  'namespace.read': 'See namespaces, configuration maps and events',
  'namespace.change': 'Create, change and delete namespaces and configuration maps',
  'plan.read': 'Plan what applying manifests would do, and export manifests',
  'history.read': 'See what was declared and observed when',
  'operation.read': 'See operations of everybody',
  'operation.change': 'Cancel and repeat operations of everybody',
  'audit.read': 'Read and export the audit log',
  'audit.verify': 'Check the chain of the audit log',
  'audit.retain': 'Decide how long audit entries are kept',
  'metrics.read': 'Read metrics',
  'user.read': 'See people, their roles and sessions',
  'user.change': 'Invite, create, change and disable people, and end their sessions',
  'role.read': 'See roles and what they may',
  'role.change': 'Create and change roles',
  'settings.read': 'See the settings the server runs by, without secrets',
  'key.rotate': 'Rotate the key that secrets are encrypted under',
  'status.change': 'Write the status of objects, as the reconciler does',
} as const;

export type Permission = ResourcePermission | keyof typeof more;

/** Every permission with what it lets one do, in the order people read them. */
export const permissions: Readonly<Record<Permission, string>> = {
  ...(Object.fromEntries(
    Object.entries(nouns).flatMap(([noun, what]) => Object.entries(verbs).map(([verb, say]) => [`${noun}.${verb}`, say(what)])),
  ) as Record<ResourcePermission, string>),
  ...more,
};

export const builtInRoles = ['viewer', 'operator', 'admin', 'super_admin'] as const;
export type BuiltInRole = (typeof builtInRoles)[number];

const all = Object.keys(permissions) as Permission[];
const resource = (...wanted: (keyof typeof verbs)[]): Permission[] =>
  (Object.keys(nouns) as Noun[]).flatMap((noun) => wanted.map((verb): Permission => `${noun}.${verb}`));

const viewer: readonly Permission[] = [
  ...resource('read'),
  ...(['catalog.read', 'cluster.read', 'namespace.read', 'plan.read', 'history.read', 'operation.read'] as const),
];
const operator: readonly Permission[] = [
  ...viewer,
  ...resource('operate'),
  ...(['instance.change', 'volume.change', 'snapshot.change', 'instance.console', 'instance.terminal', 'cluster.test'] as const),
];
const superAdminOnly: readonly Permission[] = [
  'role.change',
  'key.rotate',
  'audit.retain',
  'recording.readOwn',
  'recording.retain',
  'status.change',
];

/** What each built-in role may. It cannot be changed; a role of one's own stands beside it. */
export const rolePermissions: Readonly<Record<BuiltInRole, readonly Permission[]>> = {
  viewer,
  operator,
  admin: all.filter((permission) => !superAdminOnly.includes(permission)),
  super_admin: all,
};

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(permissions, name);
}
