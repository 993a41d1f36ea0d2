import type { KubeObject } from '#controller/engine/object.ts';
import type { CloudInventory, ResourceType } from '../inventory/inventory.ts';
import { stampOf } from '../inventory/stamp.ts';
import { typeOfKind } from './noun.ts';

/** Which object stands for which resource: by the id in its status, the id it imports, the stamp, or the instance a port belongs to. */
export class Declared {
  readonly #byKey = new Map<string, Map<string, KubeObject>>();

  add(object: KubeObject): void {
    for (const key of keysOf(object)) {
      const known = this.#byKey.get(key) ?? new Map<string, KubeObject>();
      known.set(object.metadata.uid, object);
      this.#byKey.set(key, known);
    }
  }

  remove(object: KubeObject): void {
    for (const key of keysOf(object)) {
      const known = this.#byKey.get(key);
      known?.delete(object.metadata.uid);
      if (known?.size === 0) this.#byKey.delete(key);
    }
  }

  /** The object that stands for a row. */
  objectOf(cluster: string, type: ResourceType, id: string, row: object): KubeObject | undefined {
    return (
      this.#first(idKey(cluster, type, id)) ?? this.#first(uidKey(cluster, stampOf(type, row) ?? '')) ?? this.#owner(cluster, type, row)
    );
  }

  /** Objects that an id or owner uid of a cloud concerns. */
  concernedBy(cluster: string, type: ResourceType, id: string): readonly KubeObject[] {
    return [...this.#all(idKey(cluster, type, id)), ...this.#all(uidKey(cluster, id))];
  }

  /** The instance that Nova made a port for. */
  #owner(cluster: string, type: ResourceType, row: object): KubeObject | undefined {
    if (type !== 'port') return undefined;
    const { device_id: device = '' } = row as { device_id?: string };
    return device === '' ? undefined : this.#first(idKey(cluster, 'server', device));
  }

  #first(key: string): KubeObject | undefined {
    return this.#byKey.get(key)?.values().next().value;
  }

  #all(key: string): Iterable<KubeObject> {
    return this.#byKey.get(key)?.values() ?? [];
  }
}

/** Rows of its cloud that an object stands for, or is about to; ids, by type. */
export function rowsOf(object: KubeObject, type: ResourceType, inventory: CloudInventory): { type: ResourceType; id: string }[] {
  const ids = ownIds(object).map((id) => ({ type, id }));
  const stamped = [...inventory.byOwner(type, object.metadata.uid)].map((row) => ({ type, id: (row as { id: string }).id }));
  const ports = type === 'server' && object.status?.id ? inventory.byParent('port', object.status.id) : [];
  return [...ids, ...stamped, ...ports.map(({ id }) => ({ type: 'port' as const, id })), ...snapshotsOf(object)];
}

export function clusterOfObject(object: KubeObject): string {
  return (object.spec as { clusterRef?: { name?: string } }).clusterRef?.name ?? '';
}

function keysOf(object: KubeObject): string[] {
  const type = typeOfKind.get(object.kind);
  if (type === undefined) return [];
  const cluster = clusterOfObject(object);
  return [
    uidKey(cluster, object.metadata.uid),
    ...ownIds(object).map((id) => idKey(cluster, type, id)),
    ...snapshotsOf(object).map((row) => idKey(cluster, row.type, row.id)),
  ];
}

/** Until an id is stored, what an object imports is known by its id, and a key pair by its name. */
function ownIds(object: KubeObject): string[] {
  if (object.status?.id) return [object.status.id];
  const spec = object.spec as { name?: string; import?: { id?: string } };
  if (spec.import?.id) return [spec.import.id];
  return object.kind === 'KeyPair' ? [spec.name ?? object.metadata.name] : [];
}

/** Nova makes these with the image of a server that boots from a volume. */
function snapshotsOf(object: KubeObject): { type: ResourceType; id: string }[] {
  const { volumeSnapshots = [] } = (object.status ?? {}) as { volumeSnapshots?: string[] };
  return volumeSnapshots.map((id) => ({ type: 'volume_snapshot', id }));
}

function idKey(cluster: string, type: ResourceType, id: string): string {
  return `${cluster}\0${type}\0${id}`;
}

function uidKey(cluster: string, uid: string): string {
  return `${cluster}\0\0${uid}`;
}
