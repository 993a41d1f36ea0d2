import { type BuiltInRole, type Permission, rolePermissions } from './permissions.ts';

/** What somebody may, and where. `*` is every cluster or namespace. */
export interface Grant {
  /** The role it comes from, for messages. */
  readonly role: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly cluster: string;
  readonly namespace: string;
}

/** Who sent a request, in Kubernetes' terms: the same people use kubectl, the REST API and the browser. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
  readonly grants: readonly Grant[];
  /** Row of `users`; absent for parts of this program and the first admin's token. */
  readonly userId?: string;
  /** Id of the session or token they came with, for the audit. */
  readonly session?: string;
  /** `cookie`: a browser's, which other sites can make send requests. */
  readonly how: 'token' | 'cookie' | 'process';
  /** Of a cookie: what a request that changes something has to bring along. */
  readonly csrf?: string;
  /** It came with a token that may less than its person: it must not get itself another one. */
  readonly isNarrowed?: true;
}

/** A built-in role without limits. */
export function everywhereAs(role: BuiltInRole): Grant {
  return { role, permissions: new Set(rolePermissions[role]), cluster: '*', namespace: '*' };
}

/** Kubernetes' own group of those who may everything. */
export const adminGroups = ['system:masters', 'system:authenticated'] as const;

/** The reconciler's own name in audit and events. */
export const controllerIdentity: Identity = {
  user: 'system:stackwarden-controller',
  groups: adminGroups,
  grants: [everywhereAs('super_admin')],
  how: 'process',
};

/** The platform API itself, where it reads on behalf of people what they may see only in part. */
export const platformIdentity: Identity = { ...controllerIdentity, user: 'system:stackwarden-api' };
