import type { Change, Kind } from '#controller/engine/kind.ts';
import { declaredDescription, stampedDescription } from '#controller/inventory/stamp.ts';
import {
  create,
  type Network,
  type NetworkUpdate,
  remove as removeNetwork,
  replaceTags,
  update,
} from '#controller/openstack/network/networks.ts';
import { candidatesOf } from './candidates.ts';
import { bodyOf, concernsBelow, fieldChange, setAfter, setChanges } from './changes.ts';
import { declareName, declareNeutronDescription, declareTags } from './declaring.ts';
import { neutronDescription, resourceName, tags } from './fields.ts';
import type { CloudHandle } from './handle.ts';
import { findOwned, nextDescription, STAMP_PATH, stampChange } from './ownership.ts';
import { type CommonSpec, ownFields } from './policies.ts';
import { recordCreated, remove, writeNeutron } from './writes.ts';

export type NetworkSpec = CommonSpec & {
  readonly name?: string;
  readonly description?: string;
  readonly adminStateUp?: boolean;
  readonly mtu?: number;
  readonly portSecurityEnabled?: boolean;
  readonly tags?: readonly string[];
};

export type DesiredNetwork = Omit<NetworkSpec, keyof CommonSpec> & { readonly uid: string; readonly name: string };

/** A Neutron network of this project. */
export const network: Kind<NetworkSpec, DesiredNetwork, Network, CloudHandle> = {
  kind: 'Network',
  plural: 'networks',
  shortNames: ['osn'],
  description: 'A network of the project: the wire that subnets and instances are put on.',
  spec: {
    type: 'object',
    properties: {
      name: resourceName('network', { canBeEmpty: true }),
      description: neutronDescription,
      adminStateUp: { type: 'boolean', description: 'Whether the network carries traffic.' },
      mtu: { type: 'integer', minimum: 68, maximum: 65_535, description: 'Largest packet in bytes; for IPv6 at least 1280.' },
      portSecurityEnabled: { type: 'boolean', description: 'Whether new ports filter traffic and check addresses.' },
      tags: tags(255),
    },
  },
  status: {
    state: { type: 'string', description: 'ACTIVE, DOWN, BUILD or ERROR, as Neutron says.' },
    mtu: { type: 'integer', description: 'Largest packet in bytes.' },
  },
  columns: [
    { name: 'State', path: '.status.state', type: 'string' },
    { name: 'MTU', path: '.status.mtu', type: 'integer' },
  ],

  desire(spec, { owner }) {
    const fields = ownFields(spec);
    return { ...fields, uid: owner.uid, name: fields.name ?? owner.name };
  },

  observe: (cloud, owner) => findOwned(cloud, 'network', 'network', owner),

  diff(desired, observed) {
    const changes: Change[] = [
      ...stampChange('network', observed, desired.uid),
      ...fieldChange('spec.name', observed.name, desired.name),
      ...fieldChange('spec.description', declaredDescription(observed.description), desired.description),
      ...fieldChange('spec.adminStateUp', observed.admin_state_up, desired.adminStateUp),
      ...fieldChange('spec.mtu', observed.mtu, desired.mtu),
      ...fieldChange('spec.portSecurityEnabled', observed.port_security_enabled, desired.portSecurityEnabled),
      ...setChanges('spec.tags', observed.tags ?? [], desired.tags),
    ];
    if (observed.status === 'BUILD')
      return { changes, waiting: { reason: 'Building', message: `Network ${observed.name} is being built.` } };
    if (observed.status !== 'ERROR') return { changes };
    const message = `Network ${observed.name} (${observed.id}) is in state ERROR; its plugin could not set it up. Ask the cloud's operator.`;
    return { changes, failed: { reason: 'NetworkError', message } };
  },

  async create(cloud, desired) {
    const askedAt = Date.now();
    const made = await create(cloud.client.network, {
      name: desired.name,
      description: stampedDescription(desired.description, desired.uid),
      ...(desired.adminStateUp !== undefined && { admin_state_up: desired.adminStateUp }),
      ...(desired.mtu !== undefined && { mtu: desired.mtu }),
      ...(desired.portSecurityEnabled !== undefined && { port_security_enabled: desired.portSecurityEnabled }),
    });
    recordCreated(cloud, 'network', made, askedAt);
    return { id: made.id };
  },

  async update(cloud, desired, observed, changes) {
    const description = nextDescription(observed, desired.description, desired.uid);
    const body = bodyOf<NetworkUpdate>(changes, {
      [STAMP_PATH]: { description },
      'spec.name': { name: desired.name },
      'spec.description': { description },
      'spec.adminStateUp': { admin_state_up: desired.adminStateUp },
      'spec.mtu': { mtu: desired.mtu },
      'spec.portSecurityEnabled': { port_security_enabled: desired.portSecurityEnabled },
    });
    const tags = concernsBelow(changes, 'spec.tags') ? setAfter('spec.tags', observed.tags ?? [], changes) : undefined;
    await writeNeutron(cloud, 'network', observed.id, { update, replaceTags }, { body, tags });
  },

  delete: (cloud, observed) => remove(cloud, 'network', observed.id, () => removeNetwork(cloud.client.network, observed.id)),

  async reread(cloud, id) {
    await cloud.inventory.reread('network', id);
  },

  listedAt: (cloud) => cloud.inventory.listedAt('network'),

  report: (observed) => ({ state: observed.status, ...(observed.mtu !== undefined && { mtu: observed.mtu }) }),

  candidates: (cloud, filter) => candidatesOf(cloud, 'network', filter),

  declare: (cloud, observed, names) => ({
    ...declareName('Network', observed.id, observed.name, names),
    ...declareNeutronDescription('network', observed),
    ...(!observed.admin_state_up && { adminStateUp: false }),
    ...(isChosenMtu(cloud, observed.mtu) && { mtu: observed.mtu }),
    ...(observed.port_security_enabled === false && { portSecurityEnabled: false }),
    ...declareTags(observed.tags),
  }),
};

/** The cloud's own choice is the largest it can carry, so one that is smaller than another network's was asked for. */
function isChosenMtu({ inventory }: CloudHandle, mtu: number | undefined): mtu is number {
  const ours = [...inventory.all('network')].filter((row) => row.project_id === inventory.projectId && row['router:external'] !== true);
  return mtu !== undefined && ours.some((row) => (row.mtu ?? 0) > mtu);
}
