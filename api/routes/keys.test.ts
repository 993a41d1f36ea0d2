import { afterAll, beforeAll, expect, it } from 'vitest';
import { rotateKeyCommand } from '../commands/rotate-key.ts';
import { type ConnectionsApp, entry, openConnectionsApp, planted } from './cloud-connections.fixture.ts';

let at: ConnectionsApp;
beforeAll(async () => {
  at = await openConnectionsApp();
});
afterAll(() => at.close());

const keys = async () => (await at.call('GET', '/api/v1/keys')).body as { keys: { id: string; rows: number }[]; rotation?: object };

it('rotates the key while the API goes on, from the command line too, and only for who may', async () => {
  await at.call('POST', '/api/v1/clusters', { name: 'lab', credentials: { entry: entry() } });
  const before = await keys();
  expect(before).toMatchObject({ keys: [{ current: true, rows: 2 }], rows: 2, unreadable: 0, ours: true });
  for (const who of ['victor', 'olga'] as const)
    expect((await at.call('POST', '/api/v1/keys/rotate', undefined, { who })).status).toBe(403);

  expect(await at.call('POST', '/api/v1/keys/rotate')).toMatchObject({ status: 202, headers: { location: '/api/v1/keys' } });
  await expect.poll(keys, { timeout: 15_000 }).toMatchObject({ rotation: { state: 'done', startedBy: 'anna', rewrapped: 2 } });
  const after = await keys();
  expect(after.keys).toMatchObject([{ rows: 2 }]);
  expect(after.keys[0]?.id).not.toBe(before.keys[0]?.id);
  const { body } = await at.call('GET', '/api/v1/namespaces/default/secrets/cloud-lab');
  expect(Buffer.from((body['data'] as Record<string, string>)['clouds.yaml'] ?? '', 'base64').toString()).toContain(planted);

  const printed: string[] = [];
  const io = { env: {}, print: (text: string) => printed.push(text), warn: () => undefined };
  expect(await rotateKeyCommand({ lookMs: 10 }).run(['--data', await at.serve()], io)).toBe(0);
  const last = await keys();
  expect(printed).toEqual([`Secrets are encrypted under ${last.keys[0]?.id}: 2 rows were wrapped anew.\n`]);
  expect(last.keys[0]?.id).not.toBe(after.keys[0]?.id);
});
