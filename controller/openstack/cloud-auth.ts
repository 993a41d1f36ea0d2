import { CloudConfigError, isAbsent, mapping, normalizeKeys, type Section, text } from './config-section.ts';
import { Secret } from './secret.ts';

/** A user or project by id, or by name within a domain. */
export interface Identified {
  readonly id?: string;
  readonly name?: string;
  readonly domain?: { readonly id: string } | { readonly name: string };
}

export type CloudAuth =
  | { readonly method: 'password'; readonly user: Identified; readonly password: Secret; readonly project: Identified }
  | {
      readonly method: 'application_credential';
      readonly id?: string;
      readonly name?: string;
      /** Needed beside a name: credentials' names are unique per user. */
      readonly user?: Identified;
      readonly secret: Secret;
    }
  | { readonly method: 'token'; readonly token: Secret; readonly project?: Identified };

const METHODS: Readonly<Record<string, CloudAuth['method']>> = {
  password: 'password',
  v3password: 'password',
  v3applicationcredential: 'application_credential',
  token: 'token',
  v3token: 'token',
};

/** Fields that may stand beside `auth` as well as in it. */
const FLOATING = [
  'auth_url',
  'username',
  'user_id',
  'password',
  'token',
  'project_id',
  'project_name',
  'domain_id',
  'domain_name',
  'user_domain_id',
  'user_domain_name',
  'project_domain_id',
  'project_domain_name',
  'default_domain_id',
  'default_domain_name',
  'default_domain',
  'application_credential_id',
  'application_credential_name',
  'application_credential_secret',
  'system_scope',
];
const OLD_NAMES: readonly (readonly [string, string])[] = [
  ['tenant_id', 'project_id'],
  ['tenant_name', 'project_name'],
  ['auth_token', 'token'],
  ['user_name', 'username'],
];

/** Reads `auth` and `auth_type` of a cloud entry. */
export function parseAuth(cloud: string, entry: Section): { auth: CloudAuth; authUrl: string } {
  const fields = authFields(cloud, entry);
  const authUrl = authUrlOf(cloud, fields);
  const type = text(cloud, entry, 'auth_type') ?? text(cloud, entry, 'auth_plugin') ?? inferredType(fields);
  const method = METHODS[type];
  if (!method) {
    const known = Object.keys(METHODS).join(', ');
    throw new CloudConfigError(cloud, 'auth_type', `${type} is not supported; use one of ${known}`);
  }
  // openstacksdk's default type is `password` even beside a token that was put there by hand.
  if (method === 'password' && fields['token'] && !fields['password']) return { auth: tokenAuth(cloud, fields), authUrl };
  if (method === 'token') return { auth: tokenAuth(cloud, fields), authUrl };
  return { auth: method === 'password' ? passwordAuth(cloud, fields) : applicationCredentialAuth(cloud, fields), authUrl };
}

function authFields(cloud: string, entry: Section): Section {
  const inside = isAbsent(entry['auth']) ? {} : normalizeKeys(mapping(entry['auth'], 'auth', cloud));
  const fields: Record<string, unknown> = {};
  for (const field of FLOATING) fields[field] = inside[field] ?? entry[field];
  for (const [old, name] of OLD_NAMES) fields[name] ??= inside[old] ?? entry[old];
  if (fields['system_scope']) {
    throw new CloudConfigError(
      cloud,
      'auth.system_scope',
      'is not supported; name a project (project_name), since resources belong to one',
    );
  }
  return fields;
}

function authUrlOf(cloud: string, fields: Section): string {
  const url = text(cloud, fields, 'auth_url');
  if (!url)
    throw new CloudConfigError(cloud, 'auth.auth_url', "is missing; write Keystone's address, such as https://keystone.example:5000/v3");
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new CloudConfigError(cloud, 'auth.auth_url', 'is not an http(s) address; correct it');
  const { origin, pathname, username, password } = new URL(url);
  if (username || password)
    throw new CloudConfigError(cloud, 'auth.auth_url', 'holds a user or password; move them to auth.username and auth.password');
  const path = pathname.replace(/\/+$/, '').replace(/\/auth\/tokens$/, '');
  if (path.endsWith('/v2.0')) throw new CloudConfigError(cloud, 'auth.auth_url', 'is of Keystone v2.0, which is gone; end it in /v3');
  return `${origin}${path}${path.endsWith('/v3') ? '' : '/v3'}`;
}

function inferredType(fields: Section): string {
  return fields['application_credential_secret'] && !fields['password'] ? 'v3applicationcredential' : 'password';
}

function passwordAuth(cloud: string, fields: Section): CloudAuth {
  const password = text(cloud, fields, 'password');
  if (!password) throw new CloudConfigError(cloud, 'auth.password', 'is missing; write it into secure.yaml or clouds.yaml');
  const user = identified(cloud, fields, 'user', 'username');
  if (!user) throw new CloudConfigError(cloud, 'auth.username', 'is missing; write username with user_domain_name, or user_id');
  const project = identified(cloud, fields, 'project', 'project_name');
  if (!project)
    throw new CloudConfigError(cloud, 'auth.project_name', 'is missing; write project_name with project_domain_name, or project_id');
  return { method: 'password', user, password: new Secret(password), project };
}

function applicationCredentialAuth(cloud: string, fields: Section): CloudAuth {
  const method = 'application_credential';
  const value = text(cloud, fields, 'application_credential_secret');
  if (!value) throw new CloudConfigError(cloud, 'auth.application_credential_secret', 'is missing; make a new credential if it is lost');
  const secret = new Secret(value);
  const id = text(cloud, fields, 'application_credential_id');
  if (id) return { method, id, secret };
  const name = text(cloud, fields, 'application_credential_name');
  if (!name)
    throw new CloudConfigError(
      cloud,
      'auth.application_credential_id',
      'is missing; write it, or application_credential_name with username',
    );
  const user = identified(cloud, fields, 'user', 'username');
  if (!user) throw new CloudConfigError(cloud, 'auth.username', 'is missing; an application credential is named within a user');
  return { method, name, user, secret };
}

function tokenAuth(cloud: string, fields: Section): CloudAuth {
  const token = text(cloud, fields, 'token');
  if (!token) throw new CloudConfigError(cloud, 'auth.token', 'is missing; write a token, or use auth_type password');
  const project = identified(cloud, fields, 'project', 'project_name');
  return { method: 'token', token: new Secret(token), ...(project ? { project } : {}) };
}

function identified(cloud: string, fields: Section, what: 'user' | 'project', nameField: string): Identified | undefined {
  const id = text(cloud, fields, `${what}_id`);
  if (id) return { id };
  const name = text(cloud, fields, nameField);
  if (!name) return undefined;
  for (const prefix of [`${what}_domain`, 'domain', 'default_domain']) {
    const domainId = text(cloud, fields, `${prefix}_id`);
    if (domainId) return { name, domain: { id: domainId } };
    const domainName = text(cloud, fields, `${prefix}_name`);
    if (domainName) return { name, domain: { name: domainName } };
  }
  const fallback = text(cloud, fields, 'default_domain');
  if (fallback) return { name, domain: { id: fallback } };
  throw new CloudConfigError(cloud, `auth.${what}_domain_name`, `is missing; ${what} ${name} is named within a domain (often Default)`);
}
