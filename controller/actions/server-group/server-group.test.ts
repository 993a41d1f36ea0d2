import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, openBench, PowerCut } from '#tests/parts/action-bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

it('makes a server group once, though there is one of its name, and deletes it', async () => {
  const input = { name: 'spread', policy: 'anti-affinity', maxServersPerHost: 2 };
  const first = await bench.made('serverGroup.create', input);
  const sent = new Map();
  const afterWrite = (name: string) => {
    if (name === 'Create') throw new PowerCut();
  };
  await expect(bench.act('serverGroup.create', '', input, { sent, afterWrite })).rejects.toThrow(PowerCut);
  const second = (await bench.act('serverGroup.create', '', input, { sent }))?.resources?.[0]?.id;
  expect(new Set(bench.sandbox.store.serverGroups.keys())).toEqual(new Set([first, second]));
  expect(bench.inventory.get('server_group', first)).toMatchObject({ policy: 'anti-affinity', rules: { max_server_per_host: 2 } });
  await bench.act('serverGroup.delete', first);
  expect([...bench.sandbox.store.serverGroups.keys()]).toEqual([second]);
});

it('refuses a number of servers that no policy goes by, and says that members stay', () => {
  expect(bench.obstacle('serverGroup.create', '', { name: 'g', policy: 'affinity', maxServersPerHost: 2 })).toMatchObject({
    reason: 'Contradiction',
    field: 'maxServersPerHost',
  });
  bench.inventory.record('server_group', { id: 'g1', name: 'g', policy: 'affinity', rules: {}, members: ['s1'] }, Date.now());
  expect(bench.effects('serverGroup.delete', 'g1').takesAlong).toMatchObject([{ id: 's1', what: expect.stringContaining('stays') }]);
});
