import type { Json, JsonObject } from '#controller/engine/json.ts';
import type { Change } from '#controller/engine/kind.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import { stampedDescription, stampOf } from '#controller/inventory/stamp.ts';
import { fieldChange, mapChanges } from '#controller/kinds/changes.ts';
import type { Effects, Obstacle } from './action.ts';
import type { Entries } from './input.ts';

/** What is left of an object without its absent fields. */
export function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;
}

/** Effects of something that concerns its target alone. */
export function onlyChanges(...changes: readonly (readonly Change[])[]): Effects {
  return { changes: changes.flat(), takesAlong: [] };
}

/** What something new will be, field by field. */
export function makes(input: object): Effects {
  const fields = Object.entries(input) as [string, Json | undefined][];
  return onlyChanges(...fields.map(([field, value]) => fieldChange(`spec.${field}`, null, value)));
}

export const changeOf = (field: string, from: Json | undefined, to: Json | undefined): Change[] => fieldChange(`spec.${field}`, from, to);

/** A map after the entries asked for: what has a value is set, what is null taken away. */
export function withEntries(observed: Readonly<Record<string, string>>, entries: Entries): Record<string, string> {
  const after = { ...observed, ...entries };
  return Object.fromEntries(Object.entries(after).filter((entry): entry is [string, string] => entry[1] !== null));
}

export function entriesChanges(field: string, observed: Readonly<Record<string, string>>, entries: Entries | undefined): Change[] {
  return entries === undefined ? [] : mapChanges(`spec.${field}`, observed, withEntries(observed, entries));
}

/**
 * The merge patch of a declared map. A map that is declared is the whole of it, so one that was not has to name what is there already:
 * otherwise the reconciler would take that away.
 */
export function entriesPatch(field: string, observed: Readonly<Record<string, string>>, entries: Entries | undefined): JsonObject {
  return entries === undefined ? {} : { [field]: { ...observed, ...entries } };
}

/** Keys that Stackwarden and the services keep for themselves. */
export function reservedKey(field: string, entries: Entries | undefined, reserved: (key: string) => boolean): Obstacle | undefined {
  const key = Object.keys(entries ?? {}).find(reserved);
  if (key === undefined) return undefined;
  return { reason: 'Reserved', field, message: `The key ${key} is not for people to set; leave it out.` };
}

/** A Neutron description to write: the text with the stamp that stands behind the old one, if one does. */
export function describedAs(type: ResourceType, before: object | undefined, text: string): string {
  const uid = before === undefined ? undefined : stampOf(type, before);
  return uid === undefined ? text : stampedDescription(text, uid);
}
