import { type Answer, isRecord, type ScopedCall } from '../call.ts';
import { checkedBody, refuse } from '../fault-bodies.ts';
import { cutPage, nextQuery } from '../pages.ts';
import type { RouteTable } from '../routes.ts';
import { metadataSchema, nameSchema, type Schema, sizeSchema } from '../schema.ts';
import type { Volume } from '../store.ts';
import { toMicroseconds, type World } from '../world.ts';
import { createVolume } from './create.ts';
import { findType } from './types.ts';

export const volumeRoutes: RouteTable = {
  'GET /volumes': (call) => listVolumes(call, (volume) => ({ id: volume.id, name: volume.name, links: links(call, volume) })),
  'GET /volumes/detail': (call) => listVolumes(call, (volume) => volumeDetail(call, volume)),
  'POST /volumes': (call) => {
    const made = createVolume(call, checkedBody(call.body, createSchema).volume as Record<string, unknown>);
    // Microseconds are shown once, before the database has cut them off.
    return {
      status: 202,
      body: { volume: { ...volumeDocument(call, made), created_at: `${new Date(made.createdAt).toISOString().slice(0, 23)}000` } },
    };
  },
  'GET /volumes/:id': (call) => ({ status: 200, body: { volume: volumeDetail(call, visibleVolume(call)) } }),
  'PUT /volumes/:id': updateVolume,
  'DELETE /volumes/:id': deleteVolume,
  'GET /volumes/:id/metadata': (call) => ({ status: 200, body: { metadata: visibleVolume(call).metadata } }),
  'POST /volumes/:id/metadata': (call) => changeMetadata(call, (old, given) => ({ ...old, ...given })),
  'PUT /volumes/:id/metadata': (call) => changeMetadata(call, (_old, given) => given),
  'PUT /volumes/:id/metadata/:key': setMetadataItem,
  'DELETE /volumes/:id/metadata/:key': deleteMetadataItem,
};

const createSchema: Schema = {
  required: ['volume'],
  properties: {
    volume: {
      type: 'object',
      others: false,
      properties: {
        name: nameSchema,
        display_name: nameSchema,
        description: nameSchema,
        display_description: nameSchema,
        size: { ...sizeSchema, type: ['integer', 'string', 'null'] },
        volume_type: { type: ['string', 'null'] },
        metadata: { ...metadataSchema, type: ['object', 'null'] },
        imageRef: { type: ['string', 'null'] },
        snapshot_id: { type: ['string', 'null'] },
        source_volid: { type: ['string', 'null'] },
        consistencygroup_id: { type: ['string', 'null'] },
        group_id: { type: ['string', 'null'] },
        backup_id: { type: ['string', 'null'] },
        availability_zone: { type: ['string', 'null'] },
        multiattach: { type: ['boolean', 'string', 'null'] },
        'OS-SCH-HNT:scheduler_hints': { type: ['object', 'null'] },
      },
    },
  },
};

const updateSchema: Schema = {
  required: ['volume'],
  properties: {
    volume: {
      type: 'object',
      minProperties: 1,
      others: false,
      properties: {
        name: nameSchema,
        description: nameSchema,
        display_name: nameSchema,
        display_description: nameSchema,
        metadata: metadataSchema,
      },
    },
  },
};

/** The volume of the path, if the caller's project owns it. */
export function visibleVolume(call: ScopedCall): Volume {
  const volume = call.store.volumes.get(call.params.id ?? '');
  if (!volume || volume.projectId !== call.token.projectId) refuse(404, `Volume ${call.params.id} could not be found.`);
  return volume;
}

export function touch(world: World, volume: Volume): void {
  volume.updatedAt = world.clock.now();
}

