import type { Grant, Identity } from './identity.ts';
import { builtInRoles, type Permission, permissions, rolePermissions } from './permissions.ts';

/** Where something is done. `*` is everywhere: only a grant without that limit reaches it. */
export interface Place {
  readonly cluster: string;
  readonly namespace: string;
}

/** What concerns the whole installation: people, roles, keys. */
export const everywhere: Place = { cluster: '*', namespace: '*' };

export type Decision =
  | { readonly allowed: true }
  /** Who lacks what where, and which built-in roles have it. */
  | { readonly allowed: false; readonly permission: Permission; readonly reason: string };

/** Whether somebody may do something at a place. */
export function decide(identity: Identity, permission: Permission, place: Place): Decision {
  if (identity.grants.some((grant) => grant.permissions.has(permission) && reaches(grant, place))) return { allowed: true };
  return { allowed: false, permission, reason: reasonOf(identity, permission, place) };
}

/** Whether there is any place where somebody may do something: a list then shows what is there. */
export function decideAnywhere(identity: Identity, permission: Permission): Decision {
  if (identity.grants.some((grant) => grant.permissions.has(permission))) return { allowed: true };
  return { allowed: false, permission, reason: reasonOf(identity, permission, undefined) };
}

function reaches(grant: Grant, place: Place): boolean {
  return (grant.cluster === '*' || grant.cluster === place.cluster) && (grant.namespace === '*' || grant.namespace === place.namespace);
}

function reasonOf({ user, grants }: Identity, permission: Permission, place: Place | undefined): string {
  const own = [...new Set(grants.map(describe))].join(', ') || 'no role';
  const needed = builtInRoles.filter((role) => rolePermissions[role].includes(permission)).join(', ');
  const what = permissions[permission];
  return `${user} (${own}) may not ${what.charAt(0).toLowerCase()}${what.slice(1)}${placeText(place)}: permission ${permission}, which ${needed} have.`;
}

function describe({ role, cluster, namespace }: Grant): string {
  return `${role}${placeText({ cluster, namespace })}`;
}

function placeText(place: Place | undefined): string {
  if (!place) return '';
  const cluster = place.cluster === '*' ? '' : ` in cluster ${place.cluster}`;
  const namespace = place.namespace === '*' ? '' : ` in namespace ${place.namespace}`;
  return `${cluster}${namespace}`;
}
