import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isForbiddenAddress } from '#controller/openstack/forbidden-address.ts';
import type { Target, TargetAddress } from '../ports.ts';
import { refused } from './refusal.ts';

/** Where no instance lives, whatever an inventory says. What is forbidden to clouds (link-local, metadata) is so to instances. */
const nowhere = new BlockList();
nowhere.addSubnet('0.0.0.0', 8);
nowhere.addSubnet('127.0.0.0', 8);
nowhere.addSubnet('224.0.0.0', 4);
nowhere.addAddress('255.255.255.255');
nowhere.addAddress('::', 'ipv6');
nowhere.addAddress('::1', 'ipv6');
nowhere.addSubnet('ff00::', 8, 'ipv6');
// IPv4 within IPv6, by which the same would be reached: compatible, NAT64, 6to4. IPv4-mapped is seen by BlockList itself.
nowhere.addSubnet('::', 96, 'ipv6');
nowhere.addSubnet('64:ff9b::', 96, 'ipv6');
nowhere.addSubnet('2002::', 16, 'ipv6');

/** How many addresses of one instance are tried. */
const mostTries = 4;

export interface AddressRules {
  /** Loopback and this machine may be targets: for tests. */
  readonly localTargets: boolean;
}

/** Why an address is never connected to; undefined when it may be. What this machine is called is looked up each time: it changes. */
export function forbiddenBecause(address: string, { localTargets }: AddressRules): string | undefined {
  if (isIP(address) === 0 || address.includes('%')) return 'is not an IP address';
  if (isForbiddenAddress(address)) return 'is link-local or a metadata service';
  if (localTargets) return undefined;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (nowhere.check(address, family)) return 'is loopback, multicast, unspecified or IPv4 within IPv6, where no instance lives';
  if (ownAddresses().check(address, family)) return 'is an address of the machine that Stackwarden runs on';
  return undefined;
}

function ownAddresses(): BlockList {
  const own = new BlockList();
  for (const found of Object.values(networkInterfaces()).flatMap((each) => each ?? []))
    own.addAddress(found.address, found.family === 'IPv6' ? 'ipv6' : 'ipv4');
  return own;
}

export interface Choice {
  /** The address somebody asked for. */
  readonly wanted?: string;
  /** What the profile says: `floating`, `fixed`, `any` or an address. */
  readonly via?: string;
  /** Through a bastion, which stands inside: fixed addresses come first then. */
  readonly hasBastion: boolean;
}

/** The addresses to try, in turn; literal ones of the instance alone. Throws OpenFailed when there is none to try. */
export function addressesToTry(target: Target, { wanted, via = 'any', hasBastion }: Choice, rules: AddressRules): readonly string[] {
  const named = wanted ?? (via === 'any' || via === 'floating' || via === 'fixed' ? undefined : via);
  const chosen =
    named === undefined ? byKind(target.addresses, via, hasBastion) : target.addresses.filter((one) => isSame(one.address, named));
  if (named !== undefined && chosen.length === 0)
    throw refused('unreachable', `${named} is not an address of ${target.name}. Choose one of ${listed(target)}.`);
  if (chosen.length === 0)
    throw refused('unreachable', `${target.name} has no ${via === 'any' ? '' : `${via} `}address to connect to: it has ${listed(target)}.`);
  const looked = chosen.map(({ address }) => ({ address, because: forbiddenBecause(address, rules) }));
  const allowed = [...new Set(looked.filter(({ because }) => because === undefined).map(({ address }) => address))];
  if (allowed.length === 0) {
    const why = looked.map(({ address, because }) => `${address} ${because}`).join('; ');
    throw refused('unreachable', `${target.name} is not connected to: ${why}.`);
  }
  return allowed.slice(0, mostTries);
}

function byKind(addresses: readonly TargetAddress[], via: string, hasBastion: boolean): readonly TargetAddress[] {
  const first = hasBastion ? 'fixed' : 'floating';
  const rank = ({ address, kind }: TargetAddress) => (kind === first ? 0 : 2) + (isIPv6(address) ? 1 : 0);
  return addresses.filter(({ kind }) => via === 'any' || kind === via).toSorted((one, other) => rank(one) - rank(other));
}

/** Whether two texts stand for one address: IPv6 can be written in several ways. */
function isSame(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

function canonical(address: string): string {
  if (isIP(address) === 0) return address;
  return SocketAddress.parse(isIPv6(address) ? `[${address}]:0` : `${address}:0`)?.address ?? address;
}

function listed({ addresses }: Target): string {
  return addresses.length === 0 ? 'none' : addresses.map(({ address }) => address).join(', ');
}

/** `10.0.0.5:22`, `[2001:db8::5]:22`. */
export function addressAndPort(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
