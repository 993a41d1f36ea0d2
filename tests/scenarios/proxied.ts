import { parse, stringify } from 'yaml';
import type { World } from './world.ts';

export type ProxiedService = 'compute' | 'network' | 'block-storage' | 'image';

const overrides: Record<ProxiedService, string> = {
  network: 'network_endpoint_override',
  'block-storage': 'block_storage_endpoint_override',
  compute: 'compute_endpoint_override',
  image: 'image_endpoint_override',
};
const catalogTypes: Record<ProxiedService, RegExp> = {
  compute: /^compute$/,
  network: /^network$/,
  'block-storage': /^(block-storage|volumev3|volume)$/,
  image: /^image$/,
};

/** The world's clouds.yaml with endpoints that lead through proxies; `start` gets the origin to forward to. */
export async function throughProxies<Proxy extends { readonly url: string }>(
  world: World,
  services: readonly ProxiedService[],
  start: (service: ProxiedService, origin: string) => Promise<Proxy>,
): Promise<{ cloudsYaml: string; proxies: Proxy[] }> {
  const config = parse(world.cloudsYaml) as { clouds: Record<string, Record<string, unknown>> };
  const entry = config.clouds[world.cloud];
  if (!entry) throw new Error(`no entry ${world.cloud}`);
  const proxies: Proxy[] = [];
  for (const service of services) {
    const endpoint = await endpointOf(world, service);
    const proxy = await start(service, endpoint.origin);
    entry[overrides[service]] = endpoint.href.replace(endpoint.origin, proxy.url);
    proxies.push(proxy);
  }
  return { cloudsYaml: stringify(config), proxies };
}

async function endpointOf(world: World, service: ProxiedService): Promise<URL> {
  const { catalog } = await world.client.authenticate();
  const endpoint = catalog
    .find((entry) => catalogTypes[service].test(entry.type))
    ?.endpoints.find((candidate) => candidate.interface === 'public');
  if (!endpoint) throw new Error(`no ${service} endpoint in the catalog`);
  return new URL(endpoint.url);
}
