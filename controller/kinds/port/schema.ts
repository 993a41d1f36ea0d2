import type { JsonSchema } from '#controller/engine/json.ts';
import { exactlyOne, ipAddress, neutronDescription, type Ref, reference, resourceName, type Selector, selector, tags } from '../fields.ts';
import type { CommonSpec } from '../policies.ts';

export type PortSpec = CommonSpec & {
  readonly networkRef?: Ref;
  readonly network?: Selector;
  readonly name?: string;
  readonly description?: string;
  readonly adminStateUp?: boolean;
  readonly fixedIPs?: readonly { readonly subnetRef?: Ref; readonly ipAddress?: string }[];
  readonly macAddress?: string;
  readonly securityGroupRefs?: readonly Ref[];
  readonly portSecurityEnabled?: boolean;
  readonly allowedAddressPairs?: readonly { readonly ipAddress: string; readonly macAddress?: string }[];
  readonly vnicType?: string;
  readonly tags?: readonly string[];
};

const macAddress = (description: string): JsonSchema => ({
  type: 'string',
  pattern: '^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$',
  description,
});

const address: JsonSchema = {
  type: 'object',
  description: 'A subnet to take an address of, an address, or both.',
  properties: { subnetRef: reference('Subnet', 'The subnet.'), ipAddress: ipAddress('The address.') },
  anyOf: [{ required: ['subnetRef'] }, { required: ['ipAddress'] }],
};

const addressPair: JsonSchema = {
  type: 'object',
  required: ['ipAddress'],
  properties: {
    ipAddress: {
      type: 'string',
      maxLength: 49,
      pattern: '^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$',
      description: 'An address, or a range as 10.0.0.0/24.',
    },
    macAddress: macAddress('Default: that of the port.'),
  },
};

/** Most ports in a cloud have no name; one of those cannot be taken over unless that can be declared. */
const name: JsonSchema = { ...resourceName('port'), minLength: 0 };

export const portSpec: JsonSchema = {
  type: 'object',
  properties: {
    networkRef: reference('Network', 'The network it is on. Fixed once made.'),
    network: selector('network', 'The network it is on, where that is not declared. Fixed once made.'),
    name,
    description: neutronDescription,
    adminStateUp: { type: 'boolean', description: 'Whether it carries traffic.' },
    fixedIPs: {
      type: 'array',
      maxItems: 50,
      items: address,
      description:
        'All its addresses, in any order, but for those that IPv6 hands out by itself. Not declared: the choice of the cloud, left alone.',
      'x-kubernetes-list-type': 'atomic',
    },
    macAddress: macAddress('Its MAC address. To change it takes an administrator; fixed while something uses the port.'),
    securityGroupRefs: {
      type: 'array',
      maxItems: 50,
      items: reference('SecurityGroup', 'A security group.'),
      description: 'All its security groups. Not declared: the default group of the project, left alone.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    portSecurityEnabled: {
      type: 'boolean',
      description: 'Whether it filters traffic and checks addresses. Without it the port can have neither groups nor address pairs.',
    },
    allowedAddressPairs: {
      type: 'array',
      maxItems: 50,
      items: addressPair,
      description: 'All addresses it may use beside its own, in any order. Not declared: left alone.',
      'x-kubernetes-list-type': 'atomic',
    },
    vnicType: {
      type: 'string',
      enum: [
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
      ],
      description: 'How it is to be bound to a host. Fixed while something uses the port.',
    },
    tags: tags(255),
  },
  ...exactlyOne('networkRef', 'network'),
};

export const portStatus: Readonly<Record<string, JsonSchema>> = {
  state: { type: 'string', description: 'ACTIVE, DOWN, BUILD or ERROR, as Neutron says.' },
  addresses: { type: 'array', items: { type: 'string' }, description: 'Its addresses.' },
  macAddress: { type: 'string', description: 'Its MAC address.' },
  networkId: { type: 'string', description: 'Cloud id of its network.' },
  deviceId: { type: 'string', description: 'Cloud id of the server or router that uses it; empty for none.' },
};
