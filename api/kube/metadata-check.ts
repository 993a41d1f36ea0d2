import { forbiddenField, immutable, invalidValue, required } from './causes.ts';
import type { ObjectMeta } from './definition.ts';
import { isRecord } from './schema.ts';
import { badRequest, type Cause } from './status.ts';

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const namePart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const namePartText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const annotationBytes = 256 * 1024;

type Shape = 'string' | 'integer' | 'map' | 'strings' | 'owners';

const shapes: Readonly<Record<string, Shape>> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  uid: 'string',
  resourceVersion: 'string',
  generation: 'integer',
  creationTimestamp: 'string',
  deletionTimestamp: 'string',
  deletionGracePeriodSeconds: 'integer',
  labels: 'map',
  annotations: 'map',
  finalizers: 'strings',
  ownerReferences: 'owners',
};

const ownerShapes: Readonly<Record<string, string>> = {
  apiVersion: 'string',
  kind: 'string',
  name: 'string',
  uid: 'string',
  controller: 'boolean',
  blockOwnerDeletion: 'boolean',
};

/**
 * Reads `metadata` as it was sent: only known fields, of the right types, empty ones left out. `managedFields` and `selfLink` are
 * accepted and dropped. `unknown` collects what is not known. Throws a Status on a wrong type, as Kubernetes' decoder does.
 */
export function readMetadata(sent: unknown, of: string, unknown: string[]): ObjectMeta {
  if (sent === undefined || sent === null) return { name: '' };
  if (!isRecord(sent)) throw decodeFault(of, sent, 'ObjectMeta', 'metadata');
  const metadata: Record<string, unknown> = { name: '' };
  for (const [key, value] of Object.entries(sent)) {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    if (key === 'managedFields' || key === 'selfLink') continue;
    if (!shape) unknown.push(`metadata.${key}`);
    else if (value !== null) metadata[key] = readField(value, key, shape, of, unknown);
  }
  for (const [key, value] of Object.entries(metadata)) if (key !== 'name' && isEmpty(value)) delete metadata[key];
  return metadata as unknown as ObjectMeta;
}

function readField(value: unknown, key: string, shape: Shape, of: string, unknown: string[]): unknown {
  const wrong = (found: unknown): Error => decodeFault(of, found, `ObjectMeta.${key}`, shape === 'integer' ? 'int64' : 'string');
  if (shape === 'string' && typeof value === 'string') return value;
  if (shape === 'integer' && Number.isInteger(value)) return value;
  if (shape === 'map' && isRecord(value)) {
    for (const inner of Object.values(value)) if (typeof inner !== 'string') throw wrong(inner);
    return value;
  }
  if (shape === 'strings' && Array.isArray(value)) {
    for (const inner of value) if (typeof inner !== 'string') throw wrong(inner);
    return [...new Set(value)];
  }
  if (shape === 'owners' && Array.isArray(value)) return value.map((owner, index) => readOwner(owner, index, of, unknown));
  throw wrong(value);
}

function readOwner(owner: unknown, index: number, of: string, unknown: string[]): Record<string, unknown> {
  if (!isRecord(owner)) throw decodeFault(of, owner, 'ObjectMeta.ownerReferences', 'v1.OwnerReference');
  const read: Record<string, unknown> = { apiVersion: '', kind: '', name: '', uid: '' };
  for (const [key, value] of Object.entries(owner)) {
    const type = Object.hasOwn(ownerShapes, key) ? ownerShapes[key] : undefined;
    if (!type) unknown.push(`metadata.ownerReferences[${index}].${key}`);
    else if (typeof value === type) read[key] = value;
    else if (value !== null) throw decodeFault(of, value, `OwnerReference.${key}`, type);
  }
  return read;
}

