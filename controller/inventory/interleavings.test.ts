import { describe, expect, it } from 'vitest';
import { isSame } from './body.ts';
import { createBench } from './inventory.fixture.ts';
import type { InventoryEvent, Resources, ResourceType } from './inventory.ts';
import { pause } from './moment.ts';
import type { StoredChange } from './repository.ts';

const TYPES = ['server', 'volume', 'port', 'network'] as const;
const STEPS = 80;
const SEED = Number(process.env['INVENTORY_SEED'] ?? 1);
const RUNS = Number(process.env['INVENTORY_RUNS'] ?? 40);

/** mulberry32 */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Bench = Awaited<ReturnType<typeof createBench>>;

/** One random history of a cloud, people who change it, ourselves, and looks at it, all slow and some failing. */
function createHistory(bench: Bench, random: () => number) {
  const { clock, cloud, inventory } = bench;
  const upTo = (limit: number) => Math.floor(random() * limit);
  const oneOf = <Item>(items: readonly Item[]) => items[upTo(items.length)];
  const isOneIn = (count: number) => upTo(count) === 0;
  /** The version each row had after our newest answered write. */
  const written = new Map<string, number>();
  const under: Promise<unknown>[] = [];
  /** Rows with a write of ours under way: an object has one worker, so a row never has two. */
  const busy = new Set<string>();
  let names = 0;
  let version = 0;

  const shown = (type: ResourceType, id: string) => (inventory.get(type, id) as { version?: number } | undefined)?.version;
  const wroteVersion = (type: ResourceType, id: string, to: number) => {
    written.set(`${type}/${id}`, Math.max(to, written.get(`${type}/${id}`) ?? 0));
  };
  /** A write of ours: sent, carried out some time later, answered some time after that. */
  const write = async (type: (typeof TYPES)[number], id: string) => {
    if (busy.has(`${type}/${id}`)) return;
    busy.add(`${type}/${id}`);
    await writeAlone(type, id);
    busy.delete(`${type}/${id}`);
  };
  const writeAlone = async (type: (typeof TYPES)[number], id: string) => {
    const askedAt = clock.now();
    if (isOneIn(3)) inventory.wrote(type, id);
    await pause(clock, upTo(2000));
    if (!cloud.rows(type).some((row) => row.id === id)) return;
    version += 1;
    const to = version;
    const answer = cloud.change(type, id, { version: to }, { isSilent: type !== 'network' && type !== 'port' && isOneIn(2) });
    await pause(clock, upTo(2000));
    const isShown = isOneIn(2);
    if (isShown) inventory.record(type, answer as unknown as Resources[typeof type], askedAt, { ownWrite: true });
    else {
      inventory.wrote(type, id);
      await inventory.reread(type, id).catch(() => undefined);
      if (shown(type, id) === undefined || (shown(type, id) ?? 0) < to) return;
    }
    wroteVersion(type, id, to);
  };
  const create = async (type: (typeof TYPES)[number]) => {
    const askedAt = clock.now();
    await pause(clock, upTo(2000));
    version += 1;
    const to = version;
    const answer = cloud.put(type, { id: `${type}-${names++}`, version: to, network_id: `network-${upTo(5)}` });
    await pause(clock, upTo(2000));
    inventory.record(type, answer as unknown as Resources[typeof type], askedAt, { ownWrite: true });
    wroteVersion(type, answer.id, to);
  };
  const step = () => {
    const type = oneOf(TYPES) ?? 'server';
    const row = oneOf(cloud.rows(type));
    const roll = upTo(12);
    if (roll === 0 || row === undefined) {
      version += 1;
      cloud.put(type, { id: `${type}-${names++}`, version });
    } else if (roll <= 2) cloud.change(type, row.id, { version: (version += 1) });
    else if (roll === 3) cloud.remove(type, row.id);
    else if (roll <= 6) under.push(write(type, row.id));
    else if (roll === 7) under.push(create(type));
    else if (roll === 8) under.push(inventory.sweep());
    else if (roll === 9) under.push(inventory.look());
    else if (roll === 10) under.push(inventory.reread(type, row.id).catch(() => undefined));
    else under.push(inventory.rereadChildren('port', `network-${upTo(5)}`).catch(() => undefined));
  };
  return {
    async run() {
      cloud.pageSize = 3;
      cloud.delay = () => [upTo(3000), upTo(3000)];
      cloud.refuse = () => (isOneIn(15) ? 503 : undefined);
      for (let at = 0; at < STEPS; at += 1) {
        step();
        await clock.advance(upTo(1500));
        for (const [key, least] of written) {
          const [type, id] = key.split('/') as [ResourceType, string];
          const now = shown(type, id);
          if (now !== undefined) expect(now, `${key} after step ${at}`).toBeGreaterThanOrEqual(least);
        }
      }
      await clock.until(Promise.all(under));
      cloud.delay = () => [0, 0];
      cloud.refuse = () => undefined;
      await clock.advance(60_001);
    },
  };
}

function replay(changes: readonly (StoredChange | InventoryEvent)[]): Map<string, StoredChange | InventoryEvent> {
  const rows = new Map<string, StoredChange | InventoryEvent>();
  for (const change of changes) {
    const key = `${change.type}/${change.id}`;
    expect(rows.has(key), `${change.change} ${key}`).toBe(change.change !== 'appeared');
    if (change.change === 'gone') rows.delete(key);
    else rows.set(key, change);
  }
  return rows;
}

describe('under random interleavings of foreign changes, own writes, sweeps, looks and slow or failing pages', () => {
  it.each(Array.from({ length: RUNS }, (_, at) => SEED + at))(
    'shows nothing older than our own last write, and ends equal to the cloud (INVENTORY_SEED=%i)',
    async (seed) => {
      const bench = await createBench();
      const { clock, cloud, inventory, events, repository } = bench;
      await createHistory(bench, randomOf(seed)).run();

      const reports = await clock.until(inventory.sweep());
      expect(reports.flatMap((report) => report.error ?? [])).toEqual([]);
      for (const type of TYPES) {
        const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
        expect([...inventory.all(type)].toSorted(byId)).toEqual(cloud.rows(type).toSorted(byId));
      }
      await clock.until(inventory.stop());
      const history = await repository.changes({ limit: 100_000 });
      const replayed = replay(history) as Map<string, StoredChange>;
      expect(new Set(replay(events).keys())).toEqual(new Set(replayed.keys()));
      const stored = await repository.load();
      expect(stored).toHaveLength(replayed.size);
      for (const { type, resource } of stored) {
        const { id } = resource as { id: string };
        expect(replayed.get(`${type}/${id}`)?.after).toEqual(resource);
        expect(isSame(resource, inventory.get(type, id) ?? {})).toBe(true);
      }
    },
  );
});
