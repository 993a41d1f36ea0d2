import type { CloudInventory, ResourceType } from '#controller/inventory/inventory.ts';
import type { Look, Obstacle } from './action.ts';

const nouns: Readonly<Record<ResourceType, string>> = {
  network: 'network',
  subnet: 'subnet',
  port: 'port',
  router: 'router',
  floatingip: 'floating IP',
  security_group: 'security group',
  keypair: 'key pair',
  volume: 'volume',
  volume_snapshot: 'volume snapshot',
  volume_type: 'volume type',
  flavor: 'flavor',
  image: 'image',
  server_group: 'server group',
  server: 'instance',
};

/** `instance web-1`; by its id when it has no name. */
export function called(type: ResourceType, row: { readonly id: string; readonly name?: string | null }): string {
  return `${nouns[type]} ${row.name || row.id}`;
}

/** What is known of an instance by its id alone. */
export function instanceCalled(inventory: CloudInventory, id: string): string {
  return called('server', { id, name: inventory.get('server', id)?.name ?? null });
}

/** `a, b and 3 more`: enough to look for, little enough to read. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join('');
}

/** What the input names has to be there. */
export function notFound(inventory: CloudInventory, type: ResourceType, id: string | undefined, field: string): Obstacle | undefined {
  if (id === undefined || inventory.get(type, id) !== undefined) return undefined;
  return { reason: 'NotFound', field, message: `There is no ${nouns[type]} ${id} in this cloud; take the id of one that is listed.` };
}

/** What another project owns can be seen and used, not changed. */
export function foreign(look: Pick<Look<ResourceType>, 'inventory'>, owner: string | null | undefined, noun: string): Obstacle | undefined {
  const own = look.inventory.projectId;
  if (own === undefined || owner === undefined || owner === null || owner === '' || owner === own) return undefined;
  return { reason: 'NotOurs', message: `This ${noun} belongs to another project (${owner}); ask its owner.` };
}

/** The first of several reasons. */
export function firstOf(...obstacles: readonly (Obstacle | undefined)[]): Obstacle | undefined {
  return obstacles.find((one) => one !== undefined);
}

/** A declared field names declared objects only. */
export function undeclarable(field: string, what: string): Obstacle {
  return {
    reason: 'NotDeclared',
    field,
    message: `It is declared, and ${what} is not, so the declaration cannot name it; declare that in the same namespace first.`,
  };
}
