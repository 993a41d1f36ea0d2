import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type Store } from '#migrations/store.ts';
import type { Api, Target } from './api.ts';
import type { ApiObject } from './definition.ts';
import { EventLog } from './event-log.ts';
import type { StoredEvent, Write } from './object-store.ts';
import { listOptions } from './request.ts';
import { ResourceTable, resource } from './resource.ts';
import { createObjectStore } from './sql-object-store.ts';
import { watch } from './watch.ts';
import { widget } from './widget.fixture.ts';

interface Line {
  readonly type: string;
  readonly object: ApiObject & { code?: number; message?: string };
}

const widgets = resource(widget);
const target: Target = { resource: widgets, namespace: '', name: '', subresource: '', user: { user: 'u', groups: [] } };
let database: Store;
let api: Api;
let now: number;
let timers: { at: number; call: () => void }[];

beforeEach(async () => {
  now = 1_000_000;
  timers = [];
  database = await openStore('sqlite::memory:');
  const store = createObjectStore(database);
  const clock = {
    now: () => now,
    after(ms: number, call: () => void) {
      const timer = { at: now + ms, call };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
  };
  const log = new EventLog(store, clock, { keep: 20 });
  api = { store, log, clock, resources: new ResourceTable([widgets]), newId: () => 'id', changed: async () => {} };
  await log.start();
});

afterEach(async () => {
  api.log.close();
  await database.close();
});

function advance(ms: number): void {
  now += ms;
  for (const timer of timers.filter(({ at }) => at <= now)) {
    timers = timers.filter((each) => each !== timer);
    timer.call();
  }
}

function write(
  op: 'create' | 'replace' | 'delete',
  name: string,
  expected: number,
  labels: Record<string, string> = {},
): Promise<{ resourceVersion: number }> {
  const key = { resource: widgets.storage, namespace: 'n', name };
  const body = (version: number): string =>
    JSON.stringify({
      apiVersion: widgets.apiVersion,
      kind: 'Widget',
      metadata: { name, namespace: 'n', uid: name, resourceVersion: String(version), labels },
    });
  const base = { key, uid: name, body, at: now };
  return api.store.write(op === 'create' ? { op, ...base } : ({ op, expected, ...base } satisfies Write));
}

async function follow(query: string, end: AbortController, take: (line: Line) => void): Promise<void> {
  const request = {
    target,
    options: listOptions(new URLSearchParams(`watch=1&${query}`)),
    form: { syntax: 'json', as: 'object' } as const,
    include: 'Metadata' as const,
  };
  for await (const chunk of await watch(api, request, end.signal)) {
    for (const line of chunk.split('\n').filter((each) => each !== '')) take(JSON.parse(line) as Line);
  }
}

/** Reads `count` lines and ends the watch. */
async function first(query: string, count: number): Promise<Line[]> {
  const end = new AbortController();
  const lines: Line[] = [];
  await follow(query, end, (line) => {
    lines.push(line);
    if (lines.length >= count) end.abort();
  });
  return lines;
}

const summary = (lines: readonly Line[]) =>
  lines.map(({ type, object }) => `${type} ${object.metadata.name}@${object.metadata.resourceVersion}`);

describe('a watch', () => {
  test('without a version begins with everything there is, and goes on from there', async () => {
    await write('create', 'a', 0);
    await write('create', 'b', 0);
    const lines: Line[] = [];
    const end = new AbortController();
    const done = follow('', end, (line) => lines.push(line));
    await expect.poll(() => lines).toHaveLength(2);
    await write('replace', 'a', 1);
    await expect.poll(() => lines).toHaveLength(3);
    end.abort();
    await done;
    expect(summary(lines)).toEqual(['ADDED a@1', 'ADDED b@2', 'MODIFIED a@3']);
  });

  test('turns changes into and out of a selection into ADDED and DELETED', async () => {
    await write('create', 'a', 0);
    await write('replace', 'a', 1, { tier: 'front' });
    await write('replace', 'a', 2, { tier: 'front', more: 'x' });
    await write('replace', 'a', 3, { tier: 'back' });
    await write('replace', 'a', 4, { tier: 'front' });
    await write('delete', 'a', 5, { tier: 'front' });
    const lines = await first('resourceVersion=1&labelSelector=tier%3Dfront', 5);
    expect(summary(lines)).toEqual(['ADDED a@2', 'MODIFIED a@3', 'DELETED a@4', 'ADDED a@5', 'DELETED a@6']);
    expect(lines[2]?.object.metadata.labels).toEqual({ tier: 'front', more: 'x' });
  });

  test('with sendInitialEvents marks the end of the beginning', async () => {
    await write('create', 'a', 0);
    const lines = await first('sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true', 2);
    expect(lines[1]).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'Widget', metadata: { resourceVersion: '1', annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
  });

  test('from a compacted version says 410 Expired and ends', async () => {
    for (let version = 0; version < 50; version += 1) await write(version === 0 ? 'create' : 'replace', 'a', version);
    await api.store.compact(5, 0);
    const lines: Line[] = [];
    await follow('resourceVersion=3', new AbortController(), (line) => lines.push(line));
    expect(lines).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired', message: 'too old resource version: 3 (45)' } }]);
  });

  test('of a version that is still to come is refused', async () => {
    await expect(first('resourceVersion=99', 1)).rejects.toMatchObject({ code: 504 });
  });

  test('sends bookmarks when it was quiet, and ends in time', async () => {
    await write('create', 'a', 0);
    const lines: Line[] = [];
    const done = follow('resourceVersion=1&allowWatchBookmarks=true&timeoutSeconds=90', new AbortController(), (line) => lines.push(line));
    await settled();
    advance(60_000);
    await settled();
    expect(lines.map(({ type }) => type)).toEqual(['BOOKMARK']);
    advance(31_000);
    await done;
  });

  test('sees what another process wrote at the next poll', async () => {
    const other = createObjectStore(database);
    const lines = first('', 1);
    await settled();
    await other.write({
      op: 'create',
      key: { resource: widgets.storage, namespace: 'n', name: 'x' },
      uid: 'x',
      at: now,
      body: () => '{"metadata":{"name":"x","resourceVersion":"1"}}',
    });
    advance(1000);
    expect(summary(await lines)).toEqual(['ADDED x@1']);
  });

  test('misses, repeats and reorders nothing, whoever writes meanwhile and wherever it resumes', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = generator(seed);
    const total = 300;
    const watchers = Array.from({ length: 6 }, () => resumingWatcher(total, random));
    const versions = new Map<string, number>();
    let written = 0;
    const writer = async (): Promise<void> => {
      while (written < total) {
        written += 1;
        const name = `w${written}-${Math.floor(random() * 5)}`;
        const known = [...versions].at(Math.floor(random() * versions.size));
        if (known && random() < 0.6) {
          versions.delete(known[0]);
          const isDelete = random() < 0.4;
          const stored = await write(isDelete ? 'delete' : 'replace', known[0], known[1]);
          if (!isDelete) versions.set(known[0], stored.resourceVersion);
        } else {
          versions.set(name, (await write('create', name, 0)).resourceVersion);
        }
      }
    };
    await Promise.all([writer(), writer(), writer(), writer()]);
    const log: StoredEvent[] = [];
    for (let events = await api.store.events(0, 100); events.length > 0; events = await api.store.events(log.length, 100))
      log.push(...events);
    expect(log.map((event) => event.resourceVersion)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    const expected = log.map((event) => `${event.type} ${event.name}@${event.resourceVersion}`);
    for (const seen of await Promise.all(watchers)) expect(seen, `seed ${seed}`).toEqual(expected);
  });
});

/** A client that is cut off at random and resumes from the last version it saw. */
async function resumingWatcher(total: number, random: () => number): Promise<string[]> {
  const seen: string[] = [];
  let version = 0;
  for (let isDone = false; !isDone; isDone = version >= total) {
    const end = new AbortController();
    let left = 1 + Math.floor(random() * 40);
    const take = (line: Line): void => {
      if (left <= 0) return;
      left -= 1;
      version = Number(line.object.metadata.resourceVersion);
      seen.push(`${line.type} ${line.object.metadata.name}@${version}`);
      if (left === 0 || version >= total) end.abort();
    };
    if (version === 0) await fromStart(end, take);
    else await follow(`resourceVersion=${version}`, end, take);
  }
  return seen;
}

/** Reads the log itself until there is a version to watch from: a watch of version 0 begins with states. */
async function fromStart(end: AbortController, take: (line: Line) => void): Promise<void> {
  await api.log.wait(0, end.signal, 10_000_000);
  for (const event of await api.log.read(0)) take({ type: event.type, object: JSON.parse(event.body) as Line['object'] });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A small seeded generator of numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