function listVolumes(call: ScopedCall, show: (volume: Volume) => object): Answer {
  const { query } = call;
  const limitText = query.get('limit');
  if (limitText !== null && !/^-?\d+$/.test(limitText)) refuse(400, 'limit param must be an integer');
  if (Number(limitText) < 0) refuse(400, 'limit param must be positive');
  const isChanged = updatedFilter(call);
  const everyProject = query.get('all_tenants') !== null && call.token.roles.includes('admin');
  const rows = [...call.store.volumes.values()]
    .filter((volume) => (everyProject || volume.projectId === call.token.projectId) && isChanged(volume) && matches(volume, query))
    .toSorted(order(query));
  const limit = limitText === null ? undefined : Number(limitText);
  const page = cutPage(rows, { limit, marker: query.get('marker'), max: 1000, idOf: ({ id }) => id });
  if (!page) refuse(404, `Volume ${query.get('marker')} could not be found.`);
  const body: Record<string, unknown> = { volumes: page.rows.map(show) };
  if (page.nextMarker) {
    const href = `${call.world.origin}/volume${call.path}?${nextQuery(query, page.nextMarker)}`;
    body.volumes_links = [{ rel: 'next', href }];
  }
  return { status: 200, body };
}

/** `updated_at=gt:TIME` and the like; before 3.60 the filter is passed over in silence. */
function updatedFilter(call: ScopedCall): (volume: Volume) => boolean {
  const text = call.query.get('updated_at');
  if (text === null || call.minor < 60) return () => true;
  const [, operator = '', time = ''] = /^(gt|gte|eq|neq|lt|lte):(.*)$/.exec(text) ?? [];
  if (operator === '') refuse(400, `Invalid ${text} operator`);
  const given = Date.parse(/Z|[+-]\d\d:?\d\d$/.test(time) ? time : `${time}Z`);
  if (Number.isNaN(given)) refuse(400, 'Filters updated_at cannot be parsed.');
  return (volume) => {
    if (volume.updatedAt === null) return false;
    const seconds = Math.floor(volume.updatedAt / 1000) * 1000;
    const outcomes: Record<string, boolean> = {
      gt: seconds > given,
      gte: seconds >= given,
      eq: seconds === given,
      neq: seconds !== given,
      lt: seconds < given,
      lte: seconds <= given,
    };
    return outcomes[operator] ?? false;
  };
}

function matches(volume: Volume, query: URLSearchParams): boolean {
  const name = query.get('name');
  const status = query.get('status');
  const likeName = query.get('name~');
  if (name !== null && volume.name !== name) return false;
  if (likeName !== null && !(volume.name ?? '').includes(likeName)) return false;
  if (status !== null && volume.status !== status) return false;
  const metadata = query.get('metadata');
  if (metadata === null) return true;
  const pairs = [...metadata.matchAll(/['"]([^'"]+)['"]\s*:\s*u?['"]([^'"]*)['"]/g)];
  return pairs.every(([, key = '', value]) => volume.metadata[key] === value);
}

function order(query: URLSearchParams): (a: Volume, b: Volume) => number {
  const [key = 'created_at', direction] = (query.get('sort') ?? 'created_at:desc').split(':');
  const value = (volume: Volume): string | number =>
    key === 'name' ? (volume.name ?? '') : key === 'size' ? volume.size : key === 'id' ? volume.id : volume.createdAt;
  const sign = (direction ?? 'desc') === 'asc' ? 1 : -1;
  return (a, b) => sign * (compare(value(a), value(b)) || compare(a.id, b.id));
}

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function updateVolume(call: ScopedCall): Answer {
  const given = checkedBody(call.body, updateSchema).volume as {
    name?: string | null;
    description?: string | null;
    metadata?: Record<string, string>;
  };
  const volume = visibleVolume(call);
  if (given.name !== undefined) volume.name = given.name;
  if (given.description !== undefined) volume.description = given.description;
  if (given.metadata) volume.metadata = { ...given.metadata };
  touch(call.world, volume);
  return { status: 200, body: { volume: volumeDocument(call, volume) } };
}

const deletable = ['available', 'error', 'error_restoring', 'error_extending', 'error_managing'];

