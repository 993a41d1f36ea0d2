import type { Permission } from '#api/auth/permissions.ts';
import type { Role } from '#api/auth/roles.ts';
import { ask } from './http.ts';

export type { Role };

/** What one may be allowed to do, with the roles that allow it. */
export interface PermissionRow {
  readonly name: Permission;
  /** What it lets one do, in English. */
  readonly sentence: string;
  readonly roles: readonly string[];
}

export interface RoleTable {
  readonly roles: readonly Role[];
  readonly permissions: readonly PermissionRow[];
}

const one = (name: string) => `/api/v1/roles/${encodeURIComponent(name)}`;
/** Written only as it was read. */
const asRead = ({ version }: Role) => ({ 'if-match': `"v${version}"` });

/** All of these throw Problem. */
export const listRoles = (signal?: AbortSignal) => ask<RoleTable>('/api/v1/roles', signal ? { signal } : {});

export const createRole = (role: { name: string; description: string; permissions: readonly string[] }) =>
  ask<Role>('/api/v1/roles', { method: 'POST', body: role });

export const changeRole = (role: Role, changes: { description: string; permissions: readonly string[] }) =>
  ask<Role>(one(role.name), { method: 'PATCH', body: changes, headers: asRead(role) });

export const removeRole = (role: Role) => ask<void>(one(role.name), { method: 'DELETE', headers: asRead(role) });
