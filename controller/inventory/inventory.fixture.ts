import { openStore } from '#migrations/store.ts';
import { createTestClock } from './clock.fixture.ts';
import { createFakeCloud } from './cloud.fixture.ts';
import { type CloudInventoryDeps, createCloudInventory } from './cloud-inventory.ts';
import type { InventoryEvent } from './inventory.ts';
import type { LookReport } from './looker.ts';
import { createInventoryRepository } from './repository.ts';

/** An inventory over a cloud and a database in memory, with a clock that only tests move. */
export async function createBench(options: Partial<CloudInventoryDeps> = {}) {
  const clock = createTestClock();
  const cloud = createFakeCloud(clock);
  const store = options.store ?? (await openStore('sqlite::memory:'));
  const events: InventoryEvent[] = [];
  const reports: LookReport[] = [];
  const logged: string[] = [];
  const open = (more: Partial<CloudInventoryDeps> = {}) =>
    createCloudInventory({
      cluster: 'test',
      client: cloud.client,
      store,
      clock,
      random: () => 0.5,
      onEvent: (event) => void events.push(event),
      onReport: (report) => void reports.push(report),
      log: (level, message, fields) => void logged.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
      ...options,
      ...more,
    });
  const inventory = open();
  return { clock, cloud, store, events, reports, logged, inventory, open, repository: createInventoryRepository(store, 'test') };
}

/** `changed server s1` for each event, and forgets them. */
export function take(events: InventoryEvent[]): string[] {
  return events.splice(0).map((event) => `${event.change} ${event.type} ${event.id}`);
}
