import type { Names } from '#controller/engine/kind.ts';
import { declaredDescription, MAX_DECLARED_DESCRIPTION } from '#controller/inventory/stamp.ts';
import { Undeclarable } from './undeclarable.ts';

/** `name`, unless the object of this resource is called the same; null is an empty one. */
export function declareName(kind: string, id: string, name: string | null, names: Names): { name?: string } {
  return names.nameOf(kind, id) === name ? {} : { name: name ?? '' };
}

/** `description` of a Neutron resource, unless it is empty. */
export function declareNeutronDescription(
  noun: string,
  { id, description }: { id: string; description: string },
): { description?: string } {
  const text = declaredDescription(description);
  if (text.length > MAX_DECLARED_DESCRIPTION) {
    throw new Undeclarable(
      `The description of ${noun} ${id} has ${text.length} characters, which leaves no room for our stamp behind it. Shorten it to ${MAX_DECLARED_DESCRIPTION} in the cloud.`,
    );
  }
  return text === '' ? {} : { description: text };
}

/** `tags`, in order, unless there are none. */
export function declareTags(tags: readonly string[] | undefined): { tags?: string[] } {
  return tags === undefined || tags.length === 0 ? {} : { tags: tags.toSorted() };
}

/** A reference to the object that stands for a cloud resource this one cannot be declared without. */
export function declareRef(kind: string, id: string, names: Names, what: string): { name: string } {
  const name = names.nameOf(kind, id);
  if (name !== undefined) return { name };
  throw new Undeclarable(`${what} ${kind} ${id}, for which no object stands in the namespace. Export or declare that one too.`);
}
