import { createHash } from 'node:crypto';
import { type Answer, htmlPage, isAdmin, isRecord, mayWrite, pythonRepr, Refusal, type ScopedCall } from '../call.ts';
import type { Image } from '../store.ts';
import { imageDocument } from './document.ts';

const diskFormats = [null, 'ami', 'ari', 'aki', 'vhd', 'vhdx', 'vmdk', 'raw', 'qcow2', 'vdi', 'iso', 'ploop'];
const readOnly = new Set([
  'id',
  'status',
  'size',
  'virtual_size',
  'checksum',
  'created_at',
  'updated_at',
  'self',
  'file',
  'schema',
  'os_hash_algo',
  'os_hash_value',
]);
/** Fields people set, and where the store keeps them. */
const fields: Readonly<Record<string, keyof Image>> = {
  name: 'name',
  visibility: 'visibility',
  disk_format: 'diskFormat',
  container_format: 'containerFormat',
  min_disk: 'minDisk',
  min_ram: 'minRam',
  protected: 'isProtected',
  os_hidden: 'isHidden',
  tags: 'tags',
};
const uuid = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

function refuse(status: number, title: string, text: string): never {
  throw new Refusal(htmlPage(status, title, text));
}

function conflict(detail: string): never {
  return refuse(409, 'Conflict', `There was a conflict when trying to complete your request.<br /><br />\n${detail}`);
}

/** POST /images: an image without data. */
export function createImage(call: ScopedCall): Answer {
  if (!mayWrite(call)) refuse(403, 'Forbidden', 'You are not authorized to complete add_image action.');
  const given = isRecord(call.body) ? call.body : {};
  const { world } = call;
  const now = world.clock.now();
  const id = typeof given.id === 'string' ? given.id : world.random.uuid();
  if (!uuid.test(id)) refuse(400, 'Bad Request', `Provided object does not match schema 'image': ${pythonRepr(id)} does not match`);
  const image: Image = {
    id,
    name: null,
    owner: call.token.projectId,
    visibility: 'shared',
    status: 'queued',
    diskFormat: null,
    containerFormat: null,
    size: null,
    minDisk: 0,
    minRam: 0,
    checksum: null,
    hash: null,
    isProtected: false,
    isHidden: false,
    properties: {},
    tags: [],
    createdAt: now,
    updatedAt: now,
  };
  for (const [name, value] of Object.entries(given)) if (name !== 'id') setField(call, image, name, value);
  if (world.store.images.has(id) || world.store.usedImageIds.has(id)) refuse(409, 'Conflict', `Image ID ${id} already exists!`);
  world.store.images.set(id, image);
  return {
    status: 201,
    body: imageDocument(image),
    headers: { location: `${world.origin}/image/v2/images/${id}`, 'openstack-image-import-methods': 'glance-direct' },
  };
}

function setField(call: ScopedCall, image: Image, name: string, value: unknown): void {
  if (readOnly.has(name)) refuse(403, 'Forbidden', `Attribute '${name}' is read-only.`);
  if (name.startsWith('os_glance_')) refuse(403, 'Forbidden', `Attribute '${name}' is reserved.`);
  if (name === 'visibility' && value === 'public' && !isAdmin(call))
    refuse(403, 'Forbidden', 'You are not authorized to complete publicize_image action.');
  const mismatch = (why: string) => refuse(400, 'Bad Request', `Provided object does not match schema 'image': ${why}`);
  if (name === 'disk_format' && !diskFormats.includes(value as string))
    mismatch(`${pythonRepr(value)} is not one of ${pythonRepr(diskFormats)}`);
  if ((name === 'min_disk' || name === 'min_ram') && Number(value) < 0)
    refuse(400, 'Bad Request', `Invalid value '${Number(value)}' for parameter '${name}': Cannot be a negative value`);
  const field = fields[name];
  if (field !== undefined) return void Object.assign(image, { [field]: name === 'tags' ? [...new Set(value as string[])] : value });
  if (typeof value !== 'string') mismatch(`${pythonRepr(value)} is not of type 'string'`);
  image.properties = { ...image.properties, [name]: String(value) };
}

/** PATCH /images/ID with a JSON patch: all of its steps, or none. */
export function patchImage(call: ScopedCall, image: Image): Answer {
  requireOwn(call, image, 'modify_image');
  if (call.headers['content-type'] !== 'application/openstack-images-v2.1-json-patch')
    refuse(415, 'Unsupported Media Type', `The request media type ${call.headers['content-type']} is not supported by this server.`);
  if (!Array.isArray(call.body)) refuse(400, 'Bad Request', 'Request body must be a JSON array of operation objects.');
  const draft = { ...image };
  for (const step of call.body as { op: string; path: string; value?: unknown }[]) takeStep(call, draft, step);
  const made = call.world.store.images.get(image.id);
  if (made) Object.assign(made, draft, { updatedAt: call.world.clock.now() });
  return { status: 200, body: imageDocument(draft) };
}

function takeStep(call: ScopedCall, draft: Image, { op, path, value }: { op: string; path: string; value?: unknown }): void {
  const name = path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
  const isField = name in fields || readOnly.has(name);
  if (op !== 'add' && !isField && draft.properties[name] === undefined) conflict(`Property ${name} does not exist.`);
  if (op === 'remove') {
    const { [name]: _gone, ...rest } = draft.properties;
    draft.properties = rest;
    return;
  }
  if ((name === 'disk_format' || name === 'container_format') && draft.status !== 'queued')
    refuse(403, 'Forbidden', `Attribute ${name} can be only replaced for a queued image.`);
  setField(call, draft, name, value);
}

/** PUT /images/ID/file: active with the answer. */
export function uploadData(call: ScopedCall, image: Image): Answer {
  requireOwn(call, image, 'upload_image');
  if (call.headers['content-type'] !== 'application/octet-stream')
    refuse(415, 'Unsupported Media Type', `The request media type ${call.headers['content-type']} is not supported by this server.`);
  if (image.status !== 'queued') refuse(409, 'Conflict', `Image status transition from ${image.status} to saving is not allowed`);
  if (image.diskFormat === null || image.containerFormat === null)
    refuse(400, 'Bad Request', 'Properties disk_format, container_format must be set prior to saving data.');
  fillImage(image, call.data, call.world.clock.now());
  return { status: 204, headers: { 'content-type': 'text/html; charset=UTF-8' } };
}

/** What Glance computes of the data. */
export function fillImage(image: Image, data: Buffer, now: number): void {
  Object.assign(image, {
    status: 'active',
    size: data.length,
    checksum: createHash('md5').update(data).digest('hex'),
    hash: createHash('sha512').update(data).digest('hex'),
    updatedAt: now,
  });
}

export function deleteImage(call: ScopedCall, image: Image): Answer {
  requireOwn(call, image, 'delete_image');
  if (image.isProtected) refuse(403, 'Forbidden', `Image ${image.id} is protected and cannot be deleted.`);
  call.world.store.images.delete(image.id);
  call.world.store.usedImageIds.add(image.id);
  return { status: 204, headers: { 'content-type': 'text/html; charset=UTF-8' } };
}

function requireOwn(call: ScopedCall, image: Image, policy: string): void {
  if (isAdmin(call) || (mayWrite(call) && image.owner === call.token.projectId)) return;
  refuse(403, 'Forbidden', `You are not authorized to complete ${policy} action.`);
}
