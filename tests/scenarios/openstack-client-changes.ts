import { openstackClient } from '#tests/parts/openstack-client.ts';
import type { IdOf, Step } from './behind-our-back.ts';
import type { CloudContents } from './contents.ts';
import type { Ids, OutsideChange } from './outside-changes.ts';
import type { World } from './world.ts';

/** Makes an outside change with the stock `openstack` client. */
export async function changeWithClient(change: OutsideChange, world: World, ids: Ids): Promise<void> {
  for (const command of change.cli(ids)) await openstackClient(...world.clientArgs, ...command);
}

/** Carries out a step with the stock `openstack` client; the id of what it made. A key pair's is its name, and its answer a secret. */
export async function makeWithClient(step: Step, world: World, id: IdOf): Promise<string> {
  const answer = await openstackClient(...world.clientArgs, ...step.cli(id));
  return step.makes?.startsWith('KeyPair/') ? step.makes.slice('KeyPair/'.length) : answer.trim();
}

/** Rows of ours that the `openstack` client, which knows nothing of our code, shows otherwise: names, sizes, states, fingerprints. */
export async function secondOpinion(world: World, contents: CloudContents): Promise<string[]> {
  const rows = async (...command: string[]) =>
    JSON.parse(await openstackClient(...world.clientArgs, ...command, '-f', 'json')) as Record<string, string | number>[];
  const seen = [
    ...(await rows('server', 'list')).map((row) => `server ${row['ID']} ${row['Name']} ${row['Status']}`),
    ...(await rows('volume', 'list')).map((row) => `volume ${row['ID']} ${row['Name']} ${row['Size']} ${row['Status']}`),
    ...(await rows('subnet', 'list')).map((row) => `subnet ${row['ID']} ${row['Name']} ${row['Subnet']}`),
    ...(await rows('keypair', 'list')).map((row) => `keypair ${row['Name']} ${row['Fingerprint']}`),
  ];
  const ours = [
    ...contents.servers.map((row) => `server ${row.id} ${row.name} ${row.status}`),
    ...contents.volumes.map((row) => `volume ${row.id} ${row.name} ${row.size} ${row.status}`),
    ...contents.subnets.map((row) => `subnet ${row.id} ${row.name} ${row.cidr}`),
    ...contents.keypairs.map((row) => `keypair ${row.name} ${row.fingerprint}`),
  ];
  return ours.filter((row) => !seen.includes(row));
}