function deleteVolume(call: ScopedCall): Answer {
  const volume = visibleVolume(call);
  const hasSnapshots = [...call.store.snapshots.values()].some(({ volumeId }) => volumeId === volume.id);
  // A volume no backend has yet is simply dropped.
  if (volume.status === 'creating' && volume.serviceId === null) {
    call.store.volumes.delete(volume.id);
    return { status: 202 };
  }
  if (!deletable.includes(volume.status) || volume.attachments.length > 0 || hasSnapshots)
    refuse(
      400,
      `Invalid volume: Volume status must be ${deletable.join(' or ')} and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.`,
    );
  volume.status = 'deleting';
  touch(call.world, volume);
  call.world.clock.after(call.world.durations.volumeMs, () => call.world.store.volumes.delete(volume.id));
  return { status: 202 };
}

function changeMetadata(
  call: ScopedCall,
  merge: (old: Record<string, string>, given: Record<string, string>) => Record<string, string>,
): Answer {
  const given = checkedBody(call.body, { required: ['metadata'], properties: { metadata: metadataSchema } }).metadata as Record<
    string,
    string
  >;
  const volume = visibleVolume(call);
  volume.metadata = merge(volume.metadata, given);
  return { status: 200, body: { metadata: volume.metadata } };
}

function setMetadataItem(call: ScopedCall): Answer {
  const volume = visibleVolume(call);
  const meta = isRecord(call.body) && isRecord(call.body.meta) ? call.body.meta : {};
  const key = call.params.key ?? '';
  if (!(key in meta)) refuse(400, 'Request body and URI mismatch');
  volume.metadata = { ...volume.metadata, [key]: String(meta[key]) };
  return { status: 200, body: { meta: { [key]: volume.metadata[key] } } };
}

function deleteMetadataItem(call: ScopedCall): Answer {
  const volume = visibleVolume(call);
  const key = call.params.key ?? '';
  if (!(key in volume.metadata)) refuse(404, `Volume ${volume.id} has no metadata with key ${key}.`);
  const { [key]: _gone, ...rest } = volume.metadata;
  volume.metadata = rest;
  return { status: 200 };
}

function links(call: ScopedCall, volume: Volume): object[] {
  const { origin } = call.world;
  return [
    { rel: 'self', href: `${origin}/volume/v3/${call.token.projectId}/volumes/${volume.id}` },
    { rel: 'bookmark', href: `${origin}/volume/${call.token.projectId}/volumes/${volume.id}` },
  ];
}

/** What POST and PUT answer. */
export function volumeDocument(call: ScopedCall, volume: Volume): Record<string, unknown> {
  const type = findType(call.store, volume.typeId);
  return {
    id: volume.id,
    status: volume.status,
    size: volume.size,
    availability_zone: volume.availabilityZone,
    created_at: toMicroseconds(volume.createdAt),
    updated_at: volume.updatedAt === null ? null : toMicroseconds(volume.updatedAt),
    name: volume.name,
    description: volume.description,
    volume_type: type?.name ?? null,
    snapshot_id: volume.snapshotId,
    source_volid: volume.sourceVolumeId,
    metadata: volume.metadata,
    links: links(call, volume),
    user_id: volume.userId,
    bootable: String(volume.isBootable),
    encrypted: false,
    replication_status: null,
    consistencygroup_id: null,
    multiattach: false,
    attachments: volume.attachments.map((attachment) => ({
      id: volume.id,
      attachment_id: attachment.attachmentId,
      volume_id: volume.id,
      server_id: attachment.serverId,
      host_name: null,
      device: attachment.device,
      attached_at: toMicroseconds(attachment.attachedAt),
    })),
    ...(call.minor >= 13 ? { group_id: null } : {}),
    ...(call.minor >= 48 ? { shared_targets: true, service_uuid: volume.serviceId } : {}),
    ...(call.minor >= 63 ? { volume_type_id: volume.typeId } : {}),
    ...(call.minor >= 65 ? { consumes_quota: true } : {}),
  };
}

/** What GET and the detailed list answer besides. */
function volumeDetail(call: ScopedCall, volume: Volume): object {
  return {
    ...volumeDocument(call, volume),
    'os-vol-tenant-attr:tenant_id': volume.projectId,
    ...(volume.imageMetadata ? { volume_image_metadata: volume.imageMetadata } : {}),
  };
}
