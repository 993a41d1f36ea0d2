import { formatList } from '../texts/format.ts';
import { validationTexts as t } from '../texts/validation.ts';
import type { Schema } from './schemas.ts';

/** Steps from a value to a part of it. */
export type Path = readonly (string | number)[];

export interface Fault {
  /** Of the value that is wrong or missing. */
  readonly path: Path;
  readonly message: string;
  /** The fault is the name of the field, not its value. */
  readonly isKey?: true;
}

/**
 * Everything in a value that its schema does not allow, in the language of the page. It tells early what the server would refuse; the server
 * decides. (No schema compiler: those make code at run time, which our pages forbid.)
 */
export function validate(value: unknown, schema: Schema, path: Path = []): Fault[] {
  if (value === undefined) return [];
  if (value === null && schema.nullable) return [];
  const wrongType = typeFault(value, schema);
  if (wrongType !== undefined) return [{ path, message: wrongType }];
  return [
    ...scalarFaults(value, schema).map((message) => ({ path, message })),
    ...partFaults(value, schema, path),
    ...ruleFaults(value, schema, path),
  ];
}

function typeFault(value: unknown, { type }: Schema): string | undefined {
  if (type === undefined) return undefined;
  const fits: Readonly<Record<string, boolean>> = {
    object: isRecord(value),
    array: Array.isArray(value),
    string: typeof value === 'string',
    integer: Number.isInteger(value),
    number: typeof value === 'number',
    boolean: typeof value === 'boolean',
  };
  return fits[type] ? undefined : t.type(t.types[type]);
}

function scalarFaults(value: unknown, schema: Schema): string[] {
  const faults: string[] = [];
  if (schema.enum && !schema.enum.includes(value)) faults.push(t.oneOf(schema.enum.map(String).join(', ')));
  if (typeof value === 'string') {
    const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
    if (value.length < minLength) faults.push(t.tooShort(minLength));
    if (value.length > maxLength) faults.push(t.tooLong(maxLength));
    if (faults.length === 0 && pattern !== undefined && !new RegExp(pattern, 'u').test(value)) faults.push(t.pattern);
    if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) faults.push(t.time);
    if (schema.format === 'ipv4' && !isIPv4(value)) faults.push(t.ip);
    if (schema.format === 'ipv6' && !isIPv6(value)) faults.push(t.ip);
  }
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? Number.NEGATIVE_INFINITY)) faults.push(t.tooSmall(schema.minimum ?? 0));
    if (value > (schema.maximum ?? Number.POSITIVE_INFINITY)) faults.push(t.tooLarge(schema.maximum ?? 0));
  }
  return faults;
}

function partFaults(value: unknown, schema: Schema, path: Path): Fault[] {
  if (Array.isArray(value)) {
    const { items = {}, maxItems = Number.POSITIVE_INFINITY } = schema;
    const many = value.length > maxItems ? [{ path, message: t.tooMany(maxItems) }] : [];
    return [...many, ...value.flatMap((one, index) => validate(one, items, [...path, index]))];
  }
  if (!isRecord(value)) return [];
  const missing = (schema.required ?? []).filter((name) => value[name] === undefined);
  const many = Object.keys(value).length > (schema.maxProperties ?? Number.POSITIVE_INFINITY);
  return [
    ...missing.map((name) => ({ path: [...path, name], message: t.required(name) })),
    ...(many ? [{ path, message: t.tooMany(schema.maxProperties ?? 0) }] : []),
    ...Object.entries(value).flatMap(([name, one]) => fieldFaults(name, one, schema, path)),
  ];
}

function fieldFaults(name: string, value: unknown, schema: Schema, path: Path): Fault[] {
  const { properties, additionalProperties } = schema;
  const own = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (own) return validate(value, own, [...path, name]);
  if (typeof additionalProperties === 'object') return validate(value, additionalProperties, [...path, name]);
  if (!properties || additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields']) return [];
  const like = nearest(name, Object.keys(properties));
  return [{ path: [...path, name], isKey: true, message: like === undefined ? t.unknown(name) : t.unknownLike(name, like) }];
}

/** Rules over several fields. The common ones are told in words of our own, any other in those of the schema. */
function ruleFaults(value: unknown, schema: Schema, path: Path): Fault[] {
  const fits = (one: Schema) => matches(value, one);
  const otherwise = schema['x-kubernetes-validations']?.at(-1)?.message ?? t.rule;
  const faults: string[] = [];
  if (schema.oneOf && schema.oneOf.filter(fits).length !== 1) {
    const fields = requiredOnly(schema.oneOf);
    faults.push(fields ? t.exactlyOne(formatList(fields)) : otherwise);
  }
  if (schema.anyOf && !schema.anyOf.some(fits))
    faults.push(schema.anyOf.every(({ format }) => format?.startsWith('ip')) ? t.ip : otherwise);
  if (schema.not && fits(schema.not)) {
    const broken = (schema.not.anyOf ?? [schema.not]).find(fits) ?? schema.not;
    faults.push(broken.required && !broken.properties && !broken.anyOf ? t.notTogether(formatList(broken.required)) : otherwise);
  }
  return faults.map((message) => ({ path, message }));
}

/** Whether a value fits a part of a rule, which names only what it is about. */
function matches(value: unknown, schema: Schema): boolean {
  if (isRecord(value) && (schema.required ?? []).some((name) => value[name] === undefined)) return false;
  const { properties = {}, required: _required, ...rest } = schema;
  const parts = isRecord(value)
    ? Object.entries(properties).every(([name, one]) => value[name] === undefined || matches(value[name], one))
    : true;
  return parts && validate(value, rest).length === 0;
}

function requiredOnly(schemas: readonly Schema[]): string[] | undefined {
  const names = schemas.map(({ required, ...rest }) =>
    required?.length === 1 && Object.keys(rest).length === 0 ? required[0] : undefined,
  );
  return names.every((name) => name !== undefined) ? names : undefined;
}

/** The name that was probably meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const scored = known.map((one) => [distance(name.toLowerCase(), one.toLowerCase()), one] as const).toSorted((a, b) => a[0] - b[0]);
  const [best] = scored;
  return best && best[0] <= Math.max(1, Math.floor(name.length / 3)) ? best[1] : undefined;
}

/** Levenshtein's. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const isSame = one[at - 1] === other[to - 1];
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, (row[to - 1] ?? 0) + (isSame ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** As a browser reads the host of an address. */
function isIPv6(text: string): boolean {
  return /^[\dA-Fa-f:.]+$/.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`);
}
