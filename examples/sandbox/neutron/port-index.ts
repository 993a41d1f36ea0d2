import type { Port, Store } from '../store.ts';

interface PortIndex {
  count: number;
  readonly byNetwork: Map<string, Set<Port>>;
  readonly byDevice: Map<string, Set<Port>>;
  /** Addresses in use, by subnet. */
  readonly addresses: Map<string, Set<string>>;
}

/** Found by the store it describes, so that the store itself stays plain data. */
const indexes = new WeakMap<Store, PortIndex>();

export function portsOfNetwork(store: Store, networkId: string): Port[] {
  return [...(indexOf(store).byNetwork.get(networkId) ?? [])];
}

export function portsOfDevice(store: Store, deviceId: string): Port[] {
  return [...(indexOf(store).byDevice.get(deviceId) ?? [])];
}

export function isAddressUsed(store: Store, subnetId: string, address: string): boolean {
  return indexOf(store).addresses.get(subnetId)?.has(address) ?? false;
}

export function usedAddresses(store: Store, subnetId: string): ReadonlySet<string> {
  return indexOf(store).addresses.get(subnetId) ?? new Set();
}

export function addPort(store: Store, port: Port): void {
  const index = indexOf(store);
  store.ports.set(port.id, port);
  enter(index, port);
  index.count = store.ports.size;
}

export function dropPort(store: Store, port: Port): void {
  const index = indexOf(store);
  store.ports.delete(port.id);
  leave(index, port);
  index.count = store.ports.size;
}

/** Changes what the index goes by: device or addresses. */
export function changePort(store: Store, port: Port, change: Partial<Pick<Port, 'deviceId' | 'deviceOwner' | 'fixedIps'>>): void {
  const index = indexOf(store);
  leave(index, port);
  Object.assign(port, change);
  enter(index, port);
}

/** Built anew when a test has added or removed ports in the store by hand. */
function indexOf(store: Store): PortIndex {
  const known = indexes.get(store);
  if (known && known.count === store.ports.size) return known;
  const index: PortIndex = { count: store.ports.size, byNetwork: new Map(), byDevice: new Map(), addresses: new Map() };
  for (const port of store.ports.values()) enter(index, port);
  indexes.set(store, index);
  return index;
}

function enter(index: PortIndex, port: Port): void {
  setOf(index.byNetwork, port.networkId).add(port);
  setOf(index.byDevice, port.deviceId).add(port);
  for (const { subnetId, ipAddress } of port.fixedIps) setOf(index.addresses, subnetId).add(ipAddress);
}

function leave(index: PortIndex, port: Port): void {
  index.byNetwork.get(port.networkId)?.delete(port);
  index.byDevice.get(port.deviceId)?.delete(port);
  for (const { subnetId, ipAddress } of port.fixedIps) index.addresses.get(subnetId)?.delete(ipAddress);
}

function setOf<T>(sets: Map<string, Set<T>>, key: string): Set<T> {
  const found = sets.get(key) ?? new Set<T>();
  sets.set(key, found);
  return found;
}
