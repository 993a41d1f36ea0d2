import type { JsonSchema } from '#controller/engine/json.ts';
import {
  atMostOne,
  cidr,
  exactlyOne,
  ipAddress,
  neutronDescription,
  type Ref,
  reference,
  resourceName,
  type Selector,
  selector,
  tags,
} from '../fields.ts';
import type { CommonSpec } from '../policies.ts';

export type RouterSpec = CommonSpec & {
  readonly name?: string;
  readonly description?: string;
  readonly adminStateUp?: boolean;
  readonly externalGateway?: GatewaySpec;
  readonly disableGateway?: boolean;
  readonly routes?: readonly { readonly destination: string; readonly nexthop: string }[];
  readonly interfaces?: readonly { readonly subnetRef?: Ref; readonly portRef?: Ref }[];
  readonly tags?: readonly string[];
};

export type GatewaySpec = {
  readonly network?: Selector;
  readonly networkRef?: Ref;
  readonly enableSNAT?: boolean;
  readonly fixedIPs?: readonly { readonly subnet?: Selector; readonly ipAddress?: string }[];
};

const gatewayAddress: JsonSchema = {
  type: 'object',
  description: 'A subnet to take an address of, an address, or both.',
  properties: {
    subnet: selector('subnet', 'The subnet of the external network.'),
    ipAddress: ipAddress('The address.'),
  },
};

const externalGateway: JsonSchema = {
  type: 'object',
  description: 'The way out. Not declared: left alone.',
  properties: {
    network: selector('network', 'The external network.'),
    networkRef: reference('Network', 'The external network, where it is declared too.'),
    enableSNAT: {
      type: 'boolean',
      description: 'Whether instances without a floating IP get out by the address of the router. False is for administrators only.',
    },
    fixedIPs: {
      type: 'array',
      maxItems: 10,
      items: gatewayAddress,
      description: 'All its addresses on the external network, in any order. For administrators only; not declared: left alone.',
      'x-kubernetes-list-type': 'atomic',
    },
  },
  ...exactlyOne('network', 'networkRef'),
};

const route: JsonSchema = {
  type: 'object',
  required: ['destination', 'nexthop'],
  properties: { destination: cidr('Where to.'), nexthop: ipAddress('By way of; on a subnet the router is plugged into.') },
};

const plug: JsonSchema = {
  type: 'object',
  properties: {
    subnetRef: reference('Subnet', 'The subnet; the router takes its gateway address.'),
    portRef: reference('Port', 'A port of its own, for another address. In the cloud it goes when it is unplugged.'),
  },
  ...exactlyOne('subnetRef', 'portRef'),
};

/** Names in the cloud may be empty; one of those cannot be taken over unless that can be declared. */
const name: JsonSchema = { ...resourceName('router'), minLength: 0 };

export const routerSpec: JsonSchema = {
  type: 'object',
  properties: {
    name,
    description: neutronDescription,
    adminStateUp: { type: 'boolean', description: 'Whether it passes traffic on.' },
    externalGateway,
    disableGateway: { type: 'boolean', description: 'True: no external gateway at all.' },
    routes: {
      type: 'array',
      maxItems: 100,
      items: route,
      description: 'All its static routes, in any order. Not declared: left alone.',
      'x-kubernetes-list-type': 'atomic',
    },
    interfaces: {
      type: 'array',
      maxItems: 100,
      items: plug,
      description: 'All it is plugged into, in any order; others are unplugged. Not declared: left alone.',
      'x-kubernetes-list-type': 'atomic',
    },
    tags: tags(255),
  },
  ...atMostOne('externalGateway', 'disableGateway'),
};

export const routerStatus: Readonly<Record<string, JsonSchema>> = {
  state: { type: 'string', description: 'ACTIVE, ALLOCATING or ERROR, as Neutron says.' },
  externalIPs: { type: 'array', items: { type: 'string' }, description: 'Its addresses on the external network.' },
  externalNetworkId: { type: 'string', description: 'Cloud id of the external network; empty for no gateway.' },
  interfaces: { type: 'array', items: { type: 'string' }, description: 'Its addresses on the networks it is plugged into.' },
};
