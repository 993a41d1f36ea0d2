import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '#controller/engine/json.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { credentialsYaml } from './credentials.ts';

const url = 'https://keystone.example.com:5000';
const user = { username: 'svc', password: 'pw' };
const asUser = {
  method: 'password',
  user: { name: 'svc', domain: { name: 'Default' } },
  project: { name: 'p', domain: { name: 'Default' } },
};

describe('credentials of an old database', () => {
  it.each<[string, Json, object]>([
    ['flat', { ...user, project_name: 'p' }, { auth: asUser }],
    ['with auth', { auth: { ...user, project_name: 'p' }, region: 'R' }, { auth: asUser, region: 'R' }],
    ['with the names of Keystone v2', { user_name: 'svc', password: 'pw', tenant_name: 'p' }, { auth: asUser }],
    [
      'as OS_ variables',
      { OS_USERNAME: 'svc', OS_PASSWORD: 'pw', OS_PROJECT_NAME: 'p', OS_REGION_NAME: 'R' },
      { auth: asUser, region: 'R' },
    ],
    ['as a clouds.yaml', { clouds: { prod: { auth: { ...user, project_name: 'p' }, verify: false } } }, { auth: asUser, verify: false }],
    [
      'with domains',
      { ...user, project_id: 'p1', user_domain_id: 'd1' },
      { auth: { user: { name: 'svc', domain: { id: 'd1' } }, project: { id: 'p1' } } },
    ],
    [
      'with one domain for both',
      { ...user, project_name: 'p', domain: 'corp' },
      { auth: { user: { domain: { name: 'corp' } }, project: { domain: { name: 'corp' } } } },
    ],
    ['insecure', { ...user, project_name: 'p', insecure: true }, { verify: false }],
    ['as an application credential', { app_cred_id: 'a', app_cred_secret: 's' }, { auth: { method: 'application_credential', id: 'a' } }],
    ['with a number for a password', { username: 'svc', password: 123, project_name: 'p' }, { auth: asUser }],
  ])('are understood %s', (_shape, credentials, expected) => {
    const yaml = credentialsYaml('prod', url, credentials);
    expect(parseCloudConfig({ cloudsYaml: yaml, cloud: 'prod' })).toMatchObject({ authUrl: `${url}/v3`, ...expected });
  });

  it('are written without what was not understood', () => {
    const yaml = credentialsYaml('prod', url, { ...user, project_name: 'p', note: 'x', profile: 'evil', auth_type: 'v3kerberos' });
    const entry = (parse(yaml) as { clouds: { prod: object } }).clouds.prod;
    expect(Object.keys(entry).toSorted()).toEqual(['auth', 'auth_type', 'interface', 'verify']);
    expect(entry).toMatchObject({ auth_type: 'password' });
  });

  it.each<[Json, string]>([
    [{}, 'credentials'],
    ['text', 'credentials'],
    [{ ...user }, 'auth.project_name'],
    [{ username: 'svc', project_name: 'p' }, 'auth.password'],
    [{ ...user, project_name: 'p', interface: 'secret-place' }, 'interface'],
    [{ ...user, project_name: 'p', cacert: '/etc/ssl/ca.pem' }, 'cacert'],
  ])('are refused as %j with the field', (credentials, field) => {
    expect(() => credentialsYaml('prod', url, credentials)).toThrow(expect.objectContaining({ name: 'CloudConfigError', field }) as Error);
  });
});
