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

/** Reads `STACKWARDEN_OIDC_*`; undefined when no issuer is named. `fail` throws what is wrong and what would do. */
export function readOidc(env: NodeJS.ProcessEnv, fail: (message: string) => never): OidcSettings | undefined {
  const of = (name: string) => env[`STACKWARDEN_OIDC_${name}`] ?? '';
  if (of('ISSUER') === '') return undefined;
  const must = (name: string) => of(name) || fail(`STACKWARDEN_OIDC_ISSUER is set, so STACKWARDEN_OIDC_${name} has to be as well`);
  const url = (name: string, value: string) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(parsed?.hostname ?? '');
    if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLocal)) return value;
    return fail(`${name} takes an https:// address (http:// on loopback only)`);
  };
  return {
    issuer: url('STACKWARDEN_OIDC_ISSUER', of('ISSUER')),
    clientId: must('CLIENT_ID'),
    clientSecret: must('CLIENT_SECRET'),
    publicUrl: url('STACKWARDEN_OIDC_PUBLIC_URL', must('PUBLIC_URL')).replace(/\/+$/, ''),
    groupsClaim: of('GROUPS_CLAIM') || 'groups',
    roles: must('ROLES')
      .split(',')
      .map(
        (part) => readRole(part.trim()) ?? fail('STACKWARDEN_OIDC_ROLES takes GROUP=ROLE[@CLUSTER[/NAMESPACE]], ..., such as ops=operator'),
      ),
  };
}

function readRole(text: string): (RoleAt & { group: string }) | undefined {
  const {
    group,
    role,
    cluster = '*',
    namespace = '*',
  } = /^(?<group>[^=]+)=(?<role>[\w-]+)(?:@(?<cluster>[^/]+)(?:\/(?<namespace>.+))?)?$/.exec(text)?.groups ?? {};
  return group === undefined || role === undefined ? undefined : { group, role, cluster, namespace };
}
