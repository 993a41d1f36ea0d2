import type { Schema } from './definition.ts';

/** What pruning found: paths of fields no schema names, as Kubernetes lists them (`spec.ports[0].speed`). */
export type UnknownFields = string[];

/**
 * Removes what the schema does not name, and `null` where it is not allowed, in place; then fills in defaults. Returns the paths removed as unknown.
 * `apiVersion`, `kind` and `metadata` of the root are left alone: they are not the schema's business.
 */
export function conform(object: Record<string, unknown>, schema: Schema): UnknownFields {
  const unknown: UnknownFields = [];
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...rest } = object;
  const content = { ...rest };
  prune(content, schema, '', unknown);
  fillDefaults(content, schema);
  for (const key of Object.keys(rest)) if (!(key in content)) delete object[key];
  Object.assign(object, content);
  return unknown.toSorted();
}

function prune(value: unknown, schema: Schema, path: string, unknown: UnknownFields): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const [index, item] of value.entries()) prune(item, schema.items, `${path}[${index}]`, unknown);
    return;
  }
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = path ? `${path}.${key}` : key;
    const field = ownProperty(schema.properties, key) ?? schema.additionalProperties;
    if (!field) {
      if (schema['x-kubernetes-preserve-unknown-fields']) continue;
      delete value[key];
      unknown.push(at);
    } else if (inner === null && !field.nullable && field.type) {
      delete value[key];
    } else {
      prune(inner, field, at, unknown);
    }
  }
}

function fillDefaults(value: unknown, schema: Schema): void {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) fillDefaults(item, schema.items);
    return;
  }
  if (!isRecord(value)) return;
  for (const [key, field] of Object.entries(schema.properties ?? {})) {
    if (value[key] === undefined && field.default !== undefined) value[key] = structuredClone(field.default);
  }
  for (const [key, inner] of Object.entries(value)) {
    const field = ownProperty(schema.properties, key) ?? schema.additionalProperties;
    if (field) fillDefaults(inner, field);
  }
}

function ownProperty(properties: Record<string, Schema> | undefined, key: string): Schema | undefined {
  return properties && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar as text; '' for anything else. */
export function scalar(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
