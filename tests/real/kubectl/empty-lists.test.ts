import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { inventoryOf, readContents } from '#tests/scenarios/contents.ts';
import { condition, eventually, type Live, type Session, shopDir, startSession } from '#tests/scenarios/session.ts';

const sweepSeconds = 1;

/** Reads of everything people declare; sign-in and the catalog are left alone. */
const reads = [
  { service: 'compute', method: 'GET', path: '/(servers|os-keypairs)' },
  { service: 'network', method: 'GET' },
  { service: 'block-storage', method: 'GET', path: '/volumes' },
] as const;

describe('a cloud that suddenly answers with empty lists', () => {
  let sandbox: Sandbox;
  let session: Session;
  let before: string[];

  beforeAll(async () => {
    sandbox = await startSandbox();
    session = await startSession({ cloudsYaml: sandbox.cloudsYaml('sandbox'), cloud: 'sandbox', sweepSeconds });
    await session.must('apply', '-f', shopDir);
    await untilAllReady();
    before = await contents();
  });
  afterAll(async () => {
    await session?.process.stop();
    await sandbox?.close();
  });

  it.each([1, 5])('has nothing made anew after %i sweeps of them, is told of, and is believed again by itself', async (sweeps) => {
    const writes = await session.writes();
    for (const read of reads) sandbox.faults.add({ ...read, effect: { type: 'empty-list' } });
    await sweepsPass(sweeps);
    await eventually(
      60,
      async () => (condition(await cluster(), 'Ready')?.reason === 'PartlyUnseen' ? true : undefined),
      async () => JSON.stringify((await cluster()).status),
    );
    expect(condition(await cluster(), 'Ready')?.message).toContain('is not believed');
    expect(await session.writes()).toBe(writes);
    sandbox.faults.clear();
    await recovered();
    expect(await session.writes()).toBe(writes);
    expect(await contents()).toEqual(before);
  });

  it('has nothing made anew even where reading each resource says that it is gone, raises an alarm, and goes on once they are back', async () => {
    const writes = await session.writes();
    const notFound = { type: 'status', status: 404, body: { itemNotFound: { code: 404, message: 'not found' } } } as const;
    for (const read of reads) {
      const path = 'path' in read ? read.path : '/(networks|subnets|security-groups|ports)';
      sandbox.faults.add({ ...read, path: `${path}/(?!detail)[^/?]+`, effect: notFound });
      sandbox.faults.add({ ...read, effect: { type: 'empty-list' } });
    }
    const alarm = await eventually(
      60,
      async () => condition(await cluster(), 'MassLoss'),
      async () => JSON.stringify((await session.objects()).map((one) => [one.kind, one.metadata.name, condition(one, 'Ready')])),
    );
    expect(alarm).toMatchObject({ status: 'True', reason: 'TooManyLost', message: expect.stringContaining('spec.limits.recreations') });
    expect(await session.audit('type=MassLoss')).toHaveLength(1);
    await sweepsPass(5);
    expect(await session.writes()).toBe(writes);
    sandbox.faults.clear();
    await recovered();
    // Over once all types were listed anew: flavors and images may be the last, with every object Ready before.
    await eventually(
      60,
      async () => (condition(await cluster(), 'MassLoss') ? undefined : true),
      async () => JSON.stringify((await cluster()).status),
    );
    expect(await session.audit('type=MassLossOver')).toHaveLength(1);
    expect(await session.writes()).toBe(writes);
    expect(await contents()).toEqual(before);
  });

  async function cluster(): Promise<Live> {
    return JSON.parse(await session.must('get', 'cluster', 'main', '-o', 'json')) as Live;
  }

  async function contents(): Promise<string[]> {
    const client = connectCloud(parseCloudConfig({ cloudsYaml: sandbox.cloudsYaml('eyes'), cloud: 'eyes' }), { name: 'eyes' });
    try {
      return inventoryOf(await readContents(client));
    } finally {
      await client.close();
    }
  }

  async function sweepsPass(count: number): Promise<void> {
    const start = await session.process.metric('stackwarden_sweeps_total', {});
    await eventually(
      120,
      async () => ((await session.process.metric('stackwarden_sweeps_total', {})) >= start + count ? true : undefined),
      () => `fewer than ${count} sweeps`,
    );
  }

  async function recovered(): Promise<void> {
    await eventually(
      60,
      async () => (condition(await cluster(), 'Ready')?.status === 'True' ? true : undefined),
      async () => JSON.stringify((await cluster()).status),
    );
    await untilAllReady();
  }

  async function untilAllReady(): Promise<void> {
    const waiting = async () => (await session.objects()).filter((one) => condition(one, 'Ready')?.status !== 'True');
    await eventually(
      120,
      async () => ((await waiting()).length === 0 ? true : undefined),
      async () => JSON.stringify((await waiting()).map((one) => [one.kind, one.metadata.name, one.status])),
    );
  }
});
