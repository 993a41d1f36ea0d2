import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from './page.fixture.ts';
import { minuteMs, openTown, type Somebody, type Town } from './town.fixture.ts';

describe('a terminal', () => {
  let town: Town;
  let anna: Somebody;
  let berta: Somebody;
  beforeAll(async () => {
    town = await openTown();
    anna = await town.browser('anna', 'operator');
    berta = await town.browser('berta', 'admin');
  }, 60_000);
  beforeEach(() => {
    town.far.before = async () => undefined;
  });
  afterEach(() => town.reset());
  afterAll(() => town.close(), 60_000);

  it('takes what is typed there, and shows what comes back', async () => {
    const { page, remote, recorder } = await town.open(anna);
    page.type('ls\r');
    await until('typed', () => Buffer.concat(remote.typed).toString() === 'ls\r');
    remote.say('漢字 é\r\n');
    remote.say(Buffer.from([0xff, 0x41]));
    await until('shown', () => page.shown.toString() === '漢字 é\r\n\ufffdA');
    expect(recorder?.text).toBe('漢字 é\r\n\ufffdA');
    expect(page.at).toBe(page.shown.length);
    expect(page.last('people')?.people).toMatchObject([{ user: 'anna', role: 'works' }]);
  });

  it('is as large as its page', async () => {
    const { page, remote, recorder } = await town.open(anna);
    page.send({ type: 'resize', cols: 120, rows: 40 });
    await until('resized', () => remote.sizes.at(-1) === '120x40' && recorder?.sizes.at(-1) === '120x40');
  });

  it('says how opening goes on, asks, and hands the answers on', async () => {
    let answers: readonly string[] | undefined;
    town.far.before = async ({ talk, credentials }) => {
      talk.say('connecting to 10.0.0.5');
      answers = await talk.ask({ title: 'debian', instructions: '', prompts: [{ text: 'Password: ', isSecret: true }] });
      answers = [...(answers ?? []), credentials.passphrase ?? ''];
    };
    const page = await town.page(anna, await town.ask(anna)).opened();
    page.send({ type: 'attach', cols: 80, rows: 24, credentials: { passphrase: 'p' } });
    const { id, prompts } = await page.told('ask');
    expect(prompts).toEqual([{ text: 'Password: ', isSecret: true }]);
    expect(page.last('state')?.detail).toBe('connecting to 10.0.0.5');
    page.send({ type: 'answer', id, answers: ['secret-of-anna'] });
    await until('open', () => page.last('state')?.state === 'open');
    expect(answers).toEqual(['secret-of-anna', 'p']);
    const all = JSON.stringify([await town.audit.list(), await town.terminals.rows.live()]) + town.logged.join('\n');
    expect(all).not.toContain('secret-of-anna');
  });

  it('asks a page that comes back what it had asked', async () => {
    town.far.before = async ({ talk }) =>
      void (await talk.ask({ title: 'debian', instructions: '', prompts: [{ text: 'Password: ', isSecret: true }] }));
    const asked = await town.ask(anna);
    const page = await town.page(anna, asked).opened();
    page.send({ type: 'attach', cols: 80, rows: 24 });
    const { id } = await page.told('ask');
    page.socket.terminate();
    const back = await town.page(anna, await town.ticket(anna, asked.id)).opened();
    back.send({ type: 'attach', cols: 80, rows: 24 });
    expect((await back.told('ask')).id).toBe(id);
    back.send({ type: 'answer', id, answers: ['x'] });
    await until('open', () => back.last('state')?.state === 'open');
  });

  it('lets only who may keep host keys accept one', async () => {
    const found = { fingerprint: 'SHA256:abc', algorithm: 'ssh-ed25519' };
    const accepted: boolean[] = [];
    town.far.before = async ({ talk }) => void accepted.push(await talk.acceptHostKey(found));
    for (const who of [anna, berta]) {
      const page = await town.page(who, await town.ask(who)).opened();
      page.send({ type: 'attach', cols: 80, rows: 24 });
      expect(await page.told('host-key')).toMatchObject({ mayAccept: who === berta, ...found });
      page.send({ type: 'accept-host-key', fingerprint: found.fingerprint });
      await until('answered', () => accepted.length === (who === anna ? 1 : 2));
    }
    expect(accepted).toEqual([false, true]);
  });

  it('goes on where the page was, or from a picture of the screen', async () => {
    const { page, remote, id } = await town.open(anna);
    remote.say('one ');
    await until('shown', () => page.shown.toString() === 'one ');
    page.socket.terminate();
    await until('left', () => town.terminals.live.find(id)?.people.length === 0);
    remote.say('two ');
    const seen = { shown: page.shown, at: page.at };
    const back = await town.page(anna, await town.ticket(anna, id), {}, seen).opened();
    back.send({ type: 'attach', cols: 80, rows: 24, since: seen.at });
    await until('caught up', () => back.shown.toString() === 'one two ');
    expect(back.last('attached')).toMatchObject({ at: 4, snapshot: 0 });
    const fresh = await town.page(anna, await town.ticket(anna, id)).opened();
    fresh.send({ type: 'attach', cols: 80, rows: 24 });
    await until('drawn', () => fresh.shown.toString() === 'one two ');
    expect(fresh.last('attached')).toMatchObject({ at: 8, snapshot: 8 });
    expect((await back.ended()).code).toBe(4009);
    remote.say('three');
    await until('shown', () => fresh.shown.toString() === 'one two three');
  });

  it('makes the far side wait for a page that draws slowly, and lets it go on', async () => {
    const { page, remote } = await town.open(anna, {}, { acks: false });
    for (let count = 0; count < 40; count += 1) remote.say(Buffer.alloc(64 * 1024, 'x'));
    await until('paused', () => remote.isPaused);
    await until('sent', () => page.at > 512 * 1024);
    expect(page.at).toBeLessThan(700 * 1024);
    page.send({ type: 'ack', at: 200 * 1024 });
    await new Promise((done) => setTimeout(done, 20));
    expect(remote.isPaused).toBe(true);
    page.acks = true;
    page.ack();
    await until('all', () => page.at === 40 * 64 * 1024);
    expect(remote.waitingBytes).toBe(0);
  });

  it('makes the far side wait for the recording', async () => {
    const { page, remote, recorder } = await town.open(anna);
    if (!recorder) throw new Error('nothing is recorded');
    recorder.backlog = 2 * 1024 * 1024;
    remote.say('a');
    remote.say('b');
    await until('shown', () => page.shown.toString() === 'a');
    expect(remote.isPaused).toBe(true);
    recorder.drain();
    await until('shown', () => page.shown.toString() === 'ab');
  });

  it('does not wait for one who watches: they miss a part and are drawn anew', async () => {
    const { remote, page, id } = await town.open(anna);
    const watcher = await town.page(berta, await town.ticket(berta, id, 'watch'), { acks: false }).opened();
    watcher.send({ type: 'attach', cols: 10, rows: 10 });
    await watcher.told('attached');
    expect((await page.told('people')).people.length).toBeGreaterThan(0);
    await until('told', () => page.last('people')?.people.length === 2);
    for (let count = 0; count < 60; count += 1) remote.say(Buffer.alloc(64 * 1024, 'y'));
    await until('all of it is shown to who works', () => page.at === 60 * 64 * 1024);
    expect(watcher.at).toBeLessThan(700 * 1024);
    watcher.ack();
    await until('drawn anew', () => watcher.frames.filter(({ type }) => type === 'attached').length === 2);
    await until('all of it', () => watcher.shown.equals(remote.saidBytes));
    expect(remote.sizes).toEqual([]);
    expect(await town.entries('TerminalWatched')).toMatchObject([{ actor: 'berta', cluster: 'main', cloudId: 's-1' }]);
    watcher.socket.close();
    await until('told', () => page.last('people')?.people.length === 1);
    expect(await town.entries('TerminalLeft')).toMatchObject([{ actor: 'berta' }]);
  });

  it('ends with a word to its page, a row and an entry in the audit', async () => {
    const { page, remote, recorder, id } = await town.open(anna);
    remote.say('bye');
    remote.hangUp({ reason: 'closed', detail: 'The shell ended.', exitCode: 3 });
    expect(await page.told('ended')).toMatchObject({ reason: 'closed', exitCode: 3 });
    expect(await page.ended()).toEqual({ code: 4000, reason: 'closed' });
    expect(page.shown.toString()).toBe('bye');
    expect(recorder?.ended?.reason).toBe('closed');
    await until('gone', () => town.terminals.live.all.length === 0);
    const { status, body } = await town.send(anna, 'GET', `/api/v1/terminals/${id}`);
    expect([status, body.state, body.endReason, body.remote]).toEqual([200, 'ended', 'closed', 'debian@10.0.0.5:22']);
    const [opened] = await town.entries('TerminalOpened');
    expect(opened).toMatchObject({ actor: 'anna', cloudId: 's-1', source: { address: '127.0.0.1', session: anna.session } });
    expect((await town.entries('TerminalEnded'))[0]?.message).toContain(`closed. The shell ended. (terminal ${id})`);
  });

  it('ends when what it shows can no longer be recorded', async () => {
    const { page, recorder, remote } = await town.open(anna);
    recorder?.fail();
    expect((await page.told('ended')).reason).toBe('not-recorded');
    expect(remote.isEnded).toBe(true);
  });

  it('ends when nobody comes back, is told so before it is idle for too long, and at last for its age', async () => {
    const { page, remote, id } = await town.open(anna);
    await town.clock.advance(14 * minuteMs);
    expect((await page.told('warning')).reason).toBe('idle');
    page.send({ type: 'stay' });
    page.type('x');
    await until('both are there', () => remote.typed.length === 1);
    await town.clock.advance(2 * minuteMs);
    expect(town.terminals.live.find(id)?.state).toBe('open');
    await town.clock.advance(13 * minuteMs);
    expect((await page.told('ended')).reason).toBe('idle');
    const second = await town.open(anna);
    second.page.socket.terminate();
    await until('left', () => town.terminals.live.find(second.id)?.people.length === 0);
    await town.clock.advance(9 * minuteMs);
    expect(town.terminals.live.find(second.id)?.state).toBe('open');
    await town.clock.advance(minuteMs);
    await until('ended', () => town.terminals.live.all.length === 0);
    expect((await town.terminals.rows.get(second.id))?.endReason).toBe('left');
    expect(remote.isEnded).toBe(true);
  });

  it('is left when its page answers no more', async () => {
    const { page, id } = await town.open(anna);
    page.socket.pause();
    await town.clock.advance(61_000);
    await until('left', () => town.terminals.live.find(id)?.people.length === 0);
  });

  it('closes on a page that says nothing, or what nobody understands', async () => {
    const silent = await town.page(anna, await town.ask(anna)).opened();
    await town.clock.advance(10_000);
    expect((await silent.ended()).code).toBe(4008);
    for (const frame of ['{', '{"type":"attach"}', '{"type":"stay"}', '{"type":"attach","cols":80,"rows":24,"x":1}']) {
      const page = await town.page(anna, await town.ask(anna)).opened();
      page.socket.send(frame);
      expect((await page.ended()).code, frame).toBe(4010);
      await town.clock.advance(40_000);
    }
    const { page } = await town.open(anna);
    page.send({ type: 'ack', at: 1 });
    expect((await page.ended()).code).toBe(4010);
    const other = await town.open(anna);
    other.page.socket.send(Buffer.alloc(65 * 1024));
    expect((await other.page.ended()).code).toBe(1009);
  });

  it('shows a screen as it is, opened anew for a page that comes back', async () => {
    const asked = await town.ask(anna, { purpose: 'vnc' });
    const page = await town.page(anna, asked).opened();
    await until('shown', () => page.shown.toString() === 'RFB 003.008\n');
    page.socket.send(Buffer.of(4, 1, 0, 0));
    await until('typed', () => town.screenfuls[0]?.typed.length === 1);
    page.socket.terminate();
    await until('hung up', () => town.screenfuls[0]?.isEnded);
    const back = await town.page(anna, await town.ticket(anna, asked.id)).opened();
    await until('shown', () => back.shown.toString() === 'RFB 003.008\n');
    expect(back.frames).toEqual([]);
    // Berta was away for too long meanwhile.
    const cleo = await town.browser('cleo', 'admin');
    expect((await town.send(cleo, 'POST', `/api/v1/terminals/${asked.id}/tickets`, { purpose: 'watch' })).status).toBe(409);
    await town.send(cleo, 'DELETE', `/api/v1/terminals/${asked.id}`);
    expect(await back.ended()).toEqual({ code: 4000, reason: 'ended-by' });
  });

  it('counts', async () => {
    const metrics = async () => town.metrics.registry.metrics();
    const before = await metrics();
    const { page } = await town.open(anna);
    expect(await metrics()).toContain('stackwarden_terminals_open{purpose="ssh"} 1');
    page.send({ type: 'end' });
    await page.ended();
    await until('gone', () => town.terminals.live.all.length === 0);
    const count = (text: string, name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1] ?? 0,
      );
    for (const name of ['stackwarden_terminals_ended_total{reason="closed"}', 'stackwarden_terminals_opened_total'])
      expect(count(await metrics(), name)).toBe(count(before, name) + 1);
  });

  it('ends with its process, recorded to the end', async () => {
    // The last: none is made behind it.
    const { page, recorder, id } = await town.open(anna);
    await town.terminals.live.stop();
    expect((await page.told('ended')).reason).toBe('shutdown');
    expect(recorder?.ended?.reason).toBe('shutdown');
    expect((await town.terminals.rows.get(id))?.state).toBe('ended');
  });
});
