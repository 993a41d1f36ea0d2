import { neutronCalls } from './calls.ts';

export interface Port {
  id: string;
  name: string;
  description: string;
  project_id: string;
  tenant_id?: string;
  network_id: string;
  mac_address: string;
  admin_state_up: boolean;
  /** ACTIVE, DOWN, BUILD, ERROR, N/A. */
  status: string;
  /** '' when nothing uses the port; the server's id for `compute:*`. */
  device_id: string;
  device_owner: string;
  fixed_ips: { subnet_id: string; ip_address: string }[];
  /** Ids; unordered. */
  security_groups: string[];
  allowed_address_pairs?: { ip_address: string; mac_address?: string }[];
  extra_dhcp_opts?: { opt_name: string; opt_value: string; ip_version?: number }[];
  port_security_enabled?: boolean;
  qos_policy_id?: string | null;
  dns_name?: string;
  dns_domain?: string;
  'binding:vnic_type'?: string;
  'binding:host_id'?: string;
  'binding:vif_type'?: string;
  tags?: string[];
  created_at?: string;
  updated_at?: string;
  revision_number?: number;
}

export interface PortUpdate {
  name?: string;
  description?: string;
  admin_state_up?: boolean;
  fixed_ips?: { subnet_id?: string; ip_address?: string }[];
  security_groups?: string[];
  allowed_address_pairs?: { ip_address: string; mac_address?: string }[];
  extra_dhcp_opts?: { opt_name: string; opt_value: string | null; ip_version?: number }[];
  port_security_enabled?: boolean;
  qos_policy_id?: string | null;
  dns_name?: string;
  device_id?: string;
  device_owner?: string;
  /** Not while something uses the port; by default policy for administrators only. */
  mac_address?: string;
  /** Not while something uses the port. */
  'binding:vnic_type'?: string;
}

export interface PortCreate extends PortUpdate {
  network_id: string;
}

export const { list, get, create, update, remove, replaceTags } = neutronCalls<Port, PortCreate, PortUpdate>('ports', 'port');
