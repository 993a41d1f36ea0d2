import type { JsonSchema } from '#controller/engine/json.ts';
import { atMostOne, exactlyOne, ipAddress, metadata, reference, resourceName, selector, tags } from '../fields.ts';
import { onErrorSchema } from './on-error.ts';
import { MAX_USER_DATA_BYTES } from './user-data.ts';

const network: JsonSchema = {
  type: 'object',
  properties: {
    networkRef: reference('Network', 'A declared network.'),
    network: selector('network', 'A network that is only in the cloud.'),
    portRef: reference('Port', 'A declared port; it has its own addresses and security groups, and outlives the instance.'),
    fixedIP: ipAddress('The address it has there. Not declared: the choice of the cloud.'),
    subnetRef: reference('Subnet', 'A subnet that has to be there before the instance is made, so that it gets an address.'),
  },
  ...networkChoice(),
};

/** Exactly one of the three; what is asked of a new port cannot be asked of a declared one. */
function networkChoice(): Pick<JsonSchema, 'oneOf' | 'not' | 'x-kubernetes-validations'> {
  const one = exactlyOne('networkRef', 'network', 'portRef');
  return {
    ...one,
    not: { required: ['portRef'], anyOf: [{ required: ['fixedIP'] }, { required: ['subnetRef'] }] },
    'x-kubernetes-validations': [
      ...(one['x-kubernetes-validations'] ?? []),
      { rule: '!(has(self.portRef) && (has(self.fixedIP) || has(self.subnetRef)))', message: 'portRef excludes fixedIP and subnetRef' },
    ],
  };
}

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
    image: selector('image', 'Image of its local disk. Another image takes a rebuild: what is on the disk is lost.'),
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
      description: 'Security groups of all its ports but those of portRef, and no others. Not declared: left alone.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
    },
    keyPairRef: reference('KeyPair', 'The key put into it. Another takes a rebuild, or a replacement if it boots from a volume.'),
    userData: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_USER_DATA_BYTES,
      description: `What it is told at its first boot, such as #cloud-config: plain text, at most ${MAX_USER_DATA_BYTES} bytes. Another takes a rebuild, or a replacement if it boots from a volume. Compared by a hash kept in the metadata; what an instance that was taken over was told is not known, and not compared.`,
    },
    userDataSecretRef: {
      type: 'object',
      description:
        'The same from a Secret of this namespace. A change of the Secret is noticed at the next look, and is a change of user data.',
      required: ['name', 'key'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 253, description: 'Name of the Secret.' },
        key: { type: 'string', minLength: 1, maxLength: 253, description: 'Its entry: the user data, text or not.' },
      },
      'x-ref': { kind: 'Secret' },
    },
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
    serverGroupRef: reference('ServerGroup', 'The group it is placed by. Counts when it is made; a later change moves nothing.'),
    onError: onErrorSchema,
  },
  ...origin(),
};

/** From an image or a volume; a rebuild would empty the volume, so none is promised for that. */
function origin(): Pick<JsonSchema, 'oneOf' | 'not' | 'x-kubernetes-validations'> {
  const one = exactlyOne('image', 'bootVolume');
  const told = atMostOne('userData', 'userDataSecretRef');
  const rebuild: JsonSchema = { required: ['action'], properties: { action: { enum: ['Rebuild'] } } };
  return {
    ...one,
    not: { anyOf: [{ required: ['bootVolume', 'onError'], properties: { onError: rebuild } }, ...(told.not ? [told.not] : [])] },
    'x-kubernetes-validations': [
      ...(one['x-kubernetes-validations'] ?? []),
      ...(told['x-kubernetes-validations'] ?? []),
      {
        rule: "!(has(self.bootVolume) && has(self.onError) && self.onError.action == 'Rebuild')",
        message: 'an instance that boots from a volume cannot be rebuilt; set onError.action to Recreate, which keeps the volume',
      },
    ],
  };
}

export const instanceStatus: Readonly<Record<string, JsonSchema>> = {
  powerState: { type: 'string', description: 'Running, Stopped, Paused, Suspended, Shelved, or what else the cloud says.' },
  state: { type: 'string', description: 'ACTIVE, SHUTOFF, ERROR and so on, as Nova says.' },
  task: { type: 'string', description: 'What is being done to it now; empty for nothing.' },
  flavor: { type: 'string', description: 'Name of its flavor.' },
  addresses: { type: 'array', items: { type: 'string' }, description: 'Its addresses.' },
  volumes: { type: 'array', items: { type: 'string' }, description: 'Cloud ids of the volumes attached to it.' },
};
