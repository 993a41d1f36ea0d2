import type { Port } from '#controller/openstack/network/ports.ts';
import { canonicalCidr } from '../addresses.ts';

/**
 * An allowed address pair as people tell it apart: `10.0.0.9`, or `10.0.1.0/24 fa:16:3e:00:00:01` where the MAC address is not the port's
 * own, which Neutron fills in where none is given.
 */
export function pairLabel(ipAddress: string, macAddress: string | undefined, ownMac: string): string {
  const range = canonicalCidr(ipAddress).replace(/(?<=^[^:]*)\/32$|(?<=:.*)\/128$/, '');
  const mac = macAddress?.toLowerCase();
  return mac === undefined || mac === ownMac.toLowerCase() ? range : `${range} ${mac}`;
}

export function observedPairs(port: Port): string[] {
  return (port.allowed_address_pairs ?? []).map((pair) => pairLabel(pair.ip_address, pair.mac_address, port.mac_address));
}

/** What Neutron is sent for a label. */
export function pairBody(label: string): { ip_address: string; mac_address?: string } {
  const [ip_address = '', mac_address] = label.split(' ');
  return { ip_address, ...(mac_address !== undefined && { mac_address }) };
}
