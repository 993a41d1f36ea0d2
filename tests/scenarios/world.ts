import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { connectCloud } from '#controller/openstack/connect.ts';

/** A cloud that scenarios run on, and eyes of our own on it. */
export interface World {
  readonly name: 'sandbox' | 'openstack';
  readonly cloudsYaml: string;
  readonly cloud: string;
  readonly client: Cloud;
  /** What the `openstack` client needs to act as the same user; empty where there is no such client. */
  readonly clientArgs: readonly string[];
  /** The sweep interval scenarios use here: long enough that a sweep never runs into the next. */
  readonly sweepSeconds: number;
  close(): Promise<void>;
}

/**
 * The real OpenStack, in a project and as a user of its own, so that suites meet nothing of others. Both go with `close`. The `openstack`
 * client takes the project from `clientArgs`.
 */
export async function openstackWorld(): Promise<World> {
  const source = readFileSync(realCloudsFile(), 'utf8');
  const admin = connectCloud(parseCloudConfig({ cloudsYaml: source, cloud: 'osc-admin' }), { name: 'admin' });
  const name = `scenario-${randomUUID().slice(0, 8)}`;
  const password = randomUUID();
  const projectId = await make(admin, '/projects', 'project', { name, domain_id: 'default' });
  const userId = await make(admin, '/users', 'user', { name, password, domain_id: 'default' });
  const roles = await admin.identity.request<{ roles: { id: string }[] }>({ method: 'GET', path: '/roles', query: { name: 'member' } });
  await admin.identity.request({ method: 'PUT', path: `/projects/${projectId}/users/${userId}/roles/${roles.body.roles[0]?.id}` });
  const auth = {
    auth_url: admin.config.authUrl,
    username: name,
    password,
    project_name: name,
    user_domain_id: 'default',
    project_domain_id: 'default',
  };
  const cloudsYaml = stringify({ clouds: { scenario: { region_name: admin.config.region, auth } } });
  const client = connectCloud(parseCloudConfig({ cloudsYaml, cloud: 'scenario' }), { name: 'eyes' });
  return {
    name: 'openstack',
    cloudsYaml,
    cloud: 'scenario',
    client,
    clientArgs: ['--os-username', name, '--os-password', password, '--os-project-name', name],
    sweepSeconds: 6,
    async close() {
      await client.close();
      await admin.identity.request({ method: 'DELETE', path: `/users/${userId}` });
      await admin.identity.request({ method: 'DELETE', path: `/projects/${projectId}` });
      await admin.close();
    },
  };
}

async function make(admin: Cloud, path: string, key: string, fields: object): Promise<string> {
  const { body } = await admin.identity.request<Record<string, { id: string }>>({ method: 'POST', path, body: { [key]: fields } });
  const id = body[key]?.id;
  if (!id) throw new Error(`Keystone made no ${key}`);
  return id;
}

export function realCloudsFile(): string {
  const file = process.env.STACKWARDEN_REAL_CLOUDS;
  if (!file) {
    throw new Error(
      'This suite needs a real OpenStack: set STACKWARDEN_REAL_CLOUDS to a clouds.yaml with the entries osc-demo and osc-admin.',
    );
  }
  return file;
}
