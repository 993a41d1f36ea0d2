import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '#controller/engine/testing/fake-clock.ts';
import { FakeRemote } from './fakes.fixture.ts';
import { type Page, until } from './page.fixture.ts';
import { openTown, type Somebody, type Town } from './town.fixture.ts';

describe('a terminal that lives in another process', () => {
  let home: Town;
  let other: Town;
  let anna: Somebody;
  /** As the same browser sends it to the other process. */
  let annaThere: Somebody;
  beforeAll(async () => {
    home = await openTown({ id: 'home' });
    other = await openTown({ id: 'other', leader: home });
    anna = await home.browser('anna', 'operator');
    annaThere = { ...anna, headers: { ...anna.headers, origin: other.origin } };
  }, 60_000);
  afterEach(() => home.reset());
  afterAll(async () => {
    await other.close();
    await home.close();
  }, 60_000);

  const remoteOf = () => home.far.remotes.at(-1) ?? new FakeRemote();
  const attached = async (who: Somebody): Promise<{ id: string; page: Page }> => {
    const asked = await other.ask(who);
    const page = await other.page(who, asked).opened();
    page.send({ type: 'attach', cols: 80, rows: 24 });
    await until('open', () => page.last('state')?.state === 'open');
    return { id: asked.id, page };
  };

  it('is made, worked in and ended through any process, by browser', async () => {
    const { id, page } = await attached(annaThere);
    expect([home.terminals.live.find(id)?.state, other.terminals.live.all]).toEqual(['open', []]);
    page.type('漢字');
    await until('typed', () => Buffer.concat(remoteOf().typed).toString() === '漢字');
    remoteOf().say('seen');
    await until('shown', () => page.shown.toString() === 'seen');
    expect((await other.send(annaThere, 'GET', `/api/v1/terminals/${id}`)).body.people).toMatchObject([{ user: 'anna' }]);
    page.socket.terminate();
    await until('left', () => home.terminals.live.find(id)?.people.length === 0);
    const back = await other.page(annaThere, await other.ticket(annaThere, id)).opened();
    back.send({ type: 'attach', cols: 80, rows: 24, since: 4 });
    await back.told('attached');
    expect((await other.send(annaThere, 'DELETE', `/api/v1/terminals/${id}`)).status).toBe(204);
    expect((await back.told('ended')).reason).toBe('closed');
    expect((await back.ended()).code).toBe(4000);
  });

  it('waits for a slow page all the way', async () => {
    const { page } = await attached(annaThere);
    const remote = remoteOf();
    page.socket.pause();
    for (let count = 0; count < 100; count += 1) remote.say(Buffer.alloc(64 * 1024, 'z'));
    await until('paused', () => remote.isPaused);
    expect(remote.waitingBytes).toBeGreaterThan(5_000_000);
    page.socket.resume();
    await until('all', () => page.at === 100 * 64 * 1024, 20_000);
  });

  it('is refused there as it would be at home: a foreign page, and a ticket that was used', async () => {
    const { id } = await attached(annaThere);
    const asked = await other.ticket(annaThere, id);
    const foreign = other.page(annaThere, asked, { headers: { ...annaThere.headers, origin: 'https://evil.example' } });
    let status = 0;
    foreign.socket.on('unexpected-response', (_, response) => {
      status = response.statusCode ?? 0;
      foreign.socket.terminate();
    });
    await until('refused', () => status === 403);
    const first = await other.page(annaThere, asked).opened();
    first.send({ type: 'attach', cols: 80, rows: 24 });
    await first.told('attached');
    expect((await (await other.page(annaThere, asked).opened()).ended()).code).toBe(4001);
  });

  it('is told of as gone when that process is, and written down by the one that is left', async () => {
    const doomed = await openTown({ id: 'doomed', leader: { ...home, clock: new FakeClock(home.clock.now()) } });
    const target = { cluster: 'main', serverId: 's-1', name: 'web-1', place: { cluster: 'main', namespace: '*' }, addresses: [] };
    const identity = { user: 'anna', userId: anna.userId, session: anna.session, groups: [], grants: [], how: 'cookie' as const };
    const presence = { identity, address: '127.0.0.1', again: async () => identity };
    const { facts } = await doomed.terminals.live.make(target, { purpose: 'ssh' }, presence);
    await doomed.vanish();
    const asked = await home.send(anna, 'POST', `/api/v1/terminals/${facts.id}/tickets`, { purpose: 'attach' });
    expect(asked).toMatchObject({ status: 410, body: { title: 'TerminalGone' } });
    expect(String(asked.body.detail)).toContain('open a new terminal');
    expect((await home.send(anna, 'GET', `/api/v1/terminals/${facts.id}`)).body.state).toBe('connecting');
    await home.clock.advance(80_000);
    let row = await home.terminals.rows.get(facts.id);
    for (let turn = 0; turn < 500 && row?.state !== 'ended'; turn += 1) row = await home.terminals.rows.get(facts.id);
    const { body } = await home.send(anna, 'GET', `/api/v1/terminals/${facts.id}`);
    expect([body.state, body.endReason]).toEqual(['ended', 'shutdown']);
    expect((await home.entries('TerminalEnded')).filter(({ message }) => message.includes(facts.id))).toHaveLength(1);
  });

  it('that an earlier process left in this place is written down at the start, and its recording sealed', async () => {
    const { terminals } = home;
    const id = '00000000-0000-4000-8000-000000000001';
    const now = home.clock.now();
    await terminals.rows.insert({
      id,
      purpose: 'ssh',
      user: 'anna',
      userId: anna.userId,
      session: null,
      address: '127.0.0.1',
      cluster: 'main',
      namespace: '',
      serverId: 's-1',
      serverName: 'web-1',
      createdAt: now,
      home: { id: 'again', url: 'https://127.0.0.1:1', ca: '' },
      seenAt: now,
    });
    const { terminals: table } = home.store.tables;
    await home.store.db.update(table).set({ recording: 'running' });
    const sealed: string[] = [];
    const again = await openTown({ id: 'again', leader: home, parts: { recoverRecording: async (one) => void sealed.push(one) } });
    expect((await terminals.rows.get(id))?.endReason).toBe('shutdown');
    expect(sealed).toEqual([id]);
    await again.close();
  });
});
