import type { JsonObject } from '#controller/engine/json.ts';
import type { ResourceType } from '#controller/inventory/inventory.ts';
import type { StoredChange } from '#controller/inventory/repository.ts';
import type { Seen, Writing } from './sighting.ts';

/** A write as the built-in API would tell it. */
export interface Write {
  readonly before?: Seen;
  readonly after?: Seen;
  readonly writing: Writing;
}

/** What happened, in order: either somebody wrote an object, or a cloud was seen to change. */
export type Happening =
  | { readonly at: number; readonly write: Write }
  | { readonly at: number; readonly cluster: string; readonly change: StoredChange };

export const kinds = ['Cluster', 'KeyPair', 'Network', 'Volume'];
export const clusters = ['east', 'west'];
const namespaces = ['a', 'b'];
const names = ['one', 'two', 'three'];
const types: Readonly<Record<string, ResourceType>> = { KeyPair: 'keypair', Network: 'network', Volume: 'volume' };

/**
 * Makes `count` happenings out of chance: declared, changed, moved to another cluster, deleted with and without finalizers and declared
 * anew under the same name; cloud resources that appear, drift, go, and come back under the id they had; several of it in one millisecond.
 */
export function happenings(random: () => number, count: number, from: number): Happening[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const objects = new Map<string, Seen>();
  const rows = new Map<string, { cluster: string; type: ResourceType; id: string; body?: object }>();
  const log: Happening[] = [];
  let at = from;
  let version = 0;
  let ids = 0;

  const write = (before: Seen | undefined, after: Seen | undefined): void => {
    version += 1;
    const stamped = after && { ...after, metadata: { ...after.metadata, resourceVersion: String(version) } };
    const last = before && { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } };
    const writing = { at, actor: pick(['anna', 'bert']), through: pick(['kubectl/v1.32.0', 'curl/8.5.0']) };
    log.push({
      at,
      write: { ...(before ? { before: stamped ? before : (last as Seen) } : {}), ...(stamped ? { after: stamped } : {}), writing },
    });
    const { kind, metadata } = (after ?? before) as Seen;
    const key = `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
    if (stamped) objects.set(key, stamped);
    else objects.delete(key);
  };
  const specOf = (kind: string): JsonObject => ({
    value: Math.floor(random() * 1e6),
    ...(kind === 'Cluster' ? {} : { clusterRef: { name: pick(clusters) } }),
  });

  const writeSomething = (): void => {
    const kind = pick(kinds);
    const place = { name: pick(names), ...(kind === 'Cluster' ? {} : { namespace: pick(namespaces) }) };
    const object = objects.get(`${kind}/${place.namespace ?? ''}/${place.name}`);
    if (!object) return write(undefined, { kind, metadata: { ...place, uid: `uid-${ids++}`, generation: 1 }, spec: specOf(kind) });
    const { metadata } = object;
    if (metadata.deletionTimestamp !== undefined) return write(object, undefined);
    const next = (metadata.generation ?? 1) + 1;
    const chance = random();
    if (chance < 0.15) return write(object, undefined);
    if (chance < 0.3) return write(object, { ...object, metadata: { ...metadata, generation: next, deletionTimestamp: 'now' } });
    if (chance < 0.6) return write(object, { ...object, metadata: { ...metadata, generation: next }, spec: specOf(kind) });
    const { clusterRef } = object.spec as { clusterRef?: { name: string } };
    const bound = [...rows.values()].filter((row) => row.cluster === clusterRef?.name && row.type === types[kind]);
    const id = chance < 0.65 || bound.length === 0 ? undefined : pick(bound).id;
    write(object, { ...object, status: { ready: random(), ...(id === undefined ? {} : { id }) } });
  };
  const changeCloud = (): void => {
    const cluster = pick(clusters);
    const type = pick(Object.values(types));
    const id = `${type}-${Math.floor(random() * 6)}`;
    const key = `${cluster}/${id}`;
    const row = rows.get(key) ?? { cluster, type, id };
    const before = row.body;
    const isGone = before !== undefined && random() < 0.3;
    // A key pair's id is its name, and no field of its own.
    const own = type === 'keypair' ? {} : { id };
    const after = isGone ? undefined : { ...own, name: id, value: Math.floor(random() * 1e6), attachments: [] };
    const change = before === undefined ? 'appeared' : isGone ? 'gone' : 'changed';
    rows.set(key, { cluster, type, id, ...(after ? { body: after } : {}) });
    log.push({ at, cluster, change: { type, id, change, at, ...(before ? { before } : {}), ...(after ? { after } : {}) } });
  };

  while (log.length < count) {
    // Every third shares its millisecond with the one before.
    at += Math.floor(random() * 3);
    if (random() < 0.5) writeSomething();
    else changeCloud();
  }
  return log;
}
