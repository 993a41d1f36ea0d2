import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionTestOptions, type ConnectionTestStep, testConnection } from './connection-test.ts';
import type { CloudConfig } from './openstack/clouds-yaml.ts';
import { configFor, type SmallCloud, startSmallCloud } from './openstack/small-cloud.ts';

describe('a test of a connection', () => {
  let small: SmallCloud;
  beforeEach(async () => {
    small = await startSmallCloud();
    for (const path of ['/compute/v2.1/servers', '/volume/v3/p1/volumes', '/network/v2.0/networks', '/image/v2/images'])
      small.routes.set(`GET ${path}`, () => ({ body: {} }));
  });
  afterEach(() => small.close());

  async function tested(config: CloudConfig, options: Partial<ConnectionTestOptions> = {}): Promise<ConnectionTestStep[]> {
    const steps: ConnectionTestStep[] = [];
    for await (const step of testConnection(config, { signal: new AbortController().signal, ...options })) steps.push(step);
    return steps;
  }
  const brief = (steps: readonly ConnectionTestStep[]) => steps.map(({ step, service, state }) => `${service ?? step} ${state}`);

  it('goes from the wire up to every service, and tells how long each took', async () => {
    const steps = await tested(small.config);
    expect(brief(steps)).toEqual([
      'DNS passed',
      'TCP passed',
      'TLS passed',
      'Auth passed',
      'Catalog passed',
      'Microversions passed',
      'Roles warning',
      'compute passed',
      'block-storage passed',
      'network passed',
      'image passed',
      'Done passed',
    ]);
    expect(steps.every(({ latencyMs }) => latencyMs >= 0)).toBe(true);
    expect(small.received.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('tells which roles the token has, and what needs another', async () => {
    const roles = (await tested(small.config)).find(({ step }) => step === 'Roles');
    expect(roles).toMatchObject({
      roles: ['member'],
      lacking: [{ role: 'admin', neededFor: expect.stringContaining('hypervisors') as unknown }],
    });
    expect(roles?.advice).toContain('Ask whoever runs the cloud');
  });

  it('stops at the step that fails, and says what to do; the password is nowhere', async () => {
    const steps = await tested(configFor(small.url, 'wrong-horse'));
    expect(brief(steps)).toEqual(['DNS passed', 'TCP passed', 'TLS passed', 'Auth failed', 'Done failed']);
    expect(steps[3]).toMatchObject({
      message: expect.stringContaining('user u in project p') as unknown,
      advice: expect.stringContaining('Check user, password, project') as unknown,
    });
    expect(JSON.stringify(steps)).not.toContain('wrong-horse');
  });

  it('tries every service, though one fails', async () => {
    small.routes.set('GET /volume/v3/p1/volumes', () => ({ status: 403, body: { forbidden: { code: 403, message: 'not for you' } } }));
    const steps = await tested(small.config);
    expect(brief(steps).slice(-5)).toEqual(['compute passed', 'block-storage failed', 'network passed', 'image passed', 'Done failed']);
    expect(steps.find(({ service }) => service === 'block-storage')?.message).toContain('not for you');
  });

  it('refuses a metadata service at the first step', async () => {
    expect(brief(await tested(configFor('http://169.254.169.254')))).toEqual(['DNS failed', 'Done failed']);
  });

  it('ends at once when its caller goes, and holds no connection after it', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => sockets.delete(socket))
        .resume();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const gone = new AbortController();
      const { port } = silent.address() as { port: number };
      const steps: ConnectionTestStep[] = [];
      for await (const step of testConnection(configFor(`http://127.0.0.1:${port}`), { signal: gone.signal })) {
        steps.push(step);
        // Keystone never answers the next step.
        if (step.step === 'TLS') gone.abort();
      }
      expect(brief(steps)).toEqual(['DNS passed', 'TCP passed', 'TLS passed']);
      await expect.poll(() => sockets.size, { timeout: 10_000 }).toBe(0);
    } finally {
      silent.close();
    }
  });

  it('ends by itself when it takes too long', async () => {
    small.settings.loginHangs = true;
    const steps = await tested(small.config, { totalMs: 300 });
    expect(steps.at(-1)).toMatchObject({ step: 'Done', state: 'failed', message: 'It was not through after 0.3 s, and was ended.' });
  });
});
