import { neutronCalls } from './calls.ts';

export interface Subnet {
  id: string;
  name: string;
  description: string;
  project_id: string;
  tenant_id?: string;
  network_id: string;
  ip_version: 4 | 6;
  cidr: string;
  /** null: none on purpose. */
  gateway_ip: string | null;
  enable_dhcp: boolean;
  allocation_pools: { start: string; end: string }[];
  /** Their order matters to the guests. */
  dns_nameservers: string[];
  host_routes: { destination: string; nexthop: string }[];
  ipv6_ra_mode?: string | null;
  ipv6_address_mode?: string | null;
  subnetpool_id?: string | null;
  segment_id?: string | null;
  service_types?: string[];
  dns_publish_fixed_ip?: boolean;
  tags?: string[];
  created_at?: string;
  updated_at?: string;
  revision_number?: number;
}

export interface SubnetUpdate {
  name?: string;
  description?: string;
  /** null for none; leave it out for Neutron's choice. */
  gateway_ip?: string | null;
  enable_dhcp?: boolean;
  allocation_pools?: { start: string; end: string }[];
  dns_nameservers?: string[];
  host_routes?: { destination: string; nexthop: string }[];
  service_types?: string[];
  dns_publish_fixed_ip?: boolean;
}

export interface SubnetCreate extends SubnetUpdate {
  network_id: string;
  ip_version: 4 | 6;
  cidr?: string;
  subnetpool_id?: string;
  prefixlen?: number;
  ipv6_ra_mode?: string;
  ipv6_address_mode?: string;
}

export const { list, get, create, update, remove, replaceTags } = neutronCalls<Subnet, SubnetCreate, SubnetUpdate>('subnets', 'subnet');
