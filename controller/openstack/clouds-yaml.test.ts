import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type CloudOverrides, type CloudSource, findCloudsYaml, loadClouds, parseCloudConfig } from './clouds-yaml.ts';

const CLOUDS = `
clouds:
  one:
    region_name: RegionOne
    interface: internal
    auth:
      auth_url: https://keystone.example:5000
      username: demo
      project_name: shop
      user_domain_name: Default
      project_domain_id: default
  app:
    auth_type: v3applicationcredential
    auth: {auth_url: 'https://keystone.example/identity/v3/', application_credential_id: ac1, application_credential_secret: hush-hush}
    regions: [North, {name: South, values: {interface: admin}}]
  tok:
    auth-type: v3token
    verify: no
    auth: {auth_url: http://k, token: hush-hush}
    compute_endpoint_override: http://nova/v2.1
    volumev3_endpoint_override: http://cinder/v3
    api_timeout: 12
`;
const SECURE = 'clouds: {one: {auth: {password: 0123}}}';
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const parse = (source: CloudSource & CloudOverrides) => parseCloudConfig({ cloudsYaml: CLOUDS, secureYaml: SECURE, ...source });

describe('loadClouds', () => {
  it('reads a password entry, with the password from secure.yaml digit by digit', () => {
    const config = parse({ cloud: 'one' });
    expect(config).toMatchObject({
      name: 'one',
      authUrl: 'https://keystone.example:5000/v3',
      region: 'RegionOne',
      interface: 'internal',
      verify: true,
    });
    expect(config.auth).toMatchObject({
      method: 'password',
      user: { name: 'demo', domain: { name: 'Default' } },
      project: { name: 'shop', domain: { id: 'default' } },
    });
    expect(config.auth.method === 'password' && config.auth.password.reveal()).toBe('0123');
  });

  it('reads an application credential, and the values of the region asked for', () => {
    expect(parse({ cloud: 'app' })).toMatchObject({
      authUrl: 'https://keystone.example/identity/v3',
      region: 'North',
      interface: 'public',
    });
    expect(parse({ cloud: 'app', region: 'South' })).toMatchObject({
      region: 'South',
      interface: 'admin',
      auth: { method: 'application_credential', id: 'ac1' },
    });
  });

  it('reads a token entry with overrides, time-out and dashed keys', () => {
    const config = parse({ cloud: 'tok' });
    expect(config).toMatchObject({ auth: { method: 'token' }, authUrl: 'http://k/v3', verify: false, timeoutMs: 12_000 });
    expect(config.endpointOverrides).toEqual({ compute: 'http://nova/v2.1', 'block-storage': 'http://cinder/v3' });
    expect(config.region).toBeUndefined();
  });

  it('makes an entry of OS_* variables and takes it unless OS_CLOUD names another', () => {
    const env = {
      OS_AUTH_URL: 'http://k:5000/v3',
      OS_USERNAME: 'u',
      OS_PASSWORD: 'p',
      OS_PROJECT_NAME: 'x',
      OS_DEFAULT_DOMAIN: 'default',
      OS_REGION_NAME: 'R',
      OS_ENDPOINT_TYPE: 'internalURL',
      OS_LOG_FILE: 'ignored',
    };
    expect(parse({ env })).toMatchObject({
      name: 'envvars',
      region: 'R',
      interface: 'internal',
      auth: { user: { domain: { id: 'default' } } },
    });
    expect(loadClouds({ cloudsYaml: CLOUDS, env }).names).toEqual(['one', 'app', 'tok', 'envvars']);
    expect(parse({ env: { OS_CLOUD: 'tok' } }).name).toBe('tok');
  });

  it('takes the only entry when none is named', () => {
    expect(parseCloudConfig({ cloudsYaml: 'clouds: {a: {auth: {auth_url: http://k, token: t}}}' }).name).toBe('a');
  });

  it('trusts caBundle before cacert, reads PEM text or a file, and nothing when verify is false', () => {
    const yaml = (extra: string) => `clouds: {a: {${extra}, auth: {auth_url: https://k, token: t}}}`;
    const readFile = (path: string) => `${PEM}${path}`;
    expect(parseCloudConfig({ cloudsYaml: yaml('cacert: /ca.pem'), readFile }).ca).toBe(`${PEM}/ca.pem`);
    expect(parseCloudConfig({ cloudsYaml: yaml('cacert: /ca.pem'), readFile, caBundle: PEM }).ca).toBe(PEM);
    expect(parseCloudConfig({ cloudsYaml: yaml('insecure: "True", cacert: /ca.pem'), readFile })).not.toHaveProperty('ca');
  });

  it('gives the same fingerprint to the same credential only', () => {
    const one = parse({ cloud: 'one' });
    expect(parse({ cloud: 'one' }).fingerprint).toBe(one.fingerprint);
    const other = parse({ cloud: 'one', secureYaml: 'clouds: {one: {auth: {password: other}}}' });
    expect(other.fingerprint).not.toBe(one.fingerprint);
    expect(other.credential).not.toBe(one.credential);
    const south = parse({ cloud: 'app', region: 'South' });
    expect(south.fingerprint).not.toBe(parse({ cloud: 'app' }).fingerprint);
    expect(south.credential).toBe(parse({ cloud: 'app' }).credential);
  });

  it('shows no secret in JSON or logs', () => {
    const config = parse({ cloud: 'app' });
    expect(JSON.stringify(config) + inspect(config, { depth: 9 })).not.toContain('hush');
  });
});

