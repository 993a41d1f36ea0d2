import type { RoleAt } from './grants.ts';

/** An identity provider (OpenID Connect) that people may sign in at. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where browsers reach this server; the provider sends them back there. */
  readonly publicUrl: string;
  /** The claim that lists groups. */
  readonly groupsClaim: string;
  /** What members of a group get. */
  readonly roles: readonly (RoleAt & { readonly group: string })[];
}

/** What goes with an issuer, by the name of the setting. */
const companions = ['oidc.clientId', 'oidc.clientSecret', 'oidc.publicUrl', 'oidc.roles'] as const;

type Find = (name: string) => unknown;

/** What is missing beside the issuer that is set: a sentence each. */
export function oidcProblems(find: Find): string[] {
  if (find('oidc.issuer') === undefined) return [];
  return companions.filter((name) => find(name) === undefined).map((name) => `oidc.issuer is set, so ${name} has to be as well.`);
}

/** Undefined when no issuer is named. MUST be of settings without problems. */
export function oidcOf(find: Find): OidcSettings | undefined {
  const text = (name: string) => find(name) as string;
  if (find('oidc.issuer') === undefined) return undefined;
  return {
    issuer: text('oidc.issuer'),
    clientId: text('oidc.clientId'),
    clientSecret: text('oidc.clientSecret'),
    publicUrl: text('oidc.publicUrl').replace(/\/+$/, ''),
    groupsClaim: text('oidc.groupsClaim'),
    roles: (find('oidc.roles') as readonly string[]).flatMap((text) => readRoleOfGroup(text) ?? []),
  };
}

/** `GROUP=ROLE[@CLUSTER[/NAMESPACE]]`; undefined for anything else. */
export function readRoleOfGroup(text: string): (RoleAt & { readonly group: string }) | undefined {
  const {
    group,
    role,
    cluster = '*',
    namespace = '*',
  } = /^(?<group>[^=]+)=(?<role>[\w-]+)(?:@(?<cluster>[^/]+)(?:\/(?<namespace>.+))?)?$/.exec(text.trim())?.groups ?? {};
  return group === undefined || role === undefined ? undefined : { group, role, cluster, namespace };
}
