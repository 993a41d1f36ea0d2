import type { JsonObject } from '#controller/engine/json.ts';
import type { Names } from '#controller/engine/kind.ts';
import type { CloudHandle } from './handle.ts';
import { type Selectable } from './selectors.ts';

/** How a spec points at something of the cloud: by `<field>Ref` where an object stands for it, else by its name, or its id if several share that. */
export function pointAt(
  { inventory }: CloudHandle,
  names: Names,
  { kind, type, id, field }: { readonly kind: string; readonly type: Selectable; readonly id: string; readonly field: string },
): JsonObject {
  const declared = names.nameOf(kind, id);
  if (declared !== undefined) return { [`${field}Ref`]: { name: declared } };
  const name = inventory.get(type, id)?.name;
  const isUnique = typeof name === 'string' && name !== '' && inventory.byName(type, name).length === 1;
  return { [field]: isUnique ? { name } : { id } };
}