const auth = (fields: string) => `clouds: {a: {auth: {auth_url: http://k, ${fields}}}}`;
describe('a wrong entry', () => {
  it.each([
    ['has no such name', { cloudsYaml: CLOUDS, cloud: 'none' }, /clouds\.none does not exist; there are one, app, tok/],
    ['is not named', { cloudsYaml: CLOUDS }, /cloud must be named: there are one, app, tok/],
    ['is not there at all', { cloudsYaml: '' }, /clouds has no entry/],
    ['is not YAML', { cloudsYaml: 'clouds:\n  a: {password: "hush' }, /clouds\.yaml line 2 is not YAML/],
    ['is larger than any', { cloudsYaml: 'a: 1\n'.repeat(30_000) }, /clouds\.yaml is larger than 128 KiB/],
    ['is a list', { cloudsYaml: 'clouds: [a]' }, /clouds\.yaml: clouds must be a mapping/],
    ['has no auth_url', { cloudsYaml: 'clouds: {a: {auth: {username: u}}}' }, /cloud a: auth\.auth_url is missing/],
    ['has an auth_url of v2.0', { cloudsYaml: 'clouds: {a: {auth: {auth_url: "http://k/v2.0"}}}' }, /v2\.0, which is gone; end it in \/v3/],
    ['hides a password in auth_url', { cloudsYaml: 'clouds: {a: {auth: {auth_url: "http://u:hush@k"}}}' }, /holds a user or password/],
    ['has no password', { cloudsYaml: auth('username: u') }, /auth\.password is missing/],
    [
      'has a user without domain',
      { cloudsYaml: auth('username: u, password: hush') },
      /user_domain_name is missing; user u is named within a domain/,
    ],
    ['has no project', { cloudsYaml: auth('user_id: u, password: hush') }, /auth\.project_name is missing/],
    [
      'asks for system scope',
      { cloudsYaml: auth('user_id: u, password: hush, system_scope: all') },
      /system_scope is not supported; name a project/,
    ],
    [
      'has an unknown auth_type',
      { cloudsYaml: 'clouds: {a: {auth_type: v3kerberos, auth: {auth_url: http://k}}}' },
      /v3kerberos is not supported; use one of/,
    ],
    ['uses a vendor profile', { cloudsYaml: 'clouds: {a: {profile: ovh}}' }, /profile is not supported; write the auth_url/],
    [
      'asks for an unknown region',
      { cloudsYaml: CLOUDS, cloud: 'app', region: 'East' },
      /East is not among the regions of this cloud: North, South/,
    ],
    [
      'has an odd interface',
      { cloudsYaml: auth('token: hush').replace('auth:', 'interface: side, auth:') },
      /interface is side; write public/,
    ],
    ['has an unclear verify', { cloudsYaml: auth('token: hush').replace('auth:', 'verify: nope, auth:') }, /verify must be true or false/],
    [
      'names a CA file where none is read',
      { cloudsYaml: auth('token: hush').replace('auth:', 'cacert: /x, auth:') },
      /cacert names a file.*caBundle/,
    ],
    ['has a caBundle that is none', { cloudsYaml: auth('token: hush'), caBundle: 'hello' }, /caBundle holds no PEM certificate/],
    [
      'has an override that is no address',
      { cloudsYaml: auth('token: hush').replace('auth:', 'network_endpoint_override: neutron, auth:') },
      /network_endpoint_override is not an address/,
    ],
  ] as const)('that %s is told with field and next step, and without its secret', (_name, source, message) => {
    let thrown: unknown;
    try {
      parseCloudConfig(source);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    expect((thrown as Error).message).toMatch(message);
    expect(inspect(thrown)).not.toMatch(/hush/);
  });
});

describe('findCloudsYaml', () => {
  it('takes the named file first, then ./, ~/.config/openstack, /etc/openstack', () => {
    const find = (existing: string[], env = {}) =>
      findCloudsYaml({ env, cwd: '/cwd', home: '/home/u', exists: (path) => existing.includes(path) });
    expect(find(['/etc/openstack/clouds.yaml', '/home/u/.config/openstack/clouds.yml'])).toMatchObject({
      clouds: '/home/u/.config/openstack/clouds.yml',
    });
    expect(find(['/cwd/clouds.yaml', '/cwd/my.yaml', '/cwd/secure.yaml'], { OS_CLIENT_CONFIG_FILE: 'my.yaml' })).toMatchObject({
      clouds: '/cwd/my.yaml',
      secure: '/cwd/secure.yaml',
    });
    expect(find([])).not.toHaveProperty('clouds');
  });
});
