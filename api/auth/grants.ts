import { eq } from 'drizzle-orm';
import type { Queries } from '#migrations/store.ts';
import { decide, type Place } from './decide.ts';
import { adminGroups, type Grant, type Identity } from './identity.ts';
import { type BuiltInRole, builtInRoles, isPermission, type Permission, permissions, rolePermissions } from './permissions.ts';
import { Refusal } from './refusal.ts';

/** A role at a place. */
export interface RoleAt extends Place {
  readonly role: string;
}

/** What a token may at most, of what its person may; absent lists do not narrow. */
export interface Scope {
  readonly permissions?: readonly Permission[];
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
}

export function isBuiltIn(role: string): role is BuiltInRole {
  return (builtInRoles as readonly string[]).includes(role);
}

/** What each role may: the four of the table, and those that were made beside them. */
export async function allRoles({ db, tables }: Queries): Promise<ReadonlyMap<string, ReadonlySet<Permission>>> {
  const own = await db.select({ name: tables.roles.name, permissions: tables.roles.permissions }).from(tables.roles);
  return new Map([
    ...builtInRoles.map((role) => [role, new Set(rolePermissions[role])] as const),
    ...own.map((role) => [role.name, new Set(permissionsIn(role.permissions))] as const),
  ]);
}

/** A permission that a newer program had written is passed over: this one would not know what it allows. */
export function permissionsIn(value: unknown): Permission[] {
  return Array.isArray(value) ? value.filter((name): name is Permission => typeof name === 'string' && isPermission(name)) : [];
}

/** Grants of roles at places; a role that is gone grants nothing. */
export function grantsOf(roles: ReadonlyMap<string, ReadonlySet<Permission>>, places: readonly RoleAt[]): Grant[] {
  return places.map(({ role, cluster, namespace }) => ({ role, permissions: roles.get(role) ?? new Set(), cluster, namespace }));
}

/** The identity of an active person, now; undefined for everybody else. */
export async function identityOf(
  queries: Queries,
  userId: string,
  by: { readonly session: string; readonly how: Identity['how']; readonly scope?: Scope },
): Promise<Identity | undefined> {
  const { db, tables } = queries;
  const [user] = await db.select().from(tables.users).where(eq(tables.users.id, userId)).limit(1);
  if (user?.state !== 'active') return undefined;
  const places = await db.select().from(tables.roleBindings).where(eq(tables.roleBindings.userId, userId));
  const whole = grantsOf(await allRoles(queries), places);
  const grants = by.scope ? narrow(whole, by.scope) : whole;
  const isRoot = grants.some(isEverything);
  return {
    user: user.username,
    groups: isRoot ? adminGroups : ['system:authenticated'],
    grants,
    userId,
    session: by.session,
    how: by.how,
    ...(by.scope && { isNarrowed: true }),
  };
}

function isEverything({ permissions: granted, cluster, namespace }: Grant): boolean {
  return cluster === '*' && namespace === '*' && granted.size === Object.keys(permissions).length;
}

function narrow(grants: readonly Grant[], scope: Scope): Grant[] {
  const allowed = scope.permissions && new Set(scope.permissions);
  return grants.flatMap((grant) => {
    const granted = allowed ? new Set([...grant.permissions].filter((permission) => allowed.has(permission))) : grant.permissions;
    return narrowed(grant.cluster, scope.clusters).flatMap((cluster) =>
      narrowed(grant.namespace, scope.namespaces).map((namespace) => ({ role: grant.role, permissions: granted, cluster, namespace })),
    );
  });
}

function narrowed(granted: string, scope: readonly string[] | undefined): readonly string[] {
  if (!scope || scope.includes('*')) return [granted];
  return granted === '*' ? scope : scope.filter((name) => name === granted);
}

/** Throws a Refusal unless somebody may all that the grants hold: nobody gives, takes or takes over what they do not have themselves. */
export function checkCovers(by: Identity, grants: readonly Grant[], what: string): void {
  for (const { role, permissions: granted, cluster, namespace } of grants) {
    const lacking = [...granted].find((permission) => !decide(by, permission, { cluster, namespace }).allowed);
    if (!lacking) continue;
    const where = cluster === '*' && namespace === '*' ? 'everywhere' : `in cluster ${cluster} in namespace ${namespace}`;
    throw new Refusal(
      403,
      'BeyondYourRights',
      `${what} takes all that role ${role} may ${where}, and ${by.user} lacks ${lacking} there. Ask somebody who has that role.`,
    );
  }
}

/** Throws a Refusal for a role that does not exist. */
export function checkRoles(roles: ReadonlyMap<string, unknown>, places: readonly RoleAt[]): void {
  const unknown = places.find(({ role }) => !roles.has(role));
  if (!unknown) return;
  throw new Refusal(400, 'UnknownRole', `role: There is no role ${unknown.role}; known are ${[...roles.keys()].join(', ')}.`, {
    field: 'role',
  });
}
