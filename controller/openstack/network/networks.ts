import { neutronCalls } from './calls.ts';

/** A Neutron network; `provider:*` only for those the policy shows it to. */
export interface Network {
  id: string;
  name: string;
  description: string;
  project_id: string;
  tenant_id?: string;
  admin_state_up: boolean;
  status: string;
  shared: boolean;
  'router:external'?: boolean;
  is_default?: boolean;
  subnets: string[];
  mtu?: number;
  port_security_enabled?: boolean;
  dns_domain?: string;
  qos_policy_id?: string | null;
  availability_zone_hints?: string[];
  availability_zones?: string[];
  ipv4_address_scope?: string | null;
  ipv6_address_scope?: string | null;
  l2_adjacency?: boolean;
  'provider:network_type'?: string | null;
  'provider:physical_network'?: string | null;
  'provider:segmentation_id'?: number | null;
  tags?: string[];
  created_at?: string;
  updated_at?: string;
  revision_number?: number;
}

export interface NetworkCreate {
  name?: string;
  description?: string;
  admin_state_up?: boolean;
  shared?: boolean;
  mtu?: number;
  port_security_enabled?: boolean;
  dns_domain?: string;
  qos_policy_id?: string | null;
  availability_zone_hints?: string[];
  'router:external'?: boolean;
  'provider:network_type'?: string;
  'provider:physical_network'?: string;
  'provider:segmentation_id'?: number;
}

export type NetworkUpdate = Omit<NetworkCreate, 'availability_zone_hints'>;

export const { list, get, create, update, remove, replaceTags } = neutronCalls<Network, NetworkCreate, NetworkUpdate>(
  'networks',
  'network',
);
