import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestClock, type TestClock } from '#controller/inventory/clock.fixture.ts';
import { createOperationEvents } from '#controller/operations/events.ts';
import { storedOperation } from '#controller/operations/operation.fixture.ts';
import { bulkAction } from '#controller/operations/operation.ts';
import { createOperationRows } from '#controller/operations/rows.ts';
import { toldRows } from '#controller/operations/told-rows.ts';
import { openStore, type Store } from '#migrations/store.ts';
import { createHub, type Hub } from './hub.ts';
import { publishOperations } from './publish-operations.ts';

let store: Store;
let clock: TestClock;
let hub: Hub;
let rows: ReturnType<typeof createOperationRows>;
const problems: string[] = [];

beforeEach(async () => {
  store = await openStore('sqlite::memory:');
  clock = createTestClock();
  hub = createHub({ clock });
  const events = createOperationEvents();
  rows = toldRows(createOperationRows(store), (id) => events.changed(id));
  events.onChanged(publishOperations(hub, { operations: rows, clock, log: (_, message) => problems.push(message) }));
});
afterEach(() => store.close());

/** What was told since the beginning, once everything that is due was. */
async function told(): Promise<{ key: string; user?: string; place: object; state: unknown; counts?: unknown }[]> {
  await clock.advance(1000);
  return Array.from({ length: hub.head }, (_, seq) => hub.behind(seq)).map((event) => {
    if (!event || event === 'lost') throw new Error('an event is missing');
    const { key, user, place } = event.publication;
    const { state, counts } = event.publication.body() as { state: unknown; counts?: unknown };
    return { key, place, state, ...(user !== undefined && { user }), ...(counts !== undefined && { counts }) };
  });
}

describe('the stream of operations', () => {
  it('tells whose an operation is, where, and how it stands when it is told', async () => {
    await rows.insert([storedOperation('one')]);
    await rows.claim('one', 'me', 5, 0);
    expect(await told()).toEqual([{ key: 'one', user: 'anna', place: { cluster: 'main', namespace: 'shop' }, state: 'running' }]);
    await rows.save('one', 'me', { state: 'succeeded', percent: 100, endedAt: 6 });
    expect((await told()).map(({ state }) => state)).toEqual(['running', 'succeeded']);
  });

  it('is silent about what was not written', async () => {
    await rows.insert([storedOperation('one')]);
    await told();
    expect(await rows.save('one', 'somebody else', { percent: 50 })).toBe(false);
    expect((await told()).length).toBe(1);
  });

  it('tells of the items of a bulk by the bulk, with how many are in each state', async () => {
    await rows.insert([storedOperation('all', { action: bulkAction, cluster: '', namespace: '', state: 'running' })]);
    await rows.insert([storedOperation('a', { parent: 'all' }), storedOperation('b', { parent: 'all' })]);
    await rows.cancel('a', 5);
    const last = (await told()).at(-1);
    expect(last).toMatchObject({ key: 'all', place: { cluster: '*', namespace: '*' }, counts: { queued: 1, cancelled: 1 } });
  });
});
