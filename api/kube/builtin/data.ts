import { isDeepStrictEqual } from 'node:util';
import { forbiddenField, immutable, invalidValue } from '../causes.ts';
import type { ApiObject } from '../definition.ts';
import { resource } from '../resource.ts';
import { isRecord, scalar } from '../schema.ts';
import { badRequest, type Cause } from '../status.ts';
import { age } from '../table.ts';
import { describe, objectSchema, text, textMap } from './schemas.ts';

const keyShape = /^[-._a-zA-Z0-9]+$/;
const keyText =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const mostBytes = 1024 * 1024;

export const configMaps = resource(
  {
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    plural: 'configmaps',
    singular: 'configmap',
    shortNames: ['cm'],
    namespaced: true,
    status: false,
    columns: [
      { name: 'Data', path: '.data', type: 'string', description: 'How many keys' },
      { name: 'Age', path: '.metadata.creationTimestamp', type: 'date', description: 'Time since creation' },
    ],
    schema: objectSchema('ConfigMap holds configuration data.', {
      data: describe(textMap, 'Data contains the configuration data.'),
      binaryData: describe(textMap, 'BinaryData contains the binary data, base64 encoded.'),
      immutable: describe({ type: 'boolean' }, 'If true, the data cannot be updated.'),
    }),
  },
  {
    isBuiltIn: true,
    hasGeneration: false,
    allowsUnconditionalUpdate: true,
    check: (object, before) => [
      ...checkKeys(object, ['data', 'binaryData']),
      ...checkSize(object, ['data', 'binaryData']),
      ...checkImmutable(object, before, ['data', 'binaryData']),
    ],
    cells: (object, now) => [
      String(keysOf(object, 'data').length + keysOf(object, 'binaryData').length),
      age(object.metadata.creationTimestamp, now),
    ],
  },
);

export const secrets = resource(
  {
    group: '',
    version: 'v1',
    kind: 'Secret',
    plural: 'secrets',
    singular: 'secret',
    namespaced: true,
    status: false,
    columns: [
      { name: 'Type', path: '.type', type: 'string', description: 'What kind of secret it is' },
      { name: 'Data', path: '.data', type: 'string', description: 'How many keys' },
      { name: 'Age', path: '.metadata.creationTimestamp', type: 'date', description: 'Time since creation' },
    ],
    schema: objectSchema('Secret holds secret data; it is encrypted where it is stored.', {
      data: describe(
        { type: 'object', additionalProperties: { type: 'string', format: 'byte' } },
        'Data contains the secret data, base64 encoded.',
      ),
      stringData: describe(textMap, 'stringData allows specifying non-binary secret data in string form; write-only.'),
      type: describe(text, 'Used to facilitate programmatic handling of secret data.'),
      immutable: describe({ type: 'boolean' }, 'If true, the data cannot be updated.'),
    }),
  },
  {
    isBuiltIn: true,
    hasGeneration: false,
    allowsUnconditionalUpdate: true,
    fields: (object) => ({ type: typeof object.type === 'string' ? object.type : '' }),
    normalize(object, before) {
      const { stringData } = object;
      if (isRecord(stringData)) {
        const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(scalar(value)).toString('base64')]);
        object.data = { ...(isRecord(object.data) ? object.data : {}), ...Object.fromEntries(encoded) };
      }
      delete object.stringData;
      object.type ||= before?.type ?? 'Opaque';
      for (const key of keysOf(object, 'data')) checkBase64(object, key);
    },
    check: (object, before) => [
      ...checkKeys(object, ['data']),
      ...checkSize(object, ['data']),
      ...(before && before.type !== object.type ? [immutable('type', object.type)] : []),
      ...checkImmutable(object, before, ['data']),
    ],
    cells: (object, now) => [scalar(object.type), String(keysOf(object, 'data').length), age(object.metadata.creationTimestamp, now)],
  },
);

function keysOf(object: ApiObject, field: string): string[] {
  const value = object[field];
  return isRecord(value) ? Object.keys(value) : [];
}

/** The message names the key and never the value. */
function checkBase64(object: ApiObject, key: string): void {
  const value = isRecord(object.data) ? object.data[key] : undefined;
  if (value === null && isRecord(object.data)) {
    object.data[key] = '';
    return;
  }
  if (typeof value !== 'string' || /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value.replace(/[\r\n]/g, '')))
    return;
  const at = value.search(/[^A-Za-z0-9+/=]/);
  throw badRequest(`Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte ${at < 0 ? value.length : at}`);
}

function checkKeys(object: ApiObject, names: readonly string[]): Cause[] {
  return names.flatMap((field) =>
    keysOf(object, field).flatMap((key) => {
      if (key.length > 253) return [invalidValue(`${field}[${key}]`, key, 'must be no more than 253 characters')];
      return keyShape.test(key) ? [] : [invalidValue(`${field}[${key}]`, key, keyText)];
    }),
  );
}

function checkSize(object: ApiObject, names: readonly string[]): Cause[] {
  const bytes = names.reduce((sum, field) => sum + Buffer.byteLength(JSON.stringify(object[field] ?? '')), 0);
  if (bytes <= mostBytes) return [];
  return [{ reason: 'FieldValueTooLong', message: `Too long: may not be more than ${mostBytes} bytes`, field: names[0] ?? '' }];
}

function checkImmutable(object: ApiObject, before: ApiObject | undefined, names: readonly string[]): Cause[] {
  if (before?.immutable !== true) return [];
  const causes = object.immutable === true ? [] : [forbiddenField('immutable', 'field is immutable when `immutable` is set')];
  for (const field of names) {
    if (!isDeepStrictEqual(object[field] ?? {}, before[field] ?? {}))
      causes.push(forbiddenField(field, 'field is immutable when `immutable` is set'));
  }
  return causes;
}
