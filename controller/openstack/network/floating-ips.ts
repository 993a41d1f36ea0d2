import { neutronCalls } from './calls.ts';

/** A floating IP has no name. */
export interface FloatingIP {
  id: string;
  description: string;
  project_id: string;
  tenant_id?: string;
  floating_network_id: string;
  floating_ip_address: string;
  /** null: associated with nothing, as are the two fields that go with it. */
  port_id: string | null;
  fixed_ip_address: string | null;
  router_id: string | null;
  /** ACTIVE, DOWN, ERROR. */
  status: string;
  port_details?: object | null;
  qos_policy_id?: string | null;
  dns_name?: string;
  dns_domain?: string;
  tags?: string[];
  created_at?: string;
  updated_at?: string;
  revision_number?: number;
}

export interface FloatingIPUpdate {
  description?: string;
  /** null lets go of the port. */
  port_id?: string | null;
  /** Only with `port_id`. Needed where the port has several IPv4 addresses, even by a change of something else. */
  fixed_ip_address?: string | null;
}

export interface FloatingIPCreate extends FloatingIPUpdate {
  floating_network_id: string;
  /** By default policy for administrators only. */
  floating_ip_address?: string;
}

export const { list, get, create, update, remove, replaceTags } = neutronCalls<FloatingIP, FloatingIPCreate, FloatingIPUpdate>(
  'floatingips',
  'floatingip',
);
