import type { Api, Target } from './api.ts';
import type { ApiObject, User } from './definition.ts';
import { qualified, StatusError } from './status.ts';

/** What somebody wants to do, in Kubernetes' terms. */
export interface KubeAccess {
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string;
  readonly group: string;
  /** The plural. */
  readonly resource: string;
  readonly subresource: string;
  /** '' for all namespaces and for cluster-scoped kinds. */
  readonly namespace: string;
  /** '' for a collection. */
  readonly name: string;
  /** The object as it is or is to become; `all` for whatever the path names, `missing` when nothing is there. */
  readonly about: ApiObject | 'all' | 'missing';
  /** Nothing is written. */
  readonly isDryRun: boolean;
}

export type KubeDecision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/** Whether somebody may do something. */
export type Authorize = (user: User, access: KubeAccess) => KubeDecision;

/** Answered 403, and told to whoever records refusals. */
export class AccessDenied extends StatusError {
  readonly user: User;
  readonly access: KubeAccess;

  constructor(user: User, access: KubeAccess, reason: string) {
    const { group, resource, name } = access;
    const of = qualified({ group, resource });
    const message = `${of}${name ? ` "${name}"` : ''} is forbidden: ${inWords(user, access)}: ${reason}`;
    super(403, 'Forbidden', message, { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource });
    this.user = user;
    this.access = access;
  }
}

function inWords({ user }: User, { verb, group, resource, subresource, namespace }: KubeAccess): string {
  const what = subresource ? `${resource}/${subresource}` : resource;
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope';
  return `User "${user}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
}

/** Throws AccessDenied unless whoever sends the request may do `verb` to what each of `about` stands for. */
export function permit(
  api: Pick<Api, 'authorize'>,
  { resource, namespace, name, subresource, user }: Target,
  verb: string,
  about: readonly KubeAccess['about'][],
  isDryRun = false,
): void {
  if (!api.authorize) return;
  for (const one of about) {
    const { group, plural } = resource;
    const access = { verb, group, resource: plural, subresource, namespace, name, about: one, isDryRun };
    const decision = api.authorize(user, access);
    if (!decision.allowed) throw new AccessDenied(user, access, decision.reason);
  }
}
