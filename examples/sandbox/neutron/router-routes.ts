import { isRecord, pythonRepr, type ScopedCall } from '../call.ts';
import type { Router } from '../store.ts';
import { badRequest, refuse } from './errors.ts';
import { type Cidr, contains, parseCidr, parseIp } from './ip.ts';
import { portsOfDevice } from './port-index.ts';

type Route = Router['routes'][number];

export function routerRoutesOf(value: unknown, name: string): Route[] {
  if (!Array.isArray(value)) return invalid(name, `Invalid data format for hostroute: ${pythonRepr(value)}.`);
  const seen = new Set<string>();
  return value.map((row: unknown) => {
    if (!isRecord(row)) return invalid(name, `Invalid data format for hostroute: ${pythonRepr(row)}.`);
    const keys = Object.keys(row);
    if (!keys.includes('destination') || !keys.includes('nexthop'))
      return invalid(
        name,
        `Validation of dictionary's keys failed. Expected keys: {'destination', 'nexthop'} Provided keys: {${keys.map(pythonRepr).join(', ')}}.`,
      );
    const { destination, nexthop } = row;
    const cidr = typeof destination === 'string' ? parseCidr(destination) : undefined;
    if (cidr?.address !== cidr?.first || typeof destination !== 'string' || !cidr)
      return invalid(name, `${pythonRepr(destination)} is not a valid CIDR.`);
    if (typeof nexthop !== 'string' || !parseIp(nexthop)) return invalid(name, `${pythonRepr(nexthop)} is not a valid IP address.`);
    if (seen.has(`${destination} ${nexthop}`)) return invalid(name, `Duplicate hostroute '${pythonRepr({ destination, nexthop })}'.`);
    seen.add(`${destination} ${nexthop}`);
    return { destination, nexthop };
  });
}

function invalid(name: string, reason: string): never {
  return badRequest(`Invalid input for ${name}. Reason: ${reason}`);
}

/** Each next hop is on a subnet the router is plugged into, and is not the router itself. */
export function checkNextHops(call: ScopedCall, router: Router, routes: readonly Route[]): void {
  const addresses = portsOfDevice(call.store, router.id).flatMap((port) => port.fixedIps);
  const subnets = addresses.flatMap(({ subnetId }) => call.store.subnets.get(subnetId) ?? []);
  const words = () => pythonRepr(routes);
  for (const { nexthop } of routes) {
    if (!subnets.some((subnet) => contains(parseCidr(subnet.cidr) as Cidr, parseIp(nexthop)?.value ?? -1n)))
      refuse(400, 'InvalidRoutes', `Invalid format for routes: ${words()}, the nexthop is not connected with router`);
    if (addresses.some(({ ipAddress }) => ipAddress === nexthop))
      refuse(400, 'InvalidRoutes', `Invalid format for routes: ${words()}, the nexthop is used by router`);
  }
}
