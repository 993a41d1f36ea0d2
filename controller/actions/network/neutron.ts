import type { JsonSchema } from '#controller/engine/json.ts';
import type { CloudInventory, Resources } from '#controller/inventory/inventory.ts';
import type { ServiceClient } from '#controller/openstack/cloud.ts';
import type { Port } from '#controller/openstack/network/ports.ts';
import { type AnyRun, change, make, orGone, removeAndWait } from '../deeds.ts';
import { describedAs } from '../fields.ts';
import { called, instanceCalled } from '../obstacles.ts';

export type NeutronType = 'network' | 'subnet' | 'router' | 'port' | 'floatingip' | 'security_group';

interface Calls<T extends NeutronType, Create, Update> {
  list(client: ServiceClient, query?: Readonly<Record<string, string | undefined>>): AsyncIterable<Resources[T][]>;
  get(client: ServiceClient, id: string): Promise<Resources[T]>;
  create(client: ServiceClient, resource: Create): Promise<Resources[T]>;
  update(client: ServiceClient, id: string, changes: Update): Promise<Resources[T]>;
  remove(client: ServiceClient, id: string): Promise<void>;
  replaceTags(client: ServiceClient, id: string, tags: readonly string[]): Promise<void>;
}

/** Makes one, then gives it its tags: Neutron takes none with a create. `narrow` picks its like among what there is. */
export async function createNeutron<T extends NeutronType, Create, Update>(
  run: AnyRun,
  type: T,
  calls: Calls<T, Create, Update>,
  wanted: { readonly body: Create; readonly tags?: readonly string[] | undefined; readonly narrow: Readonly<Record<string, string>> },
): Promise<Resources[T]> {
  const client = run.cloud.network;
  const project = run.inventory.projectId;
  const made = await make(run, {
    type,
    list: () => calls.list(client, { ...wanted.narrow, ...(project !== undefined && { project_id: project }) }),
    create: () => calls.create(client, wanted.body),
    get: (id) => calls.get(client, id),
  });
  await setTags(run, { type, id: made.id }, calls, wanted.tags);
  return made;
}

/** Writes fields in one request and tags in another; each may be sent twice without harm. A description keeps the stamp behind it. */
export async function editNeutron<T extends NeutronType, Create, Update extends { description?: string }>(
  run: AnyRun & { readonly id: string; readonly before: object | undefined },
  type: T,
  calls: Calls<T, Create, Update>,
  wanted: { readonly body: Update; readonly tags?: readonly string[] | undefined },
): Promise<undefined> {
  const { description } = wanted.body;
  const body = description === undefined ? wanted.body : { ...wanted.body, description: describedAs(type, run.before, description) };
  const row = { type, id: run.id };
  if (Object.keys(body).length > 0) await change(run, 'Edit', row, () => calls.update(run.cloud.network, run.id, body));
  await setTags(run, row, calls, wanted.tags);
  return undefined;
}

async function setTags<T extends NeutronType>(
  run: AnyRun,
  row: { readonly type: T; readonly id: string },
  calls: Pick<Calls<T, never, never>, 'replaceTags'>,
  tags: readonly string[] | undefined,
): Promise<void> {
  if (tags !== undefined) await change(run, 'Set tags', row, () => calls.replaceTags(run.cloud.network, row.id, tags));
}

export function removeNeutron<T extends NeutronType>(
  run: AnyRun & { readonly id: string },
  type: T,
  calls: Pick<Calls<T, never, never>, 'remove'>,
): Promise<undefined> {
  const client = run.cloud.network;
  return removeAndWait(run, { type, id: run.id }, () => calls.remove(client, run.id));
}

/** Looks at rows that another's change moves along. */
export async function lookAgain(run: AnyRun, ...rows: readonly (readonly [NeutronType, string | undefined | null])[]): Promise<void> {
  await Promise.all(rows.map(async ([type, id]) => (id ? await orGone(run.inventory.reread(type, id)) : undefined)));
}

/** Ports Neutron makes for itself, and takes away by itself. */
export function isServicePort({ device_owner: owner }: Port): boolean {
  return owner === 'network:dhcp' || owner === 'network:distributed';
}

export function isRouterPort({ device_owner: owner }: Port): boolean {
  return owner.startsWith('network:router_interface') || owner === 'network:ha_router_replicated_interface';
}

/** `port web (instance web-1)`: what it is, and who uses it. */
export function portCalled(inventory: CloudInventory, port: Port): string {
  const name = called('port', { id: port.id, name: port.name || (port.fixed_ips[0]?.ip_address ?? null) });
  const user = userOf(inventory, port);
  return user === undefined ? name : `${name} of ${user}`;
}

/** Who uses a port; undefined when nobody does. */
export function userOf(inventory: CloudInventory, { device_id: id, device_owner: owner }: Port): string | undefined {
  if (id === '') return undefined;
  if (owner.startsWith('compute:')) return instanceCalled(inventory, id);
  if (owner.startsWith('network:router') || owner.startsWith('network:ha_router'))
    return called('router', { id, name: inventory.get('router', id)?.name ?? null });
  return owner === '' ? id : owner;
}

/** By its looks only: what it is the cloud knows best. */
export const addressInput = (description: string): JsonSchema => ({
  type: 'string',
  maxLength: 45,
  pattern: '^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$',
  description,
});

export const cidrInput = (description: string): JsonSchema => ({
  type: 'string',
  maxLength: 49,
  pattern: '^[0-9A-Fa-f:.]+/[0-9]{1,3}$',
  description,
});

export const listInput = (items: JsonSchema, maxItems: number, description: string): JsonSchema => ({
  type: 'array',
  maxItems,
  items,
  description,
});
