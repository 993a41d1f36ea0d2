import { pythonRepr } from '../call.ts';
import type { Port } from '../store.ts';
import { records } from './attributes.ts';
import { badRequest, refuse } from './errors.ts';

export const vnicTypes = [
  'normal',
  'direct',
  'macvtap',
  'baremetal',
  'direct-physical',
  'virtio-forwarder',
  'smart-nic',
  'vdpa',
  'accelerator-direct',
  'accelerator-direct-physical',
  'remote-managed',
];

/** Kept in the case it was sent in. */
export function macAddress(value: unknown, name: string): string {
  if (typeof value === 'string' && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value)) return value;
  return badRequest(`Invalid input for ${name}. Reason: ${pythonRepr(value)} is not a valid MAC address.`);
}

export function fixedIps(value: unknown, name: string): Record<string, unknown>[] {
  const rows = records(value, name);
  const addresses = rows.flatMap((row) => (typeof row.ip_address === 'string' ? [row.ip_address] : []));
  const twice = addresses.find((address, index) => addresses.indexOf(address) !== index);
  if (twice !== undefined) badRequest(`Invalid input for ${name}. Reason: Duplicate IP address ${pythonRepr(twice)}.`);
  return rows;
}

/** Address pairs, none of them twice. */
export function refuseTwice(value: unknown, name: string): Record<string, unknown>[] {
  const rows = records(value, name);
  const seen = new Set<string>();
  for (const { mac_address: mac, ip_address: ip } of rows) {
    const words = `mac_address ${typeof mac === 'string' ? mac : 'None'} ip_address ${String(ip)}`;
    if (seen.has(words)) refuse(400, 'DuplicateAddressPairInRequest', `Request contains duplicate address pair: ${words}.`);
    seen.add(words);
  }
  return rows;
}

/** A port without port security can have neither groups nor address pairs. */
export function refuseAgainstSecurity(
  portSecurity: boolean,
  given: Record<string, unknown>,
  before: Pick<Port, 'securityGroupIds' | 'allowedAddressPairs'>,
): void {
  const isSome = (value: unknown) => Array.isArray(value) && value.length > 0;
  if (portSecurity) return;
  if (isSome(given.security_groups))
    refuse(
      400,
      'PortSecurityAndIPRequiredForSecurityGroups',
      'Port security must be enabled and port must have an IP address in order to use security groups.',
    );
  if (isSome(given.allowed_address_pairs) || (given.allowed_address_pairs === undefined && before.allowedAddressPairs.length > 0))
    refuse(409, 'AddressPairAndPortSecurityRequired', 'Port Security must be enabled in order to have allowed address pairs on a port.');
  if (given.security_groups === undefined && before.securityGroupIds.length > 0)
    refuse(
      409,
      'PortSecurityPortHasSecurityGroup',
      'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
    );
}
