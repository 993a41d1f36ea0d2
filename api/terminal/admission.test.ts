import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failing } from './fakes.fixture.ts';
import { until } from './page.fixture.ts';
import { openTown, type Somebody, type Ticket, type Town } from './town.fixture.ts';

describe('whoever asks for a terminal', () => {
  let town: Town;
  let anna: Somebody;
  beforeAll(async () => {
    town = await openTown();
    anna = await town.browser('anna', 'operator');
  }, 60_000);
  afterEach(() => town.reset());
  afterAll(() => town.close(), 60_000);

  const attempt = async (who: Somebody, ticket: Ticket, headers: Record<string, string | undefined> = {}) => {
    const given = Object.entries({ ...who.headers, ...headers }).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const page = town.page(who, ticket, { headers: Object.fromEntries(given) });
    let status: number | undefined;
    page.socket.on('unexpected-response', (_, response) => {
      status = response.statusCode;
      page.socket.terminate();
    });
    await until('an answer', () => page.closed ?? status ?? page.socket.readyState === page.socket.OPEN);
    if (page.socket.readyState === page.socket.OPEN) await until('its end, or nothing', () => page.closed ?? true);
    await new Promise((done) => setTimeout(done, 30));
    return status ?? page.closed?.code ?? 'let in';
  };
  const refusals = async () => (await town.entries('TerminalRefused')).map(({ message }) => message.replace(/ \(terminal .*/, ''));

  it('is let in once, within 30 s, and only with what they were given themselves', async () => {
    const berta = await town.browser('berta', 'operator');
    const other = { ...anna, headers: (await town.browser('anna-2', 'operator')).headers };
    const before = (await refusals()).length;
    const asked = await town.ask(anna);
    expect(await attempt(anna, { ...asked, ticket: 'x'.repeat(43) })).toBe(4001);
    expect(await attempt(anna, asked)).toBe('let in');
    expect(await attempt(anna, asked)).toBe(4001);
    expect(await attempt(berta, await town.ticket(anna, asked.id))).toBe(4001);
    expect(await attempt(other, await town.ticket(anna, asked.id))).toBe(4001);
    const second = await town.ask(anna, { server: 's-1' });
    expect(await attempt(anna, { ...(await town.ticket(anna, asked.id)), stream: second.stream })).toBe(4001);
    const late = await town.ticket(anna, asked.id);
    await town.clock.advance(30_000);
    expect(await attempt(anna, late)).toBe(4001);
    expect((await refusals()).slice(0, -before || undefined).toReversed()).toEqual([
      'stream: the ticket is not known',
      'stream: the ticket was used before',
      'stream: the ticket is somebody else’s',
      'stream: the ticket is somebody else’s',
      'stream: the ticket is for another terminal',
      'stream: the ticket is too old',
    ]);
    const kept = JSON.stringify([await town.audit.list(), await town.terminals.rows.live()]) + town.logged.join('\n');
    for (const { ticket } of [asked, late]) expect(kept).not.toContain(ticket);
  });

  it('has to come from a page at exactly our address', async () => {
    const { origin } = town;
    const foreign = [
      { origin: 'https://evil.example' },
      { origin: origin.replace('https', 'http') },
      { origin: origin.replace(/:\d+$/, ':1') },
      { origin: `${origin}.evil.example` },
      { origin: 'null' },
      { origin: `${origin}/` },
      { origin: undefined },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ];
    const { id } = await town.ask(anna);
    for (const headers of foreign) expect(await attempt(anna, await town.ticket(anna, id), headers), JSON.stringify(headers)).toBe(403);
    expect((await refusals()).filter((message) => message.includes('Origin') || message.includes('Sec-Fetch')).length).toBe(foreign.length);
    expect(await attempt(anna, await town.ticket(anna, id), { 'sec-fetch-site': 'same-origin' })).toBe('let in');
  });

  it('need not, with a token; who is not known is not let in at all', async () => {
    const robot = await town.program('robot', 'operator');
    const asked = await town.ask(robot);
    expect(await attempt(robot, { ...asked }, { authorization: undefined })).toBe(401);
    expect(await attempt(robot, asked)).toBe('let in');
    const again = await town.ticket(robot, asked.id);
    expect(await attempt(robot, again, { origin: 'https://evil.example' })).toBe(403);
  });

  it('may look only, with a ticket to watch', async () => {
    const { page, remote, id } = await town.open(anna);
    const admin = await town.browser('chief', 'admin');
    for (const overstep of ['type', 'resize', 'end'] as const) {
      const watcher = await town.page(admin, await town.ticket(admin, id, 'watch')).opened();
      watcher.send({ type: 'attach', cols: 5, rows: 5 });
      await watcher.told('attached');
      if (overstep === 'type') watcher.type('rm -rf /\r');
      else watcher.send(overstep === 'end' ? { type: 'end' } : { type: 'resize', cols: 9, rows: 9 });
      expect((await watcher.ended()).code).toBe(4001);
    }
    expect([remote.typed, remote.sizes, page.closed]).toEqual([[], [], undefined]);
    expect((await refusals()).filter((message) => message.includes('tried more')).length).toBe(3);
    expect(await town.send(admin, 'POST', `/api/v1/terminals/${id}/tickets`, { purpose: 'attach' })).toMatchObject({ status: 403 });
    const viewer = await town.browser('viewer', 'viewer');
    expect((await town.send(viewer, 'POST', `/api/v1/terminals/${id}/tickets`, { purpose: 'watch' })).status).toBe(404);
  });

  it('is refused what they may not, what is not there, and what cannot be recorded', async () => {
    const viewer = await town.browser('reader', 'viewer');
    const local = await town.browser('local', { role: 'operator', cluster: 'main', namespace: 'shop' });
    const status = async (who: Somebody, body: object) =>
      (await town.send(who, 'POST', '/api/v1/terminals', { cluster: 'main', server: 's-1', purpose: 'ssh', ...body })).status;
    expect(await status(viewer, {})).toBe(403);
    expect(await status(local, {})).toBe(404);
    expect(await status(local, { server: 's-2' })).toBe(201);
    expect(await status(anna, { server: 's-9' })).toBe(404);
    expect(await status(anna, { cluster: 'other' })).toBe(409);
    expect(await status(anna, { address: '10.9.9.9' })).toBe(400);
    expect(await status(anna, { address: '203.0.113.9' })).toBe(201);
    expect(await status(anna, { purpose: 'serial', user: 'x' })).toBe(400);
    expect(await status(anna, { password: 'x' })).toBe(400);
    expect((await refusals())[0]).toContain('an address that is not its own');
  });

  it('has only so many, and so has an instance', async () => {
    const many = await town.browser('many', 'operator');
    for (let count = 0; count < 5; count += 1) await town.ask(many);
    const refused = await town.send(many, 'POST', '/api/v1/terminals', { cluster: 'main', server: 's-2', purpose: 'ssh' });
    expect(refused).toMatchObject({ status: 429, body: { title: 'TooManyTerminals' } });
    const others = await town.browser('others', 'operator');
    for (let count = 0; count < 3; count += 1) await town.ask(others);
    expect((await town.send(others, 'POST', '/api/v1/terminals', { cluster: 'main', server: 's-1', purpose: 'ssh' })).status).toBe(429);
    expect((await refusals())[0]).toContain('the most there may be to one instance');
  });

  it('is told why the far side would not be opened', async () => {
    town.far.before = failing({ reason: 'unreachable', detail: '10.0.0.5:22 refused the connection.' });
    const page = await town.page(anna, await town.ask(anna)).opened();
    page.send({ type: 'attach', cols: 80, rows: 24 });
    expect(await page.told('ended')).toMatchObject({ reason: 'unreachable', detail: '10.0.0.5:22 refused the connection.' });
    town.far.before = async () => undefined;
  });

  it('sees their own, and those of others where they may', async () => {
    const own = await town.open(await town.browser('dora', 'operator'));
    const boss = await town.browser('boss', 'admin');
    const listOf = async (who: Somebody) =>
      (await town.send(who, 'GET', '/api/v1/terminals?state=live')).body.items as { id: string; isMine: boolean; mayEnd: boolean }[];
    expect((await listOf(anna)).map(({ id }) => id)).not.toContain(own.id);
    expect((await listOf(boss)).find(({ id }) => id === own.id)).toMatchObject({
      isMine: false,
      mayEnd: true,
      mayWatch: true,
      mayAttach: false,
    });
    expect((await town.send(anna, 'GET', `/api/v1/terminals/${own.id}`)).status).toBe(404);
    expect((await town.send(boss, 'GET', `/api/v1/terminals/${own.id}`)).body.people).toMatchObject([{ user: 'dora', role: 'works' }]);
    expect((await town.send(anna, 'DELETE', `/api/v1/terminals/${own.id}`)).status).toBe(404);
    expect((await town.send(boss, 'DELETE', `/api/v1/terminals/${own.id}`)).status).toBe(204);
    expect(await own.page.told('ended')).toMatchObject({ reason: 'ended-by', detail: 'Ended by boss.' });
    expect((await town.send(boss, 'POST', `/api/v1/terminals/${own.id}/tickets`, { purpose: 'watch' })).body).toMatchObject({
      status: 410,
      title: 'TerminalGone',
    });
    const pages: string[] = [];
    let cursor = '';
    do {
      const { body } = await town.send(boss, 'GET', `/api/v1/terminals?limit=3${cursor && `&cursor=${cursor}`}`);
      pages.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = (body.next as string | undefined) ?? '';
    } while (cursor !== '');
    expect(new Set(pages).size).toBe(pages.length);
    expect(pages).toContain(own.id);
    expect((await town.send(boss, 'GET', '/api/v1/terminals?q=WEB-1&user=dora&state=ended')).body.items).toHaveLength(1);
    expect((await town.send(boss, 'GET', '/api/v1/terminals?cursor=x')).status).toBe(400);
  });

  it('that is no WebSocket is told so', async () => {
    const { id } = await town.ask(anna);
    expect(await town.send(anna, 'GET', `/api/v1/terminals/${id}/stream`)).toMatchObject({
      status: 426,
      body: { title: 'UpgradeRequired' },
    });
  });
});
