import { describe, expect, it } from 'vitest';
import { columnKits } from './columns.ts';
import * as mysql from './schema.mysql.ts';
import * as sqlite from './schema.sqlite.ts';
import { defineTables } from './schema.ts';

describe('the tables', () => {
  it.each([
    ['sqlite', sqlite],
    ['mysql', mysql],
  ] as const)('are each exported for %s: SQL is made of those exports alone', (engine, exported) => {
    expect(Object.keys(exported).toSorted()).toEqual(Object.keys(defineTables(columnKits[engine])).toSorted());
  });
});
