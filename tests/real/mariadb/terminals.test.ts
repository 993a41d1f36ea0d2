import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Page, until } from '#api/terminal/page.fixture.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { freePort } from '#tests/parts/free-port.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';
import { newDataDir, type Stackwarden, startStackwarden } from '#tests/parts/stackwarden.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { eventually } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';

interface Asked {
  readonly id: string;
  readonly ticket: string;
  readonly stream: string;
}

/** Two processes on one MariaDB, as behind a load balancer; the serial console is that of an instance of the sandbox. */
describe('a terminal, with two processes on one database', () => {
  let mariadb: Mariadb;
  let world: World;
  let leader: Stackwarden;
  let follower: Stackwarden;
  let server: string;
  const pages: Page[] = [];

  beforeAll(async () => {
    [mariadb, world] = await Promise.all([startMariadb(), sandboxWorld()]);
    const env = { DATABASE_URL: await mariadb.createDatabase() };
    const { cloudsYaml, cloud, client } = world;
    leader = await startStackwarden({ dataDir: newDataDir(), port: await freePort(), env, cloudsYaml, args: ['--cloud', cloud] });
    const dataDir = newDataDir();
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    copyFileSync(join(leader.dataDir, 'encryption.key'), join(dataDir, 'encryption.key'));
    follower = await startStackwarden({ dataDir, port: await freePort(), env, cloudsYaml, args: ['--no-sandbox'] });
    const imageRef = await anImage();
    const made = await servers.create(client.compute, { name: 'web-1', flavorRef: '1', imageRef, networks: 'none' });
    server = made.id;
    await eventually(
      120,
      async () => ((await ask(leader, 'GET', `/api/v1/resources/server/main/${server}`)).text.includes('ACTIVE') ? true : undefined),
      async () => (await ask(leader, 'GET', `/api/v1/resources/server/main/${server}`)).text,
      500,
    );
  }, 300_000);
  afterAll(async () => {
    for (const page of pages) page.socket.terminate();
    await Promise.all([leader?.stop(), follower?.stop()]);
    await Promise.all([mariadb?.stop(), world?.close()]);
  });

  async function anImage(): Promise<string> {
    const { text } = await eventually(
      120,
      async () => {
        const answer = await ask(leader, 'GET', '/api/v1/resources/image?limit=1');
        return answer.text.includes('"id"') ? answer : undefined;
      },
      async () => 'no image is listed',
      500,
    );
    return String((JSON.parse(text) as { items: { id: string }[] }).items[0]?.id);
  }
  /** As the first admin of the leader: one person, whichever process they ask. */
  const token = () => readFileSync(join(leader.dataDir, 'admin-password'), 'utf8').trim();
  async function ask(process: Stackwarden, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) {
    const answer = await process.send(method, path, body, undefined, { authorization: `Bearer ${token()}` });
    return { status: answer.status, text: answer.text };
  }
  async function attach(process: Stackwarden, { stream, ticket }: Asked, since?: number): Promise<Page> {
    const url = process.url.replace('https', 'wss') + stream;
    const ca = readFileSync(join(process.dataDir, 'tls/ca.crt'), 'utf8');
    const page = new Page({ url, ca, ticket, headers: { authorization: `Bearer ${token()}` } });
    pages.push(page);
    await page.opened();
    page.send({ type: 'attach', cols: 80, rows: 24, ...(since !== undefined && { since }) });
    await until(
      () => `open: ${JSON.stringify([page.frames, page.closed])}`,
      () => page.last('state')?.state === 'open',
      20_000,
    );
    return page;
  }
  const asked = ({ status, text }: { status: number; text: string }): Asked => {
    expect(status, text).toBe(201);
    return JSON.parse(text) as Asked;
  };

  it('is made through the one that does not lead, worked in through either, and gone with its process', async () => {
    const made = asked(await ask(follower, 'POST', '/api/v1/terminals', { cluster: 'main', server, purpose: 'serial' }));
    const page = await attach(follower, made);
    await until('the console greets', () => page.shown.includes('login: '), 20_000);
    page.type('anna\r');
    await until('signed in', () => page.shown.includes('$ '), 20_000);
    page.type('flood 20000\r');
    await until('all of it', () => page.shown.includes('00020000 '), 60_000);
    const { at } = page;
    page.socket.terminate();

    const back = await attach(leader, asked(await ask(leader, 'POST', `/api/v1/terminals/${made.id}/tickets`, { purpose: 'attach' })), at);
    expect(await back.told('attached')).toMatchObject({ snapshot: 0 });
    back.type('echo 你好\r');
    await until('echoed', () => back.shown.includes('你好\r\n'), 20_000);
    back.socket.terminate();

    const again = asked(await ask(follower, 'POST', `/api/v1/terminals/${made.id}/tickets`, { purpose: 'attach' }));
    const last = await attach(follower, again);
    expect((await last.told('attached')).snapshot).toBeGreaterThan(0);

    await leader.kill();
    await last.ended();
    const gone = await ask(follower, 'POST', `/api/v1/terminals/${made.id}/tickets`, { purpose: 'attach' });
    expect([gone.status, gone.text]).toEqual([410, expect.stringContaining('open a new terminal')]);
    await eventually(
      120,
      async () => ((await ask(follower, 'GET', `/api/v1/terminals/${made.id}`)).text.includes('"endReason":"shutdown"') ? true : undefined),
      async () => (await ask(follower, 'GET', `/api/v1/terminals/${made.id}`)).text,
      1000,
    );
    const row = await ask(follower, 'GET', `/api/v1/terminals/${made.id}`);
    expect(row.text).toContain('"recording":"interrupted"');
  });
});
