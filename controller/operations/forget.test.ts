import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '#migrations/store.ts';
import { forgetOperations } from './forget.ts';
import { storedOperation } from './operation.fixture.ts';
import { createOperationRows } from './rows.ts';

let store: Store;
beforeEach(async () => {
  store = await openStore('sqlite::memory:');
});
afterEach(() => store.close());

const ended = (id: string, endedAt: number) => storedOperation(id, { state: 'succeeded', endedAt });
const left = async () => (await store.db.select({ id: store.tables.operations.id }).from(store.tables.operations)).map(({ id }) => id);

describe('operations that ended long ago', () => {
  it('are forgotten, those that run or ended lately are not', async () => {
    const old = Array.from({ length: 1200 }, (_, index) => ended(`old-${index}`, 10));
    await createOperationRows(store).insert([...old, storedOperation('running', { state: 'running' }), ended('lately', 100)]);
    expect(await forgetOperations(store, 50, () => false)).toBe(1200);
    expect((await left()).toSorted()).toEqual(['lately', 'running']);
  });

  it('are left to the next time when the process ends', async () => {
    await createOperationRows(store).insert([ended('old', 10)]);
    expect(await forgetOperations(store, 50, () => true)).toBe(0);
    expect(await left()).toEqual(['old']);
  });
});
