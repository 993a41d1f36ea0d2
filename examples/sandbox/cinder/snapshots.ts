import type { Answer, ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import { cutPage, nextQuery } from '../pages.ts';
import type { RouteTable } from '../routes.ts';
import { metadataSchema, nameSchema, type Schema } from '../schema.ts';
import type { Snapshot } from '../store.ts';
import { toMicroseconds } from '../world.ts';
import { reserve } from './quotas.ts';

export const snapshotRoutes: RouteTable = {
  'GET /snapshots/detail': listSnapshots,
  'POST /snapshots': createSnapshot,
  'GET /snapshots/:id': (call) => ({ status: 200, body: { snapshot: detail(call, visibleSnapshot(call)) } }),
  'PUT /snapshots/:id': updateSnapshot,
  'DELETE /snapshots/:id': deleteSnapshot,
  'GET /snapshots/:id/metadata': (call) => ({ status: 200, body: { metadata: visibleSnapshot(call).metadata } }),
  'POST /snapshots/:id/metadata': (call) => changeMetadata(call, (before, given) => ({ ...before, ...given })),
  'PUT /snapshots/:id/metadata': (call) => changeMetadata(call, (_before, given) => given),
  'DELETE /snapshots/:id/metadata/:key': deleteMetadataKey,
};

const createSchema: Schema = {
  required: ['snapshot'],
  properties: {
    snapshot: {
      type: 'object',
      required: ['volume_id'],
      properties: {
        volume_id: { type: 'string' },
        name: nameSchema,
        description: nameSchema,
        metadata: { ...metadataSchema, type: ['object', 'null'] },
      },
    },
  },
};

const updateSchema: Schema = {
  required: ['snapshot'],
  properties: {
    snapshot: { type: 'object', minProperties: 1, others: false, properties: { name: nameSchema, description: nameSchema } },
  },
};

function visibleSnapshot(call: ScopedCall): Snapshot {
  const snapshot = call.store.snapshots.get(call.params.id ?? '');
  if (!snapshot || snapshot.projectId !== call.token.projectId) refuse(404, `Snapshot ${call.params.id} could not be found.`);
  return snapshot;
}

function listSnapshots(call: ScopedCall): Answer {
  const { query } = call;
  const volumeId = query.get('volume_id');
  const rows = [...call.store.snapshots.values()]
    .filter((snapshot) => snapshot.projectId === call.token.projectId && (volumeId === null || snapshot.volumeId === volumeId))
    .toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  const limit = query.get('limit') === null ? undefined : Number(query.get('limit'));
  const page = cutPage(rows, { limit, marker: query.get('marker'), max: 1000, idOf: ({ id }) => id });
  if (!page) refuse(404, `Snapshot ${query.get('marker')} could not be found.`);
  const body: Record<string, unknown> = { snapshots: page.rows.map((snapshot) => detail(call, snapshot)) };
  if (page.nextMarker)
    body.snapshots_links = [{ rel: 'next', href: `${call.world.origin}/volume${call.path}?${nextQuery(query, page.nextMarker)}` }];
  return { status: 200, body };
}

export function createSnapshot(call: ScopedCall): Answer {
  const given = checkedBody(call.body, createSchema).snapshot as {
    volume_id: string;
    name?: string;
    description?: string;
    metadata?: Record<string, string>;
    force?: unknown;
  };
  const volume = call.store.volumes.get(given.volume_id);
  if (!volume || volume.projectId !== call.token.projectId) refuse(404, `Volume ${given.volume_id} could not be found.`);
  if (volume.status === 'creating') refuse(400, 'Invalid volume: volume is not assigned to a host');
  const isForced = call.minor >= 66 || given.force === true || given.force === 'true';
  if (volume.status !== 'available' && !(volume.status === 'in-use' && isForced))
    refuse(400, `Invalid volume: Volume ${volume.id} status must be available or in-use, but current status is: ${volume.status}.`);
  reserve(call.world, call.token.projectId, { snapshots: 1, gigabytes: volume.size });
  const { world } = call;
  const snapshot: Snapshot = {
    id: world.random.uuid(),
    name: given.name ?? null,
    description: given.description ?? null,
    projectId: call.token.projectId,
    userId: call.token.userId,
    volumeId: volume.id,
    size: volume.size,
    status: 'creating',
    metadata: { ...given.metadata },
    createdAt: world.clock.now(),
    updatedAt: null,
  };
  world.store.snapshots.set(snapshot.id, snapshot);
  world.clock.after(world.durations.volumeMs, () => {
    snapshot.status = 'available';
    snapshot.updatedAt = world.clock.now();
  });
  return { status: 202, body: { snapshot: document(call, snapshot) } };
}

function updateSnapshot(call: ScopedCall): Answer {
  const snapshot = visibleSnapshot(call);
  Object.assign(snapshot, checkedBody(call.body, updateSchema).snapshot);
  return { status: 200, body: { snapshot: document(call, snapshot) } };
}

function changeMetadata(
  call: ScopedCall,
  next: (before: Record<string, string>, given: Record<string, string>) => Record<string, string>,
): Answer {
  const snapshot = visibleSnapshot(call);
  const given = checkedBody(call.body, { required: ['metadata'], properties: { metadata: metadataSchema } });
  snapshot.metadata = next(snapshot.metadata, given.metadata as Record<string, string>);
  return { status: 200, body: { metadata: snapshot.metadata } };
}

function deleteMetadataKey(call: ScopedCall): Answer {
  const snapshot = visibleSnapshot(call);
  const { [call.params.key ?? '']: gone, ...rest } = snapshot.metadata;
  if (gone === undefined) refuse(404, `Snapshot ${snapshot.id} has no metadata with key ${call.params.key}.`);
  snapshot.metadata = rest;
  return { status: 200 };
}

function deleteSnapshot(call: ScopedCall): Answer {
  const snapshot = visibleSnapshot(call);
  if (!['available', 'error'].includes(snapshot.status))
    refuse(400, `Invalid snapshot: Snapshot status must be available or error, but current status is: ${snapshot.status}.`);
  snapshot.status = 'deleting';
  snapshot.updatedAt = call.world.clock.now();
  call.world.clock.after(call.world.durations.volumeMs, () => call.world.store.snapshots.delete(snapshot.id));
  return { status: 202 };
}

function document(call: ScopedCall, snapshot: Snapshot): Record<string, unknown> {
  return {
    id: snapshot.id,
    created_at: toMicroseconds(snapshot.createdAt),
    updated_at: snapshot.updatedAt === null ? null : toMicroseconds(snapshot.updatedAt),
    name: snapshot.name,
    description: snapshot.description,
    volume_id: snapshot.volumeId,
    status: snapshot.status,
    size: snapshot.size,
    metadata: snapshot.metadata,
    ...(call.minor >= 14 ? { group_snapshot_id: null } : {}),
    ...(call.minor >= 41 ? { user_id: snapshot.userId } : {}),
    ...(call.minor >= 65 ? { consumes_quota: true } : {}),
  };
}

function detail(call: ScopedCall, snapshot: Snapshot): object {
  return {
    ...document(call, snapshot),
    'os-extended-snapshot-attributes:project_id': snapshot.projectId,
    'os-extended-snapshot-attributes:progress': snapshot.status === 'available' ? '100%' : '0%',
  };
}
