import { listedTypes, nouns } from '#controller/lists/noun.ts';
import { isPermission, type Permission } from '../auth/permissions.ts';

/** What can be watched beside the rows of lists. */
const others = {
  /** Declared objects, key `KIND/NAMESPACE/NAME`: conditions in short. What seeing one needs depends on its kind. */
  object: undefined,
  /** Clusters, key NAME. */
  cluster: 'cluster.read',
  /** Operations, key the operation's id. */
  operation: undefined,
} as const satisfies Record<string, Permission | undefined>;

export type Watchable = (typeof listedTypes)[number] | keyof typeof others;

interface Asked {
  readonly resource: Watchable;
  /** What seeing anything of it needs; undefined: each sees their own at least, or it depends on the kind. */
  readonly permission: Permission | undefined;
}

const asked = (resource: Watchable, permission: Permission | undefined): Asked => ({ resource, permission });

/** What a client may ask for, by name. */
export const watchables: ReadonlyMap<string, Asked> = new Map([
  ['instance', asked('server', 'instance.read')],
  ...listedTypes.map((type) => [type, asked(type, named(nouns[type].permission))] as const),
  ...(Object.keys(others) as (keyof typeof others)[]).map((name) => [name, asked(name, others[name])] as const),
]);

function named(permission: string): Permission {
  if (!isPermission(permission)) throw new Error(`The policy table has no row ${permission}, which watching needs.`);
  return permission;
}
