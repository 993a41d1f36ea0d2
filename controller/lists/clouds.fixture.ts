import type { KubeObject, ObjectStatus } from '#controller/engine/object.ts';
import type { NoConnection } from '#controller/engine/ports.ts';
import type { ManagedInventory, SweepReport } from '../inventory/cloud-inventory.ts';
import type { InventoryEvent, Resources, ResourceType } from '../inventory/inventory.ts';
import { createMoments } from '../inventory/moment.ts';
import { createRows, type Transition } from '../inventory/rows.ts';
import { createLists, type ListsDeps, type ListsFeed } from './lists.ts';

/** A cloud's inventory that a test fills: real rows and indexes, no cloud behind them. */
export interface TestCloud {
  readonly inventory: ManagedInventory;
  put<T extends ResourceType>(type: T, row: Resources[T]): void;
  remove(type: ResourceType, id: string): void;
  /** As after a look at all types. */
  listed(at: number, error?: string): void;
}

export function createTestCloud(cluster: string, feed: () => Pick<ListsFeed, 'changed' | 'listed'>): TestCloud {
  let clock = 0;
  const moments = createMoments({ now: () => ++clock });
  const rows = createRows(moments);
  const lastSweep = new Map<ResourceType, SweepReport>();
  let listedAt = 0;
  const tell = (transition: Transition | undefined) => {
    if (!transition) return;
    const { type, id, change, ids } = transition;
    feed().changed({ cluster, type, id, change, ids } satisfies InventoryEvent);
  };
  // Only what lists read; the rest of an inventory is none of their business.
  const inventory = {
    cluster,
    projectId: 'p',
    get: (type: ResourceType, id: string) => rows.get(type, id),
    all: (type: ResourceType) => rows.all(type),
    byName: (type: ResourceType, name: string) => rows.by(type, 'name', name),
    byOwner: (type: ResourceType, uid: string) => rows.by(type, 'owner', uid),
    byParent: (type: ResourceType, id: string) => rows.by(type, 'parent', id),
    listedAt: () => listedAt,
    lastSweep,
  } as unknown as ManagedInventory;
  return {
    inventory,
    put: (type, row) => tell(rows.take(type, row, { askedAt: moments.next(), receivedAt: moments.next() })),
    remove: (type, id) => tell(rows.drop(type, id, moments.next())),
    listed(at, error) {
      listedAt = at;
      for (const type of ['server', 'volume', 'port', 'network', 'image'] as const) {
        const report = { type, how: 'full', askedAt: at, rows: 0, pages: 1, gets: 0, changes: 0, durationMs: 1 } as const;
        lastSweep.set(type, error === undefined ? report : { ...report, error });
        feed().listed(cluster, type);
      }
    },
  };
}

export function createTestLists(options: Partial<ListsDeps> = {}) {
  const clouds = new Map<string, TestCloud>();
  const whys = new Map<string, NoConnection>();
  const made = createLists({
    clusters: () => [...new Set([...clouds.keys(), ...whys.keys()])],
    why: (cluster) => whys.get(cluster),
    staleMs: () => 300_000,
    now: () => Date.parse('2026-11-29T12:00:00Z'),
    // Tests read; what nobody reads need not be done.
    defer: () => undefined,
    // Exact however slow the machine is.
    countMs: Number.POSITIVE_INFINITY,
    onError(error) {
      throw error;
    },
    ...options,
  });
  const cloud = (cluster: string): TestCloud => {
    const known = clouds.get(cluster);
    if (known) return known;
    const fresh = createTestCloud(cluster, () => made.feed);
    clouds.set(cluster, fresh);
    made.feed.opened(cluster, fresh.inventory);
    return fresh;
  };
  return { ...made, cloud, whys };
}

export function serverRow(id: string, fields: Partial<Resources['server']> = {}): Resources['server'] {
  return {
    id,
    name: id,
    status: 'ACTIVE',
    tenant_id: 'p',
    user_id: 'u',
    created: '2026-11-01T00:00:00Z',
    updated: '2026-11-01T00:00:00Z',
    metadata: {},
    tags: [],
    image: { id: 'i-1' },
    flavor: { original_name: 'm1.small', vcpus: 1, ram: 2048, disk: 20, ephemeral: 0, swap: 0 },
    addresses: {},
    key_name: null,
    'OS-EXT-STS:task_state': null,
    'OS-EXT-STS:vm_state': 'active',
    'OS-EXT-STS:power_state': 1,
    'os-extended-volumes:volumes_attached': [],
    ...fields,
  };
}

export function address(addr: string, mac = 'fa:16:3e:00:00:01'): Resources['server']['addresses'] {
  return { front: [{ addr, version: 4, 'OS-EXT-IPS-MAC:mac_addr': mac, 'OS-EXT-IPS:type': 'fixed' }] };
}

export function imageRow(name: string): Resources['image'] {
  return {
    id: 'i-1',
    name,
    status: 'active',
    visibility: 'public',
    owner: 'p',
    protected: false,
    disk_format: 'raw',
    container_format: 'bare',
    min_disk: 0,
    min_ram: 0,
    size: 1,
    tags: [],
    created_at: '2026-11-01T00:00:00Z',
    updated_at: '2026-11-01T00:00:00Z',
  };
}

let version = 0;

export function instance(name: string, cluster: string, status: ObjectStatus = {}, kind = 'Instance'): KubeObject {
  return {
    apiVersion: 'openstack.stackwarden.io/v1alpha1',
    kind,
    metadata: { name, namespace: 'shop', uid: `uid-${kind}-${name}`, resourceVersion: String(++version), generation: 1 },
    spec: { clusterRef: { name: cluster } },
    status,
  };
}
