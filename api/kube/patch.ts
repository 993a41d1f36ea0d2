import { isDeepStrictEqual } from 'node:util';
import { isRecord } from './schema.ts';
import { badRequest, StatusError } from './status.ts';

/** RFC 7386: `null` removes, objects merge, everything else replaces. Returns a new value. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return structuredClone(patch);
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

const operations = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);
const mostOperations = 10_000;

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** RFC 6902. Returns a new value; throws a Status when the patch is malformed (400) or does not fit the target (422). */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp');
  if (patch.length > mostOperations) {
    const message = `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${patch.length}`;
    throw new StatusError(413, 'RequestEntityTooLarge', message);
  }
  const root = { '': structuredClone(target) };
  for (const each of patch as unknown[]) carryOut(root, checked(each));
  return root[''];
}

function checked(each: unknown): Operation {
  const shown = JSON.stringify(each);
  if (!isRecord(each) || typeof each.op !== 'string' || !operations.has(each.op))
    throw badRequest(`invalid operation ${shown}: unsupported operation`);
  if (typeof each.path !== 'string') throw badRequest(`invalid operation ${shown}: missing path`);
  if ((each.op === 'move' || each.op === 'copy') && typeof each.from !== 'string')
    throw badRequest(`invalid operation ${shown}: missing from`);
  return each as unknown as Operation;
}

function carryOut(root: { '': unknown }, operation: Operation): void {
  const { op, path } = operation;
  if (op === 'test') {
    if (!isDeepStrictEqual(read(root, path), operation.value ?? null)) throw unfit();
    return;
  }
  if (op === 'remove') return remove(root, path);
  if (op === 'replace') {
    read(root, path);
    return write(root, path, operation.value, true);
  }
  if (op === 'add') return write(root, path, operation.value, false);
  const moved = structuredClone(read(root, operation.from ?? ''));
  if (op === 'move') remove(root, operation.from ?? '');
  write(root, path, moved, false);
}

/** Kubernetes tells no more than this; what exactly did not fit is in the patch the client has. */
function unfit(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

function keys(pointer: string): string[] {
  if (pointer !== '' && !pointer.startsWith('/')) throw unfit();
  return pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function parentOf(root: { '': unknown }, pointer: string): { parent: unknown; key: string } {
  const path = keys(pointer);
  const key = path.at(-1) ?? '';
  let parent: unknown = root;
  for (const part of path.slice(0, -1)) parent = child(parent, part);
  return { parent, key };
}

function child(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return parent[index(parent, key)];
  if (isRecord(parent) && Object.hasOwn(parent, key)) return parent[key];
  throw unfit();
}

function index(list: readonly unknown[], key: string): number {
  const at = /^-\d+$/.test(key) ? list.length + Number(key) : Number(key);
  if (!/^-?\d+$/.test(key) || at < 0 || at >= list.length) throw unfit();
  return at;
}

function read(root: { '': unknown }, pointer: string): unknown {
  const { parent, key } = parentOf(root, pointer);
  return child(parent, key);
}

function write(root: { '': unknown }, pointer: string, value: unknown, isReplace: boolean): void {
  const { parent, key } = parentOf(root, pointer);
  if (key === '__proto__') throw unfit();
  if (isRecord(parent)) parent[key] = structuredClone(value);
  else if (!Array.isArray(parent)) throw unfit();
  else if (isReplace) parent[index(parent, key)] = structuredClone(value);
  else if (key === '-' || key === String(parent.length)) parent.push(structuredClone(value));
  else parent.splice(index(parent, key), 0, structuredClone(value));
}

function remove(root: { '': unknown }, pointer: string): void {
  const { parent, key } = parentOf(root, pointer);
  child(parent, key);
  if (Array.isArray(parent)) parent.splice(index(parent, key), 1);
  else if (isRecord(parent)) delete parent[key];
}
