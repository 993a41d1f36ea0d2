import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { isPermission } from '#api/auth/permissions.ts';
import type { JsonSchema } from '#controller/engine/json.ts';
import { otherActions } from './others.ts';

describe('the actions on everything but instances', () => {
  it('have a name each, a permission of the table, and words for people', () => {
    const names = otherActions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(otherActions.filter(({ permission }) => !isPermission(permission)).map(({ name }) => name)).toEqual([]);
    expect(names.filter((name) => !/^[a-z][A-Za-z]+\.[a-z][A-Za-z]+$/.test(name))).toEqual([]);
    expect(otherActions.filter(({ summary }) => !/^[A-Z].*[^.]$/.test(summary)).map(({ name }) => name)).toEqual([]);
  });

  it('say of each that deletes that it does, and that it cannot be undone', () => {
    const deletes = otherActions.filter(({ permission }) => permission.endsWith('.delete'));
    expect(deletes.filter(({ removes, danger }) => removes !== true || danger !== 'loss').map(({ name }) => name)).toEqual([]);
    expect(otherActions.filter(({ removes }) => removes === true)).toHaveLength(deletes.length);
  });

  it('bound and describe each field of their input', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false });
    addFormats.default(ajv);
    const wrong = otherActions.flatMap(({ name, input }) => {
      ajv.compile(input);
      return Object.entries(input.properties ?? {}).flatMap(([field, schema]) =>
        faultsOf(schema).map((fault) => `${name} ${field}: ${fault}`),
      );
    });
    expect(wrong).toEqual([]);
  });
});

function faultsOf(schema: JsonSchema): string[] {
  const below = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties].filter((one) => one !== undefined);
  const isBounded = {
    string: schema.maxLength !== undefined || schema.enum !== undefined,
    array: schema.maxItems !== undefined,
    object: schema.properties !== undefined || schema.maxProperties !== undefined,
    integer: schema.maximum !== undefined || schema.enum !== undefined,
    number: schema.maximum !== undefined,
    boolean: true,
  }[schema.type ?? 'boolean'];
  return [...(schema.description ? [] : ['no description']), ...(isBounded ? [] : ['no bound']), ...below.flatMap(faultsOf)];
}
