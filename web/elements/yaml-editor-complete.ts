import type { Schema, Schemas } from '../data/schemas.ts';
import { stackwardenApi } from '../data/schemas.ts';
import type { Path } from '../data/validate.ts';
import { type Place, schemaAt, schemaOf } from './yaml-editor-place.ts';

/** One way to go on. */
export interface Completion {
  readonly label: string;
  readonly detail?: string;
  /** What it is, as the schema says. */
  readonly info?: string;
  /** What is put in; the label, unless given. `|` is where the cursor goes. */
  readonly text?: string;
  readonly type: 'property' | 'value' | 'document';
}

/** What may stand at a place. */
export function completionsAt(schemas: Schemas, place: Place): Completion[] {
  if (place.is === 'value') return valuesAt(schemas, place);
  if (place.path.length === 0 && place.isBlank) return [...schemas].map(([name, schema]) => wholeDocument(name, schema));
  const known = schemaOf(schemas, place);
  const schema = place.path.length === 0 ? (known ?? anyObject) : schemaAt(known, place.path);
  const required = new Set(schema?.required);
  return Object.entries(schema?.properties ?? {})
    .filter(([name]) => !place.beside.includes(name) && !(place.path.length === 0 && name === 'status'))
    .map(([name, one]) => keyCompletion(name, one, place, required.has(name)));
}

const anyObject: Schema = {
  properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' }, spec: { type: 'object' } },
};

function valuesAt(schemas: Schemas, place: Place): Completion[] {
  const value = (label: string): Completion => ({ label, type: 'value' });
  const [first] = place.path;
  const names = [...schemas.keys()].map((name) => [name.slice(0, name.lastIndexOf('/')), name.slice(name.lastIndexOf('/') + 1)] as const);
  if (place.path.length === 1 && first === 'apiVersion') return [...new Set(names.map(([version]) => version))].map(value);
  if (place.path.length === 1 && first === 'kind')
    return names.filter(([version]) => place.apiVersion === undefined || version === place.apiVersion).map(([, kind]) => value(kind));
  const schema = schemaAt(schemaOf(schemas, place), place.path);
  if (schema?.enum) return schema.enum.map((one) => value(String(one)));
  if (schema?.type === 'boolean') return [value('true'), value('false')];
  return [];
}

function keyCompletion(name: string, schema: Schema, { column, isFlow }: Place, isRequired: boolean): Completion {
  const inner = `\n${' '.repeat(column + 2)}`;
  const text = isFlow
    ? `${name}: |`
    : schema.type === 'object'
      ? `${name}:${inner}|`
      : schema.type === 'array'
        ? `${name}:${inner}- |`
        : `${name}: |`;
  return {
    label: name,
    detail: `${typeText(schema)}${isRequired ? ' *' : ''}`,
    ...(schema.description && { info: schema.description }),
    text,
    type: 'property',
  };
}

export function typeText({ type, enum: values, items }: Schema): string {
  if (values) return values.map(String).join(' | ');
  if (type === 'array') return `${items?.type ?? ''}[]`;
  return type ?? '';
}

function wholeDocument(name: string, schema: Schema): Completion {
  const apiVersion = name.slice(0, name.lastIndexOf('/'));
  const kind = name.slice(name.lastIndexOf('/') + 1);
  const isPlaced = kind !== 'Namespace' && kind !== 'Cluster';
  const spec = schema.properties?.['spec'];
  const lines = [
    `apiVersion: ${apiVersion}`,
    `kind: ${kind}`,
    'metadata:',
    '  name: |',
    ...(isPlaced ? ['  namespace: default'] : []),
    ...(apiVersion === stackwardenApi ? ['spec:', ...requiredLines(spec, 2)] : []),
  ];
  return {
    label: kind,
    detail: apiVersion,
    ...(schema.description && { info: schema.description }),
    text: lines.join('\n'),
    type: 'document',
  };
}

function requiredLines(schema: Schema | undefined, indent: number): string[] {
  return (schema?.required ?? []).flatMap((name) => {
    const one = schema?.properties?.[name];
    const inner = requiredLines(one, indent + 2);
    return [`${' '.repeat(indent)}${name}:${inner.length === 0 ? ' ' : ''}`, ...inner];
  });
}

/** What a key means, for whoever points at it. */
export function aboutKey(schemas: Schemas, place: Place, path: Path): { readonly type: string; readonly description: string } | undefined {
  const schema = schemaAt(schemaOf(schemas, place), path);
  return schema && { type: typeText(schema), description: schema.description ?? '' };
}
