import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '#controller/engine/testing/fake-clock.ts';
import type { RowChange } from '#controller/lists/feed.ts';
import { createEarlyKeys, type EarlyKeys } from './early-keys.ts';

const minuteMs = 60_000;

describe('host keys of new instances', () => {
  let clock: FakeClock;
  let early: EarlyKeys;
  let looks: string[];
  let printsAt: number;
  let ports: readonly number[];
  beforeEach(() => {
    clock = new FakeClock();
    [looks, printsAt, ports] = [[], clock.now() + minuteMs, [22]];
    early = createEarlyKeys({
      clock,
      log: () => undefined,
      profiles: { fitting: async () => ports.map((port) => ({ port })) as never },
      hostKeys: {
        async learn({ cluster, serverId, name }, port) {
          looks.push(`${cluster}/${serverId}/${name}:${port}`);
          return clock.now() >= printsAt;
        },
      },
    });
  });
  const entry = (id: string, status: string, created: number) =>
    ({ key: `main/${id}`, cluster: 'main', id, cells: { status, created, name: `web-${id}` } }) as never as RowChange['after'];
  const become = (id: string, status: string, { created = clock.now(), was = undefined as string | undefined } = {}) =>
    early.seen({
      type: 'server',
      key: `main/${id}`,
      before: was === undefined ? undefined : entry(id, was, created),
      after: entry(id, status, created),
    });

  it('are looked for a few times over the first minutes, until they are there', async () => {
    become('1', 'BUILD');
    await clock.advance(minuteMs / 2);
    expect(looks, 'a guest that does not run prints nothing').toEqual([]);
    become('1', 'ACTIVE', { was: 'BUILD' });
    await clock.advance(60 * minuteMs);
    expect(looks).toEqual(Array(2).fill('main/1/web-1:22'));
  });

  it('are given up when the guest never prints any, or is no more', async () => {
    printsAt = Number.POSITIVE_INFINITY;
    become('1', 'ACTIVE');
    await clock.advance(60 * minuteMs);
    expect(looks.length).toBe(5);
    become('2', 'ACTIVE');
    early.seen({ type: 'server', key: 'main/2', before: entry('2', 'ACTIVE', 0), after: undefined });
    become('3', 'ACTIVE');
    early.stop();
    await clock.advance(60 * minuteMs);
    expect(looks.length).toBe(5);
  });

  it('are left alone where nobody would use them: old instances, those without a profile, and what is no instance', async () => {
    become('1', 'ACTIVE', { created: clock.now() - 16 * minuteMs });
    become('2', 'ACTIVE', { was: 'ACTIVE' });
    early.seen({ type: 'volume', key: 'main/3', before: undefined, after: entry('3', 'ACTIVE', clock.now()) });
    ports = [];
    become('4', 'ACTIVE');
    await clock.advance(60 * minuteMs);
    expect(looks).toEqual([]);
  });

  it('of a thousand at once are looked for of some, at every port that profiles name', async () => {
    printsAt = 0;
    ports = [22, 2222, 22];
    for (let id = 0; id < 1000; id += 1) become(String(id), 'ACTIVE');
    await clock.advance(minuteMs);
    expect([looks.length, new Set(looks).size]).toEqual([400, 400]);
  });
});
