import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { list as listInstanceActions } from '#controller/openstack/compute/instance-actions.ts';
import { listMigrations } from '#controller/openstack/compute/server-actions.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { openstackClient } from '#tests/parts/openstack-client.ts';
import { act, clearThings, done, makeThings, type Things } from '#tests/scenarios/actions-world.ts';
import { type Session, startSession } from '#tests/scenarios/session.ts';
import { openstackWorld, realCloudsFile, type World } from '#tests/scenarios/world.ts';

/** A project of its own with servers in it, and Stackwarden connected to it. */
interface Stage {
  readonly world: World;
  readonly things: Things;
  readonly session: Session;
}

async function setUp(names: readonly string[], isAdministrator: boolean): Promise<Stage> {
  const world = await openstackWorld();
  if (isAdministrator) await makeAdministrator(world);
  const things = await makeThings(world.client, names);
  return { world, things, session: await startSession(world) };
}

async function tearDown(stage: Stage | undefined): Promise<void> {
  await stage?.session.process.stop();
  if (stage) await clearThings(stage.world.client);
  await stage?.world.close();
}

/** Gives the user of a world the role that moves servers; it counts from the next sign-in on. */
async function makeAdministrator({ client }: World): Promise<void> {
  const admin = connectCloud(parseCloudConfig({ cloudsYaml: readFileSync(realCloudsFile(), 'utf8'), cloud: 'osc-admin' }), {
    name: 'admin',
  });
  const { userId, projectId } = await client.authenticate();
  const { body } = await admin.identity.request<{ roles: { id: string }[] }>({ method: 'GET', path: '/roles', query: { name: 'admin' } });
  await admin.identity.request({ method: 'PUT', path: `/projects/${projectId}/users/${userId}/roles/${body.roles[0]?.id}` });
  await admin.close();
}

type Row = Readonly<Record<string, unknown>>;

/** What the `openstack` client shows of a server, or of another thing. */
async function shown({ world }: Stage, noun: string, id: string): Promise<Row> {
  const text = await openstackClient(...world.clientArgs, ...noun.split(' '), 'show', id, '-f', 'json');
  return JSON.parse(text) as Row;
}

