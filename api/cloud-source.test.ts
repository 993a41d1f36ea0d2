import { describe, expect, it } from 'vitest';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { writeCloudsYaml } from './cloud-source.ts';

const entries: Record<string, object> = {
  password: {
    region_name: 'R1',
    interface: 'internal',
    auth: {
      auth_url: 'http://127.0.0.1:5000',
      username: 'u',
      password: 'p: "#',
      project_name: 'p',
      user_domain_id: 'default',
      project_domain_name: 'D',
    },
  },
  'application credential': {
    auth_type: 'v3applicationcredential',
    auth: { auth_url: 'https://127.0.0.1:5000/v3', application_credential_id: 'i', application_credential_secret: 's' },
    verify: false,
    network_endpoint_override: 'http://127.0.0.1:9696',
    api_timeout: 30,
  },
  token: { auth_type: 'v3token', auth: { auth_url: 'http://127.0.0.1:5000/v3', token: 't', project_id: 'x' } },
};

describe('the clouds.yaml written for a Cluster', () => {
  it.each(Object.keys(entries))('reads back as the same connection: %s', (name) => {
    const config = parseCloudConfig({ cloudsYaml: JSON.stringify({ clouds: { c: entries[name] } }), cloud: 'c' });
    expect(parseCloudConfig({ cloudsYaml: writeCloudsYaml(config), cloud: 'c' }).fingerprint).toBe(config.fingerprint);
  });
});
