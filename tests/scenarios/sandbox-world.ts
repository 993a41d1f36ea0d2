import { parseCloudConfig } from '#controller/openstack/clouds-yaml.ts';
import { connectCloud } from '#controller/openstack/connect.ts';
import { startSandbox } from '#examples/sandbox/server.ts';
import type { World } from './world.ts';

/** A simulated cloud of its own, in this process. */
export async function sandboxWorld(): Promise<World> {
  const sandbox = await startSandbox({});
  const cloudsYaml = sandbox.cloudsYaml('sandbox');
  const client = connectCloud(parseCloudConfig({ cloudsYaml, cloud: 'sandbox' }), { name: 'eyes' });
  return {
    name: 'sandbox',
    cloudsYaml,
    cloud: 'sandbox',
    client,
    clientArgs: [],
    sweepSeconds: 2,
    async close() {
      await client.close();
      await sandbox.close();
    },
  };
}
