import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '#tests/parts/free-port.ts';
import { type Mariadb, startMariadb } from '#tests/parts/mariadb.ts';
import { type RedisServer, startRedis } from '#tests/parts/redis.ts';
import { newDataDir, type Stackwarden, type StartOptions, startStackwarden } from '#tests/parts/stackwarden.ts';
import { readContents } from '#tests/scenarios/contents.ts';
import { sandboxWorld } from '#tests/scenarios/sandbox-world.ts';
import { attach, eventually, type Session } from '#tests/scenarios/session.ts';
import type { World } from '#tests/scenarios/world.ts';
import { Load } from './load.fixture.ts';

/** So many clients write for so many seconds while parts are killed; more by hand than CI has time for. */
const clients = Number(process.env.STACKWARDEN_LOAD_CLIENTS ?? 40);
const seconds = Number(process.env.STACKWARDEN_LOAD_SECONDS ?? 24);

/** Two processes on one MariaDB and one Redis, each in a directory of its own, as behind a load balancer. */
describe('two processes on one database', () => {
  let mariadb: Mariadb;
  let redis: RedisServer;
  let world: World;
  const processes: { options: StartOptions; running: Stackwarden }[] = [];
  let session: Session;

  const lease = async () =>
    JSON.parse(await session.must('get', 'lease', 'stackwarden-controller', '-o', 'json')) as { spec: { holderIdentity: string } };
  const undeclared = (process: Stackwarden) => process.get('/api/v1/clusters/main/undeclared');

  beforeAll(async () => {
    [mariadb, redis, world] = await Promise.all([startMariadb(), startRedis(), sandboxWorld()]);
    const env = { DATABASE_URL: await mariadb.createDatabase(), REDIS_URL: redis.url };
    const { cloudsYaml, cloud } = world;
    for (const _ of ['first', 'second']) {
      const dataDir = newDataDir();
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      // What is encrypted is encrypted for all of them.
      const first = processes[0]?.running;
      if (first) copyFileSync(join(first.dataDir, 'encryption.key'), join(dataDir, 'encryption.key'));
      const args = first ? ['--no-sandbox'] : ['--cloud', cloud];
      const options = { dataDir, port: await freePort(), env, cloudsYaml, args };
      processes.push({ options, running: await startStackwarden(options) });
    }
    session = attach(process(1));
    await session.must('patch', 'cluster', 'main', '--type=merge', '-p', '{"spec":{"sweepInterval":"4s"}}');
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'cluster/main');
  });
  afterAll(async () => {
    await Promise.all(processes.map(({ running }) => running.stop()));
    await Promise.all([mariadb?.stop(), redis?.stop(), world?.close()]);
  });

  function process(index: number): Stackwarden {
    const found = processes[index]?.running;
    if (!found) throw new Error(`process ${index} was not started`);
    return found;
  }

  async function killAndRestart(index: number): Promise<void> {
    const found = processes[index];
    if (!found) throw new Error(`process ${index} was not started`);
    await found.running.kill();
    found.running = await startStackwarden(found.options);
  }

  it('has one that reconciles, and the other answers for it', async () => {
    expect((await lease()).spec.holderIdentity).toContain(process(0).dataDir);
    const answers = await Promise.all([undeclared(process(0)), undeclared(process(1))]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1]?.text).toBe(answers[0]?.text);
    const manifest = {
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'Network',
      metadata: { name: 'x' },
      spec: { clusterRef: { name: 'main' } },
    };
    const { stderr } = await session.kubectlWith({ input: JSON.stringify(manifest) }, 'apply', '--dry-run=server', '-f', '-');
    expect(stderr).toContain('plan: another process makes it');
  });

  it('sees through one what was declared through the other, made once', async () => {
    const [one, other] = [attach(process(0)), attach(process(1))];
    const manifest = (name: string) =>
      JSON.stringify({
        apiVersion: 'openstack.stackwarden.io/v1alpha1',
        kind: 'Network',
        metadata: { name },
        spec: { clusterRef: { name: 'main' } },
      });
    await Promise.all([
      one.kubectlWith({ input: manifest('by-one') }, 'apply', '-f', '-'),
      other.kubectlWith({ input: manifest('by-other') }, 'apply', '-f', '-'),
    ]);
    await one.must('wait', '--for=condition=Ready', '--timeout=120s', 'network/by-one', 'network/by-other');
    await other.must('wait', '--for=condition=Ready', '--timeout=120s', 'network/by-one', 'network/by-other');
  });

  it('hands the lead over when the leader is stopped, without losing what was declared meanwhile', async () => {
    await process(0).stop();
    await eventually(
      60,
      async () => ((await lease()).spec.holderIdentity.includes(process(1).dataDir) ? true : undefined),
      async () => JSON.stringify(await lease()),
      500,
    );
    const body = {
      apiVersion: 'openstack.stackwarden.io/v1alpha1',
      kind: 'Network',
      metadata: { name: 'after' },
      spec: { clusterRef: { name: 'main' } },
    };
    await session.kubectlWith({ input: JSON.stringify(body) }, 'apply', '-f', '-');
    await session.must('wait', '--for=condition=Ready', '--timeout=120s', 'network/after');
    const first = processes[0];
    if (first) first.running = await startStackwarden(first.options);
    expect((await undeclared(process(0))).status).toBe(200);
  });

  it(`loses no acknowledged write of ${clients} clients, and does nothing twice, while each part is killed in turn`, async () => {
    const load = new Load(() => [process(0), process(1)], clients);
    const part = (seconds * 1000) / 4;
    const deeds = [
      () => killAndRestart(1),
      () => redis.kill().then(() => redis.restart()),
      () => mariadb.kill().then(() => mariadb.restart()),
      () => killAndRestart(0),
    ];
    for (const deed of deeds) {
      const rest = new Promise((done) => setTimeout(done, part));
      await deed();
      await rest;
    }
    const { acknowledged, refused } = await load.stop();
    console.log(`${acknowledged.size} writes acknowledged; refused: ${JSON.stringify(refused)}`);
    expect(acknowledged.size).toBeGreaterThan(clients);
    // What a client is told is that the server is not there, or that the database is away; never that something went wrong.
    expect(Object.keys(refused).filter((answer) => !/^(?:no answer|503)/.test(answer))).toEqual([]);
    const kept = new Map((await load.kept(session)).map(({ name, value }) => [name, value]));
    expect([...acknowledged].filter(([name, value]) => (kept.get(name) ?? -1) < value)).toEqual([]);

    const networks = (
      JSON.parse(await session.must('get', 'networks.openstack', '-o', 'json')) as { items: { metadata: { name: string } }[] }
    ).items;
    await session.must('wait', '--for=condition=Ready', '--timeout=300s', '--all', 'networks.openstack');
    const made = (await readContents(world.client)).networks.map(({ name }) => name);
    expect(made.filter((name) => name.startsWith('load-')).toSorted()).toEqual(
      networks
        .map(({ metadata }) => metadata.name)
        .filter((name) => name.startsWith('load-'))
        .toSorted(),
    );
    expect((await process(0).get('/api/v1/audit/verify')).text).toContain('"ok":true');
  });
});