function isEmpty(value: unknown): boolean {
  if (value === '' || value === undefined) return true;
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

/** `of`: `Widget in version "v1alpha1" cannot be handled as a Widget`. */
export function decodeFault(of: string, found: unknown, goField: string, goType: string): Error {
  const type = Array.isArray(found) ? 'array' : found === null ? 'null' : typeof found === 'boolean' ? 'bool' : typeof found;
  return badRequest(`${of}: json: cannot unmarshal ${type} into Go struct field ${goField} of type ${goType}`);
}

/** What is wrong with the metadata of an object to be stored; `isLabel` for kinds whose name must be a DNS label (namespaces). */
export function checkMetadata(metadata: ObjectMeta, isLabel: boolean): Cause[] {
  return [
    ...checkName(metadata.name, isLabel),
    ...checkLabels(metadata.labels ?? {}),
    ...checkAnnotations(metadata.annotations ?? {}),
    ...(metadata.finalizers ?? []).flatMap((each) => checkFinalizer(each)),
    ...checkOwners(metadata),
  ];
}

function checkName(name: string, isLabel: boolean): Cause[] {
  if (name === '') return [required('metadata.name', 'name or generateName is required')];
  if (isLabel && name.includes('.')) return [invalidValue('metadata.name', name, 'must not contain dots')];
  const most = isLabel ? 63 : 253;
  const causes: Cause[] = [];
  if (name.length > most) causes.push(invalidValue('metadata.name', name, `must be no more than ${most} characters`));
  if (!(isLabel ? label : subdomain).test(name)) causes.push(invalidValue('metadata.name', name, isLabel ? labelText : subdomainText));
  return causes;
}

function checkLabels(labels: Readonly<Record<string, string>>): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const causes = checkQualifiedName('metadata.labels', key);
    if (value.length > 63) causes.push(invalidValue('metadata.labels', value, 'must be no more than 63 bytes'));
    if (!labelValue.test(value)) causes.push(invalidValue('metadata.labels', value, labelValueText));
    return causes;
  });
}

function checkAnnotations(annotations: Readonly<Record<string, string>>): Cause[] {
  const causes = Object.keys(annotations).flatMap((key) => checkQualifiedName('metadata.annotations', key.toLowerCase(), key));
  const bytes = Object.entries(annotations).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (bytes > annotationBytes) {
    const message = `Too long: may not be more than ${annotationBytes} bytes`;
    causes.push({ reason: 'FieldValueTooLong', message, field: 'metadata.annotations' });
  }
  return causes;
}

function checkFinalizer(finalizer: string): Cause[] {
  return checkQualifiedName('metadata.finalizers', finalizer);
}

function checkQualifiedName(field: string, key: string, shown = key): Cause[] {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const causes: Cause[] = [];
  if (parts.length > 2) {
    const detail = `a qualified name ${namePartText.slice('name part '.length)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
    return [invalidValue(field, shown, detail)];
  }
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === '') causes.push(invalidValue(field, shown, 'prefix part must be non-empty'));
  else if (prefix !== undefined && prefix.length > 253)
    causes.push(invalidValue(field, shown, 'prefix part must be no more than 253 bytes'));
  else if (prefix !== undefined && !subdomain.test(prefix)) causes.push(invalidValue(field, shown, `prefix part ${subdomainText}`));
  if (name === '') causes.push(invalidValue(field, shown, 'name part must be non-empty'));
  else if (name.length > 63) causes.push(invalidValue(field, shown, 'name part must be no more than 63 bytes'));
  if (!namePart.test(name)) causes.push(invalidValue(field, shown, namePartText));
  return causes;
}

function checkOwners(metadata: ObjectMeta): Cause[] {
  const owners = metadata.ownerReferences ?? [];
  const causes = owners.flatMap((owner) => {
    const empty = (['kind', 'name', 'uid'] as const).filter((key) => owner[key] === '');
    const version = owner.apiVersion === '' ? [invalidValue('metadata.ownerReferences.apiVersion', '', 'version must not be empty')] : [];
    return [...version, ...empty.map((key) => invalidValue(`metadata.ownerReferences.${key}`, '', 'must not be empty'))];
  });
  const controllers = owners.filter((owner) => owner.controller);
  if (controllers.length > 1) {
    const names = `"${controllers[0]?.name}" and "${controllers[1]?.name}"`;
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${names}`;
    causes.push(invalidValue('metadata.ownerReferences', owners, detail));
  }
  return causes;
}

/** What a write must not change, and what it must not add to an object on its way out. */
export function checkMetadataUpdate(before: ObjectMeta, after: ObjectMeta): Cause[] {
  const causes: Cause[] = [];
  for (const key of ['uid', 'creationTimestamp'] as const) {
    if (after[key] !== before[key]) causes.push(immutable(`metadata.${key}`, after[key]));
  }
  if (before.deletionTimestamp) {
    const added = (after.finalizers ?? []).filter((each) => !before.finalizers?.includes(each));
    const list = added.map((each) => JSON.stringify(each)).join(', ');
    const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
    if (added.length > 0) causes.push(forbiddenField('metadata.finalizers', detail));
  }
  return causes;
}
