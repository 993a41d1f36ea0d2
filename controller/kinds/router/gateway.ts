import type { Change, Resolve } from '#controller/engine/kind.ts';
import type { ExternalGateway, ExternalGatewayRequest } from '#controller/openstack/network/routers.ts';
import { canonicalAddress } from '../addresses.ts';
import { concerns, concernsBelow, fieldChange } from '../changes.ts';
import type { CloudHandle } from '../handle.ts';
import { select } from '../selectors.ts';
import type { GatewaySpec } from './schema.ts';

export interface DesiredGateway {
  /** Path of the field that names the network. */
  readonly path: string;
  readonly networkId: string;
  readonly enableSNAT?: boolean;
  readonly fixedIPs?: readonly DesiredAddress[];
}

/** A subnet without an address: any of it. */
interface DesiredAddress {
  readonly subnetId?: string;
  readonly ipAddress?: string;
}

const FIELD = 'spec.externalGateway';
const NONE = 'spec.disableGateway';

export function desiredGateway(spec: GatewaySpec, resolve: Resolve<CloudHandle>): DesiredGateway {
  const { network, networkRef, enableSNAT, fixedIPs } = spec;
  const path = `${FIELD}.${networkRef ? 'networkRef' : 'network'}`;
  const networkId = networkRef ? resolve.id('Network', networkRef.name) : select(resolve, 'network', network ?? {}, path)?.id;
  const addresses = fixedIPs?.map(({ subnet, ipAddress }, index) => {
    const found = subnet && select(resolve, 'subnet', subnet, `${FIELD}.fixedIPs[${index}].subnet`);
    return { ...(found && { subnetId: found.id }), ...(ipAddress !== undefined && { ipAddress }) };
  });
  return {
    path,
    networkId: networkId ?? '',
    ...(enableSNAT !== undefined && { enableSNAT }),
    ...(addresses && { fixedIPs: addresses }),
  };
}

/** Compares the gateway; null desires none, undefined leaves it alone. */
export function gatewayChanges(desired: DesiredGateway | null | undefined, observed: ExternalGateway | null): Change[] {
  if (desired === undefined) return [];
  if (desired === null) return observed === null ? [] : [{ path: NONE, from: observed.network_id, to: true }];
  return [
    ...fieldChange(desired.path, observed?.network_id, desired.networkId),
    ...fieldChange(`${FIELD}.enableSNAT`, observed?.enable_snat, desired.enableSNAT),
    ...addressChange(desired.fixedIPs, observed?.external_fixed_ips ?? []),
  ];
}

function addressChange(desired: DesiredGateway['fixedIPs'], observed: NonNullable<ExternalGateway['external_fixed_ips']>): Change[] {
  if (!desired) return [];
  const free = new Set(observed);
  const byAddress = desired.toSorted((one, other) => Number(other.ipAddress !== undefined) - Number(one.ipAddress !== undefined));
  const missing = byAddress.filter((wanted) => {
    const found = [...free].find((ip) => isWanted(wanted, ip));
    if (found) free.delete(found);
    return found === undefined;
  });
  if (missing.length === 0 && free.size === 0) return [];
  const to = desired.map(({ subnetId, ipAddress }) => ipAddress ?? `any of ${subnetId ?? 'the network'}`);
  return [{ path: `${FIELD}.fixedIPs`, from: observed.map((ip) => ip.ip_address), to }];
}

function isWanted({ subnetId, ipAddress }: DesiredAddress, ip: { subnet_id: string; ip_address: string }): boolean {
  if (subnetId !== undefined && subnetId !== ip.subnet_id) return false;
  return ipAddress === undefined || canonicalAddress(ipAddress) === canonicalAddress(ip.ip_address);
}

/** What a create is sent. Source NAT is on unless told otherwise, and by default policy only administrators may say so, either way. */
export function newGateway({ networkId, enableSNAT, fixedIPs }: DesiredGateway): ExternalGatewayRequest {
  return {
    network_id: networkId,
    ...(enableSNAT === false && { enable_snat: false }),
    ...(fixedIPs && { external_fixed_ips: addressBodies(fixedIPs) }),
  };
}

/** What to write for those of `changes` that are about the gateway; undefined for none. */
export function gatewayAfter(
  desired: DesiredGateway | null | undefined,
  observed: ExternalGateway | null,
  changes: readonly Change[],
): ExternalGatewayRequest | null | undefined {
  if (concerns(changes, NONE)) return null;
  if (!desired || !concernsBelow(changes, FIELD)) return undefined;
  const isMoved = concerns(changes, desired.path);
  if (observed === null && !isMoved) return undefined;
  const isSwitched = concerns(changes, `${FIELD}.enableSNAT`);
  // Neutron turns source NAT on with every write of a gateway that does not mention it.
  const isOff = isSwitched ? desired.enableSNAT === false : !isMoved && observed?.enable_snat === false;
  const addresses = concerns(changes, `${FIELD}.fixedIPs`) ? desired.fixedIPs : undefined;
  return {
    network_id: isMoved ? desired.networkId : (observed?.network_id ?? desired.networkId),
    ...(isOff && { enable_snat: false }),
    ...(addresses && { external_fixed_ips: addressBodies(addresses) }),
  };
}

const addressBodies = (addresses: readonly DesiredAddress[]) =>
  addresses.map(({ subnetId, ipAddress }) => ({
    ...(subnetId !== undefined && { subnet_id: subnetId }),
    ...(ipAddress !== undefined && { ip_address: ipAddress }),
  }));
