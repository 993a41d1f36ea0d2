import { createTestClock } from '#controller/inventory/clock.fixture.ts';
import type { Store } from '#migrations/store.ts';
import { fixedKeys } from '../../kube/key-file.ts';
import { castEvents } from './cast.ts';
import { createRecordings, type Recordings } from './recordings.ts';

/** The row of a terminal that is open, as it is before its recording begins. */
export async function addTerminal(
  store: Store,
  id: string,
  more: Partial<Store['tables']['terminals']['$inferInsert']> = {},
): Promise<void> {
  await store.db.insert(store.tables.terminals).values({
    id,
    purpose: 'ssh',
    user: 'olga',
    address: '127.0.0.1',
    cluster: 'main',
    namespace: 'shop',
    serverId: 's-1',
    serverName: 'web-1',
    remote: 'debian@10.0.0.5:22',
    state: 'open',
    createdAt: 1_795_474_198_176,
    home: {},
    seenAt: 1_795_474_198_176,
    recording: 'none',
    chunks: 0,
    bytes: 0,
    durationMs: 0,
    ...more,
  });
}

/** Recordings over a store, on a clock that stands still until told. */
export function recordingsOver(store: Store) {
  const clock = createTestClock(1_795_474_198_176);
  const logged: string[] = [];
  const log = (level: string, message: string) => void logged.push(`${level} ${message}`);
  const recordings = createRecordings({ store, keys: fixedKeys(['ab'.repeat(32)]), clock, log });
  return { recordings, clock, logged };
}

/** All output of a recording, and what else happened, with its time. */
export async function replay(recordings: Recordings, id: string): Promise<{ output: string; events: string[] }> {
  const opened = await recordings.open(id);
  if (!opened) throw new Error('there is no recording');
  let output = '';
  const events: string[] = [];
  let atMs = 0;
  for await (const { lines, fromMs } of recordings.output(opened)) {
    if (fromMs !== atMs) throw new Error(`a chunk begins at ${fromMs} ms, the one before ends at ${atMs} ms`);
    for (const { intervalMs, code, data } of castEvents(lines)) {
      atMs += intervalMs;
      if (code === 'o') output += data;
      else events.push(`${atMs} ${code} ${data}`);
    }
  }
  return { output, events };
}

interface Query {
  execute(): Promise<unknown[]>;
}
interface Selecting {
  from(table: unknown): Query;
}

/** The same store, which counts how many chunks were read with what they hold. */
export function counting(store: Store): { readonly store: Store; chunksRead(): number } {
  let count = 0;
  const select = (...fields: []) => {
    const selecting = store.db.select(...fields) as unknown as Selecting;
    const from = selecting.from.bind(selecting);
    selecting.from = (table) => {
      const query = from(table);
      if (table !== store.tables.terminalChunks || fields.length > 0) return query;
      const execute = query.execute.bind(query);
      query.execute = async () => {
        const rows = await execute();
        count += rows.length;
        return rows;
      };
      return query;
    };
    return selecting;
  };
  const db = { ...store.db, select } as unknown as Store['db'];
  return { store: { ...store, db }, chunksRead: () => count };
}
