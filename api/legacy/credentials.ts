import { stringify } from 'yaml';
import type { Json } from '#controller/engine/json.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { CloudConfigError } from '#controller/openstack/config-section.ts';
import { writeCloudsYaml } from '../cloud-source.ts';
import { mapOf } from './values.ts';

type Fields = ReadonlyMap<string, Json>;

/** What credentials were called by those who wrote them, in the words of clouds.yaml. */
const authFields: Readonly<Record<string, readonly string[]>> = {
  auth_url: ['auth_url', 'url', 'keystone_url'],
  username: ['username', 'user', 'user_name'],
  user_id: ['user_id'],
  password: ['password', 'api_key', 'secret_key'],
  project_name: ['project_name', 'project', 'tenant_name', 'tenant'],
  project_id: ['project_id', 'tenant_id'],
  user_domain_name: ['user_domain_name', 'user_domain'],
  user_domain_id: ['user_domain_id'],
  project_domain_name: ['project_domain_name', 'project_domain'],
  project_domain_id: ['project_domain_id'],
  domain_name: ['domain_name', 'domain'],
  domain_id: ['domain_id'],
  application_credential_id: ['application_credential_id', 'app_credential_id', 'app_cred_id'],
  application_credential_name: ['application_credential_name', 'app_credential_name'],
  application_credential_secret: ['application_credential_secret', 'app_credential_secret', 'app_cred_secret'],
};
const entryFields: Readonly<Record<string, readonly string[]>> = {
  region_name: ['region_name', 'region'],
  interface: ['interface', 'endpoint_type', 'endpoint'],
  verify: ['verify', 'verify_ssl', 'ssl_verify'],
  cacert: ['cacert', 'ca_cert', 'ca_bundle', 'ca'],
};

/**
 * A clouds.yaml with the entry `cloud`, made of credentials in whatever shape they were kept: flat, with `auth`, as a clouds.yaml of one
 * entry, as OS_* variables. Throws CloudConfigError, which names the field and no value. Holds secrets.
 */
export function credentialsYaml(cloud: string, authUrl: string | undefined, credentials: Json): string {
  const given = fieldsOf(credentials);
  if (!given) throw new CloudConfigError(cloud, 'credentials', 'are not a JSON object with fields; correct them');
  if (given.has('insecure') && !given.has('verify')) given.set('verify', given.get('insecure') !== true);
  const auth: Record<string, Json> = { ...(authUrl === undefined ? {} : { auth_url: authUrl }), ...picked(authFields, given) };
  // An old column for the address wins: it is what was connected to.
  if (authUrl !== undefined) auth['auth_url'] = authUrl;
  const isApplication = 'application_credential_secret' in auth;
  if (!isApplication) withDomains(auth);
  const entry = { ...(isApplication && { auth_type: 'v3applicationcredential' }), auth, ...picked(entryFields, given) };
  // As it is written again, it is checked and holds nothing that was not understood.
  return writeCloudsYaml(parseCloudConfig({ cloudsYaml: stringify({ clouds: { [cloud]: entry } }), cloud }));
}

/** All fields in small letters and without `OS_`; those of `auth` beside the others, and of a clouds.yaml those of its only entry. */
function fieldsOf(credentials: Json): Map<string, Json> | undefined {
  const map = mapOf(credentials);
  if (!map) return undefined;
  const clouds = Object.values(mapOf(map['clouds']) ?? {});
  if (clouds.length === 1 && clouds[0] !== undefined) return fieldsOf(clouds[0]);
  const fields = new Map<string, Json>();
  for (const [key, value] of [...Object.entries(map), ...Object.entries(mapOf(map['auth']) ?? {})]) {
    if (value !== null && value !== '' && key !== 'auth') fields.set(key.toLowerCase().replaceAll('-', '_').replace(/^os_/, ''), value);
  }
  return fields.size === 0 ? undefined : fields;
}

function picked(names: Readonly<Record<string, readonly string[]>>, given: Fields): Record<string, Json> {
  const found: Record<string, Json> = {};
  for (const [name, spellings] of Object.entries(names)) {
    const spelling = spellings.find((each) => given.has(each));
    const value = spelling === undefined ? undefined : given.get(spelling);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** Keystone v3 wants to know whose user and project: old forms often asked for one domain, or for none where it was Default. */
function withDomains(auth: Record<string, Json>): void {
  const domain = { name: auth['domain_name'] ?? (auth['domain_id'] === undefined ? 'Default' : undefined), id: auth['domain_id'] };
  const hasProject = auth['project_name'] !== undefined;
  for (const who of [...(auth['username'] === undefined ? [] : ['user']), ...(hasProject ? ['project'] : [])]) {
    if (auth[`${who}_domain_name`] !== undefined || auth[`${who}_domain_id`] !== undefined) continue;
    if (domain.id !== undefined) auth[`${who}_domain_id`] = domain.id;
    else if (domain.name !== undefined) auth[`${who}_domain_name`] = domain.name;
  }
  // Beside a project a domain of its own would mean a token for the domain.
  if (hasProject || auth['project_id'] !== undefined) {
    delete auth['domain_name'];
    delete auth['domain_id'];
  }
}
