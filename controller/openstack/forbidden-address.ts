import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/**
 * Where clouds keep the credentials of the machine we may run on. No Keystone lives there, and what it answers would be shown to whoever
 * wrote the address: it is never connected to, whatever name leads there.
 */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16);
forbidden.addSubnet('fe80::', 10, 'ipv6');
// Metadata services outside the link: Amazon's over IPv6, Alibaba's, Oracle's, Azure's.
forbidden.addSubnet('fd00:ec2::', 32, 'ipv6');
forbidden.addAddress('100.100.100.200');
forbidden.addAddress('192.0.0.192');
forbidden.addAddress('168.63.129.16');
// The same behind NAT64 and 6to4.
forbidden.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
forbidden.addSubnet('2002:a9fe::', 32, 'ipv6');

/** A failure to connect has this code when the address is one of those. */
export const FORBIDDEN_CODE = 'ERR_ADDRESS_FORBIDDEN';

/** Whether an IP address, also one of IPv4 within IPv6, is never connected to. */
export function isForbiddenAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  return forbidden.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Throws for a host that is itself such an address; names are looked at when they are resolved. */
export function refuseForbidden(host: string): void {
  if (isForbiddenAddress(host.replace(/^\[|\]$/g, ''))) throw forbiddenAddress(host);
}

/** For sockets: resolves as usual, and fails when any address of the name is forbidden. */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookUp(hostname, { ...options, all: true }, (error, addresses) => {
    const first = addresses?.[0];
    if (error !== null || first === undefined) callback(error ?? new Error('no address'), '', 4);
    else if (addresses.some(({ address }) => isForbiddenAddress(address))) callback(forbiddenAddress(hostname), '', 4);
    else if (options.all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function forbiddenAddress(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} is link-local or a metadata service`), { code: FORBIDDEN_CODE });
}
