import type { Answer, ScopedCall } from '../call.ts';
import { refuse } from '../fault-bodies.ts';
import type { RouteTable } from '../routes.ts';
import type { Store, VolumeType } from '../store.ts';

export const defaultTypeName = 'standard';

export const typeRoutes: RouteTable = { 'GET /types': listTypes, 'GET /types/:id': showType };

function listTypes(call: ScopedCall): Answer {
  const rows = [...call.store.volumeTypes.values()].map((type) => ({ ...typeDocument(type), 'os-volume-type-access:is_public': true }));
  return { status: 200, body: { volume_types: rows } };
}

function showType(call: ScopedCall): Answer {
  const wanted = call.params.id === 'default' ? findType(call.store, defaultTypeName) : call.store.volumeTypes.get(call.params.id ?? '');
  if (!wanted) refuse(404, `Volume type ${call.params.id} could not be found.`);
  return { status: 200, body: { volume_type: typeDocument(wanted) } };
}

/** By id or by name. */
export function findType(store: Store, nameOrId: string): VolumeType | undefined {
  return store.volumeTypes.get(nameOrId) ?? [...store.volumeTypes.values()].find(({ name }) => name === nameOrId);
}

function typeDocument(type: VolumeType): object {
  return { id: type.id, name: type.name, is_public: true, description: type.description, extra_specs: {} };
}
