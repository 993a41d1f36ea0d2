import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createInventoryRepository } from '#controller/inventory/repository.ts';
import { type HistoryApp, iso, openHistoryApp, volumes } from '../routes/history.fixture.ts';
import { runCommand } from './command.ts';
import { historyCommand } from './history.ts';
import { listCommand } from './list.ts';
import { rollbackCommand } from './rollback.ts';

let app: HistoryApp;
let data: string;
beforeEach(async () => {
  app = await openHistoryApp();
  data = await app.serve();
});
afterEach(() => app.close());

async function call(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    env: { STACKWARDEN_DATA: data },
    print: (text: string) => void out.push(text),
    warn: (line: string) => void err.push(line),
  };
  const status = await runCommand([historyCommand, listCommand, rollbackCommand], args, io);
  return { status, out: out.join(''), err: err.join('\n') };
}
const stored = async () => (await app.get(`${volumes}/data`)).body as { metadata: { generation: number }; spec: object };

describe('npx stackwarden history', () => {
  it.each(['Volume/data', 'volumes/data', 'osv/data'])('lists who declared %s, when and through what', async (object) => {
    await app.declare();
    await app.grow(2);
    const { status, out, err } = await call('history', object);
    expect([status, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'REVISION   AT                         ACTION     WHO    THROUGH',
      `2          ${iso(2)}   changed    anna   kubectl/v1.32.0`,
      `1          ${iso(1)}   declared   anna   kubectl/v1.32.0`,
      '',
    ]);
  });

  it('shows what was declared and observed at a time, as YAML and JSON', async () => {
    await app.declare();
    const change = { type: 'volume', id: 'v-1', change: 'appeared', at: app.now(), after: { id: 'v-1', name: 'data', size: 1 } } as const;
    await createInventoryRepository(app.store, 'main').save([change]);
    await app.call('PATCH', `${volumes}/data/status`, { status: { id: 'v-1' } });
    await app.grow(5);
    const then = { declared: { revision: 1, spec: { sizeGiB: 1 } }, observed: { state: 'present', id: 'v-1' } };
    expect(parse((await call('history', 'volume/data', '--at', iso(2))).out)).toMatchObject(then);
    expect(JSON.parse((await call('history', 'volume/data', '--at', iso(2), '-o', 'json')).out)).toMatchObject(then);
  });

  it('gives all of a history longer than a page', async () => {
    await app.declare();
    for (let size = 2; size <= 520; size += 1) await app.grow(size);
    expect((JSON.parse((await call('history', 'volume/data', '-o', 'json')).out) as { items: unknown[] }).items).toHaveLength(520);
  });

  it.each([
    [['history'], 2, 'Name one object as KIND/NAME'],
    [['history', 'data'], 2, 'Name one object as KIND/NAME'],
    [['history', 'disk/data'], 2, 'There is no kind disk; known are Cluster'],
    [['history', 'volume/data', 'volume/other'], 2, 'one too many'],
    [['history', 'volume/data', '-o', 'xml'], 2, '--output takes text, yaml, json'],
    [['history', 'volume/data', '--at', 'yesterday'], 1, 'at: '],
    [['history', 'volume/nobody'], 1, 'Nothing was ever recorded of a Volume default/nobody.'],
    [['history', 'volume/data', '-n', 'other'], 1, 'Volume other/data'],
    [['list'], 2, 'Name a kind'],
    [['list', 'volumes', '--at', 'soon'], 1, 'at: '],
    [['rollback', 'volume/data'], 1, '--to REVISION'],
    [['rollback', 'volume/data', '--to', 'first'], 1, '--to REVISION'],
    [['rollback', 'volume/data', '--to', '7'], 1, 'has no revision 7'],
  ])('%j is refused in words', async (args, expected, message) => {
    await app.declare();
    const { status, out, err } = await call(...args);
    expect([status, out]).toEqual([expected, '']);
    expect(err).toContain(message);
  });
});

describe('npx stackwarden list', () => {
  it('shows the objects there were at a time, and what was not known', async () => {
    await app.declare();
    await app.grow(2);
    await app.call('DELETE', `${volumes}/data`);
    expect((await call('list', 'volume', '--at', iso(2))).out).toMatch(/^NAMESPACE +NAME.*\ndefault +data +revision 2 +anna +\w+\s*\n$/);
    expect((await call('list', 'volume', '--at', iso(2), '-n', 'other')).out).toMatch(/^NAMESPACE.*\n$/);
    expect((JSON.parse((await call('list', 'osv', '--at', iso(1), '-o', 'json')).out) as { items: object[] }).items).toMatchObject([
      { name: 'data', declared: { revision: 1 } },
    ]);
    expect((await call('list', 'volume', '--at', '2020-01-01T00:00:00Z')).err).toContain('Nothing is known of 2020-01-01');
  });
});

describe('npx stackwarden rollback', () => {
  beforeEach(async () => {
    await app.declare();
    await app.grow(2, { description: 'more' });
  });

  it('shows the way back and does not go it', async () => {
    const { status, out, err } = await call('rollback', 'volume/data', '--to', '1');
    // The planner of this test cannot look at the cloud, so the plan is not whole.
    expect([status, err]).toEqual([1, '']);
    expect(out).toContain('Volume default/data back to revision 1:\n    spec.description: "more" -> (none)\n    spec.sizeGiB: 2 -> 1\n');
    expect(out).toContain('GAP: Cluster main');
    expect(await stored()).toMatchObject({ metadata: { generation: 2 }, spec: { sizeGiB: 2 } });
  });

  it('goes it with --yes, and has nothing to do then', async () => {
    const { status, out } = await call('rollback', 'volume/data', '--to', '1', '--yes');
    expect(status).toBe(0);
    expect(out).toContain('Went back: Volume default/data is at revision 3 now, with the spec of revision 1.');
    expect(await stored()).toMatchObject({ metadata: { generation: 3 }, spec: { sizeGiB: 1 } });
    const again = await call('rollback', 'volume/data', '--to', '1', '--yes');
    expect([again.status, again.out]).toEqual([
      0,
      'Volume default/data back to revision 1: nothing to do, its spec is that of revision 1.\n',
    ]);
    expect((await stored()).metadata.generation).toBe(3);
  });

  it('brings back what was deleted', async () => {
    await app.call('DELETE', `${volumes}/data`);
    expect((await call('rollback', 'volume/data', '--to', '1', '--yes')).out).toContain('it is declared anew');
    expect(await stored()).toMatchObject({ spec: { sizeGiB: 1 } });
  });
});
