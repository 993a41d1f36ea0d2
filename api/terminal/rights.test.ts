import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { controllerIdentity } from '../auth/identity.ts';
import { until } from './page.fixture.ts';
import { minuteMs, openTown, type Somebody, type Town } from './town.fixture.ts';

describe('rights that end while a terminal lasts', () => {
  let town: Town;
  let chief: Somebody;
  let count = 0;
  beforeAll(async () => {
    town = await openTown({ settings: { perTarget: 100 } });
    chief = await town.program('chief', 'super_admin');
  }, 60_000);
  afterEach(() => town.reset());
  afterAll(() => town.close(), 60_000);

  const somebody = async () => town.browser(`person-${(count += 1)}`, 'operator');
  const bindingOf = async ({ userId }: Somebody) => (await town.accounts.people.get(userId)).bindings[0]?.id ?? '';

  it.each([
    [
      'a role is taken away',
      async (who: Somebody) => town.send(chief, 'DELETE', `/api/v1/users/${who.userId}/bindings/${await bindingOf(who)}`),
    ],
    ['a session is ended', async (who: Somebody) => town.send(chief, 'DELETE', `/api/v1/users/${who.userId}/sessions/${who.session}`)],
    ['somebody is disabled', async (who: Somebody) => town.send(chief, 'PATCH', `/api/v1/users/${who.userId}`, { state: 'disabled' })],
    ['somebody is removed', async (who: Somebody) => town.send(chief, 'DELETE', `/api/v1/users/${who.userId}`)],
    ['somebody signs out', async (who: Somebody) => town.send(who, 'DELETE', '/api/v1/session')],
  ])('close it at once when %s, and say why', async (_, revoke) => {
    const who = await somebody();
    const { page, remote, id } = await town.open(who);
    expect((await revoke(who)).status).toBeLessThan(300);
    expect((await page.told('ended')).reason).toBe('revoked');
    expect((await page.ended()).code).toBe(4003);
    expect(remote.isEnded).toBe(true);
    await until('it is written down', () => !town.terminals.live.find(id));
    expect((await town.entries('TerminalEnded'))[0]).toMatchObject({ actor: who.name, result: 'denied', cloudId: 's-1' });
  });

  it('close one by token at once when the token is revoked', async () => {
    const robot = await town.program('robot', 'operator');
    const { page } = await town.open(robot);
    await town.send(chief, 'DELETE', `/api/v1/users/${robot.userId}/tokens/${robot.session}`);
    expect((await page.ended()).code).toBe(4003);
  });

  it('close it within 15 s when they end in the database, behind our back', async () => {
    const who = await somebody();
    const { page } = await town.open(who);
    await town.accounts.people.unbind(who.userId, await bindingOf(who), controllerIdentity);
    await town.clock.advance(14_000);
    expect(page.closed).toBeUndefined();
    await town.clock.advance(1_000);
    expect((await page.told('ended')).detail).toContain('instance.terminal');
  });

  it('close one that nobody is at as well', async () => {
    const who = await somebody();
    const { page, id } = await town.open(who);
    page.socket.terminate();
    await until('left', () => town.terminals.live.find(id)?.people.length === 0);
    await town.send(chief, 'DELETE', `/api/v1/users/${who.userId}/sessions`);
    await until('ended', () => !town.terminals.live.find(id));
  });

  it('put out who only watches, and leave the rest as it is', async () => {
    const who = await somebody();
    const admin = await town.browser(`admin-${(count += 1)}`, 'admin');
    const { page, id } = await town.open(who);
    const watcher = await town.page(admin, await town.ticket(admin, id, 'watch')).opened();
    watcher.send({ type: 'attach', cols: 80, rows: 24 });
    await until('both are there', () => page.last('people')?.people.length === 2);
    await town.send(chief, 'DELETE', `/api/v1/users/${admin.userId}/bindings/${await bindingOf(admin)}`);
    expect((await watcher.ended()).code).toBe(4003);
    await until('told', () => page.last('people')?.people.length === 1);
    expect(page.closed).toBeUndefined();
  });

  it('close it when the instance is gone, or the address is another’s now', async () => {
    for (const change of [() => town.servers.delete('s-1'), () => town.servers.set('s-1', { name: 'web-1', addresses: ['203.0.113.9'] })]) {
      const { page } = await town.open(await somebody());
      change();
      await town.clock.advance(15_000);
      expect((await page.told('ended')).reason).toBe('target-gone');
      town.servers.set('s-1', { name: 'web-1', addresses: ['10.0.0.5', '203.0.113.9'] });
    }
  });

  it('follow the instance into the namespace of who declared it', async () => {
    const who = await somebody();
    const { page } = await town.open(who);
    town.servers.set('s-1', { name: 'web-1', namespace: 'shop', addresses: ['10.0.0.5'] });
    await town.clock.advance(15_000);
    expect(page.closed).toBeUndefined();
    town.servers.set('s-1', { name: 'web-1', addresses: ['10.0.0.5', '203.0.113.9'] });
  });

  it('do not end by idleness while somebody types; a page that is left open is no reason to stay signed in', async () => {
    const [busy, idle] = [await somebody(), await somebody()];
    const [first, second] = [await town.open(busy), await town.open(idle)];
    for (let minute = 0; minute < 40; minute += 2) {
      first.page.type('x');
      // Says that somebody is there to this page, though not by a request of theirs.
      await until('typed', () => first.remote.typed.length === minute / 2 + 1);
      await town.clock.advance(2 * minuteMs);
      await new Promise((done) => setTimeout(done, 5));
    }
    expect(first.page.closed).toBeUndefined();
    expect((await town.send(busy, 'GET', '/api/v1/session')).status).toBe(200);
    expect(second.page.last('ended')?.reason).toMatch(/idle|revoked/);
    expect((await town.send(idle, 'GET', '/api/v1/session')).status).toBe(401);
  });
});
