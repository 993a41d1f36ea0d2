import type { Resources, ResourceType } from '#controller/inventory/inventory.ts';
import type { ServiceClient } from '#controller/openstack/cloud.ts';
import { isNotFound } from '#controller/openstack/errors.ts';
import type { CloudHandle } from './handle.ts';

/**
 * Sends one write to an existing resource and marks the inventory's row as older than it. Undefined when the resource turned out to
 * be gone: the inventory knows then, and the next pass sees it missing.
 */
export async function write<T>(cloud: CloudHandle, type: ResourceType, id: string, send: () => Promise<T>): Promise<T | undefined> {
  try {
    const answer = await send();
    cloud.inventory.wrote(type, id);
    return answer;
  } catch (error) {
    cloud.inventory.wrote(type, id);
    if (isNotFound(error) && (await cloud.inventory.reread(type, id)) === undefined) return undefined;
    throw error;
  }
}

/** Asks for deletion; a resource that is gone already is as good as deleted. */
export async function remove(cloud: CloudHandle, type: ResourceType, id: string, send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    cloud.inventory.forget(type, id);
    return;
  }
  cloud.inventory.wrote(type, id);
  await cloud.inventory.reread(type, id);
}

/** Keeps the answer to a create, so that the next look finds what was just made. */
export function recordCreated<T extends ResourceType>(cloud: CloudHandle, type: T, resource: Resources[T], askedAt: number): void {
  cloud.inventory.record(type, resource, askedAt, { ownWrite: true });
}

type NeutronType = 'network' | 'subnet' | 'port' | 'router' | 'floatingip' | 'security_group';

interface NeutronWrites<Resource, Update> {
  update(client: ServiceClient, id: string, changes: Update): Promise<Resource>;
  replaceTags(client: ServiceClient, id: string, tags: readonly string[]): Promise<void>;
}

/** Carries out a change of a Neutron resource: its fields in one request, its tags in another (they have an address of their own). */
export async function writeNeutron<T extends NeutronType, Update>(
  cloud: CloudHandle,
  type: T,
  id: string,
  calls: NeutronWrites<Resources[T], Update>,
  next: { readonly body: Update | undefined; readonly tags: readonly string[] | undefined },
): Promise<void> {
  const { body, tags } = next;
  const client = cloud.client.network;
  if (body !== undefined) {
    const askedAt = Date.now();
    const row = await write(cloud, type, id, () => calls.update(client, id, body));
    if (row === undefined) return;
    cloud.inventory.record(type, row, askedAt, { ownWrite: true });
  }
  if (tags === undefined) return;
  await write(cloud, type, id, () => calls.replaceTags(client, id, tags));
  await cloud.inventory.reread(type, id);
}
