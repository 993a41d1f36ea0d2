import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import * as servers from '#controller/openstack/compute/servers.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { type Sandbox, startSandbox } from '#examples/sandbox/server.ts';
import { changedBy } from './changed-by.ts';
import type { ObservedInstance } from './observe.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const as = (user: 'demo' | 'admin') => {
  const cloudsYaml = sandbox
    .cloudsYaml('sandbox')
    .replace(/username: .*/, `username: ${user}`)
    .replace(/project_name: .*/, `project_name: ${user}`);
  return connectCloud(parseCloudConfig({ cloudsYaml, cloud: 'sandbox' }), { name: user });
};

it('names others who did something to a server, with the last thing they did, and not ourselves', async () => {
  const [us, other] = [as('demo'), as('admin')];
  const imageRef = [...sandbox.store.images.keys()][0] ?? '';
  const { id } = await servers.create(us.compute, { name: 'a', flavorRef: '1', imageRef, networks: 'none' });
  await expect.poll(async () => (await servers.get(us.compute, id)).status).toBe('ACTIVE');
  const look = async () => changedBy({ client: us } as never, { server: await servers.get(us.compute, id) } as ObservedInstance);
  expect(await look()).toEqual([]);
  await servers.stop(other.compute, id);
  const { userId } = await other.authenticate();
  expect(await look()).toEqual([expect.stringMatching(new RegExp(`^user ${userId} \\(stop at [-0-9T:]+Z\\)$`))]);
  await us.close();
  await other.close();
});
