import { requestBody } from '../calls.ts';
import type { ServiceClient } from '../cloud.ts';
import { neutronCalls } from './calls.ts';

export interface Router {
  id: string;
  name: string;
  description: string;
  project_id: string;
  tenant_id?: string;
  admin_state_up: boolean;
  /** ACTIVE, DOWN, ALLOCATING, ERROR. */
  status: string;
  /** null: none. */
  external_gateway_info: ExternalGateway | null;
  /** Unordered. */
  routes: { destination: string; nexthop: string }[];
  flavor_id?: string | null;
  availability_zone_hints?: string[];
  availability_zones?: string[];
  /** Shown to administrators only, like `ha`. */
  distributed?: boolean;
  ha?: boolean;
  tags?: string[];
  created_at?: string;
  updated_at?: string;
  revision_number?: number;
}

export interface ExternalGateway {
  network_id: string;
  enable_snat?: boolean;
  external_fixed_ips?: { subnet_id: string; ip_address: string }[];
}

/** By default policy only administrators may give more than the network, whatever the value. */
export interface ExternalGatewayRequest {
  network_id: string;
  /** Left out of an update it is true again. */
  enable_snat?: boolean;
  /** Left out of an update they stay, if the network does. */
  external_fixed_ips?: { subnet_id?: string; ip_address?: string }[];
}

export interface RouterCreate {
  name?: string;
  description?: string;
  admin_state_up?: boolean;
  external_gateway_info?: ExternalGatewayRequest;
}

export interface RouterUpdate extends Omit<RouterCreate, 'external_gateway_info'> {
  /** null takes it away; refused (409) while floating IPs need it. */
  external_gateway_info?: ExternalGatewayRequest | null;
  /** The whole list; each next hop has to be on a subnet the router is plugged into. */
  routes?: { destination: string; nexthop: string }[];
}

export const { list, get, create, update, remove, replaceTags } = neutronCalls<Router, RouterCreate, RouterUpdate>('routers', 'router');

/** What a router is plugged in by: a subnet (Neutron makes a port at its gateway address) or a port that is there. */
export type InterfaceTarget = { readonly subnet_id: string } | { readonly port_id: string };

export interface RouterInterface {
  /** The router's id. */
  id: string;
  port_id: string;
  network_id: string;
  subnet_id: string;
  subnet_ids: string[];
}

export function addInterface(client: ServiceClient, id: string, target: InterfaceTarget): Promise<RouterInterface> {
  return changeInterface(client, id, 'add_router_interface', target);
}

/** Deletes the port too, whoever made it. Refused (409) while floating IPs or routes need it. */
export function removeInterface(client: ServiceClient, id: string, target: InterfaceTarget): Promise<RouterInterface> {
  return changeInterface(client, id, 'remove_router_interface', target);
}

function changeInterface(client: ServiceClient, id: string, action: string, body: InterfaceTarget): Promise<RouterInterface> {
  return requestBody<RouterInterface>(client, { method: 'PUT', path: `/routers/${encodeURIComponent(id)}/${action}`, body });
}
