import type { Change } from '#controller/engine/kind.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { canonicalAddress } from '../addresses.ts';
import { elementPath } from '../changes.ts';
import type { DesiredNetwork } from './desire.ts';
import type { ObservedInstance } from './observe.ts';

/** What to do about one network or port, and the difference it closes. */
export type InterfaceStep =
  | { readonly step: 'attach'; readonly change: Change; readonly network: DesiredNetwork }
  | { readonly step: 'readdress'; readonly change: Change; readonly port: Port; readonly fixedIP: string }
  | { readonly step: 'detach'; readonly change: Change; readonly port: Port };

const FIELD = 'spec.networks';

/**
 * Matches declared networks with ports: first declared ports by id, then by network and address, then by network alone, each port once.
 * Pure. What is left over on either side is plugged in or out; a port on the right network with another address is given the declared one.
 */
export function planInterfaces(desired: readonly DesiredNetwork[] | undefined, observed: ObservedInstance): InterfaceStep[] {
  if (!desired) return [];
  const free = new Set(observed.ports);
  const take = (fits: (port: Port) => boolean): Port | undefined => {
    const port = [...free].find(fits);
    if (port) free.delete(port);
    return port;
  };
  const byId = new Map<DesiredNetwork, Port | undefined>();
  for (const network of desired)
    if (network.portId !== undefined)
      byId.set(
        network,
        take((port) => port.id === network.portId),
      );
  const byAddress = new Map(
    desired
      .filter((network) => network.fixedIP !== undefined)
      .map((network) => [network, take((port) => port.network_id === network.networkId && hasAddress(port, network.fixedIP ?? ''))]),
  );
  const steps = desired.flatMap((network): InterfaceStep[] => {
    if (byId.get(network) ?? byAddress.get(network)) return [];
    return declaredStep(
      network,
      take((port) => port.network_id === network.networkId),
    );
  });
  const labels = new Map(desired.flatMap(({ networkId, label }) => (networkId === undefined ? [] : [[networkId, label]])));
  const surplus = [...free].map((port): InterfaceStep => {
    const name = labels.get(port.network_id) ?? observed.names[port.network_id] ?? port.network_id;
    const addresses = port.fixed_ips.map((ip) => ip.ip_address).join(' ');
    return {
      step: 'detach',
      port,
      change: { path: elementPath(FIELD, `${name} ${addresses || port.id}`), from: addresses || 'attached', to: null },
    };
  });
  return [...steps, ...surplus];
}

function declaredStep(network: DesiredNetwork, port: Port | undefined): InterfaceStep[] {
  const { label, fixedIP } = network;
  const path = elementPath(FIELD, label);
  if (!port) return [{ step: 'attach', network, change: { path, from: null, to: fixedIP ?? 'attached' } }];
  if (fixedIP === undefined) return [];
  const from = port.fixed_ips.map((ip) => ip.ip_address).join(' ');
  return [{ step: 'readdress', port, fixedIP, change: { path: `${path}.fixedIP`, from, to: fixedIP } }];
}

const hasAddress = (port: Port, address: string) =>
  port.fixed_ips.some((ip) => canonicalAddress(ip.ip_address) === canonicalAddress(address));

/** The port's addresses with the one of the same IP version exchanged; Neutron finds the subnet. */
export function withAddress(port: Port, fixedIP: string): { subnet_id?: string; ip_address: string }[] {
  const isSix = fixedIP.includes(':');
  return [{ ip_address: fixedIP }, ...port.fixed_ips.filter((ip) => ip.ip_address.includes(':') !== isSix)];
}

/**
 * False while Nova shows an interface whose port we do not have: the lists of the two services were taken at different moments, and
 * comparing them would find differences that are none.
 */
export function portsAreKnown({ server, ports }: ObservedInstance): boolean {
  const known = new Set(ports.map((port) => port.mac_address.toLowerCase()));
  const shown = Object.values(server.addresses)
    .flat()
    .map((address) => address['OS-EXT-IPS-MAC:mac_addr']?.toLowerCase());
  return shown.every((mac) => mac === undefined || known.has(mac));
}
