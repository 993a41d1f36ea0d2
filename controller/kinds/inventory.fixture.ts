import type { JsonObject } from '#controller/engine/json.ts';
import type { Resolve } from '#controller/engine/kind.ts';
import type { CloudInventory, Resources, ResourceType } from '#controller/inventory/inventory.ts';
import { stampOf } from '#controller/inventory/stamp.ts';
import { TRACKED } from '#controller/inventory/tracked.ts';
import type { Cloud } from '#controller/openstack/cloud.ts';
import { real } from './answers.fixture.ts';
import type { CloudHandle } from './handle.ts';

/** Rows of a cloud, by type. */
export type Rows = { readonly [T in ResourceType]?: readonly Partial<Resources[T]>[] };

/** The project the known cloud's token is for. */
export const OWN_PROJECT = real.network.project_id;

/** A cloud that is only known, never called: what `desire` and `observe` need. */
export function knownCloud(rows: Rows = {}, { listedAt = 1, projectId = OWN_PROJECT } = {}): CloudHandle {
  const all = <T extends ResourceType>(type: T) => (rows[type] ?? []) as unknown as Resources[T][];
  const idOf = (type: ResourceType, row: object) => (type !== 'keypair' && 'id' in row ? row.id : 'name' in row ? row.name : undefined);
  const parents = (row: object) => [
    'device_id' in row ? row.device_id : undefined,
    'port_id' in row ? row.port_id : undefined,
    'network_id' in row ? row.network_id : undefined,
    'volume_id' in row ? row.volume_id : undefined,
    ...('attachments' in row ? (row.attachments as { server_id: string }[]).map((one) => one.server_id) : []),
  ];
  const reads: Pick<CloudInventory, 'projectId' | 'get' | 'all' | 'byName' | 'byOwner' | 'byParent' | 'listedAt'> = {
    projectId,
    get: (type, id) => all(type).find((row) => idOf(type, row) === id),
    all,
    byName: (type, name) => all(type).filter((row) => TRACKED[type].name(row) === name),
    byOwner: (type, uid) => all(type).filter((row) => stampOf(type, row) === uid),
    byParent: (type, id) => all(type).filter((row) => parents(row).includes(id)),
    listedAt: () => listedAt,
  };
  return { client: { name: 'main' } as Cloud, inventory: reads as CloudInventory };
}

/** Answers `desire`, and what it had to leave unanswered. */
export interface Asked {
  readonly resolve: Resolve<CloudHandle>;
  readonly waits: string[];
  readonly later: string[];
  readonly stalls: string[];
  readonly passes: string[];
}

export interface Known {
  readonly cloud?: CloudHandle;
  /** Cloud ids by `Kind/name`. */
  readonly ids?: Readonly<Record<string, string>>;
  /** By `name/key`. */
  readonly secrets?: Readonly<Record<string, Buffer>>;
  readonly uid?: string;
  readonly name?: string;
  readonly id?: string;
  readonly spec?: JsonObject;
}

/** Stands for the engine in tests of `desire`. */
export function ask({ cloud = knownCloud(), ids = {}, secrets = {}, uid = 'uid-1', name = 'thing', id, spec }: Known = {}): Asked {
  const asked = { waits: [] as string[], later: [] as string[], stalls: [] as string[], passes: [] as string[] };
  const resolve: Resolve<CloudHandle> = {
    cloud,
    owner: { uid, name, namespace: 'default', key: `default/${name}`, ...(id !== undefined && { id }), ...(spec && { spec }) },
    id(kind, wanted) {
      const found = ids[`${kind}/${wanted}`];
      if (found === undefined) asked.waits.push(`${kind}/${wanted}`);
      return found ?? '';
    },
    softId(kind, wanted) {
      const found = ids[`${kind}/${wanted}`];
      if (found === undefined) asked.later.push(`${kind}/${wanted}`);
      return found;
    },
    secret(wanted, key) {
      const found = secrets[`${wanted}/${key}`];
      if (found === undefined) asked.waits.push(`Secret/${wanted} ${key}`);
      return found;
    },
    need<T>(found: T | undefined, otherwise: { message: string }, options?: { passes: true }): T {
      if (found === undefined) (options ? asked.passes : asked.stalls).push(otherwise.message);
      return found as T;
    },
  };
  return { resolve, ...asked };
}
