import type { JsonSchema } from '#controller/engine/json.ts';
import { exactlyOne, ipAddress, metadata, reference, resourceName, selector, tags } from '../fields.ts';

const network: JsonSchema = {
  type: 'object',
  properties: {
    networkRef: reference('Network', 'A declared network.'),
    network: selector('network', 'A network that is only in the cloud.'),
    fixedIP: ipAddress('The address it has there. Not declared: the choice of the cloud.'),
    subnetRef: reference('Subnet', 'A subnet that has to be there before the instance is made, so that it gets an address.'),
  },
  ...exactlyOne('networkRef', 'network'),
};

const volume: JsonSchema = {
  type: 'object',
  required: ['volumeRef'],
  properties: {
    volumeRef: reference('Volume', 'The volume to attach.'),
    device: {
      type: 'string',
      maxLength: 64,
      pattern: '^/dev/[a-z0-9]+$',
      description: 'Device name to ask for when attaching, as /dev/vdb. Hypervisors may choose another; it is not compared.',
    },
  },
};

export const instanceSpec: JsonSchema = {
  type: 'object',
  required: ['flavor'],
  properties: {
    name: resourceName('server'),
    flavor: selector('flavor', 'Size of the instance. A change resizes it, and confirms the resize.'),
    image: selector('image', 'Image of its local disk. Fixed once made: another image means another disk.'),
    bootVolume: {
      type: 'object',
      description: 'The volume it boots from, instead of an image. Fixed once made; kept when the instance is deleted.',
      required: ['volumeRef'],
      properties: { volumeRef: reference('Volume', 'A bootable volume.') },
    },
    networks: {
      type: 'array',
      maxItems: 32,
      items: network,
      description: 'Networks it is on; ports on others are unplugged. Empty: none. Not declared: the choice of the cloud, left alone.',
      'x-kubernetes-list-type': 'atomic',
    },
    securityGroupRefs: {
      type: 'array',
      maxItems: 32,
      items: reference('SecurityGroup', 'A declared security group.'),
      description: 'Security groups of all its ports, and no others. Not declared: left alone.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    keyPairRef: reference('KeyPair', 'The key put into it. Fixed once made.'),
    volumes: {
      type: 'array',
      maxItems: 64,
      items: volume,
      description: 'Volumes attached beside the one it boots from; others are detached. Not declared: left alone.',
      'x-kubernetes-list-type': 'atomic',
    },
    powerState: {
      type: 'string',
      enum: ['Running', 'Stopped', 'Paused', 'Suspended', 'Shelved'],
      description: 'What it should be doing. Not declared: it runs once made, and is left alone from then on.',
    },
    metadata: metadata('instance'),
    tags: tags(60),
    availabilityZone: { type: 'string', minLength: 1, maxLength: 255, description: 'Where it runs. Fixed once made.' },
  },
  ...exactlyOne('image', 'bootVolume'),
};

export const instanceStatus: Readonly<Record<string, JsonSchema>> = {
  powerState: { type: 'string', description: 'Running, Stopped, Paused, Suspended, Shelved, or what else the cloud says.' },
  state: { type: 'string', description: 'ACTIVE, SHUTOFF, ERROR and so on, as Nova says.' },
  task: { type: 'string', description: 'What is being done to it now; empty for nothing.' },
  flavor: { type: 'string', description: 'Name of its flavor.' },
  addresses: { type: 'array', items: { type: 'string' }, description: 'Its addresses.' },
  volumes: { type: 'array', items: { type: 'string' }, description: 'Cloud ids of the volumes attached to it.' },
};
