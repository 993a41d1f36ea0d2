import type { Schema } from '../definition.ts';

/** Pieces the built-in kinds' schemas are made of. */
export const text: Schema = { type: 'string' };
export const whole: Schema = { type: 'integer' };
export const time: Schema = { type: 'string', format: 'date-time', nullable: true };
export const textMap: Schema = { type: 'object', additionalProperties: text };

export function describe(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

export function fields(properties: Record<string, Schema>, description?: string): Schema {
  return { type: 'object', properties, ...(description ? { description } : {}) };
}

/** The schema of a whole object with these fields beside apiVersion, kind and metadata. */
export function objectSchema(description: string, properties: Record<string, Schema>): Schema {
  return { type: 'object', description, properties: { apiVersion: text, kind: text, metadata: { type: 'object' }, ...properties } };
}

export const objectReference: Schema = fields({
  apiVersion: text,
  kind: text,
  namespace: text,
  name: text,
  uid: text,
  resourceVersion: text,
  fieldPath: text,
});
