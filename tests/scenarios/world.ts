import { readFileSync } from 'node:fs';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { connectCloud } from '#controller/openstack/connect.ts';

/** A cloud that scenarios run on, and eyes of our own on it. */
export interface World {
  readonly name: 'sandbox' | 'openstack';
  readonly cloudsYaml: string;
  readonly cloud: string;
  readonly client: Cloud;
  /** The sweep interval scenarios use here: long enough that a sweep never runs into the next. */
  readonly sweepSeconds: number;
  close(): Promise<void>;
}

/** The real OpenStack, as its project `demo`. */
export async function openstackWorld(): Promise<World> {
  const cloudsYaml = readFileSync(realCloudsFile(), 'utf8');
  const cloud = 'osc-demo';
  const client = connectCloud(parseCloudConfig({ cloudsYaml, cloud }), { name: 'eyes' });
  return { name: 'openstack', cloudsYaml, cloud, client, sweepSeconds: 10, close: () => client.close() };
}

export function realCloudsFile(): string {
  const file = process.env.STACKWARDEN_REAL_CLOUDS;
  if (!file) {
    throw new Error('This suite needs a real OpenStack: set STACKWARDEN_REAL_CLOUDS to a clouds.yaml with the entries osc-demo and osc-admin.');
  }
  return file;
}
