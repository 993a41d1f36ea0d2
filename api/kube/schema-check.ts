import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { duplicate, invalidValue, required, tooLong, tooMany, unsupported, wrongType } from './causes.ts';
import type { Schema } from './definition.ts';
import { isRecord } from './schema.ts';
import type { Cause } from './status.ts';

/** Checks an object against a schema; what is wrong comes in Kubernetes' words. */
export type Check = (object: unknown) => Cause[];

/** Compiles the check of one kind; `apiVersion`, `kind` and `metadata` are checked elsewhere. */
export function compileCheck(schema: Schema): Check {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: false, logger: false });
  formats.default(ajv);
  const validate = ajv.compile(forAjv(withoutHead(schema)));
  return (object) => {
    const causes = faults(validate, object);
    return causes.length > 0 ? causes : repeated(object, schema, '');
  };
}

function withoutHead(schema: Schema): Schema {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

/** A field of any type may be null by itself, and ajv refuses to hear it said. */
function forAjv(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (_key, part: unknown) => {
    if (!isRecord(part) || part['nullable'] !== true || part['type'] !== undefined) return part;
    const { nullable: _nullable, ...rest } = part;
    return rest;
  }) as Schema;
}

function faults(validate: ValidateFunction, object: unknown): Cause[] {
  if (validate(object)) return [];
  const errors = validate.errors ?? [];
  const causes = new Map<string, Cause>();
  for (const error of errors) {
    if (isOtherBranch(error)) continue;
    const cause = worded(error, fieldPath(object, error.instancePath));
    causes.set(`${cause.field} ${cause.message}`, cause);
  }
  return [...causes.values()];
}

/** Of alternatives that all failed only the first one's faults are told, as Kubernetes does. */
function isOtherBranch(error: ErrorObject): boolean {
  const branch = /\/(?:oneOf|anyOf)\/(\d+)\//.exec(error.schemaPath);
  return branch !== null && branch[1] !== '0';
}

/** `/spec/ports/0/port` -> `spec.ports[0].port`. */
function fieldPath(object: unknown, pointer: string): string {
  let path = '';
  let value = object;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) {
      path += `[${key}]`;
      value = value[Number(key)];
    } else {
      path += path ? `.${key}` : key;
      value = isRecord(value) ? value[key] : undefined;
    }
  }
  return path;
}

function worded(error: ErrorObject, field: string): Cause {
  const { data, params, keyword } = error;
  const limit = Number(params.limit);
  switch (keyword) {
    case 'required':
      return required(field ? `${field}.${params.missingProperty}` : String(params.missingProperty));
    case 'type':
      return wrongType(field, typeName(data), expectedType(error));
    case 'enum':
      return unsupported(field, data, params.allowedValues as unknown[]);
    case 'pattern':
      return invalidValue(field, data, `${field} in body should match '${String(params.pattern)}'`);
    case 'format':
      return { ...wrongType(field, String(data), String(params.format)) };
    case 'minimum':
      return invalidValue(field, data, `${field} in body should be greater than or equal to ${limit}`);
    case 'maximum':
      return invalidValue(field, data, `${field} in body should be less than or equal to ${limit}`);
    case 'minLength':
      return invalidValue(field, data, `${field} in body should be at least ${limit} chars long`);
    case 'maxLength':
      return tooLong(field, limit);
    case 'minItems':
      return invalidValue(field, length(data), `${field} in body should have at least ${limit} items`);
    case 'maxItems':
    case 'maxProperties':
      return tooMany(field, length(data), limit);
    case 'oneOf':
    case 'anyOf':
    case 'not':
      return ruleMessage(error, field) ?? alternatives(error, field);
    default:
      return invalidValue(field, data, `${field} in body ${error.message ?? 'is not valid'}`);
  }
}

/** A schema that also states the alternatives as a rule says them better there; rules themselves (CEL) are not evaluated. */
function ruleMessage(error: ErrorObject, field: string): Cause | undefined {
  const rules = (error.parentSchema as Schema | undefined)?.['x-kubernetes-validations'] ?? [];
  const broken = rules.length === 1 ? rules : rules.filter(({ rule }) => mayBeBroken(rule, error));
  return broken.length > 0 ? invalidText(field, 'object', broken.map(({ message }) => message).join('; ')) : undefined;
}

/** Of several rules: what must not be together is told from what must be one of several by how the rule begins. */
function mayBeBroken(rule: string, { keyword, data }: ErrorObject): boolean {
  if (keyword !== 'not') return rule.startsWith('[');
  const fields = [...rule.matchAll(/has\(self\.(\w+)\)/g)].map(([, field = '']) => field);
  return rule.startsWith('!') && isRecord(data) && fields.every((field) => field in data);
}

function invalidText(field: string, shown: string, detail: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: "${shown}": ${detail}`, field };
}

function alternatives({ keyword, params }: ErrorObject, field: string): Cause {
  if (keyword === 'anyOf') return alternative(`"${field}" must validate at least one schema (anyOf)`);
  if (keyword === 'not') return alternative(`"${field}" must not validate the schema (not)`);
  const found = Array.isArray(params.passingSchemas) ? `Found ${params.passingSchemas.length} valid alternatives` : 'Found none valid';
  return alternative(`"${field}" must validate one and only one schema (oneOf). ${found}`);
}

/** Kubernetes names no field here; the message does. */
function alternative(message: string): Cause {
  return invalidText('<nil>', '', message);
}

function expectedType(error: ErrorObject): string {
  const { type } = error.params as { type: string | string[] };
  return Array.isArray(type) ? type.filter((each) => each !== 'null').join(' or ') : type;
}

function length(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isRecord(value) ? Object.keys(value).length : 0;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** Items that occur twice in a list declared a set or a map. */
function repeated(value: unknown, schema: Schema, path: string): Cause[] {
  if (Array.isArray(value)) {
    const keys = schema['x-kubernetes-list-map-keys'];
    const type = schema['x-kubernetes-list-type'];
    const identity = (item: unknown): unknown =>
      type === 'map' && keys && isRecord(item) ? Object.fromEntries(keys.map((key) => [key, item[key]])) : item;
    const seen = new Set<string>();
    return value.flatMap((item, index) => {
      const causes = schema.items ? repeated(item, schema.items, `${path}[${index}]`) : [];
      if (type !== 'set' && type !== 'map') return causes;
      const id = JSON.stringify(identity(item));
      if (seen.has(id)) causes.push(duplicate(`${path}[${index}]`, identity(item)));
      seen.add(id);
      return causes;
    });
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const field = schema.properties?.[key] ?? schema.additionalProperties;
    return field ? repeated(inner, field, path ? `${path}.${key}` : key) : [];
  });
}
