import { isRecord, pythonRepr, pythonStr } from './call.ts';

/** As much of JSON Schema as the requests of Nova and Cinder need. */
export interface Schema {
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: 'uuid';
  readonly minimum?: number;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  /** Schema of every property that is not named; `false` refuses them. */
  readonly others?: Schema | false;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  /** One must hold. */
  readonly anyOf?: readonly Schema[];
}

type JsonType = 'string' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** What is wrong, worded as the services' validator words it; undefined if nothing is. */
export function mistakeIn(value: unknown, schema: Schema): string | undefined {
  const found = firstMistake(value, schema, []);
  if (!found) return undefined;
  const field = found.path.at(-1);
  return field === undefined ? found.text : `Invalid input for field/attribute ${field}. Value: ${pythonStr(found.value)}. ${found.text}`;
}

interface Mistake {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly text: string;
}

function firstMistake(value: unknown, schema: Schema, path: readonly string[]): Mistake | undefined {
  const wrong = (text: string): Mistake => ({ path, value, text });
  if (schema.anyOf)
    return schema.anyOf.every((option) => firstMistake(value, option, path))
      ? wrong(`${pythonRepr(value)} is not valid under any of the given schemas`)
      : undefined;
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return wrong(`${pythonRepr(value)} is not of type ${types.map(pythonRepr).join(', ')}`);
  if (schema.enum && !schema.enum.includes(value)) return wrong(`${pythonRepr(value)} is not one of ${pythonRepr([...schema.enum])}`);
  if (typeof value === 'string') return wrongText(value, schema, wrong);
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum)
    return wrong(`${value} is less than the minimum of ${schema.minimum}`);
  if (Array.isArray(value)) return wrongItem(value, schema, path, wrong);
  return isRecord(value) ? wrongProperty(value, schema, path, wrong) : undefined;
}

function wrongText(value: string, schema: Schema, wrong: (text: string) => Mistake): Mistake | undefined {
  if (schema.minLength !== undefined && value.length < schema.minLength) return wrong(`${pythonRepr(value)} is too short`);
  if (schema.maxLength !== undefined && value.length > schema.maxLength) return wrong(`${pythonRepr(value)} is too long`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value))
    return wrong(`${pythonRepr(value)} does not match ${pythonRepr(schema.pattern)}`);
  if (schema.format === 'uuid' && !/^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(value))
    return wrong(`${pythonRepr(value)} is not a 'uuid'`);
  return undefined;
}

function wrongItem(value: unknown[], schema: Schema, path: readonly string[], wrong: (text: string) => Mistake): Mistake | undefined {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) return wrong(`${pythonRepr(value)} is too long`);
  if (!schema.items) return undefined;
  for (const [index, item] of value.entries()) {
    const mistake = firstMistake(item, schema.items, [...path, String(index)]);
    if (mistake) return mistake;
  }
  return undefined;
}

function wrongProperty(
  value: Record<string, unknown>,
  schema: Schema,
  path: readonly string[],
  wrong: (text: string) => Mistake,
): Mistake | undefined {
  if (schema.minProperties !== undefined && Object.keys(value).length < schema.minProperties)
    return wrong(`${pythonRepr(value)} is not valid under any of the given schemas`);
  const missing = (schema.required ?? []).find((name) => !(name in value));
  if (missing !== undefined) return wrong(`${pythonRepr(missing)} is a required property`);
  const unknown = Object.keys(value).filter((name) => !schema.properties?.[name]);
  if (schema.others === false && unknown.length > 0)
    return wrong(
      `Additional properties are not allowed (${unknown.map(pythonRepr).join(', ')} ${unknown.length === 1 ? 'was' : 'were'} unexpected)`,
    );
  for (const [name, item] of Object.entries(value)) {
    const of = schema.properties?.[name] ?? (schema.others || undefined);
    const mistake = of && firstMistake(item, of, [...path, name]);
    if (mistake) return mistake;
  }
  return undefined;
}

function isOfType(value: unknown, type: JsonType): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

/** A number that may be given as text, as sizes may. */
export const sizeSchema: Schema = { type: ['integer', 'string'], pattern: '^[0-9]+$', minLength: 1, minimum: 1 };
export const uuidSchema: Schema = { type: 'string', format: 'uuid' };
export const nameSchema: Schema = { type: ['string', 'null'], minLength: 0, maxLength: 255 };
export const metadataSchema: Schema = { type: 'object', others: { type: 'string', maxLength: 255 } };