describe('what people do to instances, with the openstack client looking on', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setUp(['act-power', 'act-parts', 'act-size'], false);
  }, 300_000);
  afterAll(() => tearDown(stage), 120_000);
  const server = (name: string) => stage.things.servers[name] ?? '';
  const agree = async (name: string, expected: Row) => expect(await shown(stage, 'server', server(name))).toMatchObject(expected);

  it.concurrent('power', async () => {
    const id = server('act-power');
    const steps = [
      ['stop', 'SHUTOFF'],
      ['start', 'ACTIVE'],
      ['softReboot', 'ACTIVE'],
      ['hardReboot', 'ACTIVE'],
      ['pause', 'PAUSED'],
      ['unpause', 'ACTIVE'],
      ['suspend', 'SUSPENDED'],
      ['resume', 'ACTIVE'],
      ['shelve', 'SHELVED_OFFLOADED'],
      ['unshelve', 'ACTIVE'],
    ] as const;
    for (const [verb, status] of steps) {
      await done(stage.session, id, verb);
      await agree('act-power', { status });
    }
  });

  it.concurrent('rescue, size and disk', async () => {
    const id = server('act-size');
    const { secret } = await done(stage.session, id, 'rescue');
    expect(secret?.['password']?.length).toBeGreaterThan(16);
    await agree('act-size', { status: 'RESCUE' });
    await done(stage.session, id, 'unrescue');
    await done(stage.session, id, 'resize', { flavorId: '2' });
    await agree('act-size', { status: 'VERIFY_RESIZE' });
    await done(stage.session, id, 'revertResize');
    await agree('act-size', { status: 'ACTIVE', flavor: expect.objectContaining({ name: 'm1.tiny' }) });
    await done(stage.session, id, 'resize', { flavorId: '2' });
    await done(stage.session, id, 'confirmResize');
    await agree('act-size', { status: 'ACTIVE', flavor: expect.objectContaining({ name: 'm1.small' }) });
    await done(stage.session, id, 'rebuild');
    await agree('act-size', { status: 'ACTIVE' });
    for (const verb of ['migrate', 'liveMigrate', 'evacuate']) {
      expect(await act(stage.session, id, verb), verb).toMatchObject({ status: 409, title: 'NeedsAdministrator' });
    }
    await done(stage.session, id, 'delete');
    await expect(shown(stage, 'server', id)).rejects.toThrow(/No (s|S)erver found|could not be found/);
  });

  it.concurrent('lock, password, name, volume, ports, addresses, groups and image', async () => {
    const id = server('act-parts');
    const { volumeId, portId, networkId, groupId, floatingIPId } = stage.things;
    const one = (verb: string, body: object = {}) => done(stage.session, id, verb, body);
    await one('lock', { reason: 'act-reason' });
    await agree('act-parts', { locked: true, locked_reason: 'act-reason' });
    expect(await act(stage.session, id, 'stop')).toMatchObject({ status: 409, title: 'Locked' });
    await one('unlock');
    // The hypervisor here has no guest to tell: it takes any password.
    expect((await one('changePassword', { password: 'act-password' })).secret).toEqual({ password: 'act-password' });
    await one('attachVolume', { volumeId });
    expect(await shown(stage, 'volume', volumeId)).toMatchObject({ status: 'in-use' });
    await one('detachVolume', { volumeId });
    expect(await shown(stage, 'volume', volumeId)).toMatchObject({ status: 'available' });
    await one('attachPort', { portId });
    expect(await shown(stage, 'port', portId)).toMatchObject({ device_id: id });
    await one('detachPort', { portId });
    expect(await shown(stage, 'port', portId)).toMatchObject({ device_id: '' });
    const made = (await one('attachPort', { networkId, fixedIP: '10.77.0.200' })).result?.resources?.[0]?.id ?? '';
    expect(await shown(stage, 'port', made)).toMatchObject({ device_id: id, fixed_ips: [{ ip_address: '10.77.0.200' }] });
    await one('detachPort', { portId: made });
    await one('associateFloatingIP', { floatingIPId });
    expect(await shown(stage, 'floating ip', floatingIPId)).toMatchObject({ fixed_ip_address: expect.stringMatching(/^10\.77\.0\./) });
    await one('dissociateFloatingIP', { floatingIPId });
    expect(await shown(stage, 'floating ip', floatingIPId)).toMatchObject({ port_id: null });
    await one('addSecurityGroup', { securityGroupId: groupId });
    await agree('act-parts', { security_groups: expect.arrayContaining([{ name: 'act-group' }]) });
    await one('removeSecurityGroup', { securityGroupId: groupId });
    await one('rename', { name: 'act-renamed' });
    await one('setMetadata', { metadata: { tier: 'front' } });
    await one('setTags', { tags: ['blue', 'green'] });
    const after = await shown(stage, 'server', id);
    expect(after).toMatchObject({ name: 'act-renamed', properties: { tier: 'front' }, security_groups: [{ name: 'default' }] });
    expect((after['tags'] as string[]).toSorted()).toEqual(['blue', 'green']);
    const image = (await one('snapshot', { name: 'act-copy' })).result?.resources?.[0]?.id ?? '';
    expect(await shown(stage, 'image', image)).toMatchObject({ name: 'act-copy', status: 'active' });
    const log = await stage.session.process.get(`/api/v1/resources/server/main/${id}/console-log?lines=1`);
    expect(JSON.parse(log.text)).toEqual({ log: 'LAST LINE' });
  });
});

describe('what administrators of a cloud do besides', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setUp(['act-moved'], true);
  }, 300_000);
  afterAll(() => tearDown(stage), 120_000);

  it('moves, and calling one off', async () => {
    const id = stage.things.servers['act-moved'] ?? '';
    const host = async () => (await shown(stage, 'server', id))['OS-EXT-SRV-ATTR:host'];
    const begin = await host();
    await done(stage.session, id, 'migrate');
    await done(stage.session, id, 'confirmResize');
    const moved = await host();
    expect(moved).not.toBe(begin);
    await done(stage.session, id, 'liveMigrate');
    expect(await host()).toBe(begin);
    // Both hosts of this cloud are up.
    const evacuated = await act(stage.session, id, 'evacuate');
    expect(evacuated).toMatchObject({ state: 'failed', problem: { status: 400, detail: expect.stringContaining('is still in use') } });
    expect(await act(stage.session, id, 'liveMigrate', { host: 'nowhere' })).toMatchObject({
      state: 'failed',
      problem: { detail: expect.stringContaining('Compute host nowhere could not be found') },
    });
    const { process } = stage.session;
    const { compute } = stage.world.client;
    const { text } = await process.post(`/api/v1/resources/server/main/${id}/actions/instance.liveMigrate`, {});
    const { id: asked } = JSON.parse(text) as { id: string };
    await vi.waitFor(async () => expect(await listMigrations(compute, id)).toHaveLength(1), { timeout: 60_000, interval: 100 });
    expect((await process.post(`/api/v1/operations/${asked}/cancel`, {})).status).toBe(202);
    await vi.waitFor(
      async () => expect(JSON.parse((await process.get(`/api/v1/operations/${asked}`)).text)).toMatchObject({ state: 'cancelled' }),
      { timeout: 60_000, interval: 500 },
    );
    // The hypervisor here takes the order, and moves the server all the same.
    expect((await listInstanceActions(compute, id)).map(({ action }) => action)).toContain('live_migration_cancel');
  });
});
