import { describe, expect, it } from 'vitest';
import { actions } from '#controller/actions/index.ts';
import type { JsonSchema } from '#controller/engine/json.ts';
import { labelledFields } from './input-fields.ts';

function fieldsOf({ properties = {}, items }: JsonSchema): string[] {
  const below = [...Object.values(properties), ...(items ? [items] : [])].flatMap(fieldsOf);
  return [...Object.keys(properties), ...below];
}

describe('labels of fields', () => {
  it('are there for every field that an action takes', () => {
    const labelled = new Set(labelledFields());
    const missing = actions.flatMap(({ input }) => fieldsOf(input)).filter((field) => !labelled.has(field));
    expect(new Set(missing)).toEqual(new Set());
  });
});
