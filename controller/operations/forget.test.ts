import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '#migrations/store.ts';
import { forgetOperations } from './forget.ts';
import { createOperationRows, type StoredOperation } from './rows.ts';

let store: Store;
beforeEach(async () => {
  store = await openStore('sqlite::memory:');
});
afterEach(() => store.close());

const operation = (id: string, endedAt?: number): StoredOperation => ({
  id,
  action: 'instance.start',
  actor: 'anna',
  cluster: 'main',
  type: 'server',
  target: 's',
  targetName: 'web',
  namespace: '',
  state: endedAt === undefined ? 'running' : 'succeeded',
  percent: 0,
  steps: [],
  input: {},
  requestIds: [],
  attempts: 0,
  createdAt: 1,
  version: 1,
  progress: {},
  origin: {},
  ...(endedAt !== undefined && { endedAt }),
});
const left = async () => (await store.db.select({ id: store.tables.operations.id }).from(store.tables.operations)).map(({ id }) => id);

describe('operations that ended long ago', () => {
  it('are forgotten, those that run or ended lately are not', async () => {
    const old = Array.from({ length: 1200 }, (_, index) => operation(`old-${index}`, 10));
    await createOperationRows(store).insert([...old, operation('running'), operation('lately', 100)]);
    expect(await forgetOperations(store, 50, () => false)).toBe(1200);
    expect((await left()).toSorted()).toEqual(['lately', 'running']);
  });

  it('are left to the next time when the process ends', async () => {
    await createOperationRows(store).insert([operation('old', 10)]);
    expect(await forgetOperations(store, 50, () => true)).toBe(0);
    expect(await left()).toEqual(['old']);
  });
});
