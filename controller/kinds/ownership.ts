import type { Json } from '#controller/engine/json.ts';
import type { Change, Observation, Owner, Resolve } from '#controller/engine/kind.ts';
import type { Resources, ResourceType } from '#controller/inventory/inventory.ts';
import { declaredDescription, stampedDescription, stampOf } from '#controller/inventory/stamp.ts';
import type { CloudHandle } from './handle.ts';

/**
 * Path of the difference "our stamp was removed": the stamp holds the object's `metadata.uid`, and this is the field it should equal.
 * A resource whose recorded id still matches stays ours without it.
 */
export const STAMP_PATH = 'metadata.uid';

/** Finds an object's resource in the inventory: by the recorded id, else by the stamp. Never by name. */
export function findOwned<T extends ResourceType>(cloud: CloudHandle, type: T, noun: string, owner: Owner): Observation<Resources[T]> {
  const recorded = owner.id === undefined ? undefined : cloud.inventory.get(type, owner.id);
  if (recorded !== undefined && owner.id !== undefined) {
    const stamp = stampOf(type, recorded);
    if (stamp === undefined || stamp === owner.uid) return { found: 'one', id: owner.id, observed: recorded };
    return { found: 'foreign', id: owner.id, message: foreign(noun, owner, stamp) };
  }
  const stamped = cloud.inventory.byOwner(type, owner.uid);
  const [first] = stamped;
  if (first === undefined) return { found: 'none' };
  if (stamped.length > 1) return { found: 'ambiguous', ids: stamped.map(idOf).toSorted() };
  return { found: 'one', id: idOf(first), observed: first };
}

function foreign(noun: string, { id, key }: Owner, stamp: string): string {
  return (
    `The ${noun} ${id} carries the stamp of another object (uid ${stamp}), so ${key} leaves it alone. ` +
    `Delete that object, or put the stamp right in the cloud.`
  );
}

/** A key pair's id is its name. */
const idOf = (resource: Resources[ResourceType]): string =>
  'id' in resource && typeof resource.id === 'string' ? resource.id : 'name' in resource ? String(resource.name) : '';

/** The difference of a stamp that was removed. */
export function stampChange(type: ResourceType, resource: Resources[ResourceType], uid: string): Change[] {
  const observed: Json = stampOf(type, resource) ?? null;
  return observed === uid ? [] : [{ path: STAMP_PATH, from: observed, to: uid }];
}

/** The description to write for a change of the text or of the stamp: the other one stays as it is. */
export function nextDescription(observed: { description: string }, declared: string | undefined, uid: string): string {
  return stampedDescription(declared ?? declaredDescription(observed.description), uid);
}

/**
 * Whether the object's resource is there already, or is one to take over: what only a create needs must not hold up the rest then. One
 * that was taken over and is lost is made anew.
 */
export function isMade({ owner, cloud }: Resolve<CloudHandle>, type: ResourceType): boolean {
  if (owner.id === undefined && owner.spec?.['import'] !== undefined) return true;
  if (owner.id !== undefined && cloud.inventory.get(type, owner.id) !== undefined) return true;
  return cloud.inventory.byOwner(type, owner.uid).length > 0;
}
