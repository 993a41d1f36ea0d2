import { type Call, isRecord, malformed, pythonRepr, pythonStr, type ScopedCall } from '../call.ts';
import { badRequest, invalidInput, refuse } from './errors.ts';
import { parseIp } from './ip.ts';

/** Checks and converts one value; refuses it otherwise. */
export type Convert = (value: unknown, name: string) => unknown;

export interface Attribute {
  readonly convert: Convert;
  /** May be given on create; true if absent. */
  readonly post?: boolean;
  /** May be given on update; true if absent. */
  readonly put?: boolean;
  readonly required?: boolean;
  /** `put`: on update only. */
  readonly adminOnly?: boolean | 'put';
}

export type Attributes = Readonly<Record<string, Attribute>>;

/** What every resource takes or refuses alike. `tags` cannot be given on create, although `tag-creation` is advertised. */
const shared: Attributes = {
  id: { convert: (value) => value, post: false, put: false },
  status: { convert: (value) => value, post: false, put: false },
  tags: { convert: (value) => value, post: false, put: false },
  created_at: { convert: (value) => value, post: false, put: false },
  updated_at: { convert: (value) => value, post: false, put: false },
  revision_number: { convert: (value) => value, post: false, put: false },
  tenant_id: { convert: (value) => value, put: false },
  project_id: { convert: (value) => value, put: false },
  name: { convert: text },
  description: { convert: text },
};

/** The checked attributes of `{"network": {...}}`, or of each row of `{"networks": [...]}`. */
export function readBody(call: ScopedCall, singular: string, attributes: Attributes): Record<string, unknown>[] {
  const body = jsonBody(call);
  const rows = call.method === 'POST' && Array.isArray(body[`${singular}s`]) ? (body[`${singular}s`] as unknown[]) : [body[singular]];
  if (rows[0] === undefined) badRequest(`Unable to find '${singular}' in request body`);
  return rows.map((row) => checkRow(call, singular, isRecord(row) ? row : {}, { ...shared, ...attributes }));
}

function jsonBody(call: Call): Record<string, unknown> {
  if (call.body === malformed) badRequest('Body contains invalid data');
  if (!isRecord(call.body)) badRequest('Resource body required');
  return call.body;
}

function checkRow(call: ScopedCall, singular: string, row: Record<string, unknown>, attributes: Attributes): Record<string, unknown> {
  const isCreate = call.method === 'POST';
  const unknown = Object.keys(row).filter((name) => !attributes[name]);
  if (unknown.length > 0) badRequest(`Unrecognized attribute(s) '${unknown.join(', ')}'`);
  if (isCreate) {
    const missing = Object.entries(attributes).find(([name, attribute]) => attribute.required && row[name] === undefined);
    if (missing) badRequest(`Failed to parse request. Required attribute '${missing[0]}' not specified`);
  }
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const attribute = attributes[name] as Attribute;
    if (isCreate && attribute.post === false) badRequest(`Attribute '${name}' not allowed in POST`);
    if (!isCreate && attribute.put === false) badRequest(`Cannot update read-only attribute ${name}`);
    checked[name] = attribute.convert(value, name);
    const isAdminOnly = attribute.adminOnly === true || (attribute.adminOnly === 'put' && !isCreate);
    if (isAdminOnly && !call.token.roles.includes('admin') && checked[name] !== false) {
      const rule = `${isCreate ? 'create' : 'update'}_${singular}`;
      refuse(403, 'PolicyNotAuthorized', `(rule:${rule} and rule:${rule}:${name}) is disallowed by policy`);
    }
  }
  return checked;
}

export function text(value: unknown, name: string): string {
  if (typeof value !== 'string')
    badRequest(`Invalid input for ${name}. Reason: ${pythonRepr(value === null ? null : pythonStr(value))} is not a valid string.`);
  if (value.length > 255) badRequest(`Invalid input for ${name}. Reason: ${pythonRepr(value)} exceeds maximum length of 255.`);
  return value;
}

export function textOrNull(value: unknown, name: string): string | null {
  return value === null ? null : text(value, name);
}

export function boolean(value: unknown): boolean {
  const word = String(value).toLowerCase();
  if (['true', '1'].includes(word)) return true;
  if (['false', '0'].includes(word)) return false;
  return invalidInput(`${pythonRepr(value)} cannot be converted to boolean.`);
}

export function integer(value: unknown): number {
  const number = Number(value);
  return Number.isInteger(number) && value !== null && value !== '' ? number : invalidInput(`${pythonRepr(value)} is not an integer.`);
}

export function uuid(value: unknown, name: string): string {
  const isId = typeof value === 'string' && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value);
  return isId ? value : badRequest(`Invalid input for ${name}. Reason: ${pythonRepr(value)} is not a valid UUID.`);
}

export function uuids(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) badRequest(`Invalid input for ${name}. Reason: ${pythonRepr(value)} is not a list.`);
  const ids = value.map((item) => uuid(item, name));
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) badRequest(`Invalid input for ${name}. Reason: Duplicate items in the list: '${twice}'.`);
  return ids;
}

export function oneOf(values: readonly unknown[]): Convert {
  return (value, name) =>
    values.includes(value) ? value : badRequest(`Invalid input for ${name}. Reason: ${pythonStr(value)} is not in valid_values.`);
}

export function ipOrNull(value: unknown, name: string): string | null {
  if (value === null) return null;
  if (typeof value !== 'string' || !parseIp(value))
    badRequest(`Invalid input for ${name}. Reason: ${pythonRepr(value)} is not a valid IP address.`);
  return value;
}

export function nameservers(value: unknown, name: string): string[] {
  const list = Array.isArray(value)
    ? value
    : badRequest(`Invalid input for ${name}. Reason: Invalid data format for nameserver: ${pythonRepr(value)}.`);
  for (const [index, item] of list.entries()) {
    if (typeof item !== 'string' || !parseIp(item))
      badRequest(
        `Invalid input for ${name}. Reason: ${pythonRepr(item)} is not a valid nameserver. ${pythonRepr(item)} is not a valid IP address.`,
      );
    if (list.indexOf(item) !== index) badRequest(`Invalid input for ${name}. Reason: Duplicate nameserver ${pythonRepr(item)}.`);
  }
  return list as string[];
}

export function anything(value: unknown): unknown {
  return value;
}

export function records(value: unknown, name: string): Record<string, unknown>[] {
  if (!Array.isArray(value) || !value.every(isRecord))
    badRequest(`Invalid input for ${name}. Reason: Invalid data format: ${pythonRepr(value)}.`);
  return value;
}
