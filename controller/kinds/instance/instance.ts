import type { Kind } from '#controller/engine/kind.ts';
import { candidatesOf } from '../candidates.ts';
import type { CloudHandle } from '../handle.ts';
import { createInstance, deleteInstance, updateInstance } from './apply.ts';
import { changedBy } from './changed-by.ts';
import { declareInstance } from './declare.ts';
import { type DesiredInstance, desireInstance, type InstanceSpec } from './desire.ts';
import { diffInstance } from './diff.ts';
import { type ObservedInstance, observeInstance, rereadInstance } from './observe.ts';
import { powerStateOf } from './power.ts';
import { instanceSpec, instanceStatus } from './schema.ts';

/** A Nova server with its interfaces, security groups and attached volumes. */
export const instance: Kind<InstanceSpec, DesiredInstance, ObservedInstance, CloudHandle> = {
  kind: 'Instance',
  plural: 'instances',
  shortNames: ['osi'],
  description: 'A virtual machine: what it runs on, boots from, is plugged into, and whether it runs.',
  spec: instanceSpec,
  status: instanceStatus,
  holdsData: true,
  columns: [
    { name: 'Power', path: '.status.powerState', type: 'string' },
    { name: 'Flavor', path: '.status.flavor', type: 'string' },
    { name: 'Address', path: '.status.addresses[0]', type: 'string' },
    { name: 'Addresses', path: '.status.addresses', type: 'string', priority: 1 },
    { name: 'Task', path: '.status.task', type: 'string', priority: 1 },
  ],
  desire: desireInstance,
  observe: observeInstance,
  diff: diffInstance,
  create: createInstance,
  update: updateInstance,
  delete: deleteInstance,
  reread: rereadInstance,
  changedBy,
  candidates: (cloud, filter) => candidatesOf(cloud, 'server', filter),
  declare: declareInstance,
  listedAt: ({ inventory }) => inventory.listedAt('server'),

  report({ server }) {
    const addresses = Object.values(server.addresses).flat();
    return {
      powerState: powerStateOf(server.status) ?? server.status,
      state: server.status,
      task: server['OS-EXT-STS:task_state'] ?? '',
      flavor: server.flavor.original_name,
      addresses: addresses.map((address) => address.addr).toSorted(),
      volumes: server['os-extended-volumes:volumes_attached'].map((volume) => volume.id).toSorted(),
    };
  },
};
