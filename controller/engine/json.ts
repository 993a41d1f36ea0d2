/** A value as JSON carries it; `null` also stands for "absent" wherever two values are compared. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * The part of JSON Schema that both a CRD (structural schema) and ajv accept.
 * `x-ref` marks a reference to a declared object; the CRD generator strips it.
 */
export interface JsonSchema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  additionalProperties?: JsonSchema;
  enum?: (string | number)[];
  default?: Json;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  nullable?: boolean;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  not?: JsonSchema;
  /** Any JSON value; only in status, where a field's value is shown as it is. */
  'x-kubernetes-preserve-unknown-fields'?: true;
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-validations'?: { rule: string; message: string }[];
  'x-ref'?: ReferenceMark;
}

/** What a `...Ref` field points at. */
export interface ReferenceMark {
  /** Kind of the object named, in the same namespace (`Cluster` has none). */
  kind: string;
  /**
   * A hard reference (default) is needed before a create and holds the deletion of what it names.
   * A soft one may form circles (security groups that admit each other): it neither delays the create nor holds a deletion.
   */
  soft?: boolean;
}
