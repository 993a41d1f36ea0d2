import { describe, expect, it } from 'vitest';
import { fromSqlite, outageOf, StoreError } from './store-error.ts';

const sqliteError = (errcode: number) => Object.assign(new Error('as SQLite words it'), { code: 'ERR_SQLITE_ERROR', errcode });

describe('errors of SQLite', () => {
  it.each([
    [13, 'full'],
    [4874, 'full'],
    [778, 'failed'],
    [5, 'locked'],
    [26, 'corrupt'],
    [1555, 'duplicate'],
  ])('with code %i are told as %s, naming the file', (errcode, code) => {
    const error = fromSqlite(sqliteError(errcode), 'data/stackwarden.db') as StoreError;
    expect([error.code, error.message]).toEqual([code, expect.stringContaining('data/stackwarden.db')]);
  });

  it('concern whoever asked when the database as a whole cannot serve, and only then', () => {
    const wrapped = new Error('query failed', { cause: fromSqlite(sqliteError(13), 'd.db') });
    expect(outageOf(wrapped)?.message).toContain('Free some space');
    expect(outageOf(fromSqlite(sqliteError(1555), 'd.db'))).toBeUndefined();
    expect(outageOf(new StoreError('misuse', 'ours'))).toBeUndefined();
  });
});
