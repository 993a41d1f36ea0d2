import type { ScopedCall } from '../call.ts';
import type { Port } from '../store.ts';
import { refuse } from './errors.ts';
import { portsOfNetwork } from './port-index.ts';

/** Once a port is bound to a host, neither how nor its MAC address can be changed. */
export function changeBinding(call: ScopedCall, port: Port, given: Record<string, unknown>): void {
  const vnicType = given['binding:vnic_type'];
  if (typeof vnicType === 'string' && vnicType !== port.vnicType) {
    if (port.hostId !== '')
      refuse(
        409,
        'PortInUse',
        `Unable to complete operation on port ${port.id} for network ${port.networkId}. Port already has an attached device ${port.deviceId}.`,
      );
    port.vnicType = vnicType;
  }
  changeMac(call, port, given.mac_address);
  if (typeof given['binding:host_id'] !== 'string') return;
  port.hostId = given['binding:host_id'];
  port.status = port.hostId === '' ? 'DOWN' : 'ACTIVE';
}

function changeMac(call: ScopedCall, port: Port, mac: unknown): void {
  if (typeof mac !== 'string' || mac === port.macAddress) return;
  if (port.hostId !== '')
    refuse(
      409,
      'PortBound',
      `Unable to complete operation on port ${port.id}, port is already bound, port type: ovs, old_mac ${port.macAddress}, new_mac ${mac}.`,
    );
  refuseTakenMac(call, port.networkId, mac);
  port.macAddress = mac;
}

export function refuseTakenMac(call: ScopedCall, networkId: string, mac: string): void {
  const isTaken = portsOfNetwork(call.store, networkId).some((port) => port.macAddress.toLowerCase() === mac.toLowerCase());
  if (isTaken) refuse(409, 'MacAddressInUse', `Unable to complete operation for network ${networkId}. The mac address ${mac} is in use.`);
}
