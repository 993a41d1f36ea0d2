import type { ServiceName, TokenInfo } from './cloud.ts';
import type { CloudConfig } from './clouds-yaml.ts';
import { OpenStackError } from './errors.ts';

/** Types a service is registered under, the official one first. */
const TYPES: Readonly<Record<ServiceName, readonly string[]>> = {
  identity: ['identity'],
  compute: ['compute'],
  'block-storage': ['block-storage', 'volumev3', 'block-store', 'volume'],
  network: ['network'],
  image: ['image'],
};

/**
 * The address of a service, with the version this client speaks and no slash at the end: an override of the config, else the catalog's
 * endpoint of the right interface and region. Throws kind `catalog` saying what there is instead.
 */
export function endpointOf(cloud: string, service: ServiceName, config: CloudConfig, info: TokenInfo): string {
  const override = config.endpointOverrides[service];
  if (override) return normalizeEndpoint(service, fillIn(override, info), info.projectId);
  if (service === 'identity') return config.authUrl;
  for (const type of TYPES[service]) {
    const endpoints = info.catalog.filter((entry) => entry.type === type).flatMap((entry) => entry.endpoints);
    const facing = endpoints.filter((endpoint) => endpoint.interface === config.interface);
    const found = facing.filter((endpoint) => config.region === undefined || endpoint.region === config.region);
    const regions = [...new Set(found.map((endpoint) => endpoint.region))];
    if (regions.length > 1) {
      throw missing(cloud, service, `the catalog lists ${service} in the regions ${regions.join(', ')}; set region_name to one of them`);
    }
    if (found[0]) return normalizeEndpoint(service, found[0].url, info.projectId);
  }
  throw missing(cloud, service, whatThereIs(service, config, info));
}

function whatThereIs(service: ServiceName, config: CloudConfig, info: TokenInfo): string {
  const where = `${config.interface} interface${config.region === undefined ? '' : `, region ${config.region}`}`;
  const wanted = `the catalog has no ${service} endpoint (${where})`;
  const others = info.catalog
    .filter((entry) => TYPES[service].includes(entry.type))
    .flatMap((entry) => entry.endpoints.map((endpoint) => `${endpoint.interface}/${endpoint.region}`));
  if (others.length > 0) return `${wanted}; it has ${[...new Set(others)].join(', ')}: correct interface or region_name`;
  const types = info.catalog.map((entry) => entry.type).join(', ') || 'nothing';
  return `${wanted}; it lists ${types}: register the service in Keystone or set ${service.replaceAll('-', '_')}_endpoint_override`;
}

function missing(cloud: string, service: ServiceName, detail: string): OpenStackError {
  return new OpenStackError({ cloud, service, method: '', path: '', kind: 'catalog', detail, mayHaveActed: false });
}

function fillIn(url: string, { projectId }: TokenInfo): string {
  return url.replace(/[%$]\((?:project|tenant)_id\)s/g, projectId);
}

/** Catalogs differ in what they leave off: Neutron is registered without `/v2.0`, Glance without `/v2`, Cinder sometimes without the project. */
export function normalizeEndpoint(service: ServiceName, url: string, projectId: string): string {
  const { origin, pathname } = new URL(url);
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const at = segments.findLastIndex((segment) => /^v\d+(\.\d+)?$/.test(segment));
  const prefix = at < 0 ? segments : segments.slice(0, at);
  const rest = at < 0 ? [] : segments.slice(at + 1);
  const join = (...parts: string[]) => [origin, ...parts].join('/');
  switch (service) {
    case 'identity':
      return join(...prefix, 'v3');
    case 'network':
      return join(...prefix, 'v2.0');
    case 'image':
      return join(...prefix, 'v2');
    case 'compute':
      // `/v2` is the same API without microversions.
      return join(...prefix, 'v2.1', ...rest);
    case 'block-storage':
      break;
  }
  return join(...prefix, 'v3', ...(rest.length > 0 ? rest : [projectId]));
}

/** The document that tells a service's microversions; undefined for a service without. */
export function versionDocumentOf(service: ServiceName, endpoint: string): string | undefined {
  if (service !== 'compute' && service !== 'block-storage') return undefined;
  const match = /^(.*\/v\d+(?:\.\d+)?)(?:\/|$)/.exec(endpoint);
  return `${match?.[1] ?? endpoint}/`;
}
