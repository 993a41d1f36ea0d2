import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { addGate } from '../auth/gate.ts';
import { everywhereAs } from '../auth/identity.ts';
import { settingsTable } from '../configuration/settings-table.ts';
import { readSettings } from '../settings.ts';
import { settingRoutes } from './settings.ts';

/** What a server that was started so tells somebody of this role. */
async function ask(role: 'operator' | 'admin', args: readonly string[], env: NodeJS.ProcessEnv) {
  const settings = readSettings(args, env);
  if (settings === 'help') throw new Error('unreachable');
  const app = fastify();
  addGate(app, {
    authenticate: async () => ({ user: role, how: 'token', grants: [everywhereAs(role)] }) as never,
    denied: async () => undefined,
  });
  await app.register(settingRoutes, { settings: settings.shown });
  const reply = await app.inject({ url: '/api/v1/settings' });
  await app.close();
  return reply;
}

it('tells admins what holds and who says so, of secrets only whether they are set, and others nothing', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'stackwarden-settings-')), 'stackwarden.yaml');
  writeFileSync(file, 'profile: test\nhistory: {days: 7}\n', { mode: 0o600 });
  const args = ['--config', file, '--listen', '127.0.0.1:3'];
  const env = { DATABASE_URL: 'mysql://u:hunter2@db:3306/x', STACKWARDEN_LIMIT_KNOWN: '70' };
  const reply = await ask('admin', args, env);
  expect(reply.body).not.toMatch(/hunter2|db:3306/);
  const { profile, file: from, items } = reply.json<{ profile: string; file: string; items: { name: string }[] }>();
  expect([profile, from]).toEqual(['test', file]);
  expect(items.map(({ name }) => name)).toEqual(settingsTable.map(({ name }) => name));
  const one = (name: string) => items.find((item) => item.name === name);
  expect(one('listen')).toMatchObject({ value: '127.0.0.1:3', source: 'flag', origin: '--listen', isSecret: false });
  expect(one('limits.known')).toMatchObject({ value: '70', source: 'environment', origin: 'STACKWARDEN_LIMIT_KNOWN' });
  expect(one('history.days')).toMatchObject({ value: '7', source: 'file', origin: file });
  expect(one('log.level')).toMatchObject({ value: 'error', source: 'profile', default: 'warn; info in production; error in test' });
  expect(one('oidc.groupsClaim')).toMatchObject({ value: 'groups', source: 'default' });
  expect(one('images')).toMatchObject({ value: null, isSet: false, source: null, meaning: expect.stringContaining('spec.source.file') });
  expect(one('database.url')).toMatchObject({ value: null, isSet: true, isSecret: true, source: 'environment' });
  expect(one('redis.url')).toMatchObject({ value: null, isSet: false, isSecret: true });

  expect((await ask('operator', args, env)).statusCode).toBe(403);
});
