import type { Answer, ScopedCall } from '../call.ts';
import type { RouteTable } from '../routes.ts';
import { refuse } from './errors.ts';

/** `tag-creation` is advertised, as the real one does, although no POST takes tags. */
const aliases = [
  'allowed-address-pairs',
  'availability_zone',
  'binding',
  'dns-integration',
  'empty-string-filtering',
  'ext-gw-mode',
  'external-net',
  'extra_dhcp_opt',
  'extraroute',
  'filter-validation',
  'fip-port-details',
  'ip_allocation',
  'l2_adjacency',
  'multi-provider',
  'net-mtu',
  'net-mtu-writable',
  'pagination',
  'port-security',
  'port-security-groups-filtering',
  'project-id',
  'provider',
  'quota-check-limit',
  'quota-check-limit-default',
  'quota_details',
  'quotas',
  'revision-if-match',
  'router',
  'security-group',
  'security-groups-default-rules',
  'security-groups-normalized-cidr',
  'security-groups-rules-belongs-to-default-sg',
  'sorting',
  'standard-attr-description',
  'standard-attr-revisions',
  'standard-attr-tag',
  'standard-attr-timestamp',
  'stateful-security-group',
  'tag-creation',
];

export const extensionRoutes: RouteTable = {
  'GET /extensions': () => ({ status: 200, body: { extensions: aliases.map(extensionDocument) } }),
  'GET /extensions/:alias': showExtension,
};

function showExtension(call: ScopedCall): Answer {
  const alias = call.params.alias ?? '';
  if (!aliases.includes(alias)) refuse(404, 'HTTPNotFound', `Extension with alias ${alias} does not exist`);
  return { status: 200, body: { extension: extensionDocument(alias) } };
}

function extensionDocument(alias: string): object {
  return { name: alias, alias, description: `The ${alias} extension.`, updated: '2020-01-01T00:00:00-00:00', links: [] };
}
